/** How far a problem is: a ring, half of it, or a full one with a tick. */

import type { JSX } from 'react';
import type { ProblemState } from '../api/models';
import { wordsOfState } from './words';

export function StateMark({ state }: { state: ProblemState }): JSX.Element {
  return (
    <span className="gr-Mark" data-state={state} title={wordsOfState(state)}>
      <span className="gr-Spoken">{wordsOfState(state)}.</span>
    </span>
  );
}
