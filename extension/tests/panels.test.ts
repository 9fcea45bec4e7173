import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, AwayError } from '../editor/transport';
import type { ActivityDay, NoticePage, ProblemSummary, Solve, TodayLine } from '../src/api/models';
import { lastWeeks } from '../src/home/Activity';
import { matching, NO_FILTER } from '../src/home/filter';
import { greeting } from '../src/home/HomePanel';
import { NoteKeeper } from '../src/home/notekeeper';
import { spokenQueue } from '../src/home/Reviews';
import { inOrder } from '../src/home/Sheets';
import { nextOf } from '../src/home/SheetView';
import { spokenGoal } from '../src/home/Week';
import { actionOf, spokenDay } from '../src/home/words';
import { asRead } from '../src/notices/NoticeList';
import {
  attemptsBefore,
  median,
  retained,
  runningMedian,
  spokenMinutes,
  trendOf
} from '../src/progress/figures';
import { givenToday } from '../src/review/RatingOffer';
import { inReview, ReviewTransport } from '../src/review/transport';
import { Line } from './service';

const problem = (change: Partial<ProblemSummary> = {}): ProblemSummary => ({
  id: 'two-sum',
  title: 'Spend the voucher',
  difficulty: 'easy',
  topics: ['arrays', 'hashing'],
  kind: 'function',
  state: 'new',
  attempts: 0,
  ...change
});

describe('the list of problems', () => {
  const all = [problem(), problem({ id: 'coins', title: 'Coins', topics: ['greedy'] })];

  it('shows only what is bookmarked when asked to', () => {
    const filter = { ...NO_FILTER, bookmarked: true };
    expect(matching(all, filter, new Set(['coins'])).map(one => one.id)).toEqual(['coins']);
    expect(matching(all, filter)).toEqual([]);
  });

  it('does not tell hidden topics to a search', () => {
    const filter = { ...NO_FILTER, text: 'greedy' };
    expect(matching(all, filter, new Set(), false)).toHaveLength(1);
    expect(matching(all, filter, new Set(), true)).toHaveLength(0);
  });
});

describe('days', () => {
  it.each([
    ['2026-11-21', 'today'],
    ['2026-11-22', 'tomorrow'],
    ['2026-12-01', 'in 10 days'],
    ['2027-02-03', /2027/]
  ] as const)('%s is spoken of on 21 November as %s', (day, expected) => {
    expect(spokenDay(day, '2026-11-21')).toMatch(expected);
  });

  it('counts days over a change of clocks', () => {
    expect(spokenDay('2026-10-26', '2026-10-24')).toBe('in 2 days');
  });

  it('shows five weeks from Monday to Sunday, and which days are still to come', () => {
    const day: ActivityDay = { date: '2026-10-25', submissions: 2, accepted: 1, ratings: 0 };
    const shown = lastWeeks([day], '2026-11-19');
    expect(shown).toHaveLength(35);
    expect(shown[0]?.date).toBe('2026-10-19');
    expect(shown.at(-1)?.date).toBe('2026-11-22');
    expect(new Set(shown.map(one => one.date)).size).toBe(35);
    expect(shown.find(one => one.date === '2026-10-25')?.submissions).toBe(2);
    expect(shown.filter(one => one.future).map(one => one.date)).toEqual([
      '2026-11-20',
      '2026-11-21',
      '2026-11-22'
    ]);
  });
});

