/** The account page. */

import type { JSX, ReactNode } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { spokenError } from '../../editor/transport';
import type { Workspace } from '../../editor/workspace';
import type { Me, MeChange } from '../api/models';
import type { StudyClient } from '../api/study';
import { studyOf } from '../api/study';
import { Loaded } from '../ui/Loaded';
import { Page } from '../ui/Page';
import { Export } from './Export';
import { Leave } from './Leave';
import { WeeklyGoal } from './WeeklyGoal';

export function AccountPanel({ workspace }: { workspace: Workspace }): JSX.Element {
  return (
    <Page workspace={workspace} label="Your account" className="gr-Account">
      <Sections study={studyOf(workspace)} />
    </Page>
  );
}

function Sections({ study }: { study: StudyClient }): JSX.Element {
  const me = useQuery({ queryKey: ['me'], queryFn: () => study.me() });
  return (
    <>
      <header className="gr-Page-head">
        <h1>Your account</h1>
      </header>
      <Loaded query={me} lines={8}>
        {found => (
          <>
            <Section
              title="What you see"
              text="Some prefer to find out themselves how hard a problem is and which idea it needs."
            >
              <Hidden study={study} me={found} />
            </Section>
            <Section
              title="Weekly goal"
              text="Days on which you hand something in or review. A free day is one that you may skip without missing the goal."
            >
              <WeeklyGoal study={study} />
            </Section>
            <Section
              title="Your data"
              text="Everything that Greenroom keeps about you in one zip: JSON, and your code as files."
            >
              <Export study={study} />
            </Section>
            <Section title="Leave Greenroom">
              <Leave study={study} name={found.name} />
            </Section>
          </>
        )}
      </Loaded>
    </>
  );
}

function Section(props: { title: string; text?: string; children: ReactNode }): JSX.Element {
  return (
    <section className="gr-Setting">
      <div>
        <h2>{props.title}</h2>
        {props.text !== undefined && <p className="gr-Quiet">{props.text}</p>}
      </div>
      <div className="gr-Setting-body">{props.children}</div>
    </section>
  );
}

function Hidden({ study, me }: { study: StudyClient; me: Me }): JSX.Element {
  const queries = useQueryClient();
  // What was ticked stands at once; what the service has stands again when it could not be saved.
  const [wanted, setWanted] = useState<MeChange>({});
  const shown = { ...me, ...wanted };
  const change = useMutation({
    mutationFn: (one: MeChange) => study.changeMe(one),
    onSuccess: after => {
      queries.setQueryData(['me'], after);
    },
    onError: () => {
      setWanted({});
    },
    onSettled: () => {
      // Reasons leave out what is hidden.
      void queries.invalidateQueries({ queryKey: ['home'] });
    }
  });
  const choose = (one: MeChange): void => {
    setWanted(before => ({ ...before, ...one }));
    change.mutate(one);
  };
  return (
    <>
      <Check
        label="Hide difficulty"
        on={shown.hide_difficulty}
        onChange={hide_difficulty => {
          choose({ hide_difficulty });
        }}
      />
      <Check
        label="Hide topics"
        on={shown.hide_topics}
        onChange={hide_topics => {
          choose({ hide_topics });
        }}
      />
      {change.isError && <p role="alert">Not saved. {spokenError(change.error)}</p>}
    </>
  );
}

function Check(props: {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
}): JSX.Element {
  return (
    <label className="gr-Check">
      <input
        type="checkbox"
        checked={props.on}
        onChange={event => {
          props.onChange(event.target.checked);
        }}
      />
      {props.label}
    </label>
  );
}
