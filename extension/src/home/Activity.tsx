/** The last five weeks, a square per day, a row per week: how much, not how long without a break. */

import type { JSX } from 'react';
import type { ActivityDay } from '../api/models';
import { dateOf } from './words';

const WEEKS = 5;
const DAY_MS = 86_400_000;

/** A day, and whether it is still to come. */
export interface ShownDay extends ActivityDay {
  future: boolean;
}

/** Five weeks from Monday to Sunday, the present one last; days without anything included. */
export function lastWeeks(days: readonly ActivityDay[], today: string): ShownDay[] {
  const known = new Map(days.map(day => [day.date, day]));
  const now = dateOf(today);
  const sinceMonday = (now.getUTCDay() + 6) % 7;
  const first = now.getTime() - (sinceMonday + 7 * (WEEKS - 1)) * DAY_MS;
  return Array.from({ length: 7 * WEEKS }, (_, index) => {
    const date = new Date(first + index * DAY_MS).toISOString().slice(0, 10);
    const day = known.get(date) ?? { date, submissions: 0, accepted: 0, ratings: 0 };
    return { ...day, future: date > today };
  });
}

export function Activity({ days, today }: { days: ActivityDay[]; today: string }): JSX.Element {
  const shown = lastWeeks(days, today);
  const active = shown.filter(day => day.submissions + day.ratings > 0).length;
  return (
    <div
      className="gr-Days"
      role="img"
      aria-label={`Something done on ${active} days of the last five weeks`}
    >
      {shown.map(day => (
        <span
          key={day.date}
          data-level={Math.min(3, day.submissions + day.ratings)}
          data-future={day.future}
          data-today={day.date === today}
          title={`${day.date}: ${day.submissions} submitted, ${day.accepted} accepted, ${day.ratings} reviewed`}
        />
      ))}
    </div>
  );
}
