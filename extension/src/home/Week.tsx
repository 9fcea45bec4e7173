/** The week's goal: days, not a chain of them. Free days count for whoever had a bad one. */

import type { JSX } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Activity as Shown, Week as WeekGoal } from '../api/models';
import { Loaded } from '../ui/Loaded';
import { Activity } from './Activity';
import type { Parts } from './view';
import { many } from './words';

export function Week({ study, ways }: Pick<Parts, 'study' | 'ways'>): JSX.Element {
  const activity = useQuery({ queryKey: ['activity'], queryFn: () => study.activity() });
  return (
    <section aria-labelledby="gr-week-title">
      <div className="gr-Section-head">
        <h2 id="gr-week-title">This week</h2>
        <button type="button" className="gr-Link" onClick={ways.account}>
          Change goal
        </button>
      </div>
      <Loaded query={activity} lines={4}>
        {shown => <Shown shown={shown} />}
      </Loaded>
    </section>
  );
}

function Shown({ shown }: { shown: Shown }): JSX.Element {
  const week = shown.weeks[shown.weeks.length - 1];
  return (
    <>
      {week !== undefined && <Goal week={week} />}
      <Activity days={shown.days} today={shown.today} />
    </>
  );
}

function Goal({ week }: { week: WeekGoal }): JSX.Element {
  return (
    <div className="gr-Goal" data-state={week.state}>
      <div className="gr-Goal-dots" aria-hidden="true">
        {Array.from({ length: week.goal }, (_, index) => (
          <i key={index} data-done={index < week.active} />
        ))}
      </div>
      <p>
        <b>{Math.min(week.active, week.goal)}</b> of {many(week.goal, 'day')}
        <span className="gr-Quiet"> · {spokenGoal(week)}</span>
      </p>
    </div>
  );
}

/** One calm sentence about a week. */
export function spokenGoal(week: Pick<WeekGoal, 'state' | 'skips' | 'skipped'>): string {
  switch (week.state) {
    case 'reached':
      return 'goal reached';
    case 'excused':
      return `kept with ${many(week.skipped, 'free day')}`;
    case 'missed':
      return 'next week begins anew';
    default:
      return week.skips === 0 ? 'this week' : `${many(week.skips, 'free day')} to skip`;
  }
}
