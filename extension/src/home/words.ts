/** Words of the home panel. */

import type { Difficulty, ProblemState } from '../api/models';

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
