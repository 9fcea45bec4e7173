/** How verdicts are named and coloured. */

import type { Verdict } from '../src/api/models';

export interface VerdictWords {
  short: string;
  name: string;
  tone: 'good' | 'bad' | 'warn' | 'ours';
}

const WORDS: Record<Verdict, VerdictWords> = {
  accepted: { short: 'AC', name: 'Accepted', tone: 'good' },
  wrong_answer: { short: 'WA', name: 'Wrong answer', tone: 'bad' },
  time_limit: { short: 'TLE', name: 'Time limit exceeded', tone: 'warn' },
  memory_limit: { short: 'MLE', name: 'Memory limit exceeded', tone: 'warn' },
  output_limit: { short: 'OLE', name: 'Output limit exceeded', tone: 'warn' },
  runtime_error: { short: 'RTE', name: 'Runtime error', tone: 'bad' },
  syntax_error: { short: 'CE', name: 'Syntax error', tone: 'bad' },
  internal_error: { short: 'IE', name: 'Our fault, not yours', tone: 'ours' }
};

/** A run of an own input that the reference does not answer, or that was not run, has no verdict. */
const UNJUDGED: VerdictWords = { short: '–', name: 'Not compared', tone: 'ours' };

export function wordsOf(verdict: Verdict | null): VerdictWords {
  return verdict === null ? UNJUDGED : WORDS[verdict];
}

/** `<1 ms`, `12 ms`, `1.3 s`. */
export function spokenTime(ms: number): string {
  if (ms < 1) {
    return '<1 ms';
  }
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** `14:03` today, `3 Nov` on any other day, where space is short. */
export function spokenShortDate(iso: string, now = new Date()): string {
  const date = new Date(iso);
  return date.toDateString() === now.toDateString()
    ? date.toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' })
    : date.toLocaleDateString([], { day: 'numeric', month: 'short' });
}

/** `today 14:03`, `3 Nov 14:03`, in the reader's own zone. */
export function spokenDate(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === now.toDateString()) {
    return `today ${time}`;
  }
  return `${date.toLocaleDateString([], { day: 'numeric', month: 'short' })} ${time}`;
}
