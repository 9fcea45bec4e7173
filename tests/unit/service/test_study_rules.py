"""Decisions of study: proposed ratings, a problem for each day, goals without streaks, today's list."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_problems import small_problem

from greenroom_problems import Difficulty
from greenroom_service.accounts import Preferences
from greenroom_service.classroom.rules import Dated
from greenroom_service.leaving.rules import renamed
from greenroom_service.practice.history import Deed, Doing
from greenroom_service.practice.rules import Standing
from greenroom_service.study import agenda, rules
from greenroom_service.study.agenda import Desk
from greenroom_service.study.models import Rating
from greenroom_service.study.rules import IDLE, PROMISED, Effort, WeeklyGoal, WeekState
from greenroom_service.study.schemas import LineKind

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)  # a Wednesday
TODAY = NOON.date()
ORDER = list(Rating)
MINUTE = dt.timedelta(minutes=1)


# -- ratings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "attempts", "hints", "accepted", "rating"),
    [
        (5, 0, 0, True, Rating.EASY),
        (10, 0, 0, True, Rating.GOOD),  # at once, but not quickly
        (5, 1, 0, True, Rating.GOOD),
        (5, 0, 1, True, Rating.GOOD),
        (31, 0, 0, True, Rating.HARD),
        (5, 4, 0, True, Rating.HARD),
        (5, 0, 2, True, Rating.HARD),
        (5, 0, 4, True, Rating.AGAIN),  # the last hint is the outline
        (1, 0, 0, False, Rating.AGAIN),
    ],
)
def test_a_rating_is_proposed_from_time_attempts_and_hints(
    minutes: float, attempts: int, hints: int, accepted: bool, rating: Rating
) -> None:
    effort = Effort(seconds=minutes * 60, attempts=attempts, hints=hints, accepted=accepted)
    proposal = rules.propose(effort, Difficulty.EASY)
    assert proposal.rating is rating
    assert proposal.reason.endswith(".")


EFFORTS = st.builds(
    Effort,
    seconds=st.floats(0, 20_000),
    attempts=st.integers(0, 12),
    hints=st.integers(0, 4),
    accepted=st.booleans(),
)


@given(EFFORTS, st.sampled_from(Difficulty), st.floats(0, 9000), st.integers(0, 5), st.integers(0, 3))
def test_more_time_attempts_or_hints_never_make_a_rating_better(
    effort: Effort, difficulty: Difficulty, seconds: float, attempts: int, hints: int
) -> None:
    more = Effort(
        seconds=effort.seconds + seconds,
        attempts=effort.attempts + attempts,
        hints=effort.hints + hints,
        accepted=effort.accepted,
    )
    assert ORDER.index(rules.propose(more, difficulty).rating) <= ORDER.index(rules.propose(effort, difficulty).rating)


def test_effort_ends_with_the_first_accepted_submission_and_pauses_do_not_count() -> None:
    deeds = [
        Deed(NOON, Doing.SAVED),
        Deed(NOON + 2 * MINUTE, Doing.TRIED),
        Deed(NOON + 3 * MINUTE, Doing.OPENED_HINT),
        Deed(NOON + 600 * MINUTE, Doing.SAVED),  # after a night
        Deed(NOON + 601 * MINUTE, Doing.HANDED_IN),  # a fault of ours
        Deed(NOON + 602 * MINUTE, Doing.SOLVED),
        Deed(NOON + 603 * MINUTE, Doing.TRIED),
        Deed(NOON + 604 * MINUTE, Doing.OPENED_HINT),
    ]
    effort = rules.effort_of(deeds)
    assert effort == Effort(seconds=2 * 60 + 60 + IDLE + 120, attempts=1, hints=1, accepted=True)
    assert rules.effort_of(deeds[:5]).accepted is False
    assert rules.effort_of([], begun=NOON) == Effort(seconds=0, attempts=0, hints=0, accepted=False)


# -- a problem a day -------------------------------------------------------------------------------------------------

PROBLEMS = st.sets(st.integers(0, 99).map(lambda number: f"p{number}"), min_size=1, max_size=40)


def plan(days: int, candidates: set[str], known: dict[dt.date, str] | None = None) -> dict[dt.date, str]:
    """The picks after so many days, a schedule written on each of them."""
    picks = dict(known or {})
    for number in range(days):
        picks |= rules.schedule("", TODAY + dt.timedelta(days=number), candidates, picks, candidates)
    return picks


@given(PROBLEMS, PROBLEMS, st.integers(1, 30))
def test_added_problems_shift_no_day_that_was_promised(problems: set[str], added: set[str], days: int) -> None:
    before = plan(days, problems)
    after = plan(30, problems | added, before)
    assert {day: after[day] for day in before} == before
    assert len(before) == days + PROMISED


@given(PROBLEMS, st.data())
def test_problems_that_leave_change_only_their_own_days_and_only_when_those_come(
    problems: set[str], data: st.DataObject
) -> None:
    before = plan(1, problems)
    gone = data.draw(st.sets(st.sampled_from(sorted(problems))))
    left = problems - gone
    for number in range(PROMISED + 1):
        day = TODAY + dt.timedelta(days=number)
        made = rules.schedule("", day, left, before, left)
        replaced = made.keys() & before.keys()
        assert replaced == ({day} if left and before[day] in gone else set())
        assert set(made.values()) <= left


@given(PROBLEMS, st.integers(1, 80))
def test_no_problem_comes_again_while_another_has_rested_longer(problems: set[str], days: int) -> None:
    picks = plan(days, problems)
    ordered = [picks[day] for day in sorted(picks)]
    rest = min(rules.REST, len(problems) - 1)
    for place, problem in enumerate(ordered):
        assert problem not in ordered[max(0, place - rest) : place]


def test_two_choices_have_orders_of_their_own_and_one_is_the_same_everywhere() -> None:
    problems = {f"p{number}" for number in range(30)}
    week = [TODAY + dt.timedelta(days=number) for number in range(7)]

    def order(choice: str) -> list[str | None]:
        return [rules.pick(choice, day, problems, []) for day in week]

    assert order("first-steps") == order("first-steps")
    assert order("first-steps") != order("patterns")


def test_without_problems_there_is_no_problem_of_the_day() -> None:
    assert rules.schedule("", TODAY, set(), {}, set()) == {}


# -- goals -----------------------------------------------------------------------------------------------------------

MONDAY = rules.monday_of(TODAY)


def days(*weekdays: int, week: dt.date = MONDAY) -> set[dt.date]:
    return {week + dt.timedelta(days=number) for number in weekdays}


@pytest.mark.parametrize(
    ("active", "today", "state", "skipped"),
    [
        (days(0, 1, 2), 2, WeekState.REACHED, 0),
        (days(0, 1), 6, WeekState.OPEN, 1),
        (days(0), 2, WeekState.OPEN, 0),
        (set(), 0, WeekState.OPEN, 0),
        (set(), 6, WeekState.MISSED, 0),  # nothing that Sunday could still save
        (days(0, 1), 7, WeekState.EXCUSED, 1),
        (days(0), 7, WeekState.MISSED, 0),
        (days(6), 7, WeekState.MISSED, 0),
    ],
)
def test_a_week_is_reached_excused_open_or_missed(
    active: set[dt.date], today: int, state: WeekState, skipped: int
) -> None:
    goals = {MONDAY: WeeklyGoal(days=3, skips=1)}
    shown = rules.weeks(active, goals, MONDAY + dt.timedelta(days=today), 2)
    week = next(one for one in shown if one.start == MONDAY)
    assert (week.state, week.skipped, week.active) == (state, skipped, len(active))


def test_a_skip_excuses_a_day_but_never_a_whole_week() -> None:
    goals = {MONDAY: WeeklyGoal(days=1, skips=6)}
    (week, _) = rules.weeks(set(), goals, MONDAY + rules.WEEK, 2)
    assert week.state is WeekState.MISSED


GOALS = st.builds(WeeklyGoal, days=st.integers(1, 7), skips=st.integers(0, 6))


@given(
    st.sets(st.integers(0, 120).map(lambda number: TODAY - dt.timedelta(days=number))),
    st.dictionaries(st.integers(0, 16).map(lambda back: MONDAY - back * rules.WEEK), GOALS),
    st.integers(1, 16),
    GOALS,
)
def test_weeks_follow_each_other_and_a_new_goal_changes_no_week_that_is_over(
    active: set[dt.date], goals: dict[dt.date, WeeklyGoal], count: int, new: WeeklyGoal
) -> None:
    shown = rules.weeks(active, goals, TODAY, count)
    assert [week.start for week in shown] == [MONDAY - back * rules.WEEK for back in reversed(range(count))]
    for week in shown:
        assert week.active == len({day for day in active if week.start <= day < week.start + rules.WEEK})
        assert (week.state is WeekState.REACHED) == (week.active >= week.goal)
        assert week.skipped <= week.skips
        assert week.state is not WeekState.OPEN or week.start == MONDAY
    changed = rules.weeks(active, {**goals, MONDAY: new}, TODAY, count)
    assert changed[:-1] == shown[:-1]
    assert (changed[-1].goal, changed[-1].skips) == (new.days, new.skips)


@given(st.sets(st.integers(0, 6)), st.integers(0, 6), GOALS)
def test_one_more_day_never_makes_a_week_worse(active: set[int], extra: int, goal: WeeklyGoal) -> None:
    order = [WeekState.MISSED, WeekState.OPEN, WeekState.EXCUSED, WeekState.REACHED]

    def state(weekdays: set[int]) -> int:
        after_it = MONDAY + rules.WEEK
        return order.index(rules.weeks(days(*weekdays), {MONDAY: goal}, after_it, 2)[0].state)

    assert state(active | {extra}) >= state(active)


# -- today's list ----------------------------------------------------------------------------------------------------


def desk(**more: Any) -> Desk:
    problems = {
        ident: small_problem("def f() -> int: ...", "def f(): return 1", "examples = []", id=ident, title=ident.title())
        for ident in ("one", "two", "three", "four", "five")
    }
    return Desk(**{"moment": NOON, "chosen": Preferences(), "problems": problems, "standings": {}, **more})


def card(problem: str, rated: int, due: int) -> Any:
    """A card that was rated and due so many days ago."""
    day = dt.timedelta(days=1)
    return SimpleNamespace(
        problem_id=problem, stability=5.0, difficulty=5.0, rated_on=TODAY - rated * day, due_on=TODAY - due * day
    )


def kinds(shown: list[agenda.Line]) -> list[str]:
    return [line.kind.value for line in shown]


def test_today_begins_with_the_most_urgent_and_gives_a_reason_on_every_line() -> None:
    soon = Dated(id=uuid.uuid4(), title="Homework", at=NOON + dt.timedelta(hours=20))
    later = Dated(id=uuid.uuid4(), title="Project", at=NOON + dt.timedelta(days=3))
    far = Dated(id=uuid.uuid4(), title="Exam", at=NOON + dt.timedelta(days=30))
    contest = Dated(id=uuid.uuid4(), title="Cup", at=NOON + dt.timedelta(days=2))
    shown = agenda.lines(
        desk(
            assignments=[later, soon, far],
            contests=[contest],
            due=[card("one", 6, 2)],
            daily="two",
            unfinished=["three"],
            standings={"three": Standing(attempts=2, accepted=0, last=NOON - dt.timedelta(days=1))},
        )
    )
    assert kinds(shown) == ["assignment", "review", "daily", "contest", "assignment", "unfinished", "suggestion"]
    assert [line.title for line in shown[:1]] == ["Homework"]
    assert shown[0].reason == "Due tomorrow at 08:00."
    assert shown[3].reason == "Begins Friday 6 March at 12:00."
    assert "last done 6 days ago" in shown[1].reason
    assert "Due since 2 days" in shown[1].reason
    assert shown[5].reason == "You have tried it 2 times, last yesterday at 12:00; it is not accepted yet."
    assert all(line.reason for line in shown)


def test_dates_are_told_in_the_students_own_time() -> None:
    due = Dated(id=uuid.uuid4(), title="Homework", at=dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.UTC))
    abroad = Preferences(time_zone="Asia/Kolkata")
    (line,) = [one for one in agenda.lines(desk(assignments=[due], chosen=abroad)) if one.target_id]
    assert line.reason == "Due tomorrow at 05:00."
    late = Dated(id=uuid.uuid4(), title="Homework", at=NOON - dt.timedelta(hours=1))
    (line,) = [one for one in agenda.lines(desk(assignments=[late])) if one.target_id]
    assert line.reason == "It was due today at 11:00."


def test_a_problem_stands_once_in_the_list_on_its_most_urgent_line() -> None:
    shown = agenda.lines(desk(due=[card("one", 3, 0)], daily="one", unfinished=["one"]))
    assert [line.kind for line in shown if line.problem == "one"] == [LineKind.REVIEW]


def test_more_reviews_than_the_list_shows_are_counted_on_its_last_review() -> None:
    due = [card(ident, 9, 1) for ident in ("one", "two", "three", "four", "five", "gone")]
    shown = [line for line in agenda.lines(desk(due=due)) if line.kind is LineKind.REVIEW]
    assert len(shown) == agenda.REVIEWS
    assert "2 more are due." in shown[-1].reason


def test_reasons_do_not_tell_what_a_student_wants_to_find_out() -> None:
    hidden = Preferences(hide_difficulty=True, hide_topics=True)
    told = " ".join(line.reason for line in agenda.lines(desk()))
    kept = " ".join(line.reason for line in agenda.lines(desk(chosen=hidden)))
    assert "easy" in told
    assert "tests" in told
    assert kept == "New to you."


@given(st.integers(0, 15 * 365 * 24 * 60), st.sampled_from(["Europe/Paris", "Asia/Beirut"]))
def test_a_moment_is_told_by_the_wall_clock_whatever_the_clocks_do(minutes: int, zone: str) -> None:
    when = dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + minutes * MINUTE
    said = agenda.said(when, desk(moment=when, chosen=Preferences(time_zone=zone)))
    assert said == f"today at {when.astimezone(ZoneInfo(zone)):%H:%M}"


# -- leaving ---------------------------------------------------------------------------------------------------------


def test_a_name_is_replaced_where_it_is_a_whole_word_of_the_record() -> None:
    before = {"user": "ada", "ada": ["ada", {"names": ["bob", "ada"]}], "text": "adamant ada", "n": 1, "x": None}
    assert renamed(before, "ada", "former-1") == {
        "user": "former-1",
        "former-1": ["former-1", {"names": ["bob", "former-1"]}],
        "text": "adamant ada",
        "n": 1,
        "x": None,
    }
