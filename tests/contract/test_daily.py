"""What the schedule of daily problems promises on both databases, when several processes write it at once."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from greenroom_service.database import Database, migrate
from greenroom_service.study import queries
from greenroom_service.study.rules import PROMISED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TODAY = dt.date(2026, 3, 4)
DAY = dt.timedelta(days=1)
UNTIL = TODAY + 60 * DAY


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    migrate(database_url)
    opened = Database(database_url)
    yield opened
    opened.close()


def promise(database: Database, today: dt.date, problems: set[str], choice: str = "") -> Mapping[dt.date, str]:
    with database.write() as session:
        queries.promise(session, choice, today, problems, problems)
    with database.read() as session:
        return queries.picks(session, choice, TODAY, UNTIL)


def test_of_processes_that_know_other_problems_the_first_decides(database: Database) -> None:
    """During a roll-out some processes know new problems and some do not; all must show the same one."""
    shelves = [{f"p{number}" for number in range(10 + known)} for known in range(8)]
    together = threading.Barrier(len(shelves))

    def ask(problems: set[str]) -> Mapping[dt.date, str]:
        together.wait(30)
        return promise(database, TODAY, problems)

    with ThreadPoolExecutor(len(shelves)) as pool:
        seen = list(pool.map(ask, shelves))
    assert len(seen[0]) == PROMISED + 1
    assert all(one == seen[0] for one in seen)


def test_a_withdrawn_problem_is_replaced_once_and_only_today(database: Database) -> None:
    problems = {f"p{number}" for number in range(20)}
    before = promise(database, TODAY, problems)
    left = problems - {before[TODAY], before[TODAY + DAY]}
    together = threading.Barrier(4)

    def ask(number: int) -> Mapping[dt.date, str]:
        together.wait(30)
        return promise(database, TODAY, left | {f"new{number}"})

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(ask, range(4)))
    assert all(one == seen[0] for one in seen)
    assert seen[0][TODAY] not in {before[TODAY], before[TODAY + DAY]}
    assert {day: pick for day, pick in seen[0].items() if day != TODAY} == {
        day: pick for day, pick in before.items() if day != TODAY
    }


def test_two_choices_of_sheets_do_not_touch_each_other(database: Database) -> None:
    mine = promise(database, TODAY, {"a", "b", "c"}, "first-steps")
    promise(database, TODAY, {"x", "y"}, "patterns")
    assert promise(database, TODAY, {"a", "b", "c"}, "first-steps") == mine
