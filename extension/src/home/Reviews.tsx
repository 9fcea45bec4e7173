/** What was solved and waits for its rating, and what comes again when. */

import type { JSX } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { ReviewItem, ReviewPage } from '../api/models';
import { RatingOffer } from '../review/RatingOffer';
import type { Parts } from './view';
import { many, spokenDay } from './words';

/** Offers at once; the next ones follow when these are answered. */
const OFFERS = 2;

export function Reviews({ study, ways }: Pick<Parts, 'study' | 'ways'>): JSX.Element | null {
  const reviews = useQuery({ queryKey: ['reviews'], queryFn: () => study.reviews() });
  if (reviews.data === undefined) {
    // Home's own list says when the service is away.
    return null;
  }
  const { unrated, items, due, today } = reviews.data;
  return (
    <>
      {unrated.length > 0 && (
        <section className="gr-Offers" aria-labelledby="gr-offers-title">
          <h2 id="gr-offers-title">Solved, to be rated</h2>
          <p className="gr-Quiet">A rating decides when a problem comes again for review.</p>
          {unrated.slice(0, OFFERS).map(problem => (
            <RatingOffer
              key={problem.id}
              study={study}
              problem={problem.id}
              title={problem.title}
            />
          ))}
          {unrated.length > OFFERS && (
            <p className="gr-Quiet">{unrated.length - OFFERS} more after these.</p>
          )}
        </section>
      )}
      {items.length > 0 && (
        <details className="gr-Queue">
          <summary>
            Reviews <span className="gr-Quiet">{spokenQueue(items, due, today)}</span>
          </summary>
          <ul>
            {items.map(item => (
              <li key={item.problem.id}>
                <Queued item={item} today={today} onReview={ways.review} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Queued(props: {
  item: ReviewItem;
  today: string;
  onReview: (problem: string) => void;
}): JSX.Element {
  const { item, today, onReview } = props;
  const due = item.overdue >= 0;
  const words = (
    <>
      <span className="gr-Ellipsis">{item.problem.title}</span>
      <span className="gr-Quiet">{due ? 'due' : spokenDay(item.due_on, today)}</span>
    </>
  );
  if (!due) {
    return <span className="gr-Row gr-Row-still">{words}</span>;
  }
  return (
    <button
      type="button"
      className="gr-Row"
      aria-label={`Review ${item.problem.title}`}
      onClick={() => {
        onReview(item.problem.id);
      }}
    >
      {words}
    </button>
  );
}

/** `2 due, 5 later`, or when the next one comes. */
export function spokenQueue(
  items: readonly Pick<ReviewItem, 'due_on' | 'overdue'>[],
  due: ReviewPage['due'],
  today: string
): string {
  const later = items.filter(item => item.overdue < 0);
  if (due > 0) {
    return later.length > 0 ? `${due} due, ${later.length} later` : `${due} due`;
  }
  const next = later[0];
  return next === undefined
    ? ''
    : `${many(later.length, 'problem')}, the next ${spokenDay(next.due_on, today)}`;
}
