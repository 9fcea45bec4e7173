/** Home: what to do next, on one page. */

import type { JSX } from 'react';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { spokenShortDate, wordsOf } from '../../editor/verdicts';
import { Failed, Skeleton } from '../../editor/states';
import type { Workspace } from '../../editor/workspace';
import type { Home, ProblemSummary, Progress } from '../api/models';
import { ProblemList, StateMark } from './ProblemList';
import { Activity } from './Activity';
import { wordsOfLevel, wordsOfTopic } from './words';

export interface HomeSettings {
  hideDifficulty: boolean;
  hideTopics: boolean;
}

interface Props {
  workspace: Workspace;
  settings: HomeSettings;
  onOpen: (problem: string) => void;
}

export function HomePanel(props: Props): JSX.Element {
  return (
    <QueryClientProvider client={props.workspace.queries}>
      <main className="gr-Home" aria-label="Greenroom home">
        <div className="gr-Home-page">
          <Today {...props} />
          <Everything {...props} />
        </div>
      </main>
    </QueryClientProvider>
  );
}

function Today({ workspace, settings, onOpen }: Props): JSX.Element {
  const home = useQuery({ queryKey: ['home'], queryFn: () => workspace.client.home() });
  const progress = useQuery({ queryKey: ['progress'], queryFn: () => workspace.client.progress() });
  const problems = useQuery({ queryKey: ['problems'], queryFn: () => workspace.client.problems() });
  const titles = new Map(problems.data?.map(problem => [problem.id, problem.title]));
  if (home.isPending) {
    return <Skeleton lines={5} />;
  }
  if (home.isError) {
    return <Failed error={home.error} onRetry={() => void home.refetch()} />;
  }
  return (
    <>
      <header className="gr-Home-head">
        <h1>{greeting(home.data)}</h1>
        <Summary progress={home.data.progress} />
      </header>
      <div className="gr-Home-columns">
        <div className="gr-Home-main">
          <Suggestions home={home.data} settings={settings} onOpen={onOpen} />
        </div>
        {progress.isSuccess && (
          <Aside progress={progress.data} titles={titles} onOpen={onOpen} settings={settings} />
        )}
      </div>
    </>
  );
}

function greeting(home: Home): string {
  if (home.continue.length > 0) {
    return 'Pick up where you left off';
  }
  return home.progress.tried + home.progress.solved === 0 ? 'Start with one problem' : 'Up next';
}

function Summary({ progress }: { progress: Home['progress'] }): JSX.Element {
  const { solved, total } = progress;
  return (
    <div className="gr-Summary">
      <progress max={Math.max(1, total)} value={solved} aria-label="Solved problems" />
      <span className="gr-Quiet">
        <b>{solved}</b> of {total} solved
      </span>
    </div>
  );
}

interface SuggestionsProps {
  home: Home;
  settings: HomeSettings;
  onOpen: (problem: string) => void;
}

function Suggestions({ home, settings, onOpen }: SuggestionsProps): JSX.Element {
  const begun = home.continue.map(problem => ({ problem, reason: 'You have begun this one.' }));
  const rows = [...begun, ...home.next];
  if (rows.length === 0) {
    return (
      <p className="gr-Empty">
        {home.progress.total === 0
          ? 'No problems are published yet. Your instructor publishes them.'
          : 'Everything here is solved. Pick any problem below to practise it again.'}
      </p>
    );
  }
  return (
    <ul className="gr-Next">
      {rows.map(({ problem, reason }, index) => (
        <li key={problem.id}>
          <Suggestion
            problem={problem}
            reason={reason}
            first={index === 0}
            settings={settings}
            onOpen={onOpen}
          />
        </li>
      ))}
    </ul>
  );
}

function Suggestion(props: {
  problem: ProblemSummary;
  reason: string;
  first: boolean;
  settings: HomeSettings;
  onOpen: (problem: string) => void;
}): JSX.Element {
  const { problem, reason, first, settings, onOpen } = props;
  const facts = [
    settings.hideDifficulty ? '' : wordsOfLevel(problem.difficulty),
    settings.hideTopics ? '' : problem.topics.map(wordsOfTopic).join(', ')
  ].filter(Boolean);
  return (
    <button
      type="button"
      className="gr-Suggestion"
      data-problem={problem.id}
      data-first={first}
      onClick={() => {
        onOpen(problem.id);
      }}
    >
      <StateMark state={problem.state} />
      <span className="gr-Suggestion-text">
        <span className="gr-Suggestion-head">
          <span className="gr-Problem-title">{problem.title}</span>
          <span className="gr-Quiet">{facts.join(' · ')}</span>
        </span>
        <span className="gr-Quiet">{reason}</span>
      </span>
      <span className="gr-Go" aria-hidden="true">
        {problem.state === 'new' ? 'Start' : 'Continue'}
      </span>
    </button>
  );
}

function Aside(props: {
  progress: Progress;
  titles: ReadonlyMap<string, string>;
  settings: HomeSettings;
  onOpen: (problem: string) => void;
}): JSX.Element {
  const { progress, titles, settings, onOpen } = props;
  const begun = progress.by_topic.filter(topic => topic.tried + topic.solved > 0).slice(0, 6);
  return (
    <aside className="gr-Home-aside" aria-label="Progress">
      <Activity days={progress.days} />
      {progress.recent.length > 0 && (
        <section>
          <h2>Lately</h2>
          <ul>
            {progress.recent.slice(0, 5).map(one => (
              <li key={one.id}>
                <button
                  type="button"
                  className="gr-Row"
                  onClick={() => {
                    onOpen(one.problem_id);
                  }}
                >
                  <span
                    className="gr-Badge"
                    data-tone={one.verdict === null ? 'ours' : wordsOf(one.verdict).tone}
                  >
                    {one.short ?? '…'}
                  </span>
                  <span className="gr-Ellipsis">
                    {titles.get(one.problem_id) ?? one.problem_id}
                  </span>
                  <span className="gr-Quiet">{spokenShortDate(one.created_at)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {!settings.hideTopics && begun.length > 0 && (
        <section>
          <h2>Topics</h2>
          <ul>
            {begun.map(topic => (
              <li key={topic.topic} className="gr-Topic">
                <span className="gr-Ellipsis">{wordsOfTopic(topic.topic)}</span>
                <progress
                  max={topic.total}
                  value={topic.solved}
                  aria-label={`${topic.topic}: ${topic.solved} of ${topic.total} solved`}
                />
                <span className="gr-Quiet">
                  {topic.solved}/{topic.total}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  );
}

function Everything({ workspace, settings, onOpen }: Props): JSX.Element {
  const problems = useQuery({ queryKey: ['problems'], queryFn: () => workspace.client.problems() });
  if (problems.isPending) {
    return <Skeleton lines={6} />;
  }
  if (problems.isError) {
    return <Failed error={problems.error} onRetry={() => void problems.refetch()} />;
  }
  return <ProblemList problems={problems.data} onOpen={onOpen} {...settings} />;
}
