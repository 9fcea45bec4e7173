/** The editor of one problem: code, actions, and one panel below for inputs, verdict, hints and history. */

import type { JSX } from 'react';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Problem } from '../src/api/models';
import { Actions } from './Actions';
import type { AttemptState } from './attempt';
import type { CodeHandle } from './CodeArea';
import { CodeArea } from './CodeArea';
import { namesOf } from './completion';
import { ConflictPanel } from './ConflictPanel';
import { HintList } from './HintList';
import { History } from './History';
import type { Action, EditorCommands, EditorHost } from './host';
import { OWN_KEYS } from './host';
import { InputList } from './InputList';
import type { RunInput } from './inputs';
import { exampleInputs, runnable } from './inputs';
import type { RunState, Shown } from './Result';
import { Result } from './Result';
import { SaveStatus } from './SaveStatus';
import { Failed, Skeleton } from './states';
import { Tabs } from './Tabs';
import { Timer } from './Timer';
import { spokenError } from './transport';
import { useAnnouncement } from './useAnnouncement';
import { wordsOf } from './verdicts';
import type { Work, Workspace } from './workspace';

interface Props {
  workspace: Workspace;
  problem: string;
  host: EditorHost;
}

export function PracticeEditor(props: Props): JSX.Element {
  return (
    <QueryClientProvider client={props.workspace.queries}>
      <Opening {...props} />
    </QueryClientProvider>
  );
}

