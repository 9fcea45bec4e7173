"""What practice sends and takes over HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated

from fastapi import Path
from pydantic import Field, StringConstraints

from greenroom_problems import Difficulty, Kind, Verdict
from greenroom_service.practice.models import RejudgeState, State
from greenroom_service.practice.rules import MAX_CODE, MAX_DRAFT, ProblemState
from greenroom_service.web import Schema, Text

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
ProblemId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="A problem's id, e.g. two-sum")]
Code = Annotated[Text, StringConstraints(max_length=MAX_CODE)]
ClientId = Annotated[Text, StringConstraints(min_length=1, max_length=64)]


class ProblemSummary(Schema):
    """A problem in a list."""

    id: str
    title: str
    difficulty: Difficulty
    topics: list[str]
    kind: Kind
    state: ProblemState
    attempts: int


class ProblemPage(Schema):
    """A page of problems."""

    items: list[ProblemSummary]
    next: str | None


class ParameterOut(Schema):
    """A parameter of an entry point."""

    name: str
    annotation: str
    default: str | None


class SignatureOut(Schema):
    """A function or method that cases call."""

    name: str
    parameters: list[ParameterOut]
    returns: str
    is_async: bool


class EntryOut(Schema):
    """What the student's code must define."""

    name: str
    signatures: list[SignatureOut]


class ExampleOut(Schema):
    """A visible case."""

    call: str
    expected: str | None


class LimitsOut(Schema):
    """What one submission may use."""

    cpu_seconds: float
    memory_mb: int
    output_kb: int


class ProblemOut(Schema):
    """A problem, without anything that a student must not see."""

    id: str
    title: str
    difficulty: Difficulty
    topics: list[str]
    kind: Kind
    entry: EntryOut
    statement_md: str
    statement_html: str
    starter: str
    examples: list[ExampleOut]
    limits: LimitsOut
    complexity: str
    hints_total: int
    state: ProblemState
    attempts: int


class DraftOut(Schema):
    """The newest text; version 0 and the starter when nothing was saved yet."""

    problem_id: str
    code: str
    version: int
    saved_at: dt.datetime | None


class DraftIn(Schema):
    """A text to save, and what it was written on top of."""

    code: Annotated[Text, StringConstraints(max_length=MAX_DRAFT)]
    base_version: int = Field(ge=0, le=2**31 - 1)
    client_id: ClientId


class DraftSaved(Schema):
    """The version that now holds the text."""

    version: int
    saved_at: dt.datetime


class DraftVersionSummary(Schema):
    """A stored version in a list."""

    version: int
    saved_at: dt.datetime
    size: int


class DraftVersionPage(Schema):
    """A page of versions, newest first."""

    items: list[DraftVersionSummary]
    next: str | None


class SubmissionIn(Schema):
    """Code to be graded. Sending the same client_id again answers the first submission."""

    problem_id: Slug
    code: Code
    client_id: uuid.UUID


class CaseOut(Schema):
    """One case, cut to what the student may see."""

    index: int
    name: str
    visible: bool
    verdict: Verdict
    cpu_ms: float
    wall_ms: float
    call: str | None
    expected: str | None
    actual: str | None
    diff: str | None
    stdout: str
    traceback: str
    message: str


class GrowthPointOut(Schema):
    """One measured size."""

    size: int
    cpu_ms: float
    reference_ms: float


class GrowthOut(Schema):
    """How the running time grows with the input."""

    label: str
    target: str
    message: str
    points: list[GrowthPointOut]


class SubmissionSummary(Schema):
    """A submission in a list."""

    id: uuid.UUID
    problem_id: str
    user: str
    state: State
    verdict: Verdict | None
    short: str | None
    score: float | None
    max_score: float | None
    passed: int | None
    total: int | None
    cpu_ms: float | None
    created_at: dt.datetime
    finished_at: dt.datetime | None


class SubmissionPage(Schema):
    """A page of submissions, newest first."""

    items: list[SubmissionSummary]
    next: str | None


class SubmissionOut(SubmissionSummary):
    """A submission with everything that explains its verdict."""

    wall_ms: float | None
    memory_kb: int | None
    isolation: str | None
    message: str | None
    failing: CaseOut | None
    cases: list[CaseOut]
    growth: GrowthOut | None
    code: str


class RunIn(Schema):
    """Code and own inputs: Python literals of the arguments, e.g. ``[2, 7], 9``."""

    problem_id: Slug
    code: Code
    inputs: list[Annotated[Text, StringConstraints(max_length=10_000)]] = Field(min_length=1, max_length=20)


class RunOut(Schema):
    """One own input, answered by the student's code and by the reference."""

    call: str
    actual: str | None
    expected: str | None
    verdict: Verdict | None
    stdout: str
    traceback: str
    message: str
    cpu_ms: float


class RunPage(Schema):
    """The answers in the order of the inputs."""

    items: list[RunOut]


class StressIn(Schema):
    """Code to be compared with the reference on random inputs."""

    problem_id: Slug
    code: Code


class StressOut(Schema):
    """Whether a difference was found, after how many inputs, and the smallest one."""

    found: bool
    tried: int
    case: CaseOut | None
    message: str


class HintOut(Schema):
    """An opened hint."""

    step: int
    text: str


class HintsOut(Schema):
    """The opened hints, and whether the next may be opened."""

    opened: list[HintOut]
    total: int
    next_available: bool
    why: str


class TopicProgress(Schema):
    """Progress within a topic."""

    topic: str
    total: int
    tried: int
    solved: int


class DayProgress(Schema):
    """Submissions on one day of the student's calendar."""

    date: dt.date
    submissions: int
    accepted: int


class ProgressOut(Schema):
    """How far the caller is."""

    solved: int
    tried: int
    total: int
    by_topic: list[TopicProgress]
    recent: list[SubmissionSummary]
    days: list[DayProgress]


class Suggested(Schema):
    """A problem to do next, and why."""

    problem: ProblemSummary
    reason: str


class ProgressSummary(Schema):
    """Totals only."""

    solved: int
    tried: int
    total: int


class HomeOut(Schema):
    """What to go on with, what to do next, how far."""

    # `continue` is the word of the API and a keyword of Python.
    to_continue: list[ProblemSummary] = Field(alias="continue")
    next: list[Suggested]
    progress: ProgressSummary


class RejudgeIn(Schema):
    """Judge every submission of a problem again."""

    problem_id: Slug
    reason: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class RejudgeOut(Schema):
    """A rejudge and how far it is."""

    id: uuid.UUID
    problem_id: str
    state: RejudgeState
    reason: str
    created_by: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    total: int
    judged: int
    changed: int


class RejudgePage(Schema):
    """A page of rejudges, newest first."""

    items: list[RejudgeOut]
    next: str | None


class RejudgeChange(Schema):
    """A verdict or a score that would change."""

    submission_id: uuid.UUID
    user: str
    old_verdict: Verdict
    old_score: float
    new_verdict: Verdict
    new_score: float


class RejudgeChangePage(Schema):
    """A page of changes."""

    items: list[RejudgeChange]
    next: str | None


class HistoryEntry(Schema):
    """A verdict that a rejudge replaced."""

    verdict: Verdict
    score: float
    digest: str | None
    rejudge_id: uuid.UUID
    replaced_at: dt.datetime


class HistoryOut(Schema):
    """Earlier verdicts of a submission, newest first."""

    items: list[HistoryEntry]
