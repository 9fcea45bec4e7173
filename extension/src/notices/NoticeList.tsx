/** What the student is told, newest first. Opening a notice reads it. */

import type { JSX } from 'react';
import { QueryClientProvider, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { spokenDate } from '../../editor/verdicts';
import type { Workspace } from '../../editor/workspace';
import type { Notice, NoticePage } from '../api/models';
import { studyOf } from '../api/study';
import { Loaded } from '../ui/Loaded';

type Target = Notice['target'];

interface Props {
  workspace: Workspace;
  onOpen: (target: Target) => void;
}

export function NoticeList(props: Props): JSX.Element {
  return (
    <QueryClientProvider client={props.workspace.queries}>
      <section className="gr-Page gr-Notices" aria-label="Greenroom notices">
        <List {...props} />
      </section>
    </QueryClientProvider>
  );
}

function List({ workspace, onOpen }: Props): JSX.Element {
  const study = studyOf(workspace);
  const queries = useQueryClient();
  const notices = useQuery({ queryKey: ['notices'], queryFn: () => study.notices(null) });
  const read = useMutation({
    mutationFn: (ids: string[] | null) => study.readNotices(ids),
    onMutate: ids => {
      queries.setQueryData<NoticePage>(['notices'], before => asRead(before, ids));
    },
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['notices'] });
      void queries.invalidateQueries({ queryKey: ['home'] });
    }
  });
  return (
    <>
      <header className="gr-Section-head">
        <h2>Notices</h2>
        {(notices.data?.unread ?? 0) > 0 && (
          <button
            type="button"
            className="gr-Link"
            onClick={() => {
              read.mutate(null);
            }}
          >
            Mark all as read
          </button>
        )}
      </header>
      <Loaded query={notices} lines={5}>
        {page =>
          page.items.length === 0 ? (
            <p className="gr-Empty">
              Nothing yet. Reviews that fall due and news from your cohorts appear here.
            </p>
          ) : (
            <ul>
              {page.items.map(notice => (
                <li key={notice.id}>
                  <button
                    type="button"
                    className="gr-NoticeRow"
                    data-unread={notice.read_at === null}
                    onClick={() => {
                      if (notice.read_at === null) {
                        read.mutate([notice.id]);
                      }
                      onOpen(notice.target);
                    }}
                  >
                    <span className="gr-NoticeRow-title">
                      {notice.title}
                      {notice.read_at === null && <span className="gr-Spoken"> (unread)</span>}
                    </span>
                    <span>{notice.text}</span>
                    <span className="gr-Quiet">{spokenDate(notice.made_at)}</span>
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

/** A page of notices after some, or all for null, were read. */
export function asRead(
  page: NoticePage | undefined,
  ids: readonly string[] | null,
  at = new Date().toISOString()
): NoticePage | undefined {
  if (page === undefined) {
    return undefined;
  }
  const items = page.items.map(notice =>
    notice.read_at === null && (ids === null || ids.includes(notice.id))
      ? { ...notice, read_at: at }
      : notice
  );
  const before = page.items.filter(notice => notice.read_at === null).length;
  const after = items.filter(notice => notice.read_at === null).length;
  return { ...page, items, unread: ids === null ? 0 : page.unread - (before - after) };
}
