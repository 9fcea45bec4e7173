/** The last five weeks, a square per day: how much, not how long without a break. */

import type { JSX } from 'react';
import type { Progress } from '../api/models';

const DAYS = 35;

interface Day {
  date: string;
  submissions: number;
  accepted: number;
}

/** The last `DAYS` days up to `today`, oldest first, empty ones included. */
export function lastDays(days: Progress['days'], today: Date): Day[] {
  const known = new Map(days.map(day => [day.date, day]));
  return Array.from({ length: DAYS }, (_, index) => {
    const at = new Date(
      today.getFullYear(),
      today.getMonth(),
      today.getDate() - (DAYS - 1 - index)
    );
    const two = (value: number): string => String(value).padStart(2, '0');
    const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    return known.get(date) ?? { date, submissions: 0, accepted: 0 };
  });
}

export function Activity({ days }: { days: Progress['days'] }): JSX.Element {
  const shown = lastDays(days, new Date());
  const active = shown.filter(day => day.submissions > 0).length;
  return (
    <section>
      <h2>Last five weeks</h2>
      <div
        className="gr-Days"
        role="img"
        aria-label={`Submissions on ${active} of the last ${DAYS} days`}
      >
        {shown.map(day => (
          <span
            key={day.date}
            data-level={Math.min(3, day.submissions)}
            title={`${day.date}: ${day.submissions} submitted, ${day.accepted} accepted`}
          />
        ))}
      </div>
    </section>
  );
}
