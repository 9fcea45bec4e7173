/** What crosses HTTP, by the names of the service's API. */

export type Verdict =
  | 'accepted'
  | 'wrong_answer'
  | 'time_limit'
  | 'memory_limit'
  | 'output_limit'
  | 'runtime_error'
  | 'syntax_error'
  | 'internal_error';
export type Difficulty = 'easy' | 'medium' | 'hard';
export type ProblemState = 'new' | 'tried' | 'solved';

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface ProblemSummary {
  id: string;
  title: string;
  difficulty: Difficulty;
  topics: string[];
  kind: 'function' | 'class' | 'cells';
  state: ProblemState;
  attempts: number;
}

export interface Parameter {
  name: string;
  annotation: string;
  default?: string | null;
}

export interface Signature {
  name: string;
  parameters: Parameter[];
  returns: string;
}

export interface Example {
  call: string;
  expected: string | null;
}

export interface Problem extends ProblemSummary {
  entry: { name: string; signatures: Signature[] };
  statement_md: string;
  statement_html: string;
  starter: string;
  examples: Example[];
  complexity: string;
  hints_total: number;
}

export interface Draft {
  problem_id: string;
  code: string;
  version: number;
  saved_at: string | null;
}

export interface DraftVersion {
  version: number;
  saved_at: string;
  size: number;
}

export interface CaseReport {
  index: number;
  name: string;
  visible: boolean;
  verdict: Verdict;
  cpu_ms: number;
  wall_ms: number;
  call: string | null;
  expected: string | null;
  actual: string | null;
  diff: string | null;
  stdout: string;
  traceback: string;
  message: string;
}

export interface GrowthPoint {
  size: number;
  cpu_ms: number;
  reference_ms: number;
}

export interface Growth {
  label: string;
  target: string;
  message: string;
  points: GrowthPoint[];
}

export interface SubmissionSummary {
  id: string;
  problem_id: string;
  state: 'queued' | 'running' | 'final';
  verdict: Verdict | null;
  short: string | null;
  passed: number | null;
  total: number | null;
  cpu_ms: number | null;
  created_at: string;
  finished_at: string | null;
}

export interface Submission extends SubmissionSummary {
  score: number | null;
  max_score: number | null;
  memory_kb: number | null;
  isolation: string | null;
  message: string | null;
  failing: CaseReport | null;
  cases: CaseReport[];
  growth: Growth | null;
  code: string;
}

export interface RunResult {
  call: string | null;
  actual: string | null;
  expected: string | null;
  verdict: Verdict;
  stdout: string;
  traceback: string;
  message: string;
  cpu_ms: number;
}

export interface StressResult {
  found: boolean;
  tried: number;
  case: CaseReport | null;
}

export interface Hints {
  opened: { step: number; text: string }[];
  total: number;
  next_available: boolean;
  why: string;
}

export interface Progress {
  solved: number;
  tried: number;
  total: number;
  by_topic: { topic: string; total: number; tried: number; solved: number }[];
  recent: SubmissionSummary[];
  days: { date: string; submissions: number; accepted: number }[];
}

export interface Home {
  continue: ProblemSummary[];
  next: { problem: ProblemSummary; reason: string }[];
  progress: { solved: number; tried: number; total: number };
}

export interface SubmissionEvent {
  id: string;
  problem_id: string;
  state: 'queued' | 'running' | 'final';
  verdict: Verdict | null;
  short: string | null;
}
