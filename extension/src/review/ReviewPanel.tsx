/** A review: the statement and a blank editor. The earlier solution stays in the problem's own notebook. */

import type { JSX } from 'react';
import { QueryClientProvider, useMutation, useQuery } from '@tanstack/react-query';
import type { EditorHost } from '../../editor/host';
import { Failed, Skeleton } from '../../editor/states';
import { spokenError } from '../../editor/transport';
import { Workspace } from '../../editor/workspace';
import type { OpenReview, Rating } from '../api/models';
import { studyOf } from '../api/study';
import { PracticePanel } from '../practice/panel';
import { refreshStudy } from './fresh';
import { offerRating } from './offer';
import { ReviewTransport } from './transport';

interface Props {
  workspace: Workspace;
  problem: string;
  host: EditorHost;
  onTitle: (title: string) => void;
  onHome: () => void;
}

export function ReviewPanel(props: Props): JSX.Element {
  return (
    <QueryClientProvider client={props.workspace.queries}>
      <Begun {...props} />
    </QueryClientProvider>
  );
}

function Begun(props: Props): JSX.Element {
  const { workspace, problem } = props;
  const review = useQuery({
    queryKey: ['review', problem],
    queryFn: () => studyOf(workspace).beginReview(problem),
    // Begun once: when it is rated, this panel goes on showing what was written in it.
    staleTime: Infinity,
    gcTime: 0
  });
  if (review.isError) {
    return (
      <div className="gr-Page gr-Page-column">
        <Failed error={review.error} onRetry={() => void review.refetch()} />
      </div>
    );
  }
  if (review.isPending) {
    return (
      <div className="gr-Waiting">
        <Skeleton lines={8} />
      </div>
    );
  }
  return <Opened {...props} review={review.data} />;
}

function Opened(props: Props & { review: OpenReview }): JSX.Element {
  const { workspace, problem, host, onTitle, onHome, review } = props;
  const giveUp = useMutation({
    mutationFn: (rating: Rating) => studyOf(workspace).rate(problem, rating),
    onSuccess: () => {
      refreshStudy(workspace.queries, problem);
      onHome();
    }
  });
  return (
    <div className="gr-Review">
      <header className="gr-Review-head">
        <span>
          <b>Review</b>
          <span className="gr-Quiet">
            {giveUp.isError
              ? ` Not saved. ${spokenError(giveUp.error)}`
              : ' A blank editor. Your earlier solution is kept in the problem’s notebook.'}
          </span>
        </span>
        <button
          type="button"
          className="gr-Button gr-Button-quiet"
          disabled={giveUp.isPending}
          title="Close this review; the problem comes again tomorrow"
          onClick={() => {
            giveUp.mutate('again');
          }}
        >
          I don’t remember it
        </button>
      </header>
      <div className="gr-Review-body">
        <PracticePanel
          workspace={inReview(workspace, review.id)}
          problem={problem}
          host={{
            ...host,
            // The rating belongs to the page, not to the review's own space.
            afterAccepted: () => offerRating(workspace, problem)
          }}
          onTitle={onTitle}
        />
      </div>
    </div>
  );
}

const workspaces = new Map<string, Workspace>();

/** The workspace of one review, the same one for as long as the page lives. */
function inReview(workspace: Workspace, review: string): Workspace {
  const known =
    workspaces.get(review) ??
    new Workspace(new ReviewTransport(workspace.client.transport, review), workspace.events);
  workspaces.set(review, known);
  return known;
}
