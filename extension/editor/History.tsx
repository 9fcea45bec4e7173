/** Earlier submissions and drafts: any two can be compared, or one with the editor's text, and brought back into it. */

import type { UseQueryResult } from '@tanstack/react-query';
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
/** A text to compare with, by a name for the list of choices. */
interface Other {
  key: string;
  name: string;
  text: Chosen;
}

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
  const others: Other[] = [
    ...submissions.data.items.map(one => ({
      key: `submission-${one.id}`,
      name: `Submission ${one.short ?? ''} ${spokenDate(one.created_at)}`,
      text: { of: 'submission', id: one.id } as const
    })),
    ...drafts.data.items.map(one => ({
      key: `draft-${one.version}`,
      name: `Draft ${one.version}, ${spokenDate(one.saved_at)}`,
      text: { of: 'draft', version: one.version } as const
    }))
  ];
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
                <span className="gr-Quiet">{one.size} chars</span>
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
          others={others}
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
  others,
  code,
  onRestore,
  onShow
}: Props & { chosen: Chosen; others: readonly Other[] }): JSX.Element {
  const [with_, compareWith] = useState('');
  const other = others.find(one => one.key === with_) ?? null;
  const text = useText(client, problem, chosen);
  const second = useText(client, problem, other?.text ?? null);
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
          title="Put this text into the editor; undo takes it back"
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
        <label className="gr-Quiet">
          Compare with{' '}
          <select
            className="gr-Field-input"
            value={other?.key ?? ''}
            onChange={event => {
              compareWith(event.target.value);
            }}
          >
            <option value="">what is in the editor</option>
            {others.map(one => (
              <option key={one.key} value={one.key}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        {other === null && old === code && <span className="gr-Quiet">Both are the same.</span>}
      </div>
      {other === null || second.data === undefined ? (
        <DiffView left={{ name: 'Then', code: old }} right={{ name: 'In the editor', code }} />
      ) : (
        <DiffView
          left={{ name: 'Then', code: old }}
          right={{ name: other.name, code: second.data }}
        />
      )}
    </div>
  );
}

/** The text of a submission or a draft; neither ever changes. */
function useText(
  client: GreenroomClient,
  problem: string,
  chosen: Chosen | null
): UseQueryResult<string> {
  const id = chosen?.of === 'submission' ? chosen.id : chosen?.version;
  return useQuery({
    queryKey: ['text', problem, chosen?.of, id],
    enabled: chosen !== null,
    queryFn: async () =>
      chosen?.of === 'submission'
        ? (await client.submission(chosen.id)).code
        : (await client.draftVersion(problem, chosen?.version ?? 0)).code,
    staleTime: Infinity
  });
}
