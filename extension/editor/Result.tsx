/** What came of a submission or a run. */

import type { JSX } from 'react';
import type { RunResult, StressResult, Submission } from '../src/api/models';
import type { AttemptState } from './attempt';
import { Cases, casesOf } from './Cases';
import { GrowthPlot } from './GrowthPlot';
import { spokenDate, spokenTime, wordsOf } from './verdicts';

export type RunState =
  | { kind: 'none' }
  | { kind: 'running'; what: string }
  | { kind: 'ran'; items: RunResult[] }
  | { kind: 'stressed'; result: StressResult }
  | { kind: 'failed'; detail: string };

/** What the result panel shows: whichever the student asked for last. */
export type Shown = { of: 'run'; run: RunState } | { of: 'attempt' };

interface Props {
  shown: Shown;
  attempt: AttemptState;
  onWithdraw: () => void;
}

export function Result({ shown, attempt, onWithdraw }: Props): JSX.Element {
  if (shown.of === 'run') {
    return <Run run={shown.run} />;
  }
  switch (attempt.kind) {
    case 'idle':
      return <Nothing />;
    case 'sending':
      return <Judging words="Sending your submission" />;
    case 'judging':
      return (
        <Judging
          words={
            attempt.submission.state === 'queued' ? 'Waiting for a free box' : 'Running the tests'
          }
        />
      );
    case 'waiting':
      return (
        <div className="gr-Notice" data-tone="warn">
          <p>
            <strong>
              Your submission is kept and will be sent, once, when the service is back.
            </strong>{' '}
            {attempt.detail}
          </p>
          <button type="button" className="gr-Button" onClick={onWithdraw}>
            Don’t submit
          </button>
        </div>
      );
    case 'refused':
      return (
        <div className="gr-Notice" data-tone="bad">
          <p>
            <strong>Not submitted.</strong> {attempt.detail}
          </p>
        </div>
      );
    case 'final':
      return <Verdict submission={attempt.submission} />;
  }
}

function Nothing(): JSX.Element {
  return (
    <p className="gr-Empty">
      Run tries your code on the examples and your own inputs. Submit grades it with all tests.
    </p>
  );
}

function Judging({ words }: { words: string }): JSX.Element {
  return (
    <div className="gr-Judging" aria-busy="true">
      <p>{words}…</p>
      <div className="gr-Skeleton" style={{ width: '46%' }} />
      <div className="gr-Skeleton" style={{ width: '72%' }} />
      <div className="gr-Skeleton" style={{ width: '58%' }} />
    </div>
  );
}

export function Verdict({ submission }: { submission: Submission }): JSX.Element | null {
  const { verdict, passed, total, cpu_ms, memory_kb, message, failing, cases, growth } = submission;
  if (verdict === null) {
    return null;
  }
  const words = wordsOf(verdict);
  const facts = [
    // The message counts the cases itself.
    total !== null && total > 0 && !message ? `${passed ?? 0} of ${total} tests` : null,
    cpu_ms !== null && cpu_ms > 0 ? `${spokenTime(cpu_ms)} CPU` : null,
    memory_kb !== null && memory_kb > 0 ? `${Math.round(memory_kb / 1024)} MB` : null,
    spokenDate(submission.created_at)
  ].filter(fact => fact !== null);
  return (
    <section className="gr-Verdict" data-verdict={words.short} aria-label="Verdict">
      <header className="gr-Verdict-head" data-tone={words.tone}>
        <span className="gr-Badge" data-tone={words.tone}>
          {words.short}
        </span>
        <h3>{words.name}</h3>
        <span className="gr-Quiet" title={`Graded in: ${submission.isolation ?? 'unknown'}`}>
          {facts.join(' · ')}
        </span>
      </header>
      {message !== null && message !== '' && <p className="gr-Verdict-message">{message}</p>}
      <Cases
        key={submission.id}
        cases={casesOf(cases, failing)}
        label="Cases"
        said={message ?? ''}
      />
      {growth !== null && <GrowthPlot growth={growth} />}
    </section>
  );
}

function Run({ run }: { run: RunState }): JSX.Element {
  switch (run.kind) {
    case 'none':
      return <Nothing />;
    case 'running':
      return <Judging words={run.what} />;
    case 'failed':
      return (
        <div className="gr-Notice" data-tone="bad">
          <p>
            <strong>Not run.</strong> {run.detail}
          </p>
        </div>
      );
    case 'stressed':
      return <Stressed result={run.result} />;
    case 'ran': {
      const good = run.items.filter(item => item.verdict === 'accepted').length;
      const all = good === run.items.length;
      return (
        <section className="gr-Verdict" aria-label="Run" data-run={all ? 'pass' : 'fail'}>
          <header className="gr-Verdict-head" data-tone={all ? 'good' : 'bad'}>
            <h3>{all ? 'As expected' : 'Not yet'}</h3>
            <span className="gr-Quiet">
              {good} of {run.items.length} inputs give what the reference gives
            </span>
          </header>
          <Cases
            cases={run.items.map((item, index) => ({
              ...item,
              id: `run-${index}`,
              label: String(index + 1),
              name: `Input ${index + 1}`
            }))}
            label="Inputs"
          />
        </section>
      );
    }
  }
}

function Stressed({ result }: { result: StressResult }): JSX.Element {
  if (!result.found || result.case === null) {
    return (
      <p className="gr-Empty">
        {result.tried} random inputs tried against the reference, and no difference found.
      </p>
    );
  }
  return (
    <section className="gr-Verdict" aria-label="Stress">
      <header className="gr-Verdict-head" data-tone="bad">
        <h3>Found a difference</h3>
        <span className="gr-Quiet">after {result.tried} random inputs</span>
      </header>
      <Cases cases={casesOf([result.case], null)} label="Found case" />
    </section>
  );
}
