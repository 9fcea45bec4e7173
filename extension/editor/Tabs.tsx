/** Tabs after the WAI-ARIA pattern: arrow keys move, Home and End jump, one stop in the tab order. */

import type { JSX, KeyboardEvent, ReactNode } from 'react';
import { useId, useRef } from 'react';

export interface Tab {
  id: string;
  label: ReactNode;
  /** Spoken instead of the label where that is only a mark. */
  name?: string;
  panel: ReactNode;
}

interface Props {
  label: string;
  tabs: readonly Tab[];
  selected: string;
  onSelect: (id: string) => void;
  className?: string;
  /** Shown at the right end of the row. */
  aside?: ReactNode;
}

export function Tabs({ label, tabs, selected, onSelect, className, aside }: Props): JSX.Element {
  const prefix = useId();
  const row = useRef<HTMLDivElement>(null);
  const index = Math.max(
    0,
    tabs.findIndex(tab => tab.id === selected)
  );
  const current = tabs[index];

  const move = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: tabs.length - 1 }[
      event.key
    ];
    if (step === undefined) {
      return;
    }
    event.preventDefault();
    const next = tabs[(step + tabs.length) % tabs.length];
    if (next !== undefined) {
      onSelect(next.id);
      row.current?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(next.id)}"]`)?.focus();
    }
  };

  return (
    <div className={`gr-Tabs ${className ?? ''}`}>
      <div className="gr-Tabs-row">
        <div role="tablist" aria-label={label} className="gr-Tabs-list" ref={row}>
          {tabs.map(tab => (
            <button
              key={tab.id}
              type="button"
              role="tab"
              id={`${prefix}-tab-${tab.id}`}
              data-tab={tab.id}
              aria-label={tab.name}
              title={tab.name}
              aria-selected={tab === current}
              aria-controls={`${prefix}-panel`}
              tabIndex={tab === current ? 0 : -1}
              className="gr-Tab"
              onClick={() => {
                onSelect(tab.id);
              }}
              onKeyDown={move}
            >
              {tab.label}
            </button>
          ))}
        </div>
        {aside}
      </div>
      {current !== undefined && (
        <div
          role="tabpanel"
          id={`${prefix}-panel`}
          aria-labelledby={`${prefix}-tab-${current.id}`}
          className="gr-Tabs-panel"
        >
          {current.panel}
        </div>
      )}
    </div>
  );
}
