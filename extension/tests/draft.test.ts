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
