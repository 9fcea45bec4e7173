/** How did it go? A rating is proposed from time, attempts and hints; one click confirms it, another one changes it. */

import type { JSX } from 'react';
import { QueryClientProvider, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { spokenError } from '../../editor/transport';
import type { Workspace } from '../../editor/workspace';
import type { Rating, RatingState } from '../api/models';
import type { StudyClient } from '../api/study';
import { studyOf } from '../api/study';
import { spokenDay, wordsOfRating } from '../home/words';
import { refreshStudy } from './fresh';

interface Props {
  study: StudyClient;
  problem: string;
  /** Said before the proposal, where it is not clear which problem is meant. */
  title?: string;
}

/** The offer below a verdict, outside of any panel of ours. */
export function RatingBelow({
  workspace,
  problem
}: {
  workspace: Workspace;
  problem: string;
}): JSX.Element {
  return (
    <QueryClientProvider client={workspace.queries}>
      <RatingOffer study={studyOf(workspace)} problem={problem} />
    </QueryClientProvider>
  );
}

export function RatingOffer({ study, problem, title }: Props): JSX.Element | null {
  const state = useQuery({ queryKey: ['rating', problem], queryFn: () => study.rating(problem) });
  const queries = useQueryClient();
  const rate = useMutation({
    mutationFn: (rating: Rating) => study.rate(problem, rating),
    onSuccess: after => {
      queries.setQueryData(['rating', problem], after);
      refreshStudy(queries, problem);
    }
  });
  const heading = useId();
  if (state.data === undefined || state.data.options.length === 0) {
    return null;
  }
  const today = localDay(new Date());
  const given = givenToday(state.data, today);
  return (
    <section className="gr-Rating" aria-labelledby={heading} data-rated={given !== null}>
      <div className="gr-Rating-text" role="status">
        <h3 id={heading}>{title ?? (given === null ? 'How did it go?' : 'Rated')}</h3>
        <p className="gr-Quiet">
          {rate.isError
            ? `Not saved. ${spokenError(rate.error)}`
            : given === null
              ? state.data.reason
              : `${wordsOfRating(given)}. It comes again ${spokenDay(state.data.due_on ?? today, today)}.`}
        </p>
      </div>
      <div className="gr-Rating-choices" role="group" aria-label="Rating">
        {ordered(state.data).map(({ rating, due_on }) => (
          <button
            key={rating}
            type="button"
            className="gr-Choice"
            data-rating={rating}
            data-proposed={given === null && rating === state.data.proposed}
            aria-pressed={rating === given}
            disabled={rate.isPending}
            onClick={() => {
              rate.mutate(rating);
            }}
          >
            <span>
              {wordsOfRating(rating)}
              {given === null && rating === state.data.proposed && (
                <span className="gr-Spoken"> (proposed)</span>
              )}
            </span>
            <span className="gr-Choice-when">{spokenDay(due_on, today)}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

/** From the worst to the best, as FSRS counts them. */
function ordered(state: RatingState): RatingState['options'] {
  const order: Rating[] = ['again', 'hard', 'good', 'easy'];
  return [...state.options].sort((a, b) => order.indexOf(a.rating) - order.indexOf(b.rating));
}

/** The rating of this very day, which may still be changed. */
export function givenToday(
  state: Pick<RatingState, 'given' | 'rated_on'>,
  today: string
): Rating | null {
  return state.rated_on === today ? state.given : null;
}

/** The day of the browser's own calendar, which the account follows. */
export function localDay(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
