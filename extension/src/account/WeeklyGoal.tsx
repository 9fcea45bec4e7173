/** How many days a week, and how many of them may be skipped. */

import type { JSX } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { spokenError } from '../../editor/transport';
import type { Activity, Goal } from '../api/models';
import type { StudyClient } from '../api/study';
import { many } from '../home/words';
import { Loaded } from '../ui/Loaded';

export function WeeklyGoal({ study }: { study: StudyClient }): JSX.Element {
  const activity = useQuery({ queryKey: ['activity'], queryFn: () => study.activity() });
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: (goal: Goal) => study.setGoal(goal),
    onMutate: goal => {
      queries.setQueryData<Activity>(['activity'], before => before && { ...before, goal });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['activity'] })
  });
  return (
    <Loaded query={activity} lines={2}>
      {({ goal }) => (
        <>
          <Pick
            label="Days a week"
            value={goal.days}
            from={1}
            to={7}
            onChange={days => {
              set.mutate({ days, skips: Math.min(goal.skips, days - 1) });
            }}
          />
          <Pick
            label="Free days to skip"
            value={goal.skips}
            from={0}
            to={goal.days - 1}
            onChange={skips => {
              set.mutate({ days: goal.days, skips });
            }}
          />
          <p className="gr-Quiet" role="status">
            {set.isError
              ? `Not saved. ${spokenError(set.error)}`
              : `A week counts from ${many(Math.max(1, goal.days - goal.skips), 'day')} on.`}
          </p>
        </>
      )}
    </Loaded>
  );
}

function Pick(props: {
  label: string;
  value: number;
  from: number;
  to: number;
  onChange: (value: number) => void;
}): JSX.Element {
  const { label, value, from, to, onChange } = props;
  return (
    <label className="gr-Pick">
      {label}
      <select
        className="gr-Field-input"
        value={value}
        onChange={event => {
          onChange(Number(event.target.value));
        }}
      >
        {Array.from({ length: Math.max(0, to - from) + 1 }, (_, index) => (
          <option key={index} value={from + index}>
            {from + index}
          </option>
        ))}
      </select>
    </label>
  );
}
