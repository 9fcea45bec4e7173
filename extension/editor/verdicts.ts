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

export function wordsOf(verdict: Verdict): VerdictWords {
  return WORDS[verdict];
}

/** `12 ms`, `1.3 s`. */
export function spokenTime(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
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
