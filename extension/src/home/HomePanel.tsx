/** Home: what to do next, on one page. */

import type { JSX } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { spokenShortDate, wordsOf } from '../../editor/verdicts';
import type { Workspace } from '../../editor/workspace';
import type { Home, Me, Progress } from '../api/models';
import type { StudyClient } from '../api/study';
import { studyOf } from '../api/study';
import { BellIcon, ChartIcon, PersonIcon } from '../ui/icons';
import { Loaded, Stale } from '../ui/Loaded';
import { Page } from '../ui/Page';
import { ProblemList } from './ProblemList';
import { Reviews } from './Reviews';
import { Sheets } from './Sheets';
import { SheetView } from './SheetView';
import { Today } from './Today';
import type { Look, Parts, Ways } from './view';
import { Week } from './Week';
import { wordsOfTopic } from './words';

interface Props {
  workspace: Workspace;
  ways: Ways;
}

export function HomePanel({ workspace, ways }: Props): JSX.Element {
  return (
    <Page workspace={workspace} label="Greenroom home" className="gr-Home">
      <Places workspace={workspace} study={studyOf(workspace)} ways={ways} />
    </Page>
  );
}

/** Home itself, or one of its sheets. Home stays as it is behind a sheet: its filters, and how far it is scrolled. */
function Places({ workspace, study, ways }: Props & { study: StudyClient }): JSX.Element {
  const [sheet, setSheet] = useState<string | null>(null);
  const me = useQuery({ queryKey: ['me'], queryFn: () => study.me() });
  const parts: Parts = { study, ways, look: lookOf(me.data) };
  const card = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (sheet === null) {
      card.current?.focus();
      card.current = null;
    }
  }, [sheet]);
  return (
    <>
      {sheet !== null && (
        <SheetView
          {...parts}
          id={sheet}
          onBack={() => {
            setSheet(null);
          }}
        />
      )}
      <div className="gr-Home-page" hidden={sheet !== null}>
        <Top {...parts} workspace={workspace} />
        <Sheets
          study={study}
          onOpen={id => {
            card.current = document.activeElement as HTMLElement | null;
            setSheet(id);
          }}
        />
        <Everything {...parts} workspace={workspace} />
      </div>
    </>
  );
}

/** Until it is known what a student wants to be hidden, it is. */
export function lookOf(me: Me | undefined): Look {
  return { hideDifficulty: me?.hide_difficulty ?? true, hideTopics: me?.hide_topics ?? true };
}

