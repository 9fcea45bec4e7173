/** A problem beside its editor, for practice without a notebook. */

import type { JSX } from 'react';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { PracticeEditor } from '../../editor/PracticeEditor';
import { Failed, Skeleton } from '../../editor/states';
import type { EditorHost } from '../../editor/host';
import type { Workspace } from '../../editor/workspace';

interface Props {
  workspace: Workspace;
  problem: string;
  host: EditorHost;
  onTitle: (title: string) => void;
}

export function PracticePanel(props: Props): JSX.Element {
  return (
    <QueryClientProvider client={props.workspace.queries}>
      <div className="gr-Practice">
        <Statement {...props} />
        <div className="gr-Practice-editor">
          <PracticeEditor {...props} />
        </div>
      </div>
    </QueryClientProvider>
  );
}

function Statement({ workspace, problem, onTitle }: Props): JSX.Element {
  const query = useQuery({
    queryKey: ['problem', problem],
    queryFn: async () => {
      const found = await workspace.problem(problem);
      onTitle(found.title);
      return found;
    },
    staleTime: Infinity
  });
  if (query.isPending) {
    return (
      <div className="gr-Practice-statement">
        <Skeleton lines={8} />
      </div>
    );
  }
  if (query.isError) {
    return (
      <div className="gr-Practice-statement">
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  const { title, difficulty, topics, statement_html: html } = query.data;
  return (
    <article className="gr-Practice-statement jp-RenderedHTMLCommon">
      <h1>{title}</h1>
      <p className="gr-Quiet">
        {difficulty} · {topics.join(', ')}
      </p>
      {/* Sanitised by the service, which renders it from the problem's own Markdown. */}
      <div dangerouslySetInnerHTML={{ __html: html }} />
    </article>
  );
}
