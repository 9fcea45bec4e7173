/** Words of the home panel. */

import type { ProblemState } from '../api/models';

const STATES: Record<ProblemState, string> = { new: 'Not tried', tried: 'Tried', solved: 'Solved' };

export function wordsOfState(state: ProblemState): string {
  return STATES[state];
}
