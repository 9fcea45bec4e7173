/** The star that keeps a problem to hand. */

import type { JSX } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { StudyClient } from '../api/study';
import { StarIcon } from '../ui/icons';

interface Props {
  study: StudyClient;
  problem: { id: string; title: string };
  on: boolean;
}

export function Star({ study, problem, on }: Props): JSX.Element {
  const queries = useQueryClient();
  const key = ['bookmarks'];
  const mark = (wanted: boolean): void => {
    queries.setQueryData<Set<string>>(key, before => {
      const after = new Set(before);
      if (wanted) {
        after.add(problem.id);
      } else {
        after.delete(problem.id);
      }
      return after;
    });
  };
  const toggle = useMutation({
    mutationFn: (wanted: boolean) => study.bookmark(problem.id, wanted),
    onMutate: mark,
    onError: (_, wanted) => {
      mark(!wanted);
    }
  });
  return (
    <button
      type="button"
      className="gr-IconButton gr-Star"
      aria-pressed={on}
      aria-label={`Bookmark ${problem.title}`}
      title={
        toggle.isError ? 'Not saved: the service is away' : on ? 'Remove the bookmark' : 'Bookmark'
      }
      onClick={() => {
        toggle.mutate(!on);
      }}
    >
      <StarIcon filled={on} />
    </button>
  );
}
