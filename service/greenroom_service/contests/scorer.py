"""The scorer: brings verdicts onto boards. It follows the outbox, so it hears of every verdict, also of a rejudge's.

A line of a board is always computed from all submissions of its party. So a verdict that is brought twice changes
nothing, and it does not matter in which order verdicts come.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from greenroom_service import outbox
from greenroom_service.contests import queries, rules
from greenroom_service.contests.formats import Attempt, Outcome
from greenroom_service.contests.models import ContestStanding, ContestSubmission, Face
from greenroom_service.logs import get_logger
from greenroom_service.practice import handing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy.orm import Session

    from greenroom_service.contests.formats import Cell, Format
    from greenroom_service.contests.models import Contest
    from greenroom_service.database import AnyRow, Database

#: Seconds between two looks at the outbox.
LOOK_EVERY = 0.25
_BATCH = 500
_log = get_logger("greenroom.contests")


class Scorer:
    """Runs in a thread of its own.

    Args:
        database: where submissions and boards are.
        on_change: called after boards changed.
    """

    def __init__(self, database: Database, on_change: Callable[[], None] = lambda: None) -> None:
        self._database = database
        self._on_change = on_change
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="greenroom-scorer", daemon=True)
        self._seen: int | None = None

    def start(self) -> None:
        """Begin with whatever was judged while nobody looked."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; what was not brought is brought at the next start."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def once(self) -> int:
        """Bring what is new; answers how many submissions were."""
        if self._seen is None:
            with self._database.read() as session:
                newest = outbox.last_seq(session)
                waiting = session.execute(
                    sa.select(ContestSubmission.submission_id).where(ContestSubmission.outcome == Outcome.PENDING.value)
                ).scalars()
                found = list(waiting)
            self._seen = newest
        else:
            with self._database.read() as session:
                events = outbox.events_of_kind(session, "submission", after=self._seen, limit=_BATCH)
            found = [uuid.UUID(event.payload["id"]) for event in events]
            brought = self._bring(found)
            if events:
                self._seen = events[-1].seq
            return brought
        return self._bring(found)

    def _bring(self, submissions: Sequence[uuid.UUID]) -> int:
        brought = 0
        for start in range(0, len(submissions), _BATCH):
            with self._database.write() as session:
                brought += bring(session, submissions[start : start + _BATCH])
        if brought:
            self._on_change()
        return brought

    def _run(self) -> None:
        while True:
            try:
                while self.once() and not self._stop.is_set():
                    pass
            except SQLAlchemyError as error:
                _log.warning("boards wait for the database", error=type(error).__name__)
            if self._stop.wait(LOOK_EVERY):
                return


def bring(session: Session, submissions: Sequence[uuid.UUID]) -> int:
    """Bring the verdicts of some submissions onto their boards; answers how many belong to a contest."""
    mine = session.execute(
        sa.select(ContestSubmission).where(ContestSubmission.submission_id.in_(list(submissions)))
    ).scalars()
    by_contest: dict[uuid.UUID, list[ContestSubmission]] = {}
    for one in mine:
        by_contest.setdefault(one.contest_id, []).append(one)
    # In one order everywhere, so that two scorers that lock several contests wait for each other instead of for ever.
    for contest_id in sorted(by_contest):
        found = queries.contest(session, contest_id, lock=True)
        if found is not None:
            _bring_into(session, found, by_contest[contest_id])
    return sum(map(len, by_contest.values()))


def _bring_into(session: Session, found: Contest, submissions: Sequence[ContestSubmission]) -> None:
    form = rules.format_of(found.format, found.rules)
    weights = {row.problem_id: row.weight for row in queries.problems_of(session, found.id)}
    verdicts = handing.verdicts_of(session, [one.submission_id for one in submissions])
    for one in submissions:
        verdict = verdicts.get(one.submission_id)
        if verdict is None:
            continue
        outcome, points = rules.outcome_of(
            verdict.verdict,
            score=verdict.score,
            max_score=verdict.max_score,
            weight=weights.get(one.problem_id, 0),
            form=form,
        )
        one.outcome, one.points = outcome.value, points
    session.flush()
    place(session, found, {one.party_id for one in submissions}, form=form, weights=weights)


def place(
    session: Session,
    found: Contest,
    parties: Iterable[uuid.UUID],
    *,
    form: Format | None = None,
    weights: dict[str, int] | None = None,
) -> None:
    """Compute the lines of some parties anew, on both faces of the board. The contest must be locked."""
    form = form or rules.format_of(found.format, found.rules)
    if weights is None:
        weights = {row.problem_id: row.weight for row in queries.problems_of(session, found.id)}
    hides = queries.timeline(session, found).hides_from
    for party in sorted(parties):
        rows = queries.attempts_of(session, party)
        for face in Face:
            cells = cells_of(rows, form, weights, hides if face is Face.PUBLIC else None)
            _put(session, found, party, face, form, cells)


def cells_of(rows: Sequence[AnyRow], form: Format, weights: dict[str, int], hides_from: int | None) -> dict[str, Cell]:
    """Cells by problem of one party's submissions; from ``hides_from`` on, all are pending."""
    tried: dict[str, list[Attempt]] = {}
    for row in rows:
        hidden = hides_from is not None and row.at_ms >= hides_from
        attempt = (
            Attempt(row.at_ms, Outcome.PENDING) if hidden else Attempt(row.at_ms, Outcome(row.outcome), row.points)
        )
        tried.setdefault(row.problem_id, []).append(attempt)
    return {problem: form.cell(tried[problem], weight) for problem, weight in weights.items() if problem in tried}


def _put(session: Session, found: Contest, party: uuid.UUID, face: Face, form: Format, cells: dict[str, Cell]) -> None:
    line = session.get(ContestStanding, (found.id, face.value, party))
    if line is None:
        return
    score = form.total(cells.values())
    values: dict[str, Any] = {
        "minus_points": score.minus_points,
        "penalty": score.penalty,
        "tie": score.tie,
        "cells": {problem: asdict(cell) for problem, cell in cells.items()},
    }
    if all(getattr(line, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(line, name, value)
    line.seq = found.next_seq(face)
