/** Decisions about drafts, free of clocks, networks and screens. */

import type { Draft } from '../src/api/models';
import type { JournalEntry } from './journal';

/** Milliseconds without a keystroke after which a draft is saved; the promise is 2 s. */
export const PAUSE_MS = 800;
/** Save at least this often while somebody types without a pause. */
export const STEADY_MS = 4000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 15_000;

/** Another text than ours is stored: both are shown and the student chooses. */
export interface Conflict {
  mine: string;
  theirs: Draft;
}

export type Opening =
  | { kind: 'stored'; draft: Draft }
  /** Typed here and never confirmed by the service: it grew from the stored version, so it goes on top of it. */
  | { kind: 'recovered'; code: string; version: number }
  | { kind: 'conflict'; conflict: Conflict };

/** What to open with, given what the service stores and what this browser's journal kept. */
export function reconcile(stored: Draft, kept: JournalEntry | null): Opening {
  if (kept === null || !kept.dirty || kept.code === stored.code) {
    return { kind: 'stored', draft: stored };
  }
  // A journal ahead of the service means that the service lost its newest version; ours is all there is.
  // And what is stored may be our own text of a moment before, whose answer never came.
  const own = kept.unanswered?.includes(stored.code) ?? false;
  if (kept.baseVersion >= stored.version || own) {
    return { kind: 'recovered', code: kept.code, version: stored.version };
  }
  return { kind: 'conflict', conflict: { mine: kept.code, theirs: stored } };
}

/**
 * Which journal entry a tab opens with: its own, else the newest unconfirmed one whose tab is gone.
 * `living` is null where the browser cannot tell; then any other tab's entry counts as left behind.
 */
export function choose(
  entries: readonly JournalEntry[],
  tab: string,
  living: ReadonlySet<string> | null
): JournalEntry | null {
  const own = entries.find(entry => entry.tab === tab && entry.dirty);
  if (own !== undefined) {
    return own;
  }
  const left = entries.filter(
    entry => entry.dirty && entry.tab !== tab && !(living?.has(entry.tab) ?? false)
  );
  return left.sort((a, b) => b.at - a.at)[0] ?? null;
}

/** Milliseconds until the next attempt after `failures` in a row, or what the service asked for when that is longer. */
export function retryDelay(failures: number, retryAfterSeconds: number | null): number {
  const backoff = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, failures - 1));
  return Math.max(backoff, (retryAfterSeconds ?? 0) * 1000);
}

/** The smallest replacement that turns `before` into `after`. */
export function replacement(
  before: string,
  after: string
): { from: number; to: number; insert: string } {
  let from = 0;
  const shorter = Math.min(before.length, after.length);
  while (from < shorter && before.charCodeAt(from) === after.charCodeAt(from)) {
    from += 1;
  }
  let tail = 0;
  while (
    tail < shorter - from &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail += 1;
  }
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
}
