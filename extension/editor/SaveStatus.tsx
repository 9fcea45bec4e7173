/** Where the student's text is: one quiet word while all is well, a sentence when it is not. */

import type { JSX } from 'react';
import type { DraftSnapshot } from './draft';
import { spokenDate } from './verdicts';

export function SaveStatus({ snapshot }: { snapshot: DraftSnapshot }): JSX.Element {
  const { save } = snapshot;
  const [words, tone] = ((): [string, string] => {
    switch (save.kind) {
      case 'saved':
        return [save.at === null ? 'Nothing typed yet' : `Saved ${spokenDate(save.at)}`, 'quiet'];
      case 'unsaved':
      case 'saving':
        return ['Saving…', 'quiet'];
      case 'away':
        return [`Kept in this browser, not yet saved. ${save.detail}`, 'warn'];
      case 'refused':
        return [`Kept in this browser, not saved. ${save.detail}`, 'bad'];
      case 'conflict':
        return ['Changed elsewhere', 'warn'];
    }
  })();
  const spoken = save.kind === 'saved' || save.kind === 'unsaved' || save.kind === 'saving';
  return (
    <span
      className="gr-Save"
      data-tone={tone}
      data-save={save.kind}
      role="status"
      aria-live={spoken ? 'off' : 'polite'}
    >
      {snapshot.recovered && 'Your unsaved text was recovered. '}
      {words}
    </span>
  );
}
