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
export type TodayLine = Schemas['TodayLine'];
export type LineKind = Schemas['LineKind'];
export type SheetSummary = Schemas['SheetSummary'];
export type Sheet = Schemas['SheetOut'];
export type SheetEntry = Schemas['SheetEntryOut'];
export type Rating = Schemas['Rating'];
export type RatingState = Schemas['RatingOut'];
export type ReviewPage = Schemas['ReviewPage'];
export type ReviewItem = Schemas['ReviewItem'];
export type OpenReview = Schemas['ReviewOut'];
export type Note = Schemas['NoteOut'];
export type Goal = Schemas['GoalIn'];
export type Week = Schemas['WeekOut'];
export type Activity = Schemas['ActivityOut'];
export type ActivityDay = Schemas['ActivityDay'];
export type Learning = Schemas['LearningOut'];
export type TopicMastery = Schemas['TopicMastery'];
export type Solve = Schemas['SolveOut'];
export type RetentionMonth = Schemas['RetentionMonth'];
export type Notice = Schemas['NoticeOut'];
export type NoticePage = Schemas['NoticePage'];
export type Me = Schemas['Me'];
export type MeChange = Partial<Pick<Me, 'time_zone' | 'hide_difficulty' | 'hide_topics'>>;
export type Leaving = Schemas['LeavingOut'];

/** What the event stream tells of a submission; streams have no schema in OpenAPI. */
export type SubmissionEvent = Pick<Submission, 'id' | 'problem_id' | 'state' | 'verdict' | 'short'>;
