/** The rows in sight, each with its star and its note; the arrow keys walk along them. */

import type { JSX, KeyboardEvent } from 'react';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import type { ProblemSummary } from '../api/models';
import { NoteIcon } from '../ui/icons';
import { NoteBox } from './NoteBox';
import type { ListProps } from './ProblemList';
import { Star } from './Star';
import { StateMark } from './StateMark';
import { wordsOfLevel, wordsOfTopic } from './words';

const ROW = 40;
const NOTE = 132;

export function ProblemRows(props: ListProps): JSX.Element {
  const { problems } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<string | null>(null);
  const opened = open === null ? -1 : problems.findIndex(problem => problem.id === open);
  // The compiler may not memoise this component; nothing here is memoised by hand either.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: problems.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => (problems[index]?.id === open ? ROW + NOTE : ROW),
    getItemKey: index => problems[index]?.id ?? index,
    overscan: 12,
    // A note that is being written stays, however far the list is scrolled.
    rangeExtractor: range => {
      const shown = defaultRangeExtractor(range);
      return opened < 0 || shown.includes(opened)
        ? shown
        : [...shown, opened].sort((a, b) => a - b);
    }
  });
  const walk = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const row = (event.target as HTMLElement).closest<HTMLElement>('.gr-Problem');
    const target = Number(row?.dataset['index']) + step;
    if (step === 0 || row === null || problems[target] === undefined) {
      return;
    }
    event.preventDefault();
    rows.scrollToIndex(target);
    scroller.current?.querySelector<HTMLElement>(`.gr-Problem[data-index="${target}"]`)?.focus();
  };
  return (
    // The keys only move along buttons that are each reached by Tab as well.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className="gr-Rows" ref={scroller} onKeyDown={walk}>
      <ul style={{ height: rows.getTotalSize() }} aria-label="Problems">
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const problem = problems[index];
          return problem === undefined ? null : (
            <li
              key={key}
              data-index={index}
              ref={rows.measureElement}
              aria-setsize={problems.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start}px)` }}
            >
              <Row
                {...props}
                problem={problem}
                index={index}
                open={problem.id === open}
                onNote={() => {
                  setOpen(before => (before === problem.id ? null : problem.id));
                }}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface RowProps extends ListProps {
  problem: ProblemSummary;
  index: number;
  /** Whether its note is open. */
  open: boolean;
  onNote: () => void;
}

function Row(props: RowProps): JSX.Element {
  const { study, problem, index, look, bookmarks, noted, open, onNote, onOpen } = props;
  const toggle = useRef<HTMLButtonElement>(null);
  const hasNote = noted?.has(problem.id) ?? false;
  return (
    <>
      <div className="gr-Problem-row">
        <button
          type="button"
          className="gr-Problem"
          data-problem={problem.id}
          data-state={problem.state}
          data-index={index}
          onClick={() => {
            onOpen(problem.id);
          }}
        >
          <StateMark state={problem.state} />
          <span className="gr-Problem-title gr-Ellipsis">{problem.title}</span>
          <span className="gr-Quiet gr-Problem-topics">
            {look.hideTopics ? '' : problem.topics.map(wordsOfTopic).join(', ')}
          </span>
          <span className="gr-Quiet gr-Problem-level">
            {look.hideDifficulty ? '' : wordsOfLevel(problem.difficulty)}
          </span>
        </button>
        <button
          type="button"
          ref={toggle}
          className="gr-IconButton gr-NoteButton"
          data-noted={hasNote}
          aria-expanded={open}
          aria-label={`${hasNote ? 'Your note' : 'Write a note'} on ${problem.title}`}
          title={hasNote ? 'Your note' : 'Write a note'}
          onClick={onNote}
        >
          <NoteIcon filled={hasNote} />
        </button>
        <Star study={study} problem={problem} on={bookmarks.has(problem.id)} />
      </div>
      {open && (
        <NoteBox
          study={study}
          problem={problem}
          written={noted?.has(problem.id) ?? true}
          onClose={() => {
            onNote();
            toggle.current?.focus();
          }}
        />
      )}
    </>
  );
}
