"""Memory: when a solved problem comes again. FSRS-6 (the ``fsrs`` library), counted in days of the student's calendar.

The library counts in moments. It is given midnights in UTC that stand for days of the student's own calendar, so that
neither an hour of the day, nor a change to daylight saving time, nor a journey moves a review by a day. Intervals are
not fuzzed: the same answers give the same days, and every day can be explained.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import fsrs

from greenroom_service.study.models import Rating

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

#: The chance to remember at which a problem comes again.
RETENTION = 0.9
#: A year: who has solved something so well need not wait longer to see it once more.
LONGEST = 365
#: Days of stability from which a problem counts as mastered. Three weeks is what spaced repetition calls mature.
MASTERED = 21.0
_SCHEDULER = fsrs.Scheduler(
    desired_retention=RETENTION,
    # No steps of minutes: a problem never comes again on the day on which it was rated.
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST,
    enable_fuzzing=False,
)
_RATING = {
    Rating.AGAIN: fsrs.Rating.Again,
    Rating.HARD: fsrs.Rating.Hard,
    Rating.GOOD: fsrs.Rating.Good,
    Rating.EASY: fsrs.Rating.Easy,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is remembered of one problem."""

    #: Days after which the chance to remember has fallen to RETENTION.
    stability: float
    #: 1 to 10.
    difficulty: float
    #: The day of the last rating.
    rated_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A memory after a rating, and the day on which the problem comes again."""

    memory: Memory
    due_on: dt.date


def today_in(zone: ZoneInfo, moment: dt.datetime) -> dt.date:
    """The day of a student's own calendar at a moment."""
    return moment.astimezone(zone).date()


def rate(before: Memory | None, rating: Rating, today: dt.date) -> Scheduled:
    """What a rating leads to.

    Args:
        before: what was remembered; None for the first rating.
        rating: how well it went.
        today: a day of the student's calendar. One before the last rating, as after a journey across the date line,
            counts as the day of that.

    Returns:
        The new memory, and a day of at least tomorrow and at most LONGEST days away.
    """
    day = today if before is None else max(today, before.rated_on)
    card, _ = _SCHEDULER.review_card(_card(before), _RATING[rating], _moment(day))
    if card.stability is None or card.difficulty is None:  # pragma: no cover - a rated card has both
        raise AssertionError("a rated card has a stability")
    memory = Memory(stability=card.stability, difficulty=card.difficulty, rated_on=day)
    return Scheduled(memory=memory, due_on=max(card.due.date(), day + dt.timedelta(days=1)))


def chance(memory: Memory, today: dt.date) -> float:
    """The predicted chance, 0 to 1, that the problem is still known on a day."""
    return float(_SCHEDULER.get_card_retrievability(_card(memory), _moment(max(today, memory.rated_on))))


def mastered(stability: float, rating: Rating, reviews: int) -> bool:
    """Whether a problem is mastered, not merely solved.

    It was remembered in at least one review after the first solution, it was not failed last, and FSRS expects it to be
    known for at least MASTERED days.

    Args:
        stability: in days.
        rating: the last one.
        reviews: ratings after the first.
    """
    return reviews >= 1 and rating is not Rating.AGAIN and stability >= MASTERED


def _card(memory: Memory | None) -> fsrs.Card:
    # The id is given: by default the library waits a millisecond to make one.
    if memory is None:
        return fsrs.Card(card_id=1)
    return fsrs.Card(
        card_id=1,
        state=fsrs.State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        last_review=_moment(memory.rated_on),
    )


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
