/** How calls reach the service, and what can go wrong on the way. */

/** Sends one call; `path` starts after `v1/`. Implemented over JupyterLab's connection and over plain fetch. */
export interface Transport {
  /** Names whose data this is (the server's base URL), so that two users of one browser never share a journal. */
  readonly scope: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** The service answered, and the answer is no. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** One sentence for the student: what happened and what to do. */
    readonly detail: string,
    readonly body: Readonly<Record<string, unknown>>
  ) {
    super(detail);
    this.name = 'ApiError';
  }
}

/** Nobody answered, or an answer said that the service is away; the call may be sent again as it was. */
export class AwayError extends Error {
  constructor(
    readonly detail: string,
    /** Seconds to wait, when the service said so. */
    readonly retryAfter: number | null = null
  ) {
    super(detail);
    this.name = 'AwayError';
  }
}

const AWAY_STATUS = new Set([0, 429, 502, 503, 504]);

/** Send a call and read its JSON answer. Throws ApiError or AwayError, nothing else but an abort. */
export async function request<T>(
  transport: Transport,
  path: string,
  init: RequestInit = {}
): Promise<T> {
  let response: Response;
  try {
    response = await transport.fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) {
      throw error;
    }
    throw new AwayError('The service cannot be reached.');
  }
  if (response.ok) {
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
  throw await refusal(response);
}

async function refusal(response: Response): Promise<ApiError | AwayError> {
  let body: Record<string, unknown> = {};
  try {
    body = (await response.json()) as Record<string, unknown>;
  } catch {
    // Not JSON: a proxy's own page. The status says enough.
  }
  const detail = typeof body['detail'] === 'string' ? body['detail'] : spoken(response.status);
  if (AWAY_STATUS.has(response.status)) {
    const seconds = Number(response.headers.get('Retry-After'));
    return new AwayError(detail, seconds > 0 ? seconds : null);
  }
  return new ApiError(response.status, detail, body);
}

function spoken(status: number): string {
  if (status === 401 || status === 403) {
    return 'Your session has ended. Sign in again in another tab; your work is kept here.';
  }
  return `The service answered with status ${status}.`;
}

/** What to tell the student about any failure. */
export function spokenError(error: unknown): string {
  return error instanceof ApiError || error instanceof AwayError
    ? error.detail
    : 'Something unexpected happened. Your work is kept in this browser.';
}
