/** Four authored hints; the next one opens only after an attempt, and only when asked for. */

import type { JSX } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { GreenroomClient } from './client';
import { Failed, Skeleton } from './states';
import { spokenError } from './transport';

export function HintList({
  client,
  problem
}: {
  client: GreenroomClient;
  problem: string;
}): JSX.Element {
  const queries = useQueryClient();
  const queryKey = ['hints', problem];
  const hints = useQuery({ queryKey, queryFn: () => client.hints(problem) });
  const open = useMutation({
    mutationFn: () => client.openHint(problem),
    onSuccess: data => queries.setQueryData(queryKey, data)
  });
  if (hints.isPending) {
    return <Skeleton lines={2} />;
  }
  if (hints.isError) {
    return <Failed error={hints.error} onRetry={() => void hints.refetch()} />;
  }
  const { opened, total, next_available: available, why } = hints.data;
  return (
    <div className="gr-Hints">
      {opened.length > 0 && (
        <ol>
          {opened.map(hint => (
            <li key={hint.step}>{hint.text}</li>
          ))}
        </ol>
      )}
      {opened.length < total ? (
        <div className="gr-Hints-foot">
          <button
            type="button"
            className="gr-Button"
            disabled={!available || open.isPending}
            onClick={() => {
              open.mutate();
            }}
          >
            Open hint {opened.length + 1} of {total}
          </button>
          <span className="gr-Quiet">{available ? 'From a question to an outline.' : why}</span>
        </div>
      ) : (
        <p className="gr-Quiet">
          {total === 0 ? 'This problem has no hints.' : 'All hints are open.'}
        </p>
      )}
      {open.isError && (
        <p role="alert" className="gr-Error">
          {spokenError(open.error)}
        </p>
      )}
    </div>
  );
}
