/**
 * One problem's draft in this page. Every keystroke goes to the local journal at once and to the service after a pause; what the
 * service has not confirmed is never dropped. All editors of the page that show the problem share one session.
 */

import type { Draft } from '../src/api/models';
import type { GreenroomClient } from './client';
import { wire } from './client';
import type { Conflict } from './draft-rules';
import { choose, PAUSE_MS, reconcile, retryDelay, STEADY_MS } from './draft-rules';
import type { Journal, JournalEntry } from './journal';
import { Latest, livingTabs } from './journal';
import { Store } from './store';
import { ApiError, AwayError, spokenError } from './transport';

export type SaveState =
  | { kind: 'saved'; at: string | null }
  | { kind: 'unsaved' }
  | { kind: 'saving' }
  /** The service is away: kept in this browser, and sent when it is back. */
  | { kind: 'away'; detail: string }
  /** The service said no to this text; kept in this browser. */
  | { kind: 'refused'; detail: string }
  | { kind: 'conflict'; conflict: Conflict };

export interface DraftSnapshot {
  phase: 'loading' | 'ready' | 'failed';
  code: string;
  version: number;
  save: SaveState;
  /** Why nothing could be opened, in phase `failed`. */
  problem: string;
  /** Text that was typed here earlier and had not reached the service was found and taken up. */
  recovered: boolean;
}

interface Announcement {
  scope: string;
  problem: string;
  from: string;
  draft: Draft;
}

const CHANNEL = 'greenroom-drafts';
const REFRESH_MS = 5000;
/** How many unanswered texts to remember; a retry sends the newest text, so few can have been stored. */
const UNANSWERED = 3;

export class DraftSession {
  readonly store = new Store<DraftSnapshot>({
    phase: 'loading',
    code: '',
    version: 0,
    save: { kind: 'saved', at: null },
    problem: '',
    recovered: false
  });

  private readonly writer = new Latest();
  private readonly channel: BroadcastChannel | null;
  private dirty = false;
  /** Sent and never answered, newest last: the service may hold any of them. */
  private unanswered: string[] = [];
  private saving: Promise<void> | null = null;
  private failures = 0;
  private pauseTimer: ReturnType<typeof setTimeout> | null = null;
  private dirtySince = 0;
  private refreshedAt = 0;
  private disposed = false;

