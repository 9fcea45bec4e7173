import { describe, expect, it } from 'vitest';
import { casesOf } from '../editor/Cases';
import { wire } from '../editor/client';
import { Clock, spokenClock } from '../editor/clock';
import { inputOf, runnable } from '../editor/inputs';
import { spokenTime, wordsOf } from '../editor/verdicts';
import type { CaseReport, ProblemSummary } from '../src/api/models';
import { matching, NO_FILTER, topicsOf } from '../src/home/filter';
import { codeLook } from '../src/practice/settings';
import { problemOf } from '../src/practice/cellProblem';

const problem = (change: Partial<ProblemSummary>): ProblemSummary => ({
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
  const all = [
    problem({}),
    problem({ id: 'tree-depth', title: 'Depth', difficulty: 'hard', topics: ['trees'] }),
    problem({ id: 'coins', title: 'Coins', topics: ['dynamic-programming'], state: 'solved' })
  ];
  it.each([
    [{}, ['two-sum', 'tree-depth', 'coins']],
    [{ text: 'VOUCHER spend' }, ['two-sum']],
    [{ text: 'two-sum' }, ['two-sum']],
    [{ text: 'dynamic programming' }, ['coins']],
    [{ topic: 'trees' }, ['tree-depth']],
    [{ difficulty: 'easy' as const, state: 'solved' as const }, ['coins']],
    [{ text: 'nothing like it' }, []]
  ])('shows for %j', (filter, ids) => {
    expect(matching(all, { ...NO_FILTER, ...filter }).map(one => one.id)).toEqual(ids);
  });

  it('names topics once, in order', () => {
    expect(topicsOf(all)).toEqual(['arrays', 'dynamic-programming', 'hashing', 'trees']);
  });
});

it.each([
  ['two_sum([2, 7], 9)', 'function', '[2, 7], 9'],
  ['f("a)b")', 'function', '"a)b"'],
  ['LRU(2).get(1)', 'class', 'LRU(2).get(1)']
] as const)('runs %s as arguments', (call, kind, expected) => {
  expect(inputOf({ kind }, call)).toBe(expected);
});

it('runs only inputs that say something', () => {
  expect(
    runnable([
      { id: 0, text: ' [1] ' },
      { id: 1, text: ' ' }
    ])
  ).toEqual(['[1]']);
});

it.each([
  [0, '0:00'],
  [65_000, '1:05'],
  [3_729_000, '1:02:09']
])('reads %d ms as %s', (ms, text) => {
  expect(spokenClock(ms)).toBe(text);
});

it('does not count the hours that a laptop slept', () => {
  const clock = new Clock('/user/a/', 'p');
  clock.add(1000);
  clock.add(8 * 3_600_000);
  expect(new Clock('/user/a/', 'p').elapsed).toBe(1000);
  clock.restart();
  expect(clock.elapsed).toBe(0);
});

it.each([
  [0.2, '<1 ms'],
  [12.4, '12 ms'],
  [1300, '1.3 s']
])('speaks of %d ms as %s', (ms, text) => {
  expect(spokenTime(ms)).toBe(text);
});

it('has words for a run that nobody judged', () => {
  expect(wordsOf(null).name).toBe('Not compared');
});

it('sends nothing that a database cannot keep', () => {
  expect(wire('a\0b\ud800c\u{1F600}')).toBe('a\ufffdb\ufffdc\u{1F600}');
});

const report = (change: Partial<CaseReport>): CaseReport => ({
  index: 0,
  name: 'example 1',
  visible: true,
  verdict: 'accepted',
  cpu_ms: 1,
  wall_ms: 1,
  call: 'f(1)',
  expected: '1',
  actual: '1',
  diff: null,
  stdout: '',
  traceback: '',
  message: '',
  ...change
});

describe('cases', () => {
  it('begin with the smallest failing one when it is not among them', () => {
    const failing = report({ index: 7, verdict: 'wrong_answer', call: 'f(0)' });
    expect(casesOf([report({})], failing).map(one => one.id)).toEqual(['smallest', 'case-0']);
  });

  it('do not show one failing case twice', () => {
    const failing = report({ verdict: 'wrong_answer' });
    expect(casesOf([failing], failing).map(one => one.id)).toEqual(['case-0']);
  });
});

it.each([
  [{ problem: 'two-sum', role: 'editor' }, 'two-sum'],
  [{ problem: 'two-sum', role: 'note' }, null],
  [{ problem: '../../etc', role: 'editor' }, null],
  [{ problem: 7, role: 'editor' }, null],
  [null, null],
  ['editor', null]
])('reads a cell’s metadata %j', (metadata, expected) => {
  expect(problemOf(metadata)).toBe(expected);
});

it.each([
  [{ fontSize: 19, lineWrap: true, autoClosingBrackets: false }, 19, true, false],
  [{}, null, false, true],
  [null, null, false, true],
  [{ fontSize: 'large' }, null, false, true]
])('follows the code editors’ settings %j', (config, fontSize, lineWrap, closeBrackets) => {
  expect(codeLook(config)).toMatchObject({ fontSize, lineWrap, closeBrackets });
});
