/** Reviews by month: how many were remembered, beside how many were expected to be. */

import type { JSX } from 'react';
import type { RetentionMonth } from '../api/models';
import { dateOf, many } from '../home/words';
import { retained } from './figures';

const MONTHS = 6;

export function Retention({ months }: { months: readonly RetentionMonth[] }): JSX.Element {
  const all = retained(months);
  if (all === null) {
    return (
      <p className="gr-Empty">
        No reviews yet. A solved problem that you rate comes back days later; what you remember then
        is counted here.
      </p>
    );
  }
  return (
    <>
      <p className="gr-Figure-lead">
        <b>{percent(all.remembered)}</b>
        <span className="gr-Quiet">
          {' '}
          of {many(all.reviews, 'review')}; {percent(all.predicted)} expected
        </span>
      </p>
      <ul className="gr-Retention">
        {months.slice(-MONTHS).map(month => {
          const share = month.reviews === 0 ? 0 : month.remembered / month.reviews;
          return (
            <li key={month.month}>
              <span>{spokenMonth(month.month)}</span>
              <span className="gr-Bar" aria-hidden="true">
                <i data-part="mastered" style={{ width: percent(share).replace(' ', '') }} />
                <b style={{ left: percent(month.predicted).replace(' ', '') }} />
              </span>
              <span className="gr-Quiet">
                {month.remembered}/{month.reviews}
                <span className="gr-Spoken"> remembered</span>
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function spokenMonth(month: string): string {
  return dateOf(month.slice(0, 10)).toLocaleDateString([], {
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC'
  });
}
