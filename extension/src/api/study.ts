/** The calls of the student's own place: today's list, sheets, reviews, bookmarks, notes, goals, notices, export and leaving. */

import type { Transport } from '../../editor/transport';
import { ApiError, AwayError, request } from '../../editor/transport';
import type { Workspace } from '../../editor/workspace';
import type {
  Activity,
  Goal,
  Home,
  Leaving,
  Learning,
  Me,
  MeChange,
  Note,
  NoticePage,
  OpenReview,
  Page,
  Rating,
  RatingState,
  ReviewPage,
  Sheet,
  SheetSummary
} from './models';

const part = encodeURIComponent;

export class StudyClient {
  constructor(private readonly transport: Transport) {}

  home(): Promise<Home> {
    return this.get('home');
  }

  me(): Promise<Me> {
    return this.get('me');
  }

  changeMe(change: MeChange): Promise<Me> {
    return this.send('PATCH', 'me', change);
  }

  async sheets(): Promise<SheetSummary[]> {
    return (await this.get<{ items: SheetSummary[] }>('sheets')).items;
  }

  sheet(id: string): Promise<Sheet> {
    return this.get(`sheets/${part(id)}`);
  }

  reviews(): Promise<ReviewPage> {
    return this.get('reviews?upcoming=true&limit=100');
  }

  /** Begin a review, or go on with the one that is open. */
  beginReview(problem: string): Promise<OpenReview> {
    return this.send('POST', 'reviews', { problem_id: problem });
  }

  rating(problem: string): Promise<RatingState> {
    return this.get(`ratings/${part(problem)}`);
  }

  rate(problem: string, rating: Rating): Promise<RatingState> {
    return this.send('PUT', `ratings/${part(problem)}`, { rating });
  }

  bookmarks(): Promise<Set<string>> {
    return this.ids('bookmarks');
  }

  bookmark(problem: string, on: boolean): Promise<unknown> {
    return this.send(on ? 'PUT' : 'DELETE', `bookmarks/${part(problem)}`, null);
  }

  /** Ids of the problems with a note. */
  noted(): Promise<Set<string>> {
    return this.ids('notes');
  }

  note(problem: string): Promise<Note> {
    return this.get(`notes/${part(problem)}`);
  }

  writeNote(problem: string, text: string, baseVersion: number): Promise<Note> {
    return this.send('PUT', `notes/${part(problem)}`, { text, base_version: baseVersion }, true);
  }

  activity(): Promise<Activity> {
    return this.get('activity');
  }

  setGoal(goal: Goal): Promise<unknown> {
    return this.send('PUT', 'goal', goal);
  }

  learning(): Promise<Learning> {
    return this.get('progress/learning');
  }

  notices(cursor: string | null): Promise<NoticePage> {
    return this.get(`notices?limit=50${cursor === null ? '' : `&cursor=${part(cursor)}`}`);
  }

  /** Mark notices as read, all of them for null. */
  readNotices(ids: string[] | null): Promise<{ unread: number }> {
    return this.send('POST', 'notices/read', ids === null ? {} : { ids });
  }

  leaving(): Promise<Leaving> {
    return this.get('me/leaving');
  }

  /** Have everything deleted after the delay; `confirm` is the student's own user name. */
  leave(confirm: string): Promise<Leaving> {
    return this.send('POST', 'me/leaving', { confirm });
  }

  stay(): Promise<unknown> {
    return this.send('DELETE', 'me/leaving', null);
  }

  /** Everything about the student as one zip, and the name that the service gives it. */
  async export(): Promise<{ name: string; data: Blob }> {
    let response: Response;
    try {
      response = await this.transport.fetch('me/export');
    } catch {
      throw new AwayError('The service cannot be reached.');
    }
    if (!response.ok) {
      throw new ApiError(response.status, 'The export could not be made. Nothing is lost.', {});
    }
    const told = /filename="?([^";]+)"?/.exec(response.headers.get('Content-Disposition') ?? '');
    return { name: told?.[1] ?? 'greenroom.zip', data: await response.blob() };
  }

  /** The problems that a list names, page by page. */
  private async ids(list: string): Promise<Set<string>> {
    const all = new Set<string>();
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${part(cursor)}`;
      const page: Page<{ problem_id: string }> = await this.get(`${list}?limit=200${query}`);
      page.items.forEach(item => all.add(item.problem_id));
      cursor = page.next;
    } while (cursor !== null);
    return all;
  }

  private get<T>(path: string): Promise<T> {
    return request<T>(this.transport, path);
  }

  private send<T>(
    method: string,
    path: string,
    body: object | null,
    keepalive = false
  ): Promise<T> {
    return request<T>(this.transport, path, {
      method,
      keepalive,
      ...(body === null
        ? {}
        : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } })
    });
  }
}

const clients = new WeakMap<Workspace, StudyClient>();

/** The one client of a page. */
export function studyOf(workspace: Workspace): StudyClient {
  const known = clients.get(workspace) ?? new StudyClient(workspace.client.transport);
  clients.set(workspace, known);
  return known;
}
