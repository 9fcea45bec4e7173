import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Attempt } from '../editor/attempt';
import { GreenroomClient } from '../editor/client';
import { EventFeed } from '../editor/events';
import { Journal } from '../editor/journal';
import { Line } from './service';

const final = { id: 's1', problem_id: 'p', state: 'final', verdict: 'accepted' };
let number = 0;

function begin(line: Line, journal = new Journal(`attempt-${++number}`)) {
  const events = new EventFeed(new Line());
  const attempt = new Attempt(new GreenroomClient(line), journal, events, () => 'client-1', 'p');
  return { attempt, journal };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('shows a verdict that comes at once', async () => {
  const { attempt, journal } = begin(new Line().then(200, final));
  await attempt.submit('code');
  expect(attempt.store.get().state).toMatchObject({ kind: 'final', submission: { id: 's1' } });
  expect(await journal.waiting('/user/a/')).toEqual([]);
});

it('waits while the service is away, and sends under the same id', async () => {
  const line = new Line().thenAway().then(503).then(200, final);
  const { attempt } = begin(line);
  await attempt.submit('code');
  expect(attempt.store.get().state.kind).toBe('waiting');
  await attempt.submit('a second click');
  await vi.advanceTimersByTimeAsync(1000);
  await vi.advanceTimersByTimeAsync(2000);
  await vi.waitFor(() => {
    expect(attempt.store.get().state.kind).toBe('final');
  });
  expect(line.calls.map(call => call.body?.['client_id'])).toEqual(Array(3).fill('client-1'));
  expect(line.calls.map(call => call.body?.['code'])).toEqual(Array(3).fill('code'));
});

it('takes up what an earlier page left waiting', async () => {
  const first = begin(new Line().thenAway());
  await first.attempt.submit('code');
  first.attempt.dispose();
  const line = new Line().then(200, final);
  const second = begin(line, first.journal);
  await second.attempt.resume();
  expect(second.attempt.store.get().state.kind).toBe('final');
  expect(line.calls[0]?.body).toMatchObject({ client_id: 'client-1', code: 'code' });
});

it('gives up what is withdrawn', async () => {
  const { attempt, journal } = begin(new Line().thenAway());
  await attempt.submit('code');
  await attempt.withdraw();
  expect(attempt.store.get().state.kind).toBe('idle');
  expect(await journal.waiting('/user/a/')).toEqual([]);
});

it('says why a submission was refused, and does not send it again', async () => {
  const line = new Line().then(422, { detail: 'The code is too long.' });
  const { attempt, journal } = begin(line);
  await attempt.submit('code');
  expect(attempt.store.get().state).toEqual({ kind: 'refused', detail: 'The code is too long.' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(line.calls).toHaveLength(1);
  expect(await journal.waiting('/user/a/')).toEqual([]);
});

it('asks for the verdict while the box works', async () => {
  const line = new Line()
    .then(201, { ...final, state: 'queued', verdict: null })
    .then(200, { ...final, state: 'running', verdict: null })
    .then(200, final);
  const { attempt } = begin(line);
  await attempt.submit('code');
  expect(attempt.busy).toBe(true);
  await vi.advanceTimersByTimeAsync(300);
  await vi.advanceTimersByTimeAsync(1000);
  expect(attempt.store.get().state.kind).toBe('final');
});
