/** What stands where data is not there yet, or did not come. */

import type { JSX } from 'react';
import { spokenError } from './transport';

const WIDTHS = ['82%', '64%', '73%', '48%', '69%'];

export function Skeleton({ lines }: { lines: number }): JSX.Element {
  return (
    <div className="gr-Skeletons" aria-busy="true" aria-label="Loading" role="group">
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className="gr-Skeleton" style={{ width: WIDTHS[index % WIDTHS.length] }} />
      ))}
    </div>
  );
}

export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }): JSX.Element {
  return (
    <div className="gr-Notice" data-tone="warn" role="alert">
      <p>{spokenError(error)}</p>
      <button type="button" className="gr-Button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
