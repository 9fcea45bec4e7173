/** A sheet: its problems in order, each with its 'why'. */

import type { JSX } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Sheet, SheetEntry } from '../api/models';
import { BackIcon } from '../ui/icons';
import { Loaded } from '../ui/Loaded';
import { Bar } from './Sheets';
import { StateMark } from './StateMark';
import type { Parts } from './view';
import { wordsOfLevel, wordsOfTopic } from './words';

interface Props extends Parts {
  id: string;
  onBack: () => void;
}

export function SheetView(props: Props): JSX.Element {
  const { study, id, onBack } = props;
  const sheet = useQuery({ queryKey: ['sheet', id], queryFn: () => study.sheet(id) });
  return (
    <section className="gr-Sheet">
      <button type="button" className="gr-Link gr-Back" onClick={onBack}>
        <BackIcon /> Home
      </button>
      <Loaded query={sheet} lines={8}>
        {found => <Opened {...props} sheet={found} />}
      </Loaded>
    </section>
  );
}

function Opened({ sheet, ways, look }: Props & { sheet: Sheet }): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    title.current?.focus();
  }, [sheet.id]);
  const next = nextOf(sheet.entries);
  const titles = new Map(sheet.entries.map(({ problem }) => [problem.id, problem.title]));
  return (
    <>
      <header className="gr-Page-head">
        <h1 ref={title} tabIndex={-1}>
          {sheet.title}
        </h1>
        <p className="gr-Page-lead">{sheet.purpose}</p>
        <div className="gr-Sheet-progress">
          <Bar solved={sheet.solved} mastered={sheet.mastered} total={sheet.total} />
          <span className="gr-Quiet">
            <b>{sheet.solved}</b> of {sheet.total} solved, {sheet.mastered} mastered
          </span>
        </div>
        {!look.hideTopics && <Topics topics={sheet.by_topic} />}
      </header>
      <ol className="gr-Entries">
        {sheet.entries.map(entry => (
          <li key={entry.problem.id}>
            <button
              type="button"
              className="gr-Line"
              data-problem={entry.problem.id}
              data-first={entry === next}
              onClick={() => {
                ways.problem(entry.problem.id);
              }}
            >
              <StateMark state={entry.problem.state} />
              <span className="gr-Line-text">
                <span className="gr-Line-head">
                  <span className="gr-Problem-title">{entry.problem.title}</span>
                  <span className="gr-Quiet">{facts(entry, look)}</span>
                </span>
                <span className="gr-Quiet">
                  {entry.why}
                  {entry.problem.state === 'new' && entry.after.length > 0 && (
                    <> After {entry.after.map(id => titles.get(id) ?? id).join(', ')}.</>
                  )}
                </span>
              </span>
              {entry === next && (
                <span className="gr-Go">
                  {entry.problem.state === 'tried' ? 'Continue' : 'Start'}
                </span>
              )}
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

/** The first problem that is not solved and whose forerunners are; else the first that is not solved. */
export function nextOf(entries: readonly SheetEntry[]): SheetEntry | undefined {
  const solved = new Set(
    entries.filter(({ problem }) => problem.state === 'solved').map(({ problem }) => problem.id)
  );
  const left = entries.filter(({ problem }) => problem.state !== 'solved');
  return left.find(entry => entry.after.every(id => solved.has(id))) ?? left[0];
}

function facts(entry: SheetEntry, look: Parts['look']): string {
  return [
    look.hideDifficulty ? '' : wordsOfLevel(entry.problem.difficulty),
    look.hideTopics ? '' : entry.problem.topics.map(wordsOfTopic).join(', '),
    entry.mastered ? 'Mastered' : ''
  ]
    .filter(Boolean)
    .join(' · ');
}

function Topics({ topics }: { topics: Sheet['by_topic'] }): JSX.Element {
  return (
    <ul className="gr-Chips" aria-label="Progress by topic">
      {topics.map(topic => (
        <li key={topic.topic} data-done={topic.solved === topic.total}>
          {wordsOfTopic(topic.topic)}{' '}
          <span className="gr-Quiet">
            {topic.solved}/{topic.total}
          </span>
        </li>
      ))}
    </ul>
  );
}
