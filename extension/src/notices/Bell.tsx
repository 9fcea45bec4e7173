/** The bell in the top bar. */

import type { JSX } from 'react';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import type { Workspace } from '../../editor/workspace';
import { studyOf } from '../api/study';
import { BellIcon } from '../ui/icons';

interface Props {
  workspace: Workspace;
  onOpen: () => void;
}

export function Bell(props: Props): JSX.Element {
  return (
    <QueryClientProvider client={props.workspace.queries}>
      <Button {...props} />
    </QueryClientProvider>
  );
}

function Button({ workspace, onOpen }: Props): JSX.Element {
  const notices = useQuery({
    queryKey: ['notices'],
    queryFn: () => studyOf(workspace).notices(null)
  });
  const unread = notices.data?.unread ?? 0;
  return (
    <div className="gr-Bell">
      <button
        type="button"
        aria-label={unread === 0 ? 'Greenroom notices' : `Greenroom notices, ${unread} unread`}
        title="Greenroom notices"
        onClick={onOpen}
      >
        <BellIcon />
        {unread > 0 && <span className="gr-Count">{unread > 99 ? '99+' : unread}</span>}
      </button>
      <span className="gr-Spoken" role="status">
        {unread > 0 ? spokenUnread(unread) : ''}
      </span>
    </div>
  );
}

export function spokenUnread(unread: number): string {
  return unread === 1 ? '1 unread notice' : `${unread} unread notices`;
}
