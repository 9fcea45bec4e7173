/** Earlier submissions and drafts; any one can be compared with the editor's text, or brought back into it. */

import { useQuery } from '@tanstack/react-query';
import type { JSX, ReactNode } from 'react';
import { useState } from 'react';
import type { GreenroomClient } from './client';
import { DiffView } from './DiffView';
import { Failed, Skeleton } from './states';
import { spokenDate, wordsOf } from './verdicts';

interface Props {
  client: GreenroomClient;
  problem: string;
  code: string;
  /** Put a text into the editor, undoable. */
  onRestore: (code: string) => void;
  /** Show a submission's verdict again. */
  onShow: (id: string) => void;
}

type Chosen = { of: 'submission'; id: string } | { of: 'draft'; version: number };

export function History({ client, problem, code, onRestore, onShow }: Props): JSX.Element {
  const submissions = useQuery({
    queryKey: ['submissions', problem],
    queryFn: () => client.submissions(problem)
  });
  const drafts = useQuery({
    queryKey: ['drafts', problem],
    queryFn: () => client.draftVersions(problem),
    staleTime: 0
  });
  const [chosen, choose] = useState<Chosen | null>(null);
  if (submissions.isPending || drafts.isPending) {
    return <Skeleton lines={3} />;
  }
  const failed = submissions.error ?? drafts.error;
  if (submissions.isError || drafts.isError) {
    const retry = (): void => {
      void submissions.refetch();
      void drafts.refetch();
    };
    return <Failed error={failed} onRetry={retry} />;
  }
  if (submissions.data.items.length + drafts.data.items.length === 0) {
    return (
      <p className="gr-Empty">What you submit and save here can be compared and brought back.</p>
    );
  }
  return (
    <div className="gr-History">
      <div className="gr-History-lists">
        <List title="Submissions">
          {submissions.data.items.map(one => (
            <li key={one.id}>
              <button
                type="button"
                className="gr-Row"
                aria-pressed={chosen?.of === 'submission' && chosen.id === one.id}
                onClick={() => {
                  choose({ of: 'submission', id: one.id });
                }}
              >
                <span
                  className="gr-Badge"
                  data-tone={one.verdict === null ? 'ours' : wordsOf(one.verdict).tone}
                >
                  {one.short ?? '…'}
                </span>
                {spokenDate(one.created_at)}
                <span className="gr-Quiet">
                  {one.total === null ? '' : `${one.passed ?? 0}/${one.total}`}
                </span>
              </button>
            </li>
          ))}
        </List>
        <List title="Saved drafts">
          {drafts.data.items.map(one => (
            <li key={one.version}>
              <button
                type="button"
                className="gr-Row"
                aria-pressed={chosen?.of === 'draft' && chosen.version === one.version}
                onClick={() => {
                  choose({ of: 'draft', version: one.version });
                }}
              >
                {spokenDate(one.saved_at)}
                <span className="gr-Quiet">{one.size} characters</span>
              </button>
            </li>
          ))}
        </List>
      </div>
      {chosen === null ? (
        <p className="gr-Empty">Choose one to compare it with what is in the editor.</p>
      ) : (
        <Comparison
          client={client}
          problem={problem}
          chosen={chosen}
          code={code}
          onRestore={onRestore}
          onShow={onShow}
        />
      )}
    </div>
  );
}

function List({ title, children }: { title: string; children: ReactNode[] }): JSX.Element | null {
  return children.length === 0 ? null : (
    <section aria-label={title}>
      <h4>{title}</h4>
      <ul>{children}</ul>
    </section>
  );
}

function Comparison({
  client,
  problem,
  chosen,
  code,
  onRestore,
  onShow
}: Props & { chosen: Chosen }): JSX.Element {
  const id = chosen.of === 'submission' ? chosen.id : chosen.version;
  const text = useQuery({
    queryKey: ['text', problem, chosen.of, id],
    queryFn: async () =>
      chosen.of === 'submission'
        ? (await client.submission(chosen.id)).code
        : (await client.draftVersion(problem, chosen.version)).code,
    staleTime: Infinity
  });
  if (text.isPending) {
    return <Skeleton lines={4} />;
  }
  if (text.isError) {
    return <Failed error={text.error} onRetry={() => void text.refetch()} />;
  }
  const old = text.data;
  return (
    <div className="gr-Comparison">
      <div className="gr-Inputs-foot">
        <button
          type="button"
          className="gr-Button"
          disabled={old === code}
          onClick={() => {
            onRestore(old);
          }}
        >
          Bring back
        </button>
        {chosen.of === 'submission' && (
          <button
            type="button"
            className="gr-Button"
            onClick={() => {
              onShow(chosen.id);
            }}
          >
            Show its verdict
          </button>
        )}
        <span className="gr-Quiet">
          {old === code ? 'Same as in the editor.' : 'Undo takes it back.'}
        </span>
      </div>
      <DiffView left={{ name: 'Then', code: old }} right={{ name: 'In the editor', code }} />
    </div>
  );
}
