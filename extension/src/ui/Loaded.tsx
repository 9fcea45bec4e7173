/** What a panel shows of a query: a skeleton, what went wrong, or the data, also when it could not be read again. */

import type { JSX } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Failed, Skeleton } from '../../editor/states';
import { AwayError } from '../../editor/transport';

interface Props<T> {
  query: UseQueryResult<T>;
  /** How many lines the skeleton has. */
  lines: number;
  children: (data: T) => JSX.Element;
}

export function Loaded<T>({ query, lines, children }: Props<T>): JSX.Element {
  const retry = (): void => void query.refetch();
  if (query.data !== undefined) {
    return children(query.data);
  }
  if (query.isError) {
    return <Failed error={query.error} onRetry={retry} />;
  }
  if (query.fetchStatus === 'paused') {
    return <Failed error={new AwayError('This browser is offline.')} onRetry={retry} />;
  }
  return <Skeleton lines={lines} />;
}

/** Says that what is shown may be old, because the service is away. Nothing while all is well. */
export function Stale({ query }: { query: UseQueryResult }): JSX.Element | null {
  const away =
    query.fetchStatus === 'paused' || (query.isError && query.error instanceof AwayError);
  if (query.data === undefined || !away) {
    return null;
  }
  return (
    <div className="gr-Notice" data-tone="warn" role="status">
      <p>
        Greenroom’s service cannot be reached, so this page may be out of date. Drafts are kept in
        this browser meanwhile.
      </p>
      <button type="button" className="gr-Button" onClick={() => void query.refetch()}>
        Try again
      </button>
    </div>
  );
}
