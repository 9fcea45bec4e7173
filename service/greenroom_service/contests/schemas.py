"""What contests send and take over HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from greenroom_service.contests.models import MessageKind
from greenroom_service.contests.rules import Phase
from greenroom_service.practice.schemas import Code, Slug
from greenroom_service.web import Schema, Text

Name = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
UserName = Annotated[Text, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$")]
#: At most a week.
Seconds = Annotated[int, Field(ge=60, le=7 * 24 * 3600)]
FreezeSeconds = Annotated[int, Field(ge=0, le=7 * 24 * 3600, description="contest time at which the board freezes")]
FormatName = Literal["icpc", "ioi", "leetcode"]


class ProblemIn(Schema):
    """A problem of a contest."""

    problem_id: Slug
    #: Points for a full solution; boards that count problems do not read it.
    points: Annotated[float, Field(gt=0, le=10_000)] = 100.0


Problems = Annotated[list[ProblemIn], Field(min_length=1, max_length=30)]


class NewContest(Schema):
    """A contest to be made."""

    cohort_id: uuid.UUID
    name: Name
    format: FormatName = "icpc"
    rules: dict[str, Any] | None = None
    teams: bool = False
    starts_at: AwareDatetime
    duration_s: Seconds
    freeze_s: FreezeSeconds | None = None
    problems: Problems


class ContestChange(Schema):
    """What staff change; what is left out stays."""

    #: The version that was edited.
    version: int
    name: Name | None = None
    starts_at: AwareDatetime | None = None
    duration_s: Seconds | None = None
    freeze_s: FreezeSeconds | None = None
    rules: dict[str, Any] | None = None
    problems: Problems | None = None


class ContestProblemOut(Schema):
    """A problem of a contest, once it may be seen."""

    problem_id: str
    label: str
    points: float


class PartyOut(Schema):
    """Who takes part: a person or a team."""

    id: uuid.UUID
    name: str
    members: list[str]
    registered_at: dt.datetime


class ContestOut(Schema):
    """A contest, as the caller may see it."""

    id: uuid.UUID
    cohort_id: uuid.UUID
    name: str
    format: FormatName
    rules: dict[str, Any]
    teams: bool
    starts_at: dt.datetime
    #: None while the clock stands still.
    ends_at: dt.datetime | None
    duration_s: int
    freeze_s: int | None
    phase: Phase
    #: Contest time now, in seconds; negative before the start.
    contest_time_s: int
    frozen: bool
    version: int
    #: Empty before the start, but for those who prepare the contest.
    problems: list[ContestProblemOut]
    parties: int
    mine: PartyOut | None


class ContestPage(Schema):
    """A page of contests, newest first."""

    items: list[ContestOut]
    next: str | None


class Registration(Schema):
    """How the caller takes part: alone, or with a team of which they are a member."""

    team: Name | None = None
    members: Annotated[list[UserName], Field(max_length=5)] = Field(default_factory=list)


class ContestSubmissionIn(Schema):
    """Code for a problem of the contest."""

    problem_id: Slug
    code: Code
    client_id: uuid.UUID


class ContestSubmissionOut(Schema):
    """A submission that counts for the contest. Its verdict comes as an event, and from v1/submissions."""

    id: uuid.UUID
    problem_id: str
    contest_time_ms: int


class CellOut(Schema):
    """What a board shows for one problem."""

    problem_id: str
    judged: int
    pending: int
    solved: bool
    points: float
    #: Contest time of the submission that decided.
    time_ms: int | None
    penalised: int


class StandingOut(Schema):
    """A line of a board."""

    rank: int
    party_id: uuid.UUID
    name: str
    points: float
    #: In minutes or seconds, as the contest's rules say.
    penalty: int
    cells: list[CellOut]


class StandingPage(Schema):
    """A page of a board."""

    items: list[StandingOut]
    next: str | None
    frozen: bool
    #: Begin the stream of changes after this number.
    seq: int


class MessageIn(Schema):
    """A question to the jury; from staff an announcement, or the answer to a question."""

    text: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
    problem_id: Slug | None = None
    reply_to: uuid.UUID | None = None
    #: For an answer: whether everybody may read it.
    everybody: bool = False


class MessageOut(Schema):
    """A message of a contest."""

    id: uuid.UUID
    kind: MessageKind
    party_id: uuid.UUID | None
    reply_to: uuid.UUID | None
    problem_id: str | None
    text: str
    at: dt.datetime


class MessagePage(Schema):
    """A page of messages, newest first."""

    items: list[MessageOut]
    next: str | None


class RevealOut(Schema):
    """One step of the unfreezing."""

    party_id: uuid.UUID
    problem_id: str
    before: int | None
    after: int | None


class Unfreezing(Schema):
    """All steps, from the lowest place up."""

    steps: list[RevealOut]
