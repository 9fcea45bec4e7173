/** The rating that is offered below an accepted verdict, loaded when it is first needed. */

import type { JSX } from 'react';
import type { Workspace } from '../../editor/workspace';
import { onDemand } from '../ui/onDemand';

const RatingBelow = onDemand(async () => (await import('./RatingOffer')).RatingBelow, 1);

export function offerRating(workspace: Workspace, problem: string): JSX.Element {
  return <RatingBelow workspace={workspace} problem={problem} />;
}
