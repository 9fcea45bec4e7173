/** The service as an editor of one review sees it: drafts lie in the review's own space, so that the old solution stays as it was. */

import type { Transport } from '../../editor/transport';

export class ReviewTransport implements Transport {
  constructor(
    private readonly inner: Transport,
    private readonly review: string
  ) {}

  /** Another name than the page's own, so that the browser's journal keeps the two drafts of a problem apart. */
  get scope(): string {
    return `${this.inner.scope}#review-${this.review}`;
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return this.inner.fetch(inReview(path, this.review), init);
  }
}

/** `drafts/two-sum` as it is addressed within a review; every other path as it is. */
export function inReview(path: string, review: string): string {
  if (!path.startsWith('drafts/')) {
    return path;
  }
  return `${path}${path.includes('?') ? '&' : '?'}review=${encodeURIComponent(review)}`;
}
