/** Which problems the list shows. Pure. */

import type { Difficulty, ProblemState, ProblemSummary } from '../api/models';

export interface Filter {
  text: string;
  topic: string;
  difficulty: Difficulty | '';
  state: ProblemState | '';
  /** Only those with a bookmark. */
  bookmarked: boolean;
}

export const NO_FILTER: Filter = {
  text: '',
  topic: '',
  difficulty: '',
  state: '',
  bookmarked: false
};

const NONE: ReadonlySet<string> = new Set();

/**
 * Problems that meet the filter, in their order; every word must be in the title, the id or a topic. A student who hides topics does
 * not learn them by searching.
 */
export function matching(
  problems: readonly ProblemSummary[],
  filter: Filter,
  bookmarks: ReadonlySet<string> = NONE,
  hideTopics = false
): ProblemSummary[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return problems.filter(problem => {
    const topics = hideTopics ? '' : wordsOfTopics(problem.topics);
    const text = `${problem.title} ${problem.id} ${topics}`.toLowerCase();
    return (
      (filter.topic === '' || problem.topics.includes(filter.topic)) &&
      (filter.difficulty === '' || problem.difficulty === filter.difficulty) &&
      (filter.state === '' || problem.state === filter.state) &&
      (!filter.bookmarked || bookmarks.has(problem.id)) &&
      words.every(word => text.includes(word))
    );
  });
}

function wordsOfTopics(topics: readonly string[]): string {
  return topics.join(' ').replaceAll('-', ' ');
}

/** All topics, by name. */
export function topicsOf(problems: readonly ProblemSummary[]): string[] {
  return [...new Set(problems.flatMap(problem => problem.topics))].sort((a, b) =>
    a.localeCompare(b)
  );
}
