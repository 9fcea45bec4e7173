"""What study sends and takes over HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Annotated

from fastapi import Path
from pydantic import Field, StringConstraints

from greenroom_problems import Difficulty
from greenroom_service.practice.schemas import HomeOut as Practised
from greenroom_service.practice.schemas import ProblemSummary, Slug, TopicProgress
from greenroom_service.study.models import Rating
from greenroom_service.study.rules import WeekState
from greenroom_service.web import Schema, Text

SheetId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="A sheet's id, e.g. first-steps")]
#: Characters of a note.
MAX_NOTE = 20_000


class LineKind(StrEnum):
    """What a line of today's list is about."""

    ASSIGNMENT = "assignment"
    CONTEST = "contest"
    REVIEW = "review"
    DAILY = "daily"
    UNFINISHED = "unfinished"
    SUGGESTION = "suggestion"


class TodayLine(Schema):
    """Something to do today, and why."""

    kind: LineKind
    title: str
    reason: str
    #: What to open: a problem, or the assignment or contest of this id.
    problem: ProblemSummary | None
    target_id: uuid.UUID | None
    #: The student's own date, where there is one.
    at: dt.datetime | None


class HomeOut(Practised):
    """Everything that home shows at once."""

    #: The most urgent first.
    today: list[TodayLine]
    reviews_due: int
    #: Notices that are not read.
    unread: int


class ReviewItem(Schema):
    """A problem in the queue of reviews."""

    problem: ProblemSummary
    due_on: dt.date
    #: Days since then; negative before it.
    overdue: int
    #: The predicted chance, 0 to 1, that it is still known today.
    chance: float
    #: Days after which that chance has fallen to 90 %.
    stability: float
    rating: Rating
    #: The review that is open.
    review_id: uuid.UUID | None


class ReviewPage(Schema):
    """One queue over all sheets, the longest due first."""

    items: list[ReviewItem]
    next: str | None
    #: How many are due today in all.
    due: int
    today: dt.date
    #: Solved and not rated yet, so that they are in no queue.
    unrated: list[ProblemSummary]


class ReviewIn(Schema):
    """Which problem to review."""

    problem_id: Slug


class ReviewOut(Schema):
    """An open review. Its draft is at `v1/drafts/{problem_id}?review={id}` and begins with the starter."""

    id: uuid.UUID
    problem_id: str
    begun_at: dt.datetime


class RatingOption(Schema):
    """A rating that may be given, and when the problem would come again."""

    rating: Rating
    due_on: dt.date


class EffortOut(Schema):
    """What a proposal is made of."""

    minutes: float
    attempts: int
    hints: int


class RatingOut(Schema):
    """How a problem went: what is proposed, what may be given, what was given."""

    problem_id: str
    proposed: Rating | None
    reason: str
    effort: EffortOut | None
    #: Empty when there is nothing to rate now.
    options: list[RatingOption]
    #: The last rating, its day, and when the problem comes again.
    given: Rating | None
    rated_on: dt.date | None
    due_on: dt.date | None
    mastered: bool


class RatingIn(Schema):
    """The rating that the student confirms or chooses."""

    rating: Rating


class AnswerOut(Schema):
    """A rating that was given."""

    problem_id: str
    rated_on: dt.date
    rating: Rating
    proposed: Rating
    minutes: float
    attempts: int
    hints: int
    #: Days since the rating before; null for the first.
    elapsed: int | None
    #: The chance to remember that was predicted; null for the first.
    predicted: float | None


class AnswerPage(Schema):
    """A page of ratings, newest first."""

    items: list[AnswerOut]
    next: str | None


class BookmarkOut(Schema):
    """A bookmark."""

    problem_id: str
    made_at: dt.datetime


class BookmarkPage(Schema):
    """A page of bookmarks, by problem."""

    items: list[BookmarkOut]
    next: str | None


class NoteSummary(Schema):
    """A note in a list."""

    problem_id: str
    version: int
    saved_at: dt.datetime


class NotePage(Schema):
    """A page of notes, by problem."""

    items: list[NoteSummary]
    next: str | None


class NoteOut(Schema):
    """A note; version 0 and no text when nothing was written yet."""

    problem_id: str
    text: str
    version: int
    saved_at: dt.datetime | None


class NoteIn(Schema):
    """A text, and the version that it was written on top of."""

    text: Annotated[Text, StringConstraints(max_length=MAX_NOTE)]
    base_version: int = Field(ge=0, le=2**31 - 2)


class SheetSummary(Schema):
    """A sheet in a list."""

    id: str
    title: str
    purpose: str
    prerequisites: list[str]
    total: int
    tried: int
    solved: int
    mastered: int
    by_topic: list[TopicProgress]
    #: Whether a cohort of the caller has chosen it.
    chosen: bool


class SheetPage(Schema):
    """All sheets."""

    items: list[SheetSummary]


class SheetEntryOut(Schema):
    """A problem of a sheet."""

    problem: ProblemSummary
    why: str
    #: Problems of the sheet that should be solved before.
    after: list[str]
    mastered: bool


class SheetOut(SheetSummary):
    """A sheet with its problems in order."""

    entries: list[SheetEntryOut]


class CohortSheets(Schema):
    """The sheets that a cohort has chosen; none means all problems."""

    sheets: Annotated[list[Slug], Field(max_length=50)]


class DailyOut(Schema):
    """Today's problem."""

    day: dt.date
    #: The sheets that it is chosen from; none for all problems.
    sheets: list[str]
    problem: ProblemSummary | None
    #: Whether it was solved on this day.
    solved_today: bool


class DailyDay(Schema):
    """A day's problem."""

    day: dt.date
    problem: ProblemSummary


class DailyPage(Schema):
    """Problems of earlier days, newest first."""

    items: list[DailyDay]


class GoalIn(Schema):
    """Days a week on which to hand something in, and how many of them may be skipped for free."""

    days: int = Field(ge=1, le=7)
    skips: int = Field(ge=0, le=6)


class WeekOut(Schema):
    """A week and its goal."""

    start: dt.date
    active: int
    goal: int
    skips: int
    #: Free days that it needs to be kept.
    skipped: int
    state: WeekState


class ActivityDay(Schema):
    """What was done on one day of the student's calendar."""

    date: dt.date
    submissions: int
    accepted: int
    ratings: int


class ActivityOut(Schema):
    """The weekly goal and the last weeks."""

    today: dt.date
    goal: GoalIn
    weeks: list[WeekOut]
    days: list[ActivityDay]


class TopicMastery(TopicProgress):
    """Progress within a topic: of the solved ones, how many are retained in review."""

    mastered: int


class SolveOut(Schema):
    """A problem that was solved, and what it took."""

    problem_id: str
    title: str
    difficulty: Difficulty
    topics: list[str]
    #: When it was first accepted, and that day of the student's calendar.
    solved_at: dt.datetime
    solved_on: dt.date
    minutes: float
    #: Attempts before it was accepted.
    attempts: int
    hints: int
    reviews: int
    stability: float | None
    mastered: bool


class RetentionMonth(Schema):
    """Reviews of one month: how many were remembered, and how many were expected to be."""

    month: dt.date
    reviews: int
    remembered: int
    predicted: float


class LearningOut(Schema):
    """What lasts, and what it took."""

    solved: int
    mastered: int
    by_topic: list[TopicMastery]
    #: The first solved first.
    solves: list[SolveOut]
    retention: list[RetentionMonth]
