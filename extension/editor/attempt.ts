/**
 * The way of one problem's submission from the button to the verdict. A submission that cannot be sent waits in the journal under
 * the id that it will be sent with, so that it is graded once however often it is tried, also after a reload.
 */

import type { Submission, SubmissionEvent } from '../src/api/models';
import type { GreenroomClient } from './client';
import { retryDelay } from './draft-rules';
import type { EventFeed } from './events';
import type { Journal, WaitingSubmission } from './journal';
import { Store } from './store';
import { ApiError, AwayError, spokenError } from './transport';

export type AttemptState =
  | { kind: 'idle' }
  | { kind: 'sending' }
  /** Not sent yet: the service is away. */
  | { kind: 'waiting'; detail: string; since: number }
  | { kind: 'judging'; submission: Submission }
  | { kind: 'final'; submission: Submission }
  | { kind: 'refused'; detail: string };

const FIRST_POLL_MS = 300;
const LAST_POLL_MS = 5000;

export class Attempt {
  readonly store = new Store<{ state: AttemptState }>({ state: { kind: 'idle' } });
  private waiting: WaitingSubmission | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly stopListening: () => void;
  /** Finished submissions whose event came before the answer that names them. */
  private readonly finished = new Set<string>();
  private disposed = false;

  constructor(
    private readonly client: GreenroomClient,
    private readonly journal: Journal,
    events: EventFeed,
    private readonly newId: () => string,
    readonly problem: string
  ) {
    window.addEventListener('online', this.onBack);
    this.stopListening = events.listen(this.onEvent);
  }

  /** Take up what an earlier page left waiting. */
  async resume(): Promise<void> {
    const left = await this.journal.waiting(this.client.scope);
    const mine = left.filter(entry => entry.problem === this.problem).sort((a, b) => b.at - a.at);
    const [entry] = mine;
    if (entry !== undefined && this.store.get().state.kind === 'idle') {
      this.waiting = entry;
      await this.send();
    }
  }

  /** Whether a new submission would be a second one on top of one that is under way. */
  get busy(): boolean {
    const { kind } = this.store.get().state;
    return kind === 'sending' || kind === 'waiting' || kind === 'judging';
  }

  async submit(code: string): Promise<void> {
    if (this.busy) {
      return;
    }
    this.waiting = {
      clientId: this.newId(),
      scope: this.client.scope,
      problem: this.problem,
      code,
      at: Date.now()
    };
    this.store.set({ state: { kind: 'sending' } });
    await this.journal.addWaiting(this.waiting);
    await this.send();
  }

  /** Give up a submission that has not been sent. */
  async withdraw(): Promise<void> {
    const { state } = this.store.get();
    if (state.kind === 'waiting' && this.waiting !== null) {
      this.clearTimer();
      await this.journal.removeWaiting(this.waiting.clientId);
      this.waiting = null;
      this.store.set({ state: { kind: 'idle' } });
    }
  }

  /** Show an earlier submission. */
  show(submission: Submission): void {
    if (!this.busy) {
      this.store.set({ state: { kind: 'final', submission } });
    }
  }

  dispose(): void {
    this.disposed = true;
    this.clearTimer();
    this.stopListening();
    window.removeEventListener('online', this.onBack);
  }

  private async send(): Promise<void> {
    const entry = this.waiting;
    if (entry === null || this.disposed) {
      return;
    }
    try {
      const submission = await this.client.submit({
        problem_id: entry.problem,
        code: entry.code,
        client_id: entry.clientId
      });
      this.failures = 0;
      this.waiting = null;
      await this.journal.removeWaiting(entry.clientId);
      this.take(submission);
    } catch (error) {
      await this.notSent(entry, error);
    }
  }

  private async notSent(entry: WaitingSubmission, error: unknown): Promise<void> {
    const away = error instanceof AwayError || (error instanceof ApiError && error.status >= 500);
    const lostSession = error instanceof ApiError && (error.status === 401 || error.status === 403);
    if (!away && !lostSession) {
      this.waiting = null;
      await this.journal.removeWaiting(entry.clientId);
      this.store.set({ state: { kind: 'refused', detail: spokenError(error) } });
      return;
    }
    this.failures += 1;
    this.store.set({ state: { kind: 'waiting', detail: spokenError(error), since: entry.at } });
    const wait = error instanceof AwayError ? error.retryAfter : null;
    this.after(retryDelay(this.failures, wait), () => this.send());
  }

  private take(submission: Submission): void {
    if (submission.state === 'final') {
      this.clearTimer();
      this.store.set({ state: { kind: 'final', submission } });
      return;
    }
    this.store.set({ state: { kind: 'judging', submission } });
    this.poll(submission.id, this.finished.delete(submission.id) ? 0 : FIRST_POLL_MS);
  }

  /** Events say when it is done; asking now and then covers a stream that is down. */
  private poll(id: string, delay: number): void {
    this.after(delay, async () => {
      await this.look(id);
      const { state } = this.store.get();
      if (state.kind === 'judging' && state.submission.id === id) {
        this.poll(id, Math.min(LAST_POLL_MS, Math.max(FIRST_POLL_MS, delay * 1.5)));
      }
    });
  }

  private async look(id: string): Promise<void> {
    try {
      const submission = await this.client.submission(id);
      const { state } = this.store.get();
      if (state.kind === 'judging' && state.submission.id === id && submission.state === 'final') {
        this.take(submission);
      }
    } catch {
      // Away for now: the next look or event brings it.
    }
  }

  private readonly onEvent = (event: SubmissionEvent): void => {
    if (event.state !== 'final' || event.problem_id !== this.problem) {
      return;
    }
    const { state } = this.store.get();
    if (state.kind === 'judging' && state.submission.id === event.id) {
      void this.look(event.id);
    } else if (state.kind === 'sending' || state.kind === 'waiting') {
      this.finished.add(event.id);
    }
  };

  private readonly onBack = (): void => {
    if (this.store.get().state.kind === 'waiting') {
      this.clearTimer();
      void this.send();
    }
  };

  private after(delay: number, work: () => Promise<void>): void {
    this.clearTimer();
    this.timer = setTimeout(() => {
      this.timer = null;
      if (!this.disposed) {
        void work();
      }
    }, delay);
  }

  private clearTimer(): void {
    if (this.timer !== null) {
      clearTimeout(this.timer);
      this.timer = null;
    }
  }
}
