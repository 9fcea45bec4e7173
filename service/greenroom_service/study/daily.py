"""Today's problem: which one a person gets, kept in the schedule that was promised."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from greenroom_problems import Kind
from greenroom_service.study import queries, rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenroom_service.database import Database
    from greenroom_service.shelf import Shelf


def picks(database: Database, shelf: Shelf, choice: str, today: dt.date, *, back: int = 0) -> Mapping[dt.date, str]:
    """Problems by day: today's, and those of ``back`` days before it.

    The schedule is written when a day of it is missing, which is once a day and choice; every other call only reads.
    """
    offered = shelf.problems()
    since, until = today - dt.timedelta(days=back), today + dt.timedelta(days=rules.PROMISED)
    with database.read() as session:
        known = queries.picks(session, choice, since, until)
    if until not in known or known.get(today) not in offered:
        candidates = problems_of(shelf, choice)
        with database.write() as session:
            queries.promise(session, choice, today, candidates, offered)
        with database.read() as session:
            known = queries.picks(session, choice, since, until)
    return {day: problem for day, problem in known.items() if day <= today and problem in offered}


def problems_of(shelf: Shelf, choice: str) -> frozenset[str]:
    """Ids of the problems in a choice of sheets, all where those hold none. Notebooks are not for every day."""
    problems = shelf.problems()
    daily = frozenset(one.id for one in problems.values() if one.kind is not Kind.CELLS)
    sheets = shelf.sheets()
    chosen = {problem for sheet in choice.split(",") if sheet in sheets for problem in sheets[sheet].problems}
    return daily & chosen or daily
