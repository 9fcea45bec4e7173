"""When a problem comes again: never on the same day, later the better it went, the same for the same answers."""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom_service.study import memory
from greenroom_service.study.memory import LONGEST, MASTERED, Memory, Scheduled
from greenroom_service.study.models import Rating

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31))
#: Some that change their clocks at midnight, by half an hour, or have skipped a day of the calendar.
ZONES = st.sampled_from(
    ["UTC", "Europe/Paris", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Beirut", "Pacific/Apia", "Asia/Kolkata"]
).map(ZoneInfo)
RATINGS = st.sampled_from(list(Rating))
#: Ratings, each so many days after the one before.
HISTORIES = st.lists(st.tuples(RATINGS, st.integers(0, 400)), min_size=1, max_size=12)


def after(history: list[tuple[Rating, int]], begin: dt.date) -> Scheduled:
    """What is remembered after a history that begins on a day."""
    day, scheduled = begin, None
    for rating, days in history:
        day += dt.timedelta(days=days)
        scheduled = memory.rate(None if scheduled is None else scheduled.memory, rating, day)
    assert scheduled is not None
    return scheduled


@given(HISTORIES, DAYS)
def test_a_problem_never_comes_again_on_the_day_of_its_rating_nor_after_a_year(
    history: list[tuple[Rating, int]], begin: dt.date
) -> None:
    scheduled = after(history, begin)
    assert 1 <= (scheduled.due_on - scheduled.memory.rated_on).days <= LONGEST


@given(HISTORIES, DAYS)
def test_the_same_answers_give_the_same_days(history: list[tuple[Rating, int]], begin: dt.date) -> None:
    assert after(history, begin) == after(history, begin)


@given(HISTORIES, DAYS, st.integers(1, 400))
def test_a_better_rating_never_brings_a_problem_back_earlier(
    history: list[tuple[Rating, int]], begin: dt.date, days: int
) -> None:
    before = after(history, begin).memory
    for known in (None, before):
        due = [memory.rate(known, rating, before.rated_on + dt.timedelta(days=days)).due_on for rating in Rating]
        assert due == sorted(due)


@given(HISTORIES, DAYS)
def test_the_chance_to_remember_only_falls_and_is_nine_tenths_at_the_stability(
    history: list[tuple[Rating, int]], begin: dt.date
) -> None:
    known = after(history, begin).memory
    chances = [memory.chance(known, known.rated_on + dt.timedelta(days=days)) for days in range(0, 800, 7)]
    assert chances[0] == pytest.approx(1.0)
    assert all(later < earlier for earlier, later in itertools.pairwise(chances))
    whole = Memory(stability=float(round(known.stability) or 1), difficulty=known.difficulty, rated_on=known.rated_on)
    at = whole.rated_on + dt.timedelta(days=int(whole.stability))
    assert memory.chance(whole, at) == pytest.approx(0.9, abs=1e-6)


@given(RATINGS, RATINGS, ZONES, DAYS, st.integers(0, 24 * 60 - 1), st.integers(0, 24 * 60 - 1), st.integers(1, 60))
def test_only_days_of_the_students_calendar_count_whatever_their_clocks_do(
    first: Rating, second: Rating, zone: ZoneInfo, day: dt.date, minute: int, again: int, apart: int
) -> None:
    """Two ratings at any two hours of two days, across changes of the clocks, are as far apart as the days are."""

    def moment(on: dt.date, at: int) -> dt.datetime:
        return dt.datetime.combine(on, dt.time(at // 60, at % 60), zone).astimezone(dt.UTC)

    later = day + dt.timedelta(days=apart)
    seen = [memory.today_in(zone, moment(day, minute)), memory.today_in(zone, moment(later, again))]
    # Apia had no 30 December 2011; an hour that the clocks skip is an hour later, on the same day.
    assert seen == [day, later]
    by_moments = memory.rate(memory.rate(None, first, seen[0]).memory, second, seen[1])
    by_days = memory.rate(memory.rate(None, first, day).memory, second, later)
    assert by_moments == by_days


def test_a_day_that_comes_twice_after_a_journey_counts_once() -> None:
    monday = dt.date(2026, 3, 2)
    known = memory.rate(None, Rating.GOOD, monday).memory
    scheduled = memory.rate(known, Rating.GOOD, monday - dt.timedelta(days=1))
    assert scheduled.memory.rated_on == monday
    assert scheduled.due_on > monday


@pytest.mark.parametrize(
    ("stability", "rating", "reviews", "is_mastered"),
    [
        (MASTERED, Rating.GOOD, 1, True),
        (MASTERED, Rating.HARD, 1, True),
        (MASTERED - 0.01, Rating.EASY, 5, False),  # not for long yet
        (100.0, Rating.EASY, 0, False),  # solved, and never remembered since
        (100.0, Rating.AGAIN, 5, False),  # forgotten the last time
    ],
)
def test_mastered_is_remembered_and_expected_to_last(
    stability: float, rating: Rating, reviews: int, is_mastered: bool
) -> None:
    assert memory.mastered(stability, rating, reviews) is is_mastered
