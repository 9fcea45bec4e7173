/** What is stale after something changed. */

import type { QueryClient } from '@tanstack/react-query';

/** A submission is final, or a rating was given: everything that counts problems is to be read again. */
export function refreshStudy(queries: QueryClient, problem: string): void {
  for (const queryKey of [
    ['home'],
    ['reviews'],
    ['rating', problem],
    ['activity'],
    ['learning'],
    ['sheets'],
    ['sheet']
  ]) {
    void queries.invalidateQueries({ queryKey });
  }
}
