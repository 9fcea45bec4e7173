import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GreenroomClient } from '../editor/client';
import { DraftSession } from '../editor/draft';
import { Journal } from '../editor/journal';
import { Line } from './service';

let number = 0;
const stored = { problem_id: 'p', code: 'stored', version: 1, saved_at: '2026-11-21T08:00:00Z' };

async function open(
  line: Line,
  journal = new Journal(`draft-${++number}`)
): Promise<{ draft: DraftSession; journal: Journal }> {
  const draft = new DraftSession(new GreenroomClient(line), journal, 'tab', 'p');
  await draft.load();
  return { draft, journal };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('saves after a pause, on top of the version that it knows', async () => {
  const line = new Line().then(200, stored).then(200, { version: 2, saved_at: stored.saved_at });
  const { draft } = await open(line);
  draft.edit('typed');
  expect(draft.store.get().save.kind).toBe('unsaved');
  await vi.advanceTimersByTimeAsync(2000);
  await vi.waitFor(() => {
    expect(draft.store.get()).toMatchObject({ version: 2, save: { kind: 'saved' } });
  });
  expect(line.calls[1]?.body).toMatchObject({ code: 'typed', base_version: 1, client_id: 'tab' });
});

it('saves at once when asked, e.g. when the keyboard goes elsewhere', async () => {
  const line = new Line().then(200, stored).then(200, { version: 2, saved_at: stored.saved_at });
  const { draft } = await open(line);
  draft.edit('typed');
  await draft.flush();
  expect(line.calls).toHaveLength(2);
});

it('keeps what the service did not take, also for the next page', async () => {
  const { draft, journal } = await open(new Line().then(200, stored).thenAway());
  draft.edit('typed');
  await draft.flush();
  expect(draft.store.get().save.kind).toBe('away');
  const again = await open(
    new Line().then(200, stored).then(200, { version: 2, saved_at: stored.saved_at }),
    journal
  );
  expect(again.draft.store.get()).toMatchObject({ code: 'typed', recovered: true });
});

it('opens with what the browser kept when nobody answers', async () => {
  const { draft, journal } = await open(new Line().then(200, stored).thenAway());
  draft.edit('typed');
  await draft.flush();
  const again = await open(new Line().thenAway(), journal);
  expect(again.draft.store.get()).toMatchObject({ phase: 'ready', code: 'typed' });
});

it('shows both texts of a conflict, and stores the one that is chosen', async () => {
  const theirs = { code: 'theirs', version: 5, saved_at: stored.saved_at };
  const line = new Line()
    .then(200, stored)
    .then(409, { detail: 'saved elsewhere', current: theirs, yours: 'mine' })
    .then(200, { version: 6, saved_at: stored.saved_at });
  const { draft } = await open(line);
  draft.edit('mine');
  await draft.flush();
  expect(draft.store.get().save).toMatchObject({ kind: 'conflict', conflict: { mine: 'mine' } });
  await draft.resolve('mine');
  expect(line.calls[2]?.body).toMatchObject({ code: 'mine', base_version: 5 });
  expect(draft.store.get()).toMatchObject({ code: 'mine', version: 6, save: { kind: 'saved' } });
});

it('knows its own save when only the answer was lost', async () => {
  const mine = { code: 'mine', version: 2, saved_at: stored.saved_at };
  const line = new Line().then(200, stored).then(409, { current: mine, yours: 'mine' });
  const { draft } = await open(line);
  draft.edit('mine');
  await draft.flush();
  expect(draft.store.get()).toMatchObject({ version: 2, save: { kind: 'saved' } });
});

it('knows an earlier save of its own whose answer was lost, and sends what was typed since', async () => {
  const first = { code: 'first', version: 3, saved_at: stored.saved_at };
  const line = new Line()
    .then(200, stored)
    .thenAway()
    .then(409, { current: first, yours: 'second' })
    .then(200, { version: 4, saved_at: stored.saved_at });
  const { draft } = await open(line);
  draft.edit('first');
  await draft.flush();
  draft.edit('second');
  await draft.flush();
  expect(draft.store.get()).toMatchObject({ code: 'second', version: 3 });
  await draft.flush();
  expect(line.calls[3]?.body).toMatchObject({ code: 'second', base_version: 3 });
  expect(draft.settled).toBe(true);
});

it('takes up a text whose earlier part was stored while the page went away', async () => {
  const { draft, journal } = await open(new Line().then(200, stored).thenAway());
  draft.edit('part');
  await draft.flush();
  draft.edit('part and more');
  await vi.waitFor(async () => {
    expect(await journal.entries('/user/a/', 'p')).toMatchObject([{ code: 'part and more' }]);
  });
  const line = new Line().then(200, { ...stored, code: 'part', version: 2 });
  const again = await open(line, journal);
  expect(again.draft.store.get()).toMatchObject({ code: 'part and more', recovered: true });
});

it('asks again for what is stored after it opened with what the browser kept', async () => {
  const { draft, journal } = await open(
    new Line().then(200, stored).then(200, { version: 2, saved_at: stored.saved_at })
  );
  draft.edit('typed');
  await draft.flush();
  const newer = { ...stored, code: 'from elsewhere', version: 3 };
  const again = await open(new Line().thenAway().then(200, newer), journal);
  expect(again.draft.store.get()).toMatchObject({ code: 'typed', save: { kind: 'away' } });
  await vi.advanceTimersByTimeAsync(1000);
  await vi.waitFor(() => {
    expect(again.draft.store.get()).toMatchObject({
      code: 'from elsewhere',
      save: { kind: 'saved' }
    });
  });
});
