/** Small pictures of the panels, drawn in the colour of the text around them. */

import type { JSX, ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }): JSX.Element {
  return (
    <svg
      className="gr-Icon"
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export function StarIcon({ filled }: { filled: boolean }): JSX.Element {
  return (
    <Icon>
      <path
        d="M8 1.9l1.85 3.86 4.15.6-3 2.98.7 4.26L8 11.6l-3.7 2 .7-4.26-3-2.98 4.15-.6z"
        fill={filled ? 'currentColor' : 'none'}
      />
    </Icon>
  );
}

export function NoteIcon({ filled }: { filled: boolean }): JSX.Element {
  return (
    <Icon>
      <path d="M3 2.5h10v7.5l-3.5 3.5H3z" fill={filled ? 'currentColor' : 'none'} />
      {!filled && <path d="M5.5 5.5h5M5.5 8h3" />}
    </Icon>
  );
}

export function BackIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M9.5 3.5L5 8l4.5 4.5" />
    </Icon>
  );
}

export function BellIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M3 11.5h10l-1.2-1.8V7a3.8 3.8 0 0 0-7.6 0v2.7zM6.7 13.6a1.4 1.4 0 0 0 2.6 0" />
    </Icon>
  );
}

export function ChartIcon(): JSX.Element {
  return (
    <Icon>
      <path d="M2.5 13.5h11M4.5 11V8M8 11V3.5M11.5 11V6" />
    </Icon>
  );
}

export function PersonIcon(): JSX.Element {
  return (
    <Icon>
      <circle cx="8" cy="5.2" r="2.7" />
      <path d="M2.8 13.6c.6-2.8 2.6-4.2 5.2-4.2s4.6 1.4 5.2 4.2" />
    </Icon>
  );
}
