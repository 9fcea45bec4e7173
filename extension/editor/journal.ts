/**
 * What this browser keeps on its own (IndexedDB), so that no typed character depends on the network: the newest text of each
 * tab's drafts, the undo history, and submissions that are waiting to be sent.
 */

import type { DBSchema, IDBPDatabase } from 'idb';
import { openDB } from 'idb';
import type { Problem } from '../src/api/models';

export interface JournalEntry {
  /** `scope|problem|tab` */
  key: string;
  scope: string;
  problem: string;
  tab: string;
  code: string;
  /** Version of the stored draft that this text grew from. */
  baseVersion: number;
  /** Whether the service has not confirmed this text yet. */
  dirty: boolean;
  /** Texts that were sent and never answered: the service may hold any of them. Absent in entries of earlier releases. */
  unanswered?: readonly string[];
  /** Milliseconds since the epoch. */
  at: number;
}

export interface UndoEntry {
  key: string;
  /** The text that the history belongs to; with any other text it is useless. */
  code: string;
  state: unknown;
}

export interface WaitingSubmission {
  clientId: string;
  scope: string;
  problem: string;
  code: string;
  at: number;
}

interface Tables extends DBSchema {
  drafts: { key: string; value: JournalEntry; indexes: { problem: [string, string] } };
  undo: { key: string; value: UndoEntry };
  waiting: { key: string; value: WaitingSubmission; indexes: { scope: string } };
  /** Problems that were opened here, by `scope|id`: an editor can be opened while the service is away. */
  problems: { key: string; value: Problem };
}

export class Journal {
  private database: Promise<IDBPDatabase<Tables>> | null = null;

  constructor(private readonly name = 'greenroom') {}

  async entries(scope: string, problem: string): Promise<JournalEntry[]> {
    const written = await this.with(
      async database => database.getAllFromIndex('drafts', 'problem', [scope, problem]),
      []
    );
    const last = lastWords().filter(entry => entry.scope === scope && entry.problem === problem);
    const newer = last.filter(
      entry => !written.some(one => one.key === entry.key && one.at > entry.at)
    );
    return [...written.filter(one => !newer.some(entry => entry.key === one.key)), ...newer];
  }

  /** Keep an entry before this returns: a page that goes away waits for nothing, and drops writes that are under way. */
  keepNow(entry: JournalEntry): void {
    try {
      localStorage.setItem(`${LAST_WORDS}${entry.key}`, JSON.stringify(entry));
    } catch {
      // Full or forbidden: what was written before, and the save that is sent now, have to do.
    }
  }

  async put(entry: JournalEntry): Promise<void> {
    const put = await this.with(async database => database.put('drafts', entry), null);
    if (put !== null) {
      forget(entry.key, entry.at);
    }
  }

  async remove(key: string): Promise<void> {
    await this.with(async database => database.delete('drafts', key), undefined);
    forget(key, Infinity);
  }

  undo(key: string): Promise<UndoEntry | undefined> {
    return this.with(async database => database.get('undo', key), undefined);
  }

  async putUndo(entry: UndoEntry): Promise<void> {
    await this.with(async database => database.put('undo', entry), '');
  }

  waiting(scope: string): Promise<WaitingSubmission[]> {
    return this.with(async database => database.getAllFromIndex('waiting', 'scope', scope), []);
  }

  async addWaiting(entry: WaitingSubmission): Promise<void> {
    await this.with(async database => database.put('waiting', entry), '');
  }

  async removeWaiting(clientId: string): Promise<void> {
    await this.with(async database => database.delete('waiting', clientId), undefined);
  }

  problem(scope: string, id: string): Promise<Problem | undefined> {
    return this.with(async database => database.get('problems', `${scope}|${id}`), undefined);
  }

  async putProblem(scope: string, problem: Problem): Promise<void> {
    await this.with(
      async database => database.put('problems', problem, `${scope}|${problem.id}`),
      ''
    );
  }

