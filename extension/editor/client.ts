/** The calls of the service's API, typed. */

import type {
  Draft,
  DraftVersion,
  Hints,
  Home,
  Page,
  Problem,
  ProblemSummary,
  Progress,
  RunResult,
  StressResult,
  Submission,
  SubmissionSummary
} from '../src/api/models';
import type { Transport } from './transport';
import { request } from './transport';

const part = encodeURIComponent;

/** Text that every database and parser can carry: pasted binary may hold lone surrogates and NULs. */
export function wire(code: string): string {
  return code.replace(
    /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|\0/g,
    '\uFFFD'
  );
}

export class GreenroomClient {
  constructor(readonly transport: Transport) {}

  get scope(): string {
    return this.transport.scope;
  }

  home(): Promise<Home> {
    return this.get('home');
  }

  progress(): Promise<Progress> {
    return this.get('progress');
  }

  /** All problems, page by page: lists are short enough to filter in the browser, where it is instant. */
  async problems(): Promise<ProblemSummary[]> {
    const all: ProblemSummary[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${part(cursor)}`;
      const page: Page<ProblemSummary> = await this.get(`problems?limit=200${query}`);
      all.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return all;
  }

  problem(id: string): Promise<Problem> {
    return this.get(`problems/${part(id)}`);
  }

  draft(problem: string): Promise<Draft> {
    return this.get(`drafts/${part(problem)}`);
  }

  saveDraft(
    problem: string,
    body: { code: string; base_version: number; client_id: string },
    keepalive = false
  ): Promise<{ version: number; saved_at: string }> {
    const sent = { ...body, code: wire(body.code) };
    return this.send('PUT', `drafts/${part(problem)}`, sent, { keepalive });
  }

  draftVersions(problem: string): Promise<Page<DraftVersion>> {
    return this.get(`drafts/${part(problem)}/versions?limit=50`);
  }

  draftVersion(problem: string, version: number): Promise<{ code: string }> {
    return this.get(`drafts/${part(problem)}/versions/${version}`);
  }

  submit(body: { problem_id: string; code: string; client_id: string }): Promise<Submission> {
    return this.send('POST', 'submissions', { ...body, code: wire(body.code) });
  }

  submission(id: string): Promise<Submission> {
    return this.get(`submissions/${part(id)}`);
  }

  submissions(problem: string): Promise<Page<SubmissionSummary>> {
    return this.get(`submissions?problem_id=${part(problem)}&limit=50`);
  }

  run(problem: string, code: string, inputs: readonly string[]): Promise<{ items: RunResult[] }> {
    return this.send('POST', 'runs', { problem_id: problem, code: wire(code), inputs });
  }

  stress(problem: string, code: string): Promise<StressResult> {
    return this.send('POST', 'stress', { problem_id: problem, code: wire(code) });
  }

  hints(problem: string): Promise<Hints> {
    return this.get(`hints/${part(problem)}`);
  }

  openHint(problem: string): Promise<Hints> {
    return this.send('POST', `hints/${part(problem)}`, {});
  }

  private get<T>(path: string): Promise<T> {
    return request<T>(this.transport, path);
  }

  private send<T>(method: string, path: string, body: object, init: RequestInit = {}): Promise<T> {
    return request<T>(this.transport, path, {
      ...init,
      method,
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' }
    });
  }
}
