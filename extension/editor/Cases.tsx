/** Cases as tabs; within one: the call, expected beside actual with what differs marked, output, traceback. */

import { presentableDiff } from '@codemirror/merge';
import { useState } from 'react';
import type { JSX, ReactNode } from 'react';
import type { CaseReport, RunResult } from '../src/api/models';
import { Tabs } from './Tabs';
import { spokenTime, wordsOf } from './verdicts';

export interface ShownCase extends Omit<RunResult, 'call'> {
  call: string | null;
  id: string;
  /** On the tab: a number. */
  label: string;
  /** In full, e.g. `hidden case 7`. */
  name: string;
  diff?: string | null;
}

/** The cases of a submission: its smallest failing one first, when that is not one of the listed. */
export function casesOf(cases: readonly CaseReport[], failing: CaseReport | null): ShownCase[] {
  const shown = cases.map(one => ({
    ...one,
    id: `case-${one.index}`,
    label: String(one.index + 1),
    name: one.name === '' ? `case ${one.index + 1}` : one.name
  }));
  const same =
    failing !== null && cases.some(one => one.call === failing.call && one.call !== null);
  if (failing === null || (same && failing.verdict !== 'accepted')) {
    return shown;
  }
  const name = 'Smallest failing case';
  return [{ ...failing, id: 'smallest', label: name, name }, ...shown];
}

export function Cases({
  cases,
  label,
  said = ''
}: {
  cases: readonly ShownCase[];
  label: string;
  /** What stands above already, and need not be said again by a case. */
  said?: string;
}): JSX.Element | null {
  const first = cases.find(one => one.verdict !== 'accepted') ?? cases[0];
  const [chosen, choose] = useState<string | null>(null);
  if (first === undefined) {
    return null;
  }
  const selected = cases.some(one => one.id === chosen) ? (chosen ?? first.id) : first.id;
  return (
    <Tabs
      label={label}
      className="gr-Cases"
      selected={selected}
      onSelect={choose}
      tabs={cases.map(one => ({
        id: one.id,
        name: `${one.name}: ${wordsOf(one.verdict).name}`,
        label: (
          <>
            <span className="gr-Dot" data-tone={wordsOf(one.verdict).tone} aria-hidden="true" />
            {one.label}
          </>
        ),
        panel: <OneCase key={one.id} shown={one} said={said} />
      }))}
    />
  );
}

function OneCase({ shown, said }: { shown: ShownCase; said: string }): JSX.Element {
  const { call, expected, actual, stdout, traceback, message, verdict } = shown;
  const compare = verdict === 'wrong_answer' && expected !== null && actual !== null;
  const marks = compare ? presentableDiff(expected, actual, { scanLimit: 500 }) : [];
  return (
    <div className="gr-Case">
      <p className="gr-Case-head">
        <b>{shown.name}</b>
        <span className="gr-Quiet">
          {wordsOf(verdict).name} · {spokenTime(shown.cpu_ms)} CPU
        </span>
      </p>
      {!said.includes(message) && <p className="gr-Case-message">{message}</p>}
      <Field name="Call">
        {call ?? <span className="gr-Quiet">This hidden case is not shown.</span>}
      </Field>
      {(expected !== null || actual !== null) && (
        <div className="gr-Case-pair">
          {expected !== null && (
            <Field name="Expected">
              <Marked text={expected} ranges={marks.map(m => [m.fromA, m.toA])} tone="good" />
            </Field>
          )}
          {actual !== null && (
            <Field name="Yours">
              <Marked text={actual} ranges={marks.map(m => [m.fromB, m.toB])} tone="bad" />
            </Field>
          )}
        </div>
      )}
      {typeof shown.diff === 'string' && shown.diff !== '' && (
        <Field name="Difference">{shown.diff}</Field>
      )}
      {stdout !== '' && <Field name="Your output">{stdout}</Field>}
      {traceback !== '' && <Field name="Traceback">{traceback}</Field>}
    </div>
  );
}

function Field({ name, children }: { name: string; children: ReactNode }): JSX.Element {
  return (
    <div className="gr-Field">
      <div className="gr-Field-name">{name}</div>
      {/* Wide values scroll; a scrolling region must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className="gr-Field-value" tabIndex={0} aria-label={name} role="group">
        {children}
      </pre>
    </div>
  );
}

function Marked({
  text,
  ranges,
  tone
}: {
  text: string;
  ranges: (readonly [number, number])[];
  tone: 'good' | 'bad';
}): JSX.Element {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (to > from) {
      parts.push(
        text.slice(at, from),
        <mark key={from} data-tone={tone}>
          {text.slice(from, to)}
        </mark>
      );
      at = to;
    }
  }
  parts.push(text.slice(at));
  return <>{parts}</>;
}
