/** All problems, filtered in place; rows out of sight are not drawn, so ten thousand scroll like ten. */

import type { JSX } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { wordsOfLevel, wordsOfState, wordsOfTopic } from './words';
import type { Difficulty, ProblemState, ProblemSummary } from '../api/models';
import type { Filter } from './filter';
import { matching, NO_FILTER, topicsOf } from './filter';

const ROW = 40;

interface Props {
  problems: readonly ProblemSummary[];
  hideDifficulty: boolean;
  hideTopics: boolean;
  onOpen: (problem: string) => void;
}

export function ProblemList(props: Props): JSX.Element {
  const { problems, hideDifficulty, hideTopics } = props;
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const calm = useDeferredValue(filter);
  const shown = useMemo(() => matching(problems, calm), [problems, calm]);
  const topics = useMemo(() => topicsOf(problems), [problems]);
  const set = (change: Partial<Filter>): void => {
    setFilter(before => ({ ...before, ...change }));
  };
  return (
    <section className="gr-Problems" aria-labelledby="gr-problems-title">
      <div className="gr-Problems-head">
        <h2 id="gr-problems-title">Problems</h2>
        <span className="gr-Quiet" role="status">
          {shown.length === problems.length
            ? problems.length
            : `${shown.length} of ${problems.length}`}
        </span>
      </div>
      <div className="gr-Filters" role="search">
        <input
          type="search"
          className="gr-Field-input gr-Filters-text"
          placeholder="Search"
          aria-label="Search problems"
          value={filter.text}
          onChange={event => {
            set({ text: event.target.value });
          }}
        />
        {!hideTopics && (
          <Choice
            name="Topic"
            all="All topics"
            value={filter.topic}
            options={topics.map(topic => [topic, wordsOfTopic(topic)])}
            onChange={topic => {
              set({ topic });
            }}
          />
        )}
        {!hideDifficulty && (
          <Choice
            name="Difficulty"
            all="Any difficulty"
            value={filter.difficulty}
            options={[
              ['easy', 'Easy'],
              ['medium', 'Medium'],
              ['hard', 'Hard']
            ]}
            onChange={value => {
              set({ difficulty: value as Difficulty | '' });
            }}
          />
        )}
        <Choice
          name="State"
          all="Any state"
          value={filter.state}
          options={[
            ['new', 'Not tried'],
            ['tried', 'Tried'],
            ['solved', 'Solved']
          ]}
          onChange={value => {
            set({ state: value as ProblemState | '' });
          }}
        />
      </div>
      {shown.length === 0 ? (
        <div className="gr-Notice">
          <p>{problems.length === 0 ? 'No problems are published yet.' : 'Nothing matches.'}</p>
          {problems.length > 0 && (
            <button
              type="button"
              className="gr-Button"
              onClick={() => {
                setFilter(NO_FILTER);
              }}
            >
              Show all
            </button>
          )}
        </div>
      ) : (
        <Rows {...props} problems={shown} />
      )}
    </section>
  );
}

function Choice(props: {
  name: string;
  all: string;
  value: string;
  options: (readonly [string, string])[];
  onChange: (value: string) => void;
}): JSX.Element {
  return (
    <select
      className="gr-Field-input"
      aria-label={props.name}
      value={props.value}
      onChange={event => {
        props.onChange(event.target.value);
      }}
    >
      <option value="">{props.all}</option>
      {props.options.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

function Rows({ problems, hideDifficulty, hideTopics, onOpen }: Props): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  // The compiler may not memoise this component; nothing here is memoised by hand either.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: problems.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12
  });
  return (
    <div className="gr-Rows" ref={scroller}>
      <ul style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const problem = problems[index];
          if (problem === undefined) {
            return null;
          }
          return (
            <li
              key={problem.id}
              aria-setsize={problems.length}
              aria-posinset={index + 1}
              style={{ height: ROW, transform: `translateY(${start}px)` }}
            >
              <button
                type="button"
                className="gr-Problem"
                data-problem={problem.id}
                data-state={problem.state}
                onClick={() => {
                  onOpen(problem.id);
                }}
              >
                <StateMark state={problem.state} />
                <span className="gr-Problem-title">{problem.title}</span>
                <span className="gr-Quiet gr-Problem-topics">
                  {hideTopics ? '' : problem.topics.map(wordsOfTopic).join(', ')}
                </span>
                <span className="gr-Quiet gr-Problem-level">
                  {hideDifficulty ? '' : wordsOfLevel(problem.difficulty)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

export function StateMark({ state }: { state: ProblemState }): JSX.Element {
  return (
    <span className="gr-Mark" data-state={state} title={wordsOfState(state)}>
      <span className="gr-Spoken">{wordsOfState(state)}.</span>
    </span>
  );
}
