"""Reading and writing of the contests' tables. Boards are read in the order of their index, a page at a time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from greenroom_service.contests.models import (
    Contest,
    ContestMember,
    ContestMessage,
    ContestParty,
    ContestPause,
    ContestProblem,
    ContestStanding,
    ContestSubmission,
    Face,
)
from greenroom_service.contests.rules import Timeline

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from greenroom_service.database import AnyRow

_ORDER = (ContestStanding.minus_points, ContestStanding.penalty, ContestStanding.tie, ContestStanding.party_id)
_SCORE = _ORDER[:3]
_LINE = (ContestStanding.party_id, ContestStanding.name, *_SCORE, ContestStanding.cells, ContestStanding.seq)


def contest(session: Session, contest_id: uuid.UUID, *, lock: bool = False) -> Contest | None:
    """One contest; with a lock, alone until the transaction ends."""
    query = sa.select(Contest).where(Contest.id == contest_id)
    return session.execute(query.with_for_update() if lock else query).scalar_one_or_none()


def page_of_contests(
    session: Session, cohorts: Iterable[uuid.UUID] | None, *, after: uuid.UUID | None, limit: int
) -> Sequence[Contest]:
    """Contests of some cohorts, newest first, of all for None; one more than asked."""
    query = sa.select(Contest)
    if cohorts is not None:
        query = query.where(Contest.cohort_id.in_(list(cohorts)))
    if after is not None:
        query = query.where(Contest.id < after)
    return session.execute(query.order_by(Contest.id.desc()).limit(limit + 1)).scalars().all()


def problems_of(session: Session, contest_id: uuid.UUID) -> Sequence[AnyRow]:
    """Rows (problem_id, weight) in the board's order."""
    return session.execute(
        sa.select(ContestProblem.problem_id, ContestProblem.weight)
        .where(ContestProblem.contest_id == contest_id)
        .order_by(ContestProblem.ordinal)
    ).all()


def pauses_of(session: Session, contest_id: uuid.UUID) -> list[tuple[dt.datetime, dt.datetime | None]]:
    """Pauses in order."""
    rows = session.execute(
        sa.select(ContestPause.began_at, ContestPause.ended_at)
        .where(ContestPause.contest_id == contest_id)
        .order_by(ContestPause.began_at)
    )
    return [(row.began_at, row.ended_at) for row in rows]


def timeline(session: Session, found: Contest) -> Timeline:
    """The clock of a contest."""
    return Timeline(
        starts_at=found.starts_at,
        duration=found.duration_ms,
        freeze=found.freeze_ms,
        thawed=found.thawed_at is not None,
        pauses=pauses_of(session, found.id),
    )


def party_of(session: Session, contest_id: uuid.UUID, user: str) -> ContestParty | None:
    """The party in which a person takes part."""
    return session.execute(
        sa.select(ContestParty)
        .join(ContestMember, ContestMember.party_id == ContestParty.id)
        .where(ContestMember.contest_id == contest_id, ContestMember.user_name == user)
    ).scalar_one_or_none()


def members_of(session: Session, party_id: uuid.UUID) -> list[str]:
    """Names of a party's people, in order."""
    query = sa.select(ContestMember.user_name).where(ContestMember.party_id == party_id)
    return list(session.execute(query.order_by(ContestMember.user_name)).scalars())


def add_party(
    session: Session, found: Contest, party_id: uuid.UUID, name: str, members: Iterable[str], at: dt.datetime
) -> None:
    """Register a party, with an empty line on both faces of the board."""
    session.add(ContestParty(id=party_id, contest_id=found.id, name=name, registered_at=at))
    session.flush()
    session.add_all(ContestMember(contest_id=found.id, user_name=one, party_id=party_id) for one in members)
    session.add_all(
        ContestStanding(
            contest_id=found.id,
            face=face.value,
            party_id=party_id,
            name=name,
            minus_points=0,
            penalty=0,
            tie=0,
            cells={},
            seq=found.next_seq(face),
        )
        for face in Face
    )
    session.flush()