describe('today', () => {
  const line = (change: Partial<TodayLine>): TodayLine => ({
    kind: 'suggestion',
    title: 'Spend the voucher',
    reason: 'A first problem.',
    problem: problem(),
    target_id: null,
    at: null,
    ...change
  });

  it.each([
    [line({}), 'Start'],
    [line({ kind: 'daily', problem: problem({ state: 'solved' }) }), 'Open'],
    [line({ kind: 'unfinished', problem: problem({ state: 'tried' }) }), 'Continue'],
    [line({ kind: 'review' }), 'Review'],
    [line({ kind: 'assignment', problem: null }), 'Open']
  ])('has one action per line', (one, action) => {
    expect(actionOf(one)).toBe(action);
  });

  it.each([
    [[line({})], { tried: 0, solved: 0, total: 9 }, 'Start with one problem'],
    [[line({ kind: 'unfinished' })], { tried: 0, solved: 0, total: 9 }, /left off/],
    [[line({ kind: 'review' })], { tried: 0, solved: 3, total: 9 }, 'Up next'],
    [[], { tried: 0, solved: 9, total: 9 }, 'All done for today']
  ])('greets by what there is to do', (today, progress, words) => {
    expect(greeting({ today, progress, reviews_due: 0 })).toMatch(words);
  });

  it.each([
    [{ state: 'open', skips: 1, skipped: 0 }, '1 free day to skip'],
    [{ state: 'excused', skips: 2, skipped: 2 }, 'kept with 2 free days'],
    [{ state: 'missed', skips: 1, skipped: 0 }, 'next week begins anew']
  ] as const)('speaks calmly of a week that is %j', (week, words) => {
    expect(spokenGoal(week)).toBe(words);
  });

  it('says how many reviews are due, or when the next one comes', () => {
    const item = (due_on: string, overdue: number) => ({ due_on, overdue });
    expect(spokenQueue([item('2026-11-20', 1), item('2026-11-25', -4)], 1, '2026-11-21')).toBe(
      '1 due, 1 later'
    );
    expect(spokenQueue([item('2026-11-22', -1)], 0, '2026-11-21')).toBe(
      '1 problem, the next tomorrow'
    );
  });
});

it('names as next in a sheet the first problem whose forerunners are solved', () => {
  const entry = (id: string, state: ProblemSummary['state'], after: string[] = []) => ({
    problem: problem({ id, state }),
    why: '',
    after,
    mastered: false
  });
  const ready = [entry('a', 'solved'), entry('b', 'new', ['c']), entry('c', 'tried', ['a'])];
  expect(nextOf(ready)?.problem.id).toBe('c');
  expect(nextOf([entry('a', 'solved')])).toBeUndefined();
  expect(nextOf([entry('b', 'new', ['elsewhere'])])?.problem.id).toBe('b');
});

describe('a private note', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is saved once after a pause, on top of what it was written on', async () => {
    const write = vi.fn((text: string, base: number) =>
      Promise.resolve({ text, version: base + 1 })
    );
    const keeper = new NoteKeeper({ text: '', version: 0 }, write);
    keeper.type('carry');
    await vi.advanceTimersByTimeAsync(500);
    keeper.type('carry the remainder');
    await vi.advanceTimersByTimeAsync(1000);
    expect(write.mock.calls).toEqual([['carry the remainder', 0]]);
    keeper.type('carry it');
    await keeper.flush();
    expect(write.mock.calls[1]).toEqual(['carry it', 1]);
    expect(keeper.store.get().save).toBe('saved');
  });

  it('never replaces silently what another tab has saved', async () => {
    const current = { text: 'theirs', version: 4 };
    const write = vi
      .fn()
      .mockRejectedValueOnce(new ApiError(409, 'changed', { current }))
      .mockResolvedValueOnce({ text: 'mine', version: 5 });
    const keeper = new NoteKeeper({ text: '', version: 3 }, write);
    keeper.type('mine');
    await keeper.flush();
    expect(keeper.store.get()).toMatchObject({ save: 'conflict', text: 'mine', theirs: current });
    await keeper.flush();
    expect(write).toHaveBeenCalledTimes(1);
    await keeper.resolve('mine');
    expect(write).toHaveBeenLastCalledWith('mine', 4);
    expect(keeper.store.get().save).toBe('saved');
  });

  it('is kept and sent again when the service was away', async () => {
    const write = vi
      .fn()
      .mockRejectedValueOnce(new AwayError('away'))
      .mockResolvedValueOnce({ text: 'x', version: 1 });
    const keeper = new NoteKeeper({ text: '', version: 0 }, write);
    keeper.type('x');
    await keeper.flush();
    expect(keeper.store.get()).toMatchObject({ save: 'failed', text: 'x' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(keeper.store.get().save).toBe('saved');
  });
});

