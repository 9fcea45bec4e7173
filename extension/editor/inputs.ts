/** Inputs that the student runs: Python source of the arguments, or of the calls of a class. */

import type { Problem } from '../src/api/models';

export interface RunInput {
  id: number;
  text: string;
}

/** The part of an example's call that a run takes: `two_sum([2, 7], 9)` is run as `[2, 7], 9`. */
export function inputOf(problem: Pick<Problem, 'kind'>, call: string): string {
  if (problem.kind === 'function') {
    const inside = /^\s*[A-Za-z_]\w*\(([\s\S]*)\)\s*$/.exec(call);
    return inside?.[1] ?? call;
  }
  return call;
}

export function exampleInputs(problem: Problem): RunInput[] {
  return problem.examples.map((example, id) => ({ id, text: inputOf(problem, example.call) }));
}

/** What to run: inputs that say something, trimmed. */
export function runnable(inputs: readonly RunInput[]): string[] {
  return inputs.map(input => input.text.trim()).filter(text => text !== '');
}