  /** Browsers may forbid IndexedDB (some private windows): then the service alone keeps drafts. */
  private async with<T>(
    work: (database: IDBPDatabase<Tables>) => Promise<T>,
    without: T
  ): Promise<T> {
    try {
      this.database ??= openDB<Tables>(this.name, 2, {
        upgrade(database, before) {
          if (before < 1) {
            const drafts = database.createObjectStore('drafts', { keyPath: 'key' });
            drafts.createIndex('problem', ['scope', 'problem']);
            database.createObjectStore('undo', { keyPath: 'key' });
            const waiting = database.createObjectStore('waiting', { keyPath: 'clientId' });
            waiting.createIndex('scope', 'scope');
          }
          database.createObjectStore('problems');
        },
        // A newer release in another tab waits for this one to let go; the next write opens it again.
        blocking: () => {
          void this.database?.then(database => {
            database.close();
          });
          this.database = null;
        }
      });
      return await work(await this.database);
    } catch (error) {
      console.warn('greenroom: the local journal is not available', error);
      this.database = null;
      return without;
    }
  }
}

const LAST_WORDS = 'greenroom-draft:';

/** What pages kept at the moment that they went away. */
function lastWords(): JournalEntry[] {
  try {
    return Object.keys(localStorage)
      .filter(key => key.startsWith(LAST_WORDS))
      .map(key => JSON.parse(localStorage.getItem(key) ?? '') as JournalEntry);
  } catch {
    return [];
  }
}

/** Forget last words that are no newer than `until`. */
function forget(key: string, until: number): void {
  try {
    const kept = localStorage.getItem(`${LAST_WORDS}${key}`);
    if (kept !== null && (JSON.parse(kept) as JournalEntry).at <= until) {
      localStorage.removeItem(`${LAST_WORDS}${key}`);
    }
  } catch {
    // Forbidden: then nothing is kept there either.
  }
}

/** Runs one write at a time and drops all but the newest of those that wait. */
export class Latest {
  private running: Promise<void> | null = null;
  private next: (() => Promise<void>) | null = null;

  run(write: () => Promise<void>): Promise<void> {
    this.next = write;
    this.running ??= this.drain();
    return this.running;
  }

  private async drain(): Promise<void> {
    while (this.next !== null) {
      const write = this.next;
      this.next = null;
      await write();
    }
    this.running = null;
  }
}

const TAB_KEY = 'greenroom-tab';

/**
 * Claim an id for this tab: the same after a reload, another in every other tab, a duplicated one included. Where the browser
 * has locks, the id is held for as long as the tab lives.
 */
export async function claimTab(make: () => string): Promise<string> {
  const known = read();
  if (known !== null && (await hold(known))) {
    return known;
  }
  const fresh = make();
  await hold(fresh);
  try {
    sessionStorage.setItem(TAB_KEY, fresh);
  } catch {
    // Without session storage the tab is a new one after a reload; its drafts are found all the same.
  }
  return fresh;
}

function read(): string | null {
  try {
    return sessionStorage.getItem(TAB_KEY);
  } catch {
    return null;
  }
}

function hold(tab: string): Promise<boolean> {
  if (!('locks' in navigator)) {
    return Promise.resolve(true);
  }
  return new Promise(resolve => {
    void navigator.locks.request(`greenroom-tab-${tab}`, { ifAvailable: true }, lock => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<never>(() => undefined);
    });
  });
}

/** The tabs that live now; null where the browser cannot tell. */
export async function livingTabs(): Promise<Set<string> | null> {
  if (!('locks' in navigator)) {
    return null;
  }
  const { held = [] } = await navigator.locks.query();
  const names = held.map(lock => lock.name ?? '');
  return new Set(
    names
      .filter(name => name.startsWith('greenroom-tab-'))
      .map(name => name.slice('greenroom-tab-'.length))
  );
}
