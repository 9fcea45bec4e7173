/** Words of the panels. */

import type { Difficulty, LineKind, ProblemState, Rating, TodayLine } from '../api/models';

const STATES: Record<ProblemState, string> = { new: 'Not tried', tried: 'Tried', solved: 'Solved' };

export function wordsOfState(state: ProblemState): string {
  return STATES[state];
}

/** `dynamic-programming` is read as `dynamic programming`. */
export function wordsOfTopic(topic: string): string {
  return topic.replaceAll('-', ' ');
}

export function wordsOfLevel(level: Difficulty): string {
  return `${level.charAt(0).toUpperCase()}${level.slice(1)}`;
}

const KINDS: Record<LineKind, string> = {
  assignment: 'Assignment',
  contest: 'Contest',
  review: 'Review',
  daily: 'Today’s problem',
  unfinished: 'Unfinished',
  suggestion: 'Suggestion'
};

export function wordsOfKind(kind: LineKind): string {
  return KINDS[kind];
}

/** What the one button of a line says. */
export function actionOf({ kind, problem }: Pick<TodayLine, 'kind' | 'problem'>): string {
  switch (kind) {
    case 'review':
      return 'Review';
    case 'unfinished':
      return 'Continue';
    case 'assignment':
    case 'contest':
      return 'Open';
    default:
      return problem?.state === 'tried'
        ? 'Continue'
        : problem?.state === 'solved'
          ? 'Open'
          : 'Start';
  }
}

const RATINGS: Record<Rating, string> = {
  again: 'Again',
  hard: 'Hard',
  good: 'Good',
  easy: 'Easy'
};

export function wordsOfRating(rating: Rating): string {
  return RATINGS[rating];
}

/** `1 day`, `3 days`. */
export function many(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

const DAY_MS = 86_400_000;

/** A day of the student's calendar, `2026-11-24`, as it is spoken seen from another: `tomorrow`, `in 4 days`, `3 Jan`. */
export function spokenDay(day: string, today: string): string {
  const away = Math.round((dateOf(day).getTime() - dateOf(today).getTime()) / DAY_MS);
  if (away === 0) {
    return 'today';
  }
  if (away === 1) {
    return 'tomorrow';
  }
  if (away > 1 && away <= 30) {
    return `in ${away} days`;
  }
  return dateOf(day).toLocaleDateString([], {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
    ...(day.slice(0, 4) === today.slice(0, 4) ? {} : { year: 'numeric' })
  });
}

/** A calendar day as the moment at which it begins in UTC: for arithmetic only. */
export function dateOf(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}
