import { expect, it } from 'vitest';
import type { JournalEntry } from '../editor/journal';
import { Journal, Latest } from '../editor/journal';

const entry: JournalEntry = {
  key: '/user/a/|p|t',
  scope: '/user/a/',
  problem: 'p',
  tab: 't',
  code: 'typed',
  baseVersion: 1,
  dirty: true,
  at: 1
};

it('keeps drafts by user and problem', async () => {
  const journal = new Journal('drafts');
  await journal.put(entry);
  await journal.put({ ...entry, key: 'other', scope: '/user/b/' });
  expect(await journal.entries('/user/a/', 'p')).toEqual([entry]);
  expect(await journal.entries('/user/a/', 'q')).toEqual([]);
  await journal.remove(entry.key);
  expect(await journal.entries('/user/a/', 'p')).toEqual([]);
});

it('finds what a page kept as it went away, until something newer is written', async () => {
  const journal = new Journal('last words');
  await journal.put(entry);
  journal.keepNow({ ...entry, code: 'typed to the end', at: 3 });
  await journal.put({ ...entry, code: 'written late', at: 2 });
  expect(await journal.entries('/user/a/', 'p')).toMatchObject([{ code: 'typed to the end' }]);
  await journal.put({ ...entry, code: 'taken up', at: 4 });
  expect(await journal.entries('/user/a/', 'p')).toMatchObject([{ code: 'taken up' }]);
  expect(localStorage).toHaveLength(0);
});

it('keeps a waiting submission until it is sent', async () => {
  const journal = new Journal('waiting');
  const waiting = { clientId: 'c', scope: '/user/a/', problem: 'p', code: 'x', at: 1 };
  await journal.addWaiting(waiting);
  expect(await new Journal('waiting').waiting('/user/a/')).toEqual([waiting]);
  await journal.removeWaiting('c');
  expect(await journal.waiting('/user/a/')).toEqual([]);
});

it('writes the newest of those that wait, and the others never', async () => {
  const latest = new Latest();
  const written: number[] = [];
  const write = (value: number) => async (): Promise<void> => {
    await Promise.resolve();
    written.push(value);
  };
  await Promise.all([1, 2, 3, 4].map(value => latest.run(write(value))));
  expect(written.at(-1)).toBe(4);
  expect(written.length).toBeLessThan(4);
});
