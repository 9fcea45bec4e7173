/** What Home's parts need of the place that shows them. */

import type { StudyClient } from '../api/study';

export interface Look {
  hideDifficulty: boolean;
  hideTopics: boolean;
}

/** The other places that Home leads to. */
export interface Ways {
  problem: (id: string) => void;
  review: (id: string) => void;
  progress: () => void;
  notices: () => void;
  account: () => void;
}

export interface Parts {
  study: StudyClient;
  ways: Ways;
  look: Look;
}
