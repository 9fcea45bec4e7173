/** Two texts for one draft: both are shown, nothing is chosen for the student, and the other one stays in the history. */

import type { JSX } from 'react';
import { DiffView } from './DiffView';
import type { Conflict } from './draft-rules';
import { spokenDate } from './verdicts';

interface Props {
  conflict: Conflict;
  onResolve: (code: string) => void;
}

export function ConflictPanel({ conflict, onResolve }: Props): JSX.Element {
  const { mine, theirs } = conflict;
  const when = theirs.saved_at === null ? '' : `, ${spokenDate(theirs.saved_at)}`;
  return (
    <section className="gr-Conflict" role="alert" aria-label="Two versions of your draft">
      <p>
        <strong>This draft was also changed elsewhere.</strong> Choose which text goes on; you can
        keep typing meanwhile, and nothing is thrown away.
      </p>
      <DiffView
        left={{ name: `Stored from elsewhere${when}`, code: theirs.code }}
        right={{ name: 'In this editor', code: mine }}
      />
      <div className="gr-Conflict-foot">
        <button
          type="button"
          className="gr-Button gr-Button-primary"
          onClick={() => {
            onResolve(mine);
          }}
        >
          Go on with this editor’s text
        </button>
        <button
          type="button"
          className="gr-Button"
          onClick={() => {
            onResolve(theirs.code);
          }}
        >
          Take the stored text
        </button>
      </div>
    </section>
  );
}