describe('reviews', () => {
  it.each([
    ['drafts/two-sum', 'drafts/two-sum?review=r1'],
    ['drafts/two-sum/versions?limit=50', 'drafts/two-sum/versions?limit=50&review=r1'],
    ['submissions', 'submissions'],
    ['problems/drafts', 'problems/drafts']
  ])('addresses %s as %s', (path, expected) => {
    expect(inReview(path, 'r1')).toBe(expected);
  });

  it('keeps the journal of a review apart', () => {
    const line = new Line();
    const transport = new ReviewTransport(line, 'r1');
    expect(transport.scope).not.toBe(line.scope);
    void transport.fetch('drafts/a').catch(() => undefined);
    expect(line.calls[0]?.path).toBe('drafts/a?review=r1');
  });

  it('takes only a rating of today for given', () => {
    const given = { given: 'good', rated_on: '2026-11-20' } as const;
    expect(givenToday(given, '2026-11-20')).toBe('good');
    expect(givenToday(given, '2026-11-21')).toBeNull();
  });
});

describe('notices', () => {
  const page: NoticePage = {
    items: ['a', 'b'].map(id => ({
      id,
      kind: 'cohort',
      title: '',
      text: '',
      target: {},
      made_at: '2026-11-21T08:00:00Z',
      read_at: null
    })),
    next: 'more',
    unread: 7
  };
  it('are read one by one, or all at once', () => {
    const one = asRead(page, ['a'], 'now');
    expect(one?.unread).toBe(6);
    expect(one?.items.map(notice => notice.read_at)).toEqual(['now', null]);
    expect(asRead(one, ['a'], 'later')?.unread).toBe(6);
    expect(asRead(page, null, 'now')?.unread).toBe(0);
  });
});

describe('figures of progress', () => {
  it('counts attempts before the accepted one', () => {
    const solves = [0, 0, 1, 5, 12].map(attempts => ({ attempts }) as Solve);
    expect(attemptsBefore(solves).map(bucket => bucket.count)).toEqual([2, 1, 0, 0, 0, 2]);
  });

  it('finds the middle', () => {
    expect(median([])).toBe(0);
    expect(median([9, 1, 4])).toBe(4);
    expect(median([9, 1, 4, 5])).toBe(4.5);
    expect(runningMedian([10, 2, 6, 100], 3)).toEqual([10, 6, 6, 6]);
  });

  it('compares the beginning with lately only when there is enough of both', () => {
    expect(trendOf([30, 20, 10, 5, 5])).toBeNull();
    expect(trendOf([30, 20, 15, 12, 8, 4])).toEqual({ before: 25, now: 6 });
  });

  it('weighs months by their reviews', () => {
    const month = (reviews: number, remembered: number, predicted: number) => ({
      month: '2026-11-01',
      reviews,
      remembered,
      predicted
    });
    expect(retained([])).toBeNull();
    const all = retained([month(1, 0, 0.8), month(3, 3, 0.9)]);
    expect(all?.remembered).toBe(0.75);
    expect(all?.predicted).toBeCloseTo(0.875);
  });

  it.each([
    [0.2, '<1 min'],
    [12.4, '12 min'],
    [64.6, '1 h 5 min']
  ])('speaks %f minutes as %s', (minutes, words) => {
    expect(spokenMinutes(minutes)).toBe(words);
  });
});

it('puts a cohort’s sheets first, and each sheet after those that it builds on', () => {
  const sheet = (id: string, prerequisites: string[], chosen = false) => ({
    id,
    prerequisites,
    chosen
  });
  const sheets = [
    sheet('deep', ['patterns']),
    sheet('first', []),
    sheet('patterns', ['first']),
    sheet('data', ['first', 'gone'], true)
  ];
  expect(inOrder(sheets).map(one => one.id)).toEqual(['data', 'first', 'patterns', 'deep']);
  const circle = [sheet('a', ['b']), sheet('b', ['a'])];
  expect(inOrder(circle)).toHaveLength(2);
});
