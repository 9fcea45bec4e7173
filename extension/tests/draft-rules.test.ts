import { describe, expect, it } from 'vitest';
import { choose, reconcile, replacement, retryDelay } from '../editor/draft-rules';
import type { JournalEntry } from '../editor/journal';

const stored = { problem_id: 'p', code: 'stored', version: 3, saved_at: null };

function entry(change: Partial<JournalEntry>): JournalEntry {
  return {
    key: 'k',
    scope: '/user/a/',
    problem: 'p',
    tab: 'mine',
    code: 'typed',
    baseVersion: 3,
    dirty: true,
    at: 1,
    ...change
  };
}

describe('reconcile', () => {
  it.each([
    ['nothing kept', null, 'stored'],
    ['kept and confirmed', entry({ dirty: false }), 'stored'],
    ['kept and equal', entry({ code: 'stored' }), 'stored'],
    ['typed on top of the stored version', entry({}), 'recovered'],
    ['typed on top of a version that the service lost', entry({ baseVersion: 9 }), 'recovered'],
    ['typed on top of an older version', entry({ baseVersion: 2 }), 'conflict']
  ])('%s', (_, kept, kind) => {
    expect(reconcile(stored, kept).kind).toBe(kind);
  });

  it('shows both texts of a conflict', () => {
    const opening = reconcile(stored, entry({ baseVersion: 2 }));
    expect(opening).toMatchObject({ conflict: { mine: 'typed', theirs: stored } });
  });
});

describe('choose', () => {
  const own = entry({ key: 'own' });
  const old = entry({ key: 'old', tab: 'gone', at: 2 });
  const newer = entry({ key: 'newer', tab: 'also gone', at: 5 });
  const open = entry({ key: 'open', tab: 'open', at: 9 });
  it.each([
    ['the own one before all', [old, own, newer], new Set<string>(), own],
    ['the newest that was left behind', [old, newer], new Set<string>(), newer],
    ['never that of a tab that lives', [open, old], new Set(['open']), old],
    ['nothing confirmed', [entry({ dirty: false })], new Set<string>(), null],
    ['any other when the browser cannot tell', [open, old], null, open]
  ])('takes %s', (_, entries, living, expected) => {
    expect(choose(entries, 'mine', living)).toBe(expected);
  });
});

describe('replacement', () => {
  it.each([
    ['', ''],
    ['abc', 'abc'],
    ['abc', 'abXc'],
    ['aaa', 'aa'],
    ['abab', 'ab'],
    ['one\ntwo', 'one\nthree\ntwo'],
    ['x', ''],
    ['', 'x']
  ])('turns %j into %j', (before, after) => {
    const { from, to, insert } = replacement(before, after);
    expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
  });

  it('touches only what differs', () => {
    expect(replacement('abcdef', 'abXdef')).toEqual({ from: 2, to: 3, insert: 'X' });
  });
});

describe('retryDelay', () => {
  it('doubles, ends at 15 s, and waits longer when the service asks', () => {
    expect([1, 2, 3, 9].map(failures => retryDelay(failures, null))).toEqual([
      1000, 2000, 4000, 15_000
    ]);
    expect(retryDelay(1, 60)).toBe(60_000);
  });
});
