import { expect, it, vi } from 'vitest';
import { Workspace } from '../editor/workspace';
import { Line } from './service';

/** A line whose stream of events has nothing to say. */
class Quiet extends Line {
  override fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return path === 'events' ? new Promise(() => undefined) : super.fetch(path, init);
  }
}

const stored = { problem_id: 'p', code: 'stored', version: 1, saved_at: '2026-11-21T08:00:00Z' };
const problem = { id: 'p', title: 'Problem' };

it('goes on saving after the last editor of a problem was closed', async () => {
  const line = new Quiet()
    .then(200, stored)
    .thenAway()
    .then(200, { version: 2, saved_at: stored.saved_at });
  const workspace = new Workspace(line);
  const first = workspace.enter('p');
  const { draft } = await first.work;
  draft.edit('typed');
  first.done();
  await vi.waitFor(() => {
    expect(draft.store.get().save.kind).toBe('away');
  });
  const second = workspace.enter('p');
  expect((await second.work).draft).toBe(draft);
  second.done();
  await vi.waitFor(
    () => {
      expect(draft.store.get().save.kind).toBe('saved');
    },
    { timeout: 5000 }
  );
  expect((await workspace.enter('p').work).draft).not.toBe(draft);
});

it('gives a problem as it was last opened here while the service is away', async () => {
  const line = new Quiet().then(200, problem).thenAway().then(404, { detail: 'no such problem' });
  const workspace = new Workspace(line);
  expect(await workspace.problem('p')).toEqual(problem);
  expect(await workspace.problem('p')).toEqual(problem);
  await expect(workspace.problem('p')).rejects.toThrow('no such problem');
});
