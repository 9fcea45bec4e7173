/** How many problems took how many failed attempts. */

import type { JSX } from 'react';
import type { Solve } from '../api/models';
import { many } from '../home/words';
import { attemptsBefore } from './figures';

export function Attempts({ solves }: { solves: readonly Solve[] }): JSX.Element {
  const buckets = attemptsBefore(solves);
  const most = Math.max(1, ...buckets.map(bucket => bucket.count));
  const first = buckets[0]?.count ?? 0;
  return (
    <>
      <p className="gr-Figure-lead">
        <b>{Math.round((100 * first) / Math.max(1, solves.length))} %</b>
        <span className="gr-Quiet"> accepted at the first attempt</span>
      </p>
      <ul className="gr-Columns">
        {buckets.map(bucket => (
          <li key={bucket.label}>
            <span className="gr-Spoken">
              {many(bucket.count, 'problem')} after {bucket.label} failed attempts
            </span>
            <span className="gr-Columns-count" aria-hidden="true">
              {bucket.count === 0 ? '' : bucket.count}
            </span>
            <i style={{ height: `${(100 * bucket.count) / most}%` }} aria-hidden="true" />
            <span className="gr-Quiet" aria-hidden="true">
              {bucket.label}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
