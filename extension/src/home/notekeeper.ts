/** Keeps one private note: saved after a pause and when it is left, never over what another tab has saved. */

import { Store } from '../../editor/store';
import { ApiError, spokenError } from '../../editor/transport';

/** A note as the service has it; version 0 is none. */
export interface StoredNote {
  text: string;
  version: number;
}

export interface NoteState {
  /** What stands in the box. */
  text: string;
  save: 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict';
  /** Why it is not saved. */
  detail: string;
  /** What another tab saved meanwhile. */
  theirs: StoredNote | null;
}

/** Writes a note on top of a version. Throws ApiError 409 with `current` when another one is stored. */
export type WriteNote = (text: string, baseVersion: number) => Promise<StoredNote>;

const PAUSE_MS = 800;
const RETRY_MS = 5000;

export class NoteKeeper {
  readonly store: Store<NoteState>;
  private version: number;
  private stored: string;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;

  constructor(
    note: StoredNote,
    private readonly write: WriteNote
  ) {
    this.version = note.version;
    this.stored = note.text;
    this.store = new Store<NoteState>({ text: note.text, save: 'saved', detail: '', theirs: null });
  }

  type(text: string): void {
    const conflict = this.store.get().save === 'conflict';
    this.store.set(conflict ? { text } : { text, save: 'waiting', detail: '' });
    this.later(PAUSE_MS);
  }

  /** Save now what is not saved yet: the box was left, or the page goes. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    await this.running;
    const { text, save } = this.store.get();
    if (save === 'conflict') {
      return;
    }
    if (text === this.stored) {
      this.store.set({ save: 'saved', detail: '' });
      return;
    }
    this.running = this.save(text);
    await this.running;
    this.running = null;
  }

  /** End a conflict: keep what stands in the box, or take what the other tab saved. */
  async resolve(keep: 'mine' | 'theirs'): Promise<void> {
    const { theirs, text } = this.store.get();
    if (theirs === null) {
      return;
    }
    this.version = theirs.version;
    this.stored = theirs.text;
    this.store.set({
      text: keep === 'mine' ? text : theirs.text,
      theirs: null,
      save: 'waiting',
      detail: ''
    });
    await this.flush();
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private async save(text: string): Promise<void> {
    this.store.set({ save: 'saving' });
    try {
      const { version } = await this.write(text, this.version);
      this.version = version;
      this.stored = text;
      const typedOn = this.store.get().text !== text;
      this.store.set({ save: typedOn ? 'waiting' : 'saved', detail: '' });
    } catch (error) {
      const theirs = conflicting(error);
      if (theirs !== null) {
        this.store.set({ save: 'conflict', theirs });
        return;
      }
      this.store.set({ save: 'failed', detail: spokenError(error) });
      if (!(error instanceof ApiError)) {
        this.later(RETRY_MS);
      }
    }
  }
}

/** What the service holds instead, when it refused a note for that. */
function conflicting(error: unknown): StoredNote | null {
  if (!(error instanceof ApiError) || error.status !== 409) {
    return null;
  }
  const current = error.body['current'] as Partial<StoredNote> | undefined;
  return typeof current?.text === 'string' && typeof current.version === 'number'
    ? { text: current.text, version: current.version }
    : null;
}
