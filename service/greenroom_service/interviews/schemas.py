"""What crosses HTTP about interviews."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from greenroom_service.interviews.models import ReportState, TurnState
from greenroom_service.interviews.phases import ClockState, Kind
from greenroom_service.practice.schemas import Slug
from greenroom_service.web import Schema, Text

Said = Annotated[Text, StringConstraints(max_length=8000)]
Level = Annotated[int, Field(ge=1, le=4)]


class InterviewIn(Schema):
    """An interview to begin."""

    #: Chosen by the client; the same one again begins nothing new.
    client_id: uuid.UUID
    kind: Kind
    #: A problem's id for coding, else a scenario's.
    subject: Slug
    minutes: Literal[20, 45, 60]
    #: Let the script ask although Claude could.
    scripted: bool = False


class TurnIn(Schema):
    """What the candidate says."""

    #: Chosen by the client; the same one again is the same turn, paid once.
    client_id: uuid.UUID
    #: May be empty after a reply that was lost or stopped.
    text: Said


class ClockOut(Schema):
    """Time and phase."""

    phase: str
    #: ``report`` when this is the last one.
    next_phase: str
    phases: list[str]
    clock: ClockState
    elapsed_seconds: float
    remaining_seconds: float
    pause_used: bool


class InterviewOut(Schema):
    """One interview."""

    id: uuid.UUID
    kind: Kind
    subject: str
    title: str
    minutes: int
    #: ``claude`` or ``script``; the panel says which.
    interviewer: Literal["claude", "script"]
    #: Said above a scripted interview; empty otherwise.
    label: str
    clock: ClockOut
    hints_given: int
    hints_total: int
    #: The turn that is being answered, None when none is.
    running_turn: int | None
    report: ReportState
    created_at: dt.datetime
    ended_at: dt.datetime | None


class InterviewPage(Schema):
    """A page of interviews, newest first."""

    items: list[InterviewOut]
    next: str | None


class MessageOut(Schema):
    """Something that was said or happened; only what is final."""

    turn: int
    author: Literal["candidate", "interviewer", "record"]
    phase: str
    text: str
    #: For a record: hint, verdict, phase, fault, evidence.
    event: str | None
    at: dt.datetime


class MessagesOut(Schema):
    """The whole transcript."""

    items: list[MessageOut]


class TurnOut(Schema):
    """A turn; its reply comes over its events."""

    number: int
    state: TurnState
    fault: str | None
    #: What the panel says about a fault; empty when there is none.
    says: str


class HintOut(Schema):
    """A rung of the ladder."""

    step: int
    total: int
    text: str
    #: The level of problem solving that is still within reach.
    ceiling: int


class QuoteOut(Schema):
    """Words of the candidate."""

    turn: int
    quote: str


class ScoreOut(Schema):
    """One criterion."""

    criterion: str
    title: str
    anchors: list[str]
    #: None for insufficient evidence.
    level: int | None
    samples: list[int]
    low_confidence: bool
    because: str
    quotes: list[QuoteOut]
    next_step: str
    ceiling: int | None
    #: Why the candidate marked it as wrong.
    objection: str | None
    #: The candidate's own level.
    own_level: int | None


class FactsOut(Schema):
    """What the record says."""

    minutes: int
    minutes_used: int
    #: Seconds by phase.
    phases: dict[str, int]
    hints: int
    turns: int
    faults: int
    verdict: str | None = None
    passed: int | None = None
    total: int | None = None
    complexity: str | None = None


class ReportOut(Schema):
    """The report of an interview."""

    interview_id: uuid.UUID
    title: str
    state: ReportState
    note: str
    facts: FactsOut
    scores: list[ScoreOut]


class ObjectionIn(Schema):
    """Why a score is wrong."""

    criterion: Slug | Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]
    why: Annotated[Text, StringConstraints(min_length=3, max_length=2000, strip_whitespace=True)]


class AssessmentIn(Schema):
    """The candidate's own levels by criterion."""

    levels: Annotated[dict[Annotated[str, StringConstraints(max_length=64)], Level], Field(max_length=20)]


class TrendPoint(Schema):
    """One interview in the trend."""

    interview_id: uuid.UUID
    ended_at: dt.datetime
    levels: dict[str, int]


class TrendOut(Schema):
    """Levels of the last interviews of a kind, oldest first; empty until there are three."""

    items: list[TrendPoint]


class ScenarioOut(Schema):
    """A scenario that an interview can be about."""

    id: str
    title: str
    kind: Kind
    minutes: int
    topics: list[str]


class ScenariosOut(Schema):
    """All scenarios, by id."""

    items: list[ScenarioOut]


class InterviewerOut(Schema):
    """Who would ask, and how much of the month's budget is left."""

    interviewer: Literal["claude", "script", "off"]
    kinds: list[Kind]
    max_hints: int
    #: Share of the tightest budget that is used, 0 to 1.
    budget_used: float


class SwitchIn(Schema):
    """What an instructor decides about the interviewer for a cohort."""

    enabled: bool
    kinds: Annotated[list[Kind], Field(max_length=4)]
    max_hints: Annotated[int, Field(ge=0, le=4)] = 4
    #: Per month; None for the deployment's own limits.
    student_tokens: Annotated[int, Field(ge=0, le=10**12)] | None = None
    cohort_tokens: Annotated[int, Field(ge=0, le=10**12)] | None = None
    cohort_dollars: Annotated[float, Field(ge=0, le=10**6)] | None = None


class SwitchOut(SwitchIn):
    """The switch of a cohort, and what the cohort has used this month."""

    spent_tokens: int
    spent_dollars: float
