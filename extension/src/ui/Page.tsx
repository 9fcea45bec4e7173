/** A panel of the main area: a column of calm width, with the page's queries. */

import type { JSX, ReactNode } from 'react';
import { QueryClientProvider } from '@tanstack/react-query';
import type { Workspace } from '../../editor/workspace';

interface Props {
  workspace: Workspace;
  /** What a screen reader calls the panel. */
  label: string;
  className?: string;
  children: ReactNode;
}

export function Page({ workspace, label, className = '', children }: Props): JSX.Element {
  return (
    <QueryClientProvider client={workspace.queries}>
      {/* It scrolls, and may hold nothing else that the keyboard reaches. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <main className={`gr-Page ${className}`} aria-label={label} tabIndex={0}>
        <div className="gr-Page-column">{children}</div>
      </main>
    </QueryClientProvider>
  );
}