/** Until problem and draft are there. The draft alone is enough to go on typing while the service is away. */
function Opening({ workspace, problem, host }: Props): JSX.Element {
  const query = useQuery({
    queryKey: ['problem', problem],
    queryFn: () => workspace.problem(problem),
    staleTime: Infinity
  });
  const [work, setWork] = useState<Work | null>(null);
  useEffect(() => {
    const { work: entered, done } = workspace.enter(problem);
    let left = false;
    void entered.then(value => {
      if (!left) {
        setWork(value);
      }
    });
    return () => {
      left = true;
      done();
    };
  }, [workspace, problem]);
  if (query.isError) {
    return (
      <div className="gr-Editor">
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  if (query.isPending || work === null) {
    return (
      <div className="gr-Editor gr-Editor-loading">
        <Skeleton lines={5} />
      </div>
    );
  }
  return <Ready workspace={workspace} problem={query.data} host={host} work={work} />;
}

interface ReadyProps {
  workspace: Workspace;
  problem: Problem;
  host: EditorHost;
  work: Work;
}

function Ready({ workspace, problem, host, work }: ReadyProps): JSX.Element {
  const { draft, attempt } = work;
  const { client } = workspace;
  const snapshot = useSyncExternalStore(draft.store.subscribe, draft.store.get);
  const { state } = useSyncExternalStore(attempt.store.subscribe, attempt.store.get);
  const [tab, setTab] = useState('inputs');
  const [shown, setShown] = useState<Shown>({ of: 'attempt' });
  const [inputs, setInputs] = useState<RunInput[]>(() => exampleInputs(problem));
  const code = useRef<CodeHandle>(null);
  const root = useRef<HTMLElement>(null);
  const [announcement, announce] = useAnnouncement();
  const [told, tell] = useState('');

  const actions = useMemo(() => {
    const showRun = (run: RunState): void => {
      setShown({ of: 'run', run });
      setTab('result');
    };
    const compute = async (what: string, work_: () => Promise<RunState>): Promise<void> => {
      showRun({ kind: 'running', what });
      try {
        showRun(await work_());
      } catch (error) {
        showRun({ kind: 'failed', detail: spokenError(error) });
      }
    };
    return {
      run: (texts: string[]) =>
        compute('Running your code', async () => {
          const { items } = await client.run(problem.id, draft.store.get().code, texts);
          return { kind: 'ran', items };
        }),
      stress: () =>
        compute('Trying random inputs against the reference', async () => ({
          kind: 'stressed',
          result: await client.stress(problem.id, draft.store.get().code)
        })),
      submit: async () => {
        setShown({ of: 'attempt' });
        setTab('result');
        void draft.flush();
        await attempt.submit(draft.store.get().code);
      },
      reopen: async (id: string) => {
        attempt.show(await client.submission(id));
        setShown({ of: 'attempt' });
        setTab('result');
      }
    };
  }, [attempt, client, draft, problem.id]);

  const texts = runnable(inputs);
  const commands: EditorCommands = {
    run: () => {
      if (texts.length > 0) {
        void actions.run(texts);
      } else {
        setTab('inputs');
      }
    },
    submit: () => void actions.submit(),
    stress: () => void actions.stress(),
    reset: () => {
      code.current?.replace(problem.starter);
    },
    toKernel: () => void handOver(host, draft.store.get().code).then(tell),
    hints: () => {
      setTab('hints');
    },
    replace: text => {
      code.current?.replace(text);
    },
    focus: () => {
      code.current?.focus();
    }
  };
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  useEffect(() => {
    if (root.current === null) {
      return;
    }
    const act = (action: Action) => () => {
      latest.current[action]();
    };
    return host.attach(root.current, {
      run: act('run'),
      submit: act('submit'),
      stress: act('stress'),
      reset: act('reset'),
      toKernel: act('toKernel'),
      hints: act('hints'),
      replace: text => {
        latest.current.replace(text);
      },
      focus: () => {
        latest.current.focus();
      }
    });
  }, [host]);

  // A verdict that was waited for is shown and spoken, whatever the student looks at meanwhile.
  useEffect(() => {
    const follow = (): void => {
      const { state: now } = attempt.store.get();
      if (now.kind === 'idle' || now.kind === 'sending') {
        return;
      }
      setShown({ of: 'attempt' });
      setTab('result');
      announce(spokenState(now));
      if (now.kind === 'final') {
        workspace.changed(problem.id);
      }
    };
    return attempt.store.subscribe(follow);
  }, [attempt, announce, workspace, problem.id]);

  const keys = useMemo(
    () =>
      host.ownKeys
        ? Object.entries(OWN_KEYS).map(([action, key]) => ({
            key,
            run: () => (latest.current[action as Action](), true)
          }))
        : [],
    [host]
  );
  const names = useMemo(() => namesOf(problem), [problem]);

  if (snapshot.phase === 'failed') {
    return (
      <div className="gr-Editor">
        <Failed error={new Error(snapshot.problem)} onRetry={() => void draft.load()} />
      </div>
    );
  }
  return (
    <section className="gr-Editor" ref={root} aria-label={`Editor: ${problem.title}`}>
      <header className="gr-Head">
        <span className="gr-Head-title">{problem.title}</span>
        <span className="gr-Level" data-level={problem.difficulty}>
          {problem.difficulty}
        </span>
        <span className="gr-Space" />
        <SaveStatus snapshot={snapshot} />
        <Timer
          scope={client.scope}
          problem={problem.id}
          running={!(state.kind === 'final' && state.submission.verdict === 'accepted')}
        />
      </header>
      {snapshot.save.kind === 'conflict' && (
        <ConflictPanel
          conflict={{ ...snapshot.save.conflict, mine: snapshot.code }}
          onResolve={text => {
            void draft.resolve(text);
          }}
        />
      )}
      <CodeArea
        ref={code}
        draft={draft}
        journal={workspace.journal}
        label={`Your code for ${problem.title}`}
        names={names}
        keys={keys}
        settings={host.settings}
      />
      <Actions
        host={host}
        commands={commands}
        busy={attempt.busy}
        running={shown.of === 'run' && shown.run.kind === 'running'}
        pristine={snapshot.code === problem.starter}
        told={told}
      />
      <Tabs
        label="Below the code"
        className="gr-Below"
        selected={tab}
        onSelect={setTab}
        tabs={[
          {
            id: 'inputs',
            label: 'Inputs',
            panel: <InputList problem={problem} inputs={inputs} onChange={setInputs} />
          },
          {
            id: 'result',
            label: 'Result',
            panel: (
              <>
                <Result shown={shown} attempt={state} onWithdraw={() => void attempt.withdraw()} />
                {shown.of === 'attempt' &&
                  state.kind === 'final' &&
                  state.submission.verdict === 'accepted' &&
                  host.afterAccepted?.(workspace, problem.id)}
              </>
            )
          },
          {
            id: 'hints',
            label: 'Hints',
            panel: <HintList client={client} problem={problem.id} />
          },
          {
            id: 'history',
            label: 'History',
            panel: (
              <History
                client={client}
                problem={problem.id}
                code={snapshot.code}
                onRestore={commands.replace}
                onShow={id => void actions.reopen(id)}
              />
            )
          }
        ]}
      />
      <div className="gr-Spoken" role="status" aria-live="polite">
        {announcement}
      </div>
    </section>
  );
}

/** Define the code in the kernel; returns what to tell the student. */
async function handOver(host: EditorHost, code: string): Promise<string> {
  if (host.pull === null) {
    return 'There is no kernel here. Open the problem’s notebook.';
  }
  try {
    await host.pull(code);
    return 'Defined in the kernel.';
  } catch (error) {
    return error instanceof Error && error.message !== '' ? error.message : spokenError(error);
  }
}

function spokenState(state: AttemptState): string {
  switch (state.kind) {
    case 'final': {
      const { verdict, passed, total, message } = state.submission;
      const name = verdict === null ? 'Not graded' : wordsOf(verdict).name;
      const tests = total === null ? '' : ` ${passed ?? 0} of ${total} tests.`;
      return `${name}.${tests} ${message ?? ''}`;
    }
    case 'waiting':
      return 'The service is away. Your submission is kept and will be sent when it is back.';
    case 'refused':
      return `Not submitted. ${state.detail}`;
    default:
      return '';
  }
}
