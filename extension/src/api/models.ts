/** What crosses HTTP, by the names that the panels use; the shapes are generated from the service's OpenAPI. */

import type { components } from './openapi';

type Schemas = components['schemas'];

export type Verdict = Schemas['Verdict'];
export type Difficulty = Schemas['Difficulty'];
export type ProblemState = Schemas['ProblemState'];

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type ProblemSummary = Schemas['ProblemSummary'];
export type Problem = Schemas['ProblemOut'];
export type Draft = Schemas['DraftOut'];
export type DraftSaved = Schemas['DraftSaved'];
export type DraftVersion = Schemas['DraftVersionSummary'];
export type CaseReport = Schemas['CaseOut'];
export type GrowthPoint = Schemas['GrowthPointOut'];
export type Growth = Schemas['GrowthOut'];
export type SubmissionSummary = Schemas['SubmissionSummary'];
export type Submission = Schemas['SubmissionOut'];
export type RunResult = Schemas['RunOut'];
export type StressResult = Schemas['StressOut'];
export type Hints = Schemas['HintsOut'];
export type Progress = Schemas['ProgressOut'];
export type Home = Schemas['HomeOut'];

/** What the event stream tells of a submission; streams have no schema in OpenAPI. */
export type SubmissionEvent = Pick<Submission, 'id' | 'problem_id' | 'state' | 'verdict' | 'short'>;
