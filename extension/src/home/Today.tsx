/** What to do today: the most urgent first, a reason on each line, one thing to press. */

import type { JSX } from 'react';
import { spokenDate } from '../../editor/verdicts';
import type { Home, TodayLine } from '../api/models';
import { StateMark } from './StateMark';
import type { Look, Parts } from './view';
import { actionOf, wordsOfKind, wordsOfLevel, wordsOfTopic } from './words';

export function Today({ home, ways, look }: Omit<Parts, 'study'> & { home: Home }): JSX.Element {
  if (home.today.length === 0) {
    return (
      <p className="gr-Empty">
        {home.progress.total === 0
          ? 'No problems are published yet. Your instructor publishes them.'
          : 'Nothing is waiting for you. Pick any problem below to practise it again.'}
      </p>
    );
  }
  return (
    <ul className="gr-Today" aria-label="Today">
      {home.today.map((line, index) => (
        <li key={`${line.kind} ${line.problem?.id ?? line.target_id ?? line.title}`}>
          <Line
            line={line}
            first={index === 0}
            look={look}
            onOpen={() => {
              open(line, ways);
            }}
          />
        </li>
      ))}
    </ul>
  );
}

function open(line: TodayLine, ways: Parts['ways']): void {
  if (line.problem === null) {
    return;
  }
  if (line.kind === 'review') {
    ways.review(line.problem.id);
  } else {
    ways.problem(line.problem.id);
  }
}

function Line(props: {
  line: TodayLine;
  first: boolean;
  look: Look;
  onOpen: () => void;
}): JSX.Element {
  const { line, first, look, onOpen } = props;
  const { problem } = line;
  const facts = [
    problem === null || look.hideDifficulty ? '' : wordsOfLevel(problem.difficulty),
    problem === null || look.hideTopics ? '' : problem.topics.map(wordsOfTopic).join(', '),
    line.at === null ? '' : spokenDate(line.at)
  ].filter(Boolean);
  return (
    <button
      type="button"
      className="gr-Line"
      data-kind={line.kind}
      data-problem={problem?.id}
      data-first={first}
      onClick={onOpen}
    >
      {problem === null ? <span className="gr-Mark" /> : <StateMark state={problem.state} />}
      <span className="gr-Line-text">
        <span className="gr-Line-head">
          <span className="gr-Problem-title">{line.title}</span>
          {problem === null && <span className="gr-Tag">{wordsOfKind(line.kind)}</span>}
          <span className="gr-Quiet">{facts.join(' · ')}</span>
        </span>
        <span className="gr-Quiet">{line.reason}</span>
      </span>
      <span className="gr-Go">{actionOf(line)}</span>
    </button>
  );
}
