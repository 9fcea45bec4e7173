/** All problems, filtered in place; rows out of sight are not drawn, so ten thousand scroll like ten. */

import type { JSX } from 'react';
import { useDeferredValue, useId, useMemo, useState } from 'react';
import type { Difficulty, ProblemState, ProblemSummary } from '../api/models';
import type { StudyClient } from '../api/study';
import { StarIcon } from '../ui/icons';
import type { Filter } from './filter';
import { matching, NO_FILTER, topicsOf } from './filter';
import { ProblemRows } from './ProblemRows';
import type { Look } from './view';
import { wordsOfTopic } from './words';

export interface ListProps {
  study: StudyClient;
  look: Look;
  problems: readonly ProblemSummary[];
  bookmarks: ReadonlySet<string>;
  /** Ids of the problems with a note; undefined until they are known. */
  noted: ReadonlySet<string> | undefined;
  onOpen: (problem: string) => void;
}

export function ProblemList(props: ListProps): JSX.Element {
  const { problems, look, bookmarks } = props;
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const calm = useDeferredValue(filter);
  const shown = useMemo(
    () => matching(problems, calm, bookmarks, look.hideTopics),
    [problems, calm, bookmarks, look.hideTopics]
  );
  const title = useId();
  return (
    <section className="gr-Problems" aria-labelledby={title}>
      <div className="gr-Section-head">
        <h2 id={title}>Problems</h2>
        <span className="gr-Quiet" role="status">
          {shown.length === problems.length
            ? problems.length
            : `${shown.length} of ${problems.length}`}
        </span>
      </div>
      <Filters
        problems={problems}
        look={look}
        filter={filter}
        onChange={change => {
          setFilter(before => ({ ...before, ...change }));
        }}
      />
      {shown.length === 0 ? (
        <div className="gr-Notice">
          <p>{spokenNothing(problems.length, filter, bookmarks.size)}</p>
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
        <ProblemRows {...props} problems={shown} />
      )}
    </section>
  );
}

function spokenNothing(problems: number, filter: Filter, bookmarks: number): string {
  if (problems === 0) {
    return 'No problems are published yet.';
  }
  return filter.bookmarked && bookmarks === 0
    ? 'Nothing is bookmarked yet. The star beside a problem keeps it here.'
    : 'Nothing matches.';
}

interface FilterProps {
  problems: readonly ProblemSummary[];
  look: Look;
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
}

function Filters({ problems, look, filter, onChange }: FilterProps): JSX.Element {
  const topics = useMemo(() => topicsOf(problems), [problems]);
  return (
    <div className="gr-Filters" role="search">
      <input
        type="search"
        className="gr-Field-input gr-Filters-text"
        placeholder="Search"
        aria-label="Search problems"
        value={filter.text}
        onChange={event => {
          onChange({ text: event.target.value });
        }}
      />
      {!look.hideTopics && (
        <Choice
          name="Topic"
          all="All topics"
          value={filter.topic}
          options={topics.map(topic => [topic, wordsOfTopic(topic)])}
          onChange={topic => {
            onChange({ topic });
          }}
        />
      )}
      {!look.hideDifficulty && (
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
            onChange({ difficulty: value as Difficulty | '' });
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
          onChange({ state: value as ProblemState | '' });
        }}
      />
      <button
        type="button"
        className="gr-Button gr-Toggle"
        aria-pressed={filter.bookmarked}
        onClick={() => {
          onChange({ bookmarked: !filter.bookmarked });
        }}
      >
        <StarIcon filled={filter.bookmarked} /> Bookmarked
      </button>
    </div>
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
