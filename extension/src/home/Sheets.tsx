/** Sheets as cards: what each is for, and how far it is. */

import type { JSX } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { SheetSummary } from '../api/models';
import type { StudyClient } from '../api/study';
import { Loaded } from '../ui/Loaded';

interface Props {
  study: StudyClient;
  onOpen: (sheet: string) => void;
}

export function Sheets({ study, onOpen }: Props): JSX.Element {
  const sheets = useQuery({ queryKey: ['sheets'], queryFn: () => study.sheets() });
  return (
    <section aria-labelledby="gr-sheets-title">
      <h2 id="gr-sheets-title">Sheets</h2>
      <Loaded query={sheets} lines={4}>
        {all =>
          all.length === 0 ? (
            <p className="gr-Empty">
              No sheets are published yet. All problems are in the list below.
            </p>
          ) : (
            <ul className="gr-Cards">
              {inOrder(all).map(sheet => (
                <li key={sheet.id}>
                  <Card sheet={sheet} onOpen={onOpen} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

/** What a cohort has chosen comes first, then each sheet after those that it builds on. */
export function inOrder<T extends Pick<SheetSummary, 'id' | 'chosen' | 'prerequisites'>>(
  sheets: readonly T[]
): T[] {
  const known = new Map(sheets.map(sheet => [sheet.id, sheet]));
  const depth = (id: string, seen: readonly string[]): number => {
    const before = known.get(id)?.prerequisites ?? [];
    const on = before.filter(one => known.has(one) && !seen.includes(one));
    return on.length === 0 ? 0 : 1 + Math.max(...on.map(one => depth(one, [...seen, id])));
  };
  const rank = (sheet: T): number => (sheet.chosen ? -100 : 0) + depth(sheet.id, []);
  return [...sheets].sort((a, b) => rank(a) - rank(b));
}

function Card({ sheet, onOpen }: { sheet: SheetSummary; onOpen: Props['onOpen'] }): JSX.Element {
  return (
    <button
      type="button"
      className="gr-Card"
      data-sheet={sheet.id}
      onClick={() => {
        onOpen(sheet.id);
      }}
    >
      <span className="gr-Card-head">
        <span className="gr-Card-title">{sheet.title}</span>
        {sheet.chosen && <span className="gr-Tag">Your cohort</span>}
      </span>
      <span className="gr-Quiet gr-Card-text">{sheet.purpose}</span>
      <span className="gr-Card-foot">
        <Bar solved={sheet.solved} mastered={sheet.mastered} total={sheet.total} />
        <span className="gr-Quiet">
          {sheet.solved}/{sheet.total}
          <span className="gr-Spoken"> solved</span>
        </span>
      </span>
    </button>
  );
}

/** Mastered, merely solved, and the rest. Said in words by whoever shows it. */
export function Bar(props: { solved: number; mastered: number; total: number }): JSX.Element {
  const share = (count: number): string => `${(100 * count) / Math.max(1, props.total)}%`;
  return (
    <span className="gr-Bar" aria-hidden="true">
      <i data-part="mastered" style={{ width: share(props.mastered) }} />
      <i data-part="solved" style={{ width: share(props.solved - props.mastered) }} />
    </span>
  );
}