function Top({ workspace, study, ways, look }: Parts & { workspace: Workspace }): JSX.Element {
  const home = useQuery({ queryKey: ['home'], queryFn: () => study.home() });
  return (
    <>
      <Stale query={home} />
      <Loaded query={home} lines={6}>
        {shown => (
          <>
            <header className="gr-Page-head gr-Home-head">
              <div>
                <h1>{greeting(shown)}</h1>
                <Summary progress={shown.progress} />
              </div>
              <Tools ways={ways} unread={shown.unread} />
            </header>
            <div className="gr-Home-columns">
              <div className="gr-Home-main">
                <Today home={shown} ways={ways} look={look} />
                <Reviews study={study} ways={ways} />
              </div>
              <aside className="gr-Home-aside" aria-label="Your week and progress">
                <Week study={study} ways={ways} />
                <Lately workspace={workspace} ways={ways} look={look} />
              </aside>
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

export function greeting(home: Pick<Home, 'today' | 'progress' | 'reviews_due'>): string {
  if (home.progress.tried + home.progress.solved === 0) {
    return home.today.some(line => line.kind === 'unfinished')
      ? 'Pick up where you left off'
      : 'Start with one problem';
  }
  if (home.today[0]?.kind === 'unfinished') {
    return 'Pick up where you left off';
  }
  return home.today.length === 0 ? 'All done for today' : 'Up next';
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

function Tools({ ways, unread }: { ways: Ways; unread: number }): JSX.Element {
  return (
    <div className="gr-Tools">
      <button type="button" className="gr-Tool" onClick={ways.notices}>
        <BellIcon /> Notices
        {unread > 0 && (
          <span className="gr-Count">
            {unread}
            <span className="gr-Spoken"> unread</span>
          </span>
        )}
      </button>
      <button type="button" className="gr-Tool" onClick={ways.progress}>
        <ChartIcon /> Progress
      </button>
      <button type="button" className="gr-Tool" onClick={ways.account}>
        <PersonIcon /> Account
      </button>
    </div>
  );
}

function Lately(props: { workspace: Workspace; ways: Ways; look: Look }): JSX.Element {
  const { workspace, ways, look } = props;
  const progress = useQuery({ queryKey: ['progress'], queryFn: () => workspace.client.progress() });
  const problems = useQuery({ queryKey: ['problems'], queryFn: () => workspace.client.problems() });
  const titles = new Map(problems.data?.map(problem => [problem.id, problem.title]));
  return (
    <Loaded query={progress} lines={4}>
      {shown => (
        <>
          {shown.recent.length > 0 && (
            <section>
              <h2>Lately</h2>
              <ul>
                {shown.recent.slice(0, 4).map(one => (
                  <li key={one.id}>
                    <Recent
                      one={one}
                      title={titles.get(one.problem_id) ?? one.problem_id}
                      onOpen={() => {
                        ways.problem(one.problem_id);
                      }}
                    />
                  </li>
                ))}
              </ul>
            </section>
          )}
          {!look.hideTopics && <Topics topics={shown.by_topic} />}
        </>
      )}
    </Loaded>
  );
}

function Recent(props: {
  one: Progress['recent'][number];
  title: string;
  onOpen: () => void;
}): JSX.Element {
  const { one, title, onOpen } = props;
  return (
    <button type="button" className="gr-Row" onClick={onOpen}>
      <span
        className="gr-Badge"
        data-tone={one.verdict === null ? 'ours' : wordsOf(one.verdict).tone}
      >
        {one.short ?? '…'}
      </span>
      <span className="gr-Ellipsis">{title}</span>
      <span className="gr-Quiet">{spokenShortDate(one.created_at)}</span>
    </button>
  );
}

function Topics({ topics }: { topics: Progress['by_topic'] }): JSX.Element | null {
  const begun = topics.filter(topic => topic.tried + topic.solved > 0).slice(0, 5);
  if (begun.length === 0) {
    return null;
  }
  return (
    <section>
      <h2>Topics</h2>
      <ul>
        {begun.map(topic => (
          <li key={topic.topic} className="gr-Topic">
            <span className="gr-Ellipsis">{wordsOfTopic(topic.topic)}</span>
            <progress
              max={topic.total}
              value={topic.solved}
              aria-label={`${wordsOfTopic(topic.topic)}: ${topic.solved} of ${topic.total} solved`}
            />
            <span className="gr-Quiet">
              {topic.solved}/{topic.total}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Everything({
  workspace,
  study,
  ways,
  look
}: Parts & { workspace: Workspace }): JSX.Element {
  const problems = useQuery({ queryKey: ['problems'], queryFn: () => workspace.client.problems() });
  const bookmarks = useQuery({ queryKey: ['bookmarks'], queryFn: () => study.bookmarks() });
  const noted = useQuery({ queryKey: ['noted'], queryFn: () => study.noted() });
  const byTitle = useMemo(
    () => problems.data && [...problems.data].sort((a, b) => a.title.localeCompare(b.title)),
    [problems.data]
  );
  return (
    <Loaded query={problems} lines={6}>
      {all => (
        <ProblemList
          study={study}
          look={look}
          problems={byTitle ?? all}
          bookmarks={bookmarks.data ?? NONE}
          noted={noted.data}
          onOpen={ways.problem}
        />
      )}
    </Loaded>
  );
}

const NONE: ReadonlySet<string> = new Set();
