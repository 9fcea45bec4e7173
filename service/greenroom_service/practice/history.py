"""History: what a student did with problems and when, from the record: saves, submissions, opened hints."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from greenroom_problems import Verdict
from greenroom_service.practice.models import DraftVersion, HintOpened, State, Submission

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session


class Doing(StrEnum):
    """What a student did."""

    SAVED = "saved"
    #: A counted submission that was not accepted.
    TRIED = "tried"
    SOLVED = "solved"
    #: A submission that does not count, by a fault of ours or because it is not judged yet.
    HANDED_IN = "handed_in"
    OPENED_HINT = "opened_hint"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a student did, and when."""

    at: dt.datetime
    doing: Doing


def deeds(
    session: Session, user: str, problem_id: str | None = None, *, since: dt.datetime | None = None, space: str = ""
) -> Mapping[str, Sequence[Deed]]:
    """What a student did, by problem, oldest first.

    Args:
        session: to read with.
        user: the student.
        problem_id: one problem, or None for all.
        since: nothing before this moment.
        space: whose saves count: the student's own draft, or that of a review.
    """
    found: dict[str, list[Deed]] = defaultdict(list)
    for table, moment, kind in _SOURCES:
        query = sa.select(table.problem_id, moment, kind).where(table.user_name == user)
        if table is DraftVersion:
            query = query.where(DraftVersion.space == space)
        if problem_id is not None:
            query = query.where(table.problem_id == problem_id)
        if since is not None:
            query = query.where(moment >= since)
        for problem, at, doing in session.execute(query):
            found[problem].append(Deed(at, Doing(doing)))
    for one in found.values():
        one.sort(key=lambda deed: deed.at)
    return found


_KIND = sa.case(
    (sa.or_(Submission.state != State.FINAL.value, Submission.verdict == Verdict.INTERNAL_ERROR.value), "handed_in"),
    (Submission.verdict == Verdict.ACCEPTED.value, "solved"),
    else_="tried",
)
_SOURCES: tuple[tuple[Any, Any, Any], ...] = (
    (DraftVersion, DraftVersion.saved_at, sa.literal(Doing.SAVED.value)),
    (HintOpened, HintOpened.opened_at, sa.literal(Doing.OPENED_HINT.value)),
    (Submission, Submission.created_at, _KIND),
)
