/** What all editors of one page share: the client, the journal, the event stream, and one session per problem. */

import { QueryClient } from '@tanstack/react-query';
import { v4 as uuid } from 'uuid';
import type { Problem } from '../src/api/models';
import { Attempt } from './attempt';
import { GreenroomClient } from './client';
import { DraftSession } from './draft';
import { EventFeed } from './events';
import { claimTab, Journal } from './journal';
import type { Transport } from './transport';
import { ApiError, AwayError } from './transport';

/** A problem as it is worked on in this page. */
export interface Work {
  draft: DraftSession;
  attempt: Attempt;
}

interface Entry {
  work: Promise<Work>;
  users: number;
}

export class Workspace {
  readonly client: GreenroomClient;
  readonly journal = new Journal();
  readonly events: EventFeed;
  readonly queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // A refusal stays a refusal; an outage is tried again while the panel shows its offline state.
        retry: (failures, error) => !(error instanceof ApiError) && failures < 3
      }
    }
  });
  private readonly tab = claimTab(uuid);
  private readonly open = new Map<string, Entry>();

  /** A workspace that differs from another of the page only in where its drafts lie shares that one's stream of events. */
  constructor(transport: Transport, events: EventFeed = new EventFeed(transport)) {
    this.client = new GreenroomClient(transport);
    this.events = events;
    // Whoever watches lists and progress sees a verdict at once, wherever it was asked for.
    this.events.listen(event => {
      if (event.state === 'final') {
        this.changed(event.problem_id);
      }
    });
  }

  /** A problem as the service has it; while it is away, as it was when it was last opened in this browser. */
  async problem(id: string): Promise<Problem> {
    try {
      const problem = await this.client.problem(id);
      void this.journal.putProblem(this.client.scope, problem);
      return problem;
    } catch (error) {
      const kept =
        error instanceof AwayError ? await this.journal.problem(this.client.scope, id) : undefined;
      if (kept === undefined) {
        throw error;
      }
      return kept;
    }
  }

  /** Begin to work on a problem, or join the work that is under way; `done` must be called once. */
  enter(problem: string): { work: Promise<Work>; done: () => void } {
    const entry = this.open.get(problem) ?? { work: this.start(problem), users: 0 };
    this.open.set(problem, entry);
    entry.users += 1;
    return {
      work: entry.work,
      done: () => {
        entry.users -= 1;
        void this.leave(problem, entry);
      }
    };
  }

  /** Nobody shows the problem any more: let go of it once the service has all that was typed and submitted. */
  private async leave(problem: string, entry: Entry): Promise<void> {
    const { draft, attempt } = await entry.work;
    void draft.flush();
    const letGo = (): void => {
      if (entry.users === 0 && this.open.get(problem) === entry) {
        if (!draft.settled || attempt.busy) {
          return;
        }
        this.open.delete(problem);
        draft.dispose();
        attempt.dispose();
      }
      // Let go of, or taken up again.
      off.forEach(stop => {
        stop();
      });
    };
    const off = [draft.store.subscribe(letGo), attempt.store.subscribe(letGo)];
    letGo();
  }

  /** A submission of `problem` is final: what counts it is stale. */
  changed(problem: string): void {
    for (const queryKey of [
      ['home'],
      ['progress'],
      ['problems'],
      ['submissions', problem],
      ['hints', problem]
    ]) {
      void this.queries.invalidateQueries({ queryKey });
    }
  }

  private async start(problem: string): Promise<Work> {
    const draft = new DraftSession(this.client, this.journal, await this.tab, problem);
    const attempt = new Attempt(this.client, this.journal, this.events, uuid, problem);
    await draft.load();
    void attempt.resume();
    return { draft, attempt };
  }
}
