/** The service as these tests have it: answers are put in line, calls are kept. */

import type { Transport } from '../editor/transport';

type Answer = Response | Error;

export class Line implements Transport {
  readonly scope = '/user/a/';
  readonly calls: { path: string; method: string; body: Record<string, unknown> | null }[] = [];
  private readonly answers: Answer[] = [];

  then(status: number, body: unknown = {}): this {
    this.answers.push(
      new Response(JSON.stringify(body), {
        status,
        headers: { 'Content-Type': 'application/json' }
      })
    );
    return this;
  }

  thenAway(): this {
    this.answers.push(new TypeError('failed to fetch'));
    return this;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const body =
      typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : null;
    this.calls.push({ path, method: init.method ?? 'GET', body });
    const answer = this.answers.shift() ?? new TypeError('nothing more in line');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}
