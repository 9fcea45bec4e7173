/** Progress: what lasts rather than what was merely done once. */

import type { JSX, ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Workspace } from '../../editor/workspace';
import type { Learning } from '../api/models';
import { studyOf } from '../api/study';
import { lookOf } from '../home/HomePanel';
import { many } from '../home/words';
import { Loaded, Stale } from '../ui/Loaded';
import { Page } from '../ui/Page';
import { Attempts } from './Attempts';
import { Mastery } from './Mastery';
import { Retention } from './Retention';
import { TimeToSolve } from './TimeToSolve';

interface Props {
  workspace: Workspace;
  onHome: () => void;
}

export function ProgressPanel(props: Props): JSX.Element {
  return (
    <Page workspace={props.workspace} label="Your progress" className="gr-Progress">
      <Shown {...props} />
    </Page>
  );
}

function Shown({ workspace, onHome }: Props): JSX.Element {
  const study = studyOf(workspace);
  const learning = useQuery({ queryKey: ['learning'], queryFn: () => study.learning() });
  const me = useQuery({ queryKey: ['me'], queryFn: () => study.me() });
  return (
    <>
      <Stale query={learning} />
      <header className="gr-Page-head">
        <h1>Your progress</h1>
        {learning.data !== undefined && <Lead learning={learning.data} />}
      </header>
      <Loaded query={learning} lines={10}>
        {found =>
          found.solved === 0 ? (
            <div className="gr-Notice">
              <p>
                Nothing is solved yet. After the first accepted problem its figures appear here.
              </p>
              <button type="button" className="gr-Button gr-Button-primary" onClick={onHome}>
                Choose a problem
              </button>
            </div>
          ) : (
            <Figures learning={found} hideTopics={lookOf(me.data).hideTopics} />
          )
        }
      </Loaded>
    </>
  );
}

function Lead({ learning }: { learning: Learning }): JSX.Element {
  return (
    <p className="gr-Page-lead">
      {many(learning.solved, 'problem')} solved, {learning.mastered} mastered. A problem is mastered
      when you still knew it in a review and are expected to for three weeks more.
    </p>
  );
}

function Figures(props: { learning: Learning; hideTopics: boolean }): JSX.Element {
  const { learning, hideTopics } = props;
  return (
    <div className="gr-Figures">
      {!hideTopics && (
        <Figure title="Mastered and solved, by topic" wide>
          <Mastery topics={learning.by_topic} />
        </Figure>
      )}
      <Figure title="Failed attempts before accepted">
        <Attempts solves={learning.solves} />
      </Figure>
      <Figure title="Remembered in reviews">
        <Retention months={learning.retention} />
      </Figure>
      <Figure title="Time to solve" wide>
        <TimeToSolve solves={learning.solves} />
      </Figure>
    </div>
  );
}

function Figure(props: { title: string; wide?: boolean; children: ReactNode }): JSX.Element {
  return (
    <section className="gr-Figure" data-wide={props.wide}>
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}
