/**
 * The student's own event stream, one per browser rather than per tab where the browser has locks: browsers allow few connections
 * to one address, and a dozen open tabs must not starve each other.
 */

import { createParser } from 'eventsource-parser';
import type { SubmissionEvent } from '../src/api/models';
import { retryDelay } from './draft-rules';
import type { Transport } from './transport';

type Listener = (event: SubmissionEvent) => void;

export class EventFeed {
  private readonly listeners = new Set<Listener>();
  private readonly channel: BroadcastChannel | null;
  private abort: AbortController | null = null;
  private lastId: string | null = null;
  private failures = 0;

  constructor(private readonly transport: Transport) {
    const name = `greenroom-events-${transport.scope}`;
    this.channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name);
    this.channel?.addEventListener('message', (message: MessageEvent<SubmissionEvent>) => {
      this.tell(message.data);
    });
  }

  /** Listen; the stream runs while anybody does. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    if (this.abort === null) {
      this.abort = new AbortController();
      void this.lead(this.abort.signal);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) {
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
          const data = JSON.parse(event.data) as SubmissionEvent;
          this.tell(data);
          this.channel?.postMessage(data);
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

  private tell(event: SubmissionEvent): void {
    for (const listener of [...this.listeners]) {
      listener(event);
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