def attempts_of(session: Session, party_id: uuid.UUID) -> Sequence[AnyRow]:
    """Rows (problem_id, at_ms, outcome, points) of a party in the order of submission."""
    return session.execute(
        sa.select(
            ContestSubmission.problem_id,
            ContestSubmission.at_ms,
            ContestSubmission.outcome,
            ContestSubmission.points,
        )
        .where(ContestSubmission.party_id == party_id)
        .order_by(ContestSubmission.at_ms, ContestSubmission.submission_id)
    ).all()


def page_of_standings(
    session: Session, contest_id: uuid.UUID, face: Face, *, after: tuple[Any, ...] | None, limit: int
) -> Sequence[AnyRow]:
    """Lines of a board from a place on, one more than asked.

    Args:
        session: a session.
        contest_id: the contest.
        face: who looks.
        after: minus_points, penalty, tie and party_id of the line before; None for the first page.
        limit: lines on a page.
    """
    query = sa.select(*_LINE).where(ContestStanding.contest_id == contest_id, ContestStanding.face == face.value)
    if after is not None:
        query = query.where(
            sa.tuple_(*_ORDER) > sa.tuple_(*(sa.literal(one, column.type) for one, column in _typed(after)))
        )
    return session.execute(query.order_by(*_ORDER).limit(limit + 1)).all()


def _typed(values: tuple[Any, ...]) -> list[tuple[Any, Any]]:
    return list(zip(values, _ORDER, strict=False))


def line_of(session: Session, contest_id: uuid.UUID, face: Face, party_id: uuid.UUID) -> AnyRow | None:
    """One party's line."""
    return session.execute(
        sa.select(*_LINE).where(
            ContestStanding.contest_id == contest_id,
            ContestStanding.face == face.value,
            ContestStanding.party_id == party_id,
        )
    ).one_or_none()


def rank_of(session: Session, contest_id: uuid.UUID, face: Face, score: tuple[int, int, int]) -> int:
    """The rank of a score: one more than there are better ones. Two counts over ranges of the index."""
    points, penalty, tie = score
    here = (ContestStanding.contest_id == contest_id, ContestStanding.face == face.value)
    better = sa.select(sa.func.count()).where(*here, ContestStanding.minus_points < points).scalar_subquery()
    among = (
        sa.select(sa.func.count())
        .where(
            *here,
            ContestStanding.minus_points == points,
            sa.or_(
                ContestStanding.penalty < penalty,
                sa.and_(ContestStanding.penalty == penalty, ContestStanding.tie < tie),
            ),
        )
        .scalar_subquery()
    )
    return 1 + int(session.execute(sa.select(better + among)).scalar_one())


def count_of_parties(session: Session, contest_id: uuid.UUID) -> int:
    """How many take part."""
    return session.execute(
        sa.select(sa.func.count()).select_from(ContestParty).where(ContestParty.contest_id == contest_id)
    ).scalar_one()


def changes_of_board(
    session: Session, contest_id: uuid.UUID, face: Face, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Lines that changed after a number, oldest first."""
    return session.execute(
        sa.select(*_LINE)
        .where(
            ContestStanding.contest_id == contest_id, ContestStanding.face == face.value, ContestStanding.seq > after
        )
        .order_by(ContestStanding.seq)
        .limit(limit)
    ).all()


def messages_of(
    session: Session, contest_id: uuid.UUID, *, visible: sa.ColumnElement[bool], after: uuid.UUID | None, limit: int
) -> Sequence[ContestMessage]:
    """Messages that somebody may see, newest first; one more than asked."""
    query = sa.select(ContestMessage).where(ContestMessage.contest_id == contest_id, visible)
    if after is not None:
        query = query.where(ContestMessage.id < after)
    return session.execute(query.order_by(ContestMessage.id.desc()).limit(limit + 1)).scalars().all()


def upcoming(session: Session, moment: dt.datetime) -> Sequence[AnyRow]:
    """Rows (problem_id, cohort_id, starts_at) of every problem of a contest that has not begun."""
    return session.execute(
        sa.select(ContestProblem.problem_id, Contest.cohort_id, Contest.starts_at)
        .join(Contest, Contest.id == ContestProblem.contest_id)
        .where(Contest.starts_at > moment)
    ).all()
