/** Which problems the list shows. Pure. */

import type { Difficulty, ProblemState, ProblemSummary } from '../api/models';

export interface Filter {
  text: string;
  topic: string;
  difficulty: Difficulty | '';
  state: ProblemState | '';
}

export const NO_FILTER: Filter = { text: '', topic: '', difficulty: '', state: '' };

/** Problems that meet the filter, in their order; every word must be in the title, the id or a topic. */
export function matching(problems: readonly ProblemSummary[], filter: Filter): ProblemSummary[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return problems.filter(problem => {
    const text =
      `${problem.title} ${problem.id} ${problem.topics.join(' ').replaceAll('-', ' ')}`.toLowerCase();
    return (
      (filter.topic === '' || problem.topics.includes(filter.topic)) &&
      (filter.difficulty === '' || problem.difficulty === filter.difficulty) &&
      (filter.state === '' || problem.state === filter.state) &&
      words.every(word => text.includes(word))
    );
  });
}

/** All topics, by name. */
export function topicsOf(problems: readonly ProblemSummary[]): string[] {
  return [...new Set(problems.flatMap(problem => problem.topics))].sort((a, b) =>
    a.localeCompare(b)
  );
}
