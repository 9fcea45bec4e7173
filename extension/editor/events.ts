/**
 * The student's own event stream, one per browser rather than per tab where the browser has locks: browsers allow few connections
 * to one address, and a dozen open tabs must not starve each other.
 */

import { createParser } from 'eventsource-parser';
import type { SubmissionEvent } from '../src/api/models';
import { retryDelay } from './draft-rules';
import type { Transport } from './transport';

type Listener = (event: SubmissionEvent) => void;

/** What came: a submission that moved on, or a sign that there are new notices. */
type Message = { kind: 'submission'; data: SubmissionEvent } | { kind: 'notice' };

export class EventFeed {
  private readonly listeners = new Set<Listener>();
  private readonly watchers = new Set<() => void>();
  private readonly channel: BroadcastChannel | null;
  private abort: AbortController | null = null;
  private lastId: string | null = null;
  private failures = 0;

  constructor(private readonly transport: Transport) {
    const name = `greenroom-events-${transport.scope}`;
    this.channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name);
    this.channel?.addEventListener('message', (message: MessageEvent<Message>) => {
      this.tell(message.data);
    });
  }

  /** Listen; the stream runs while anybody does. */
  listen(listener: Listener): () => void {
    return this.join(this.listeners, listener);
  }

  /** Be told when there are new notices, or some were read in another tab. */
  watchNotices(watcher: () => void): () => void {
    return this.join(this.watchers, watcher);
  }

  private join<T>(group: Set<T>, member: T): () => void {
    group.add(member);
    if (this.abort === null) {
      this.abort = new AbortController();
      void this.lead(this.abort.signal);
    }
    return () => {
      group.delete(member);
      if (this.listeners.size + this.watchers.size === 0) {
        this.abort?.abort();
        this.abort = null;
      }
    };
  }

  private async lead(signal: AbortSignal): Promise<void> {
    if (!('locks' in navigator)) {
      await this.follow(signal);
      return;
    }
    try {
      const name = `greenroom-events-${this.transport.scope}`;
      await navigator.locks.request(name, { signal }, () => this.follow(signal));
    } catch {
      // Aborted while another tab led.
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.stream(signal);
        this.failures = 0;
      } catch {
        this.failures += 1;
      }
      await pause(retryDelay(Math.max(1, this.failures), null), signal);
    }
  }

  private async stream(signal: AbortSignal): Promise<void> {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (this.lastId !== null) {
      headers['Last-Event-ID'] = this.lastId;
    }
    const response = await this.transport.fetch('events', { headers, signal });
    if (!response.ok || response.body === null) {
      throw new Error(`events answered ${response.status}`);
    }
    this.failures = 0;
    const parser = createParser({
      onEvent: event => {
        this.lastId = event.id ?? this.lastId;
        if (event.event === 'submission') {
          this.pass({ kind: 'submission', data: JSON.parse(event.data) as SubmissionEvent });
        } else if (event.event === 'notice') {
          this.pass({ kind: 'notice' });
        }
      }
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      parser.feed(value);
    }
  }

  /** Tell this tab and the others. */
  private pass(message: Message): void {
    this.tell(message);
    this.channel?.postMessage(message);
  }

  private tell(message: Message): void {
    if (message.kind === 'notice') {
      [...this.watchers].forEach(watcher => {
        watcher();
      });
      return;
    }
    for (const listener of [...this.listeners]) {
      listener(message.data);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
