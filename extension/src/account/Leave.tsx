/** Leaving: asked once, in place; carried out after a delay, and taken back with one click until then. */

import type { JSX } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { spokenError } from '../../editor/transport';
import type { Leaving } from '../api/models';
import type { StudyClient } from '../api/study';
import { Loaded } from '../ui/Loaded';

interface Props {
  study: StudyClient;
  /** The student's user name. */
  name: string;
}

export function Leave({ study, name }: Props): JSX.Element {
  const leaving = useQuery({ queryKey: ['leaving'], queryFn: () => study.leaving() });
  return (
    <Loaded query={leaving} lines={2}>
      {({ delete_at, days }) =>
        delete_at === null ? (
          <Ask study={study} name={name} days={days} />
        ) : (
          <Going study={study} at={delete_at} />
        )
      }
    </Loaded>
  );
}

function Ask({ study, name, days }: Props & { days: number }): JSX.Element {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const leave = useMutation({
    mutationFn: () => study.leave(typed.trim()),
    onSuccess: (after: Leaving) => {
      queries.setQueryData(['leaving'], after);
    }
  });
  if (!asking) {
    return (
      <>
        <p className="gr-Quiet">
          Deletes your drafts, submissions, reviews and notes {days} days after you ask. Until then
          you can take it back.
        </p>
        <div>
          <button
            type="button"
            className="gr-Button"
            onClick={() => {
              setAsking(true);
            }}
          >
            Delete my data…
          </button>
        </div>
      </>
    );
  }
  return (
    <form
      className="gr-Ask"
      onSubmit={event => {
        event.preventDefault();
        leave.mutate();
      }}
    >
      <p>
        Everything that Greenroom keeps about you will be deleted in {days} days, and cannot be
        brought back after that. Work goes on as usual until then.
      </p>
      <label className="gr-Pick">
        <span>
          Type your user name, <b>{name}</b>, to confirm
        </span>
        <input
          className="gr-Field-input"
          value={typed}
          autoComplete="off"
          ref={focusFirst}
          onChange={event => {
            setTyped(event.target.value);
          }}
        />
      </label>
      <div className="gr-Ask-actions">
        <button
          type="submit"
          className="gr-Button gr-Button-danger"
          disabled={typed.trim() !== name || leave.isPending}
        >
          Delete my data in {days} days
        </button>
        <button
          type="button"
          className="gr-Button"
          onClick={() => {
            setAsking(false);
            setTyped('');
          }}
        >
          Keep my data
        </button>
      </div>
      {leave.isError && <p role="alert">Not asked for. {spokenError(leave.error)}</p>}
    </form>
  );
}

function focusFirst(node: HTMLInputElement | null): void {
  node?.focus();
}

function Going({ study, at }: { study: StudyClient; at: string }): JSX.Element {
  const queries = useQueryClient();
  const stay = useMutation({
    mutationFn: () => study.stay(),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['leaving'] })
  });
  return (
    <div className="gr-Notice" data-tone="warn" role="status">
      <p>
        Your data will be deleted on <b>{spokenMoment(at)}</b>.
        {stay.isError && ` Not taken back. ${spokenError(stay.error)}`}
      </p>
      <button
        type="button"
        className="gr-Button gr-Button-primary"
        disabled={stay.isPending}
        onClick={() => {
          stay.mutate();
        }}
      >
        Keep my data
      </button>
    </div>
  );
}

function spokenMoment(iso: string): string {
  return new Date(iso).toLocaleDateString([], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric'
  });
}