  constructor(
    private readonly client: GreenroomClient,
    private readonly journal: Journal,
    private readonly tab: string,
    readonly problem: string
  ) {
    this.channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL);
    this.channel?.addEventListener('message', this.onAnnouncement);
    window.addEventListener('online', this.onBack);
    window.addEventListener('pagehide', this.onLeave);
    document.addEventListener('visibilitychange', this.onVisibility);
    window.addEventListener('focus', this.onFocus);
  }

  get key(): string {
    return `${this.client.scope}|${this.problem}|${this.tab}`;
  }

  /** Open: what the service stores, reconciled with what this browser kept. May be called again after a failure. */
  async load(): Promise<void> {
    const entries = await this.journal.entries(this.client.scope, this.problem);
    const kept = choose(entries, this.tab, await livingTabs());
    try {
      this.open(await this.client.draft(this.problem), kept);
    } catch (error) {
      this.openWithout(kept ?? newest(entries), error);
    }
    if (kept !== null && kept.key !== this.key && this.store.get().phase === 'ready') {
      await this.note();
      await this.journal.remove(kept.key);
    }
  }

  private open(answer: Draft, kept: JournalEntry | null): void {
    const stored = { ...answer, code: unixLines(answer.code) };
    this.refreshedAt = Date.now();
    const opening = reconcile(stored, kept);
    const base = { phase: 'ready', version: stored.version } as const;
    switch (opening.kind) {
      case 'stored':
        this.store.set({
          ...base,
          code: stored.code,
          save: { kind: 'saved', at: stored.saved_at }
        });
        break;
      case 'recovered':
        this.store.set({ ...base, code: opening.code, recovered: true, save: { kind: 'unsaved' } });
        this.touch(0);
        break;
      case 'conflict':
        this.dirty = true;
        this.store.set({
          ...base,
          code: opening.conflict.mine,
          save: { kind: 'conflict', conflict: opening.conflict }
        });
    }
  }

  private openWithout(kept: JournalEntry | null, error: unknown): void {
    if (kept === null) {
      this.store.set({ phase: 'failed', problem: spokenError(error) });
      return;
    }
    this.store.set({ phase: 'ready', code: kept.code, version: kept.baseVersion });
    this.dirty = kept.dirty;
    this.unanswered = [...(kept.unanswered ?? [])];
    this.fail(error);
  }

  /** The student changed the text. */
  edit(code: string): void {
    if (code === this.store.get().code) {
      return;
    }
    const { save } = this.store.get();
    const quiet = save.kind === 'unsaved' || save.kind === 'conflict' || save.kind === 'away';
    this.store.set({ code, ...(quiet ? {} : { save: { kind: 'unsaved' } }) });
    this.touch(PAUSE_MS);
  }

  /** Save what is unsaved, now. */
  async flush(): Promise<void> {
    this.clearTimer();
    if (this.saving !== null) {
      await this.saving;
    }
    if (this.store.get().save.kind === 'conflict') {
      return;
    }
    if (this.dirty) {
      this.saving ??= this.save().finally(() => {
        this.saving = null;
      });
      await this.saving;
    } else if (this.failures > 0) {
      await this.askAgain();
    }
  }

  /** Whether the service has all that was typed. */
  get settled(): boolean {
    return !this.dirty;
  }

  /** Opened with what this browser kept, and nothing typed since: get what is stored once the service is back. */
  private async askAgain(): Promise<void> {
    try {
      const stored = await this.client.draft(this.problem);
      this.failures = 0;
      if (!this.dirty) {
        const code = unixLines(stored.code);
        const save = { kind: 'saved', at: stored.saved_at } as const;
        this.store.set({ code, version: stored.version, save });
        void this.note();
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** Settle a conflict with the text that shall stand; the other one stays in the versions. */
  async resolve(code: string): Promise<void> {
    const { save } = this.store.get();
    if (save.kind !== 'conflict') {
      return;
    }
    const { theirs } = save.conflict;
    this.store.set({ code, version: theirs.version, save: { kind: 'unsaved' } });
    if (code === theirs.code) {
      this.settle(theirs.version, theirs.saved_at);
      await this.note();
      return;
    }
    this.touch(0);
    await this.flush();
  }

  /** Forget the page; whoever calls this has waited until all is settled, else the journal keeps the rest. */
  dispose(): void {
    this.disposed = true;
    this.clearTimer();
    // A save that is just ending still tells the other tabs.
    void (this.saving ?? Promise.resolve()).then(() => {
      this.channel?.close();
    });
    window.removeEventListener('online', this.onBack);
    window.removeEventListener('pagehide', this.onLeave);
    document.removeEventListener('visibilitychange', this.onVisibility);
    window.removeEventListener('focus', this.onFocus);
  }

  /** Mark the text as unconfirmed: journal it now, send it after `pause` ms. */
  private touch(pause: number): void {
    if (!this.dirty) {
      this.dirty = true;
      this.dirtySince = Date.now();
    }
    void this.note();
    const steady = Math.max(0, this.dirtySince + STEADY_MS - Date.now());
    this.schedule(this.failures > 0 ? retryDelay(this.failures, null) : Math.min(pause, steady));
  }

  private schedule(delay: number): void {
    if (this.disposed || (this.failures > 0 && this.pauseTimer !== null)) {
      return; // A retry is on its way; typing must not put it off.
    }
    this.clearTimer();
    this.pauseTimer = setTimeout(() => {
      this.pauseTimer = null;
      void this.flush();
    }, delay);
  }

  private clearTimer(): void {
    if (this.pauseTimer !== null) {
      clearTimeout(this.pauseTimer);
      this.pauseTimer = null;
    }
  }

  private note(): Promise<void> {
    return this.writer.run(() => this.journal.put(this.entry()));
  }

  private entry(): JournalEntry {
    const { code, version } = this.store.get();
    return {
      key: this.key,
      scope: this.client.scope,
      problem: this.problem,
      tab: this.tab,
      code,
      baseVersion: version,
      dirty: this.dirty,
      unanswered: this.dirty ? this.unanswered : [],
      at: Date.now()
    };
  }

  private async save(keepalive = false): Promise<void> {
    const { code, version, save } = this.store.get();
    if (save.kind === 'unsaved') {
      this.store.set({ save: { kind: 'saving' } });
    }
    const sent = wire(code);
    this.unanswered = [...this.unanswered.filter(one => one !== sent), sent].slice(-UNANSWERED);
    void this.note();
    try {
      const body = { code, base_version: version, client_id: this.tab };
      const saved = await this.client.saveDraft(this.problem, body, keepalive);
      this.failures = 0;
      this.unanswered = [];
      this.accepted(code, saved.version, saved.saved_at);
    } catch (error) {
      this.refusedOrAway(error, code);
    }
    await this.note();
  }

  private accepted(code: string, version: number, savedAt: string | null): void {
    if (this.store.get().code === code) {
      this.settle(version, savedAt);
    } else {
      // Typed on meanwhile: what was sent is safe, the rest follows.
      this.dirtySince = Date.now();
      this.store.set({ version, save: { kind: 'unsaved' } });
      this.schedule(PAUSE_MS);
    }
    this.announce({ problem_id: this.problem, code, version, saved_at: savedAt });
  }

  private settle(version: number, savedAt: string | null): void {
    this.dirty = false;
    this.store.set({ version, recovered: false, save: { kind: 'saved', at: savedAt } });
  }

  private refusedOrAway(error: unknown, sent: string): void {
    const current =
      error instanceof ApiError && error.status === 409 ? error.body['current'] : null;
    if (current === null || current === undefined) {
      this.fail(error);
      return;
    }
    this.failures = 0;
    const answer = { problem_id: this.problem, ...(current as Omit<Draft, 'problem_id'>) };
    const theirs = { ...answer, code: unixLines(answer.code) };
    if (this.unanswered.some(one => unixLines(one) === theirs.code)) {
      // Our own save, whose answer was lost on the way.
      this.unanswered = [];
      this.accepted(
        theirs.code === unixLines(wire(sent)) ? sent : theirs.code,
        theirs.version,
        theirs.saved_at
      );
      return;
    }
    this.store.set({
      save: { kind: 'conflict', conflict: { mine: this.store.get().code, theirs } }
    });
  }

  private fail(error: unknown): void {
    this.failures += 1;
    const final = error instanceof ApiError && error.status >= 400 && error.status < 500;
    const lostSession = final && (error.status === 401 || error.status === 403);
    this.store.set({
      save: { kind: final && !lostSession ? 'refused' : 'away', detail: spokenError(error) }
    });
    this.clearTimer();
    this.schedule(retryDelay(this.failures, error instanceof AwayError ? error.retryAfter : null));
  }

  private announce(draft: Draft): void {
    const announcement: Announcement = {
      scope: this.client.scope,
      problem: this.problem,
      from: this.tab,
      draft
    };
    this.channel?.postMessage(announcement);
  }

  /** Another tab saved. A tab with nothing of its own follows; one with unsaved text finds out when it saves. */
  private readonly onAnnouncement = (event: MessageEvent<Announcement>): void => {
    const { scope, problem, draft } = event.data;
    if (scope === this.client.scope && problem === this.problem) {
      this.follow(draft);
    }
  };

  private follow(draft: Draft): void {
    const { phase, version } = this.store.get();
    if (phase === 'ready' && !this.dirty && this.saving === null && draft.version > version) {
      this.store.set({
        code: unixLines(draft.code),
        version: draft.version,
        save: { kind: 'saved', at: draft.saved_at }
      });
      void this.note();
    }
  }

  private readonly onFocus = (): void => {
    if (Date.now() - this.refreshedAt < REFRESH_MS || this.store.get().phase !== 'ready') {
      return;
    }
    this.refreshedAt = Date.now();
    this.client.draft(this.problem).then(
      draft => {
        this.follow(draft);
      },
      () => undefined // The next save says whether the service is away.
    );
  };

  private readonly onBack = (): void => {
    if (this.failures > 0) {
      void this.flush();
    }
  };

  private readonly onVisibility = (): void => {
    if (document.visibilityState === 'hidden') {
      void this.flush();
    }
  };

  private readonly onLeave = (): void => {
    if (this.dirty) {
      this.journal.keepNow(this.entry());
    }
    if (this.dirty && this.store.get().save.kind !== 'conflict') {
      // Small drafts outlive the page this way; the journal has all of them.
      void this.save(true);
    }
  };
}

/** The editor's own line ends, so that text and editor always agree. */
function unixLines(code: string): string {
  return code.replace(/\r\n?/g, '\n');
}

function newest(entries: readonly JournalEntry[]): JournalEntry | null {
  return [...entries].sort((a, b) => b.at - a.at)[0] ?? null;
}
