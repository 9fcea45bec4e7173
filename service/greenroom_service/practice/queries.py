"""Reading and writing of practice's tables. Hot reads select columns, never whole objects."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from greenroom_problems import Verdict
from greenroom_service.database import now
from greenroom_service.practice import rules
from greenroom_service.practice.models import Draft, DraftVersion, HintOpened, State, Submission
from greenroom_service.practice.rules import Standing

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session
    from sqlalchemy.sql.elements import ColumnElement

    from greenroom_service.database import AnyRow, Database

_SHORT = {verdict.value: verdict.short for verdict in Verdict}
#: Days that the progress calendar looks back.
CALENDAR = dt.timedelta(days=371)
_ACCEPTED = sa.cast(Submission.verdict == Verdict.ACCEPTED.value, sa.Integer)
#: What counts as an attempt: judged, and not by a fault of ours.
_COUNTED = sa.and_(Submission.state == State.FINAL.value, Submission.verdict != Verdict.INTERNAL_ERROR.value)
_SUMMARY = (
    Submission.id,
    Submission.problem_id,
    Submission.user_name,
    Submission.state,
    Submission.verdict,
    Submission.score,
    Submission.max_score,
    Submission.passed,
    Submission.total,
    Submission.cpu_ms,
    Submission.created_at,
    Submission.finished_at,
)
_WHOLE = (
    *_SUMMARY,
    Submission.wall_ms,
    Submission.memory_kb,
    Submission.isolation,
    Submission.message,
    Submission.details,
    Submission.code,
)


# The two hottest statements are built once: building one anew costs more than asking it.
_STANDINGS = (
    sa.select(
        Submission.problem_id,
        sa.func.count().label("attempts"),
        sa.func.sum(_ACCEPTED).label("accepted"),
        sa.func.max(Submission.created_at).label("last"),
    )
    .where(Submission.user_name == sa.bindparam("user", type_=sa.Text), _COUNTED)
    .group_by(Submission.problem_id)
)
_OWN = (
    sa.select(*_SUMMARY)
    .where(Submission.user_name == sa.bindparam("user", type_=sa.Text))
    .order_by(Submission.id.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer))
)
_OWN_AFTER = _OWN.where(Submission.id < sa.bindparam("before", type_=sa.Uuid()))


def standings(session: Session, user: str, problem_id: str | None = None) -> dict[str, Standing]:
    """A student's counted submissions per problem, of one problem or of all."""
    query = _STANDINGS if problem_id is None else _STANDINGS.where(Submission.problem_id == problem_id)
    return _by_problem(session.execute(query, {"user": user}).all())


def all_standings(database: Database, user: str) -> dict[str, Standing]:
    """A student's counted submissions per problem, asked by itself."""
    return _by_problem(database.rows(_STANDINGS, {"user": user}))


def _by_problem(rows: Sequence[AnyRow]) -> dict[str, Standing]:
    return {problem: Standing(attempts, accepted, last) for problem, attempts, accepted, last in rows}


def page_of_own(database: Database, user: str, *, before: uuid.UUID | None, limit: int) -> Sequence[AnyRow]:
    """Summary rows of a student's submissions, newest first, one more than asked; asked by itself."""
    if before is None:
        return database.rows(_OWN, {"user": user, "limit": limit + 1})
    return database.rows(_OWN_AFTER, {"user": user, "limit": limit + 1, "before": before})


def totals_of(session: Session, users: Sequence[str]) -> Mapping[str, tuple[int, int, int]]:
    """Per student: counted submissions, problems tried, problems solved."""
    per_problem = (
        sa.select(
            Submission.user_name,
            sa.func.count().label("attempts"),
            sa.func.max(_ACCEPTED).label("solved"),
        )
        .where(Submission.user_name.in_(users), _COUNTED)
        .group_by(Submission.user_name, Submission.problem_id)
        .subquery()
    )
    query = sa.select(
        per_problem.c.user_name,
        sa.func.sum(per_problem.c.attempts),
        sa.func.count(),
        sa.func.sum(per_problem.c.solved),
    ).group_by(per_problem.c.user_name)
    return {name: (int(attempts), tried, int(solved)) for name, attempts, tried, solved in session.execute(query)}


def finished_since(session: Session, user: str, since: dt.datetime) -> Sequence[tuple[dt.datetime, bool]]:
    """(time, accepted) of a student's counted submissions."""
    query = sa.select(Submission.created_at, _ACCEPTED).where(
        Submission.user_name == user, _COUNTED, Submission.created_at >= since
    )
    return [(moment, bool(accepted)) for moment, accepted in session.execute(query)]


def solved_since(session: Session, user: str, since: dt.datetime) -> frozenset[str]:
    """Ids of the problems that a student has solved since a moment."""
    query = sa.select(Submission.problem_id).where(
        Submission.user_name == user, Submission.verdict == Verdict.ACCEPTED.value, Submission.created_at >= since
    )
    return frozenset(session.execute(query).scalars())


def draft(session: Session, user: str, problem_id: str, space: str = "") -> AnyRow | None:
    """Row (code, version, client_id, saved_at) of a draft."""
    query = sa.select(Draft.code, Draft.version, Draft.client_id, Draft.saved_at).where(
        Draft.user_name == user, Draft.problem_id == problem_id, Draft.space == space
    )
    return session.execute(query).one_or_none()


def drafts_of(session: Session, user: str, limit: int) -> Sequence[AnyRow]:
    """Rows (problem_id, saved_at) of a student's own drafts, newest first; those of reviews are not among them."""
    query = (
        sa.select(Draft.problem_id, Draft.saved_at)
        .where(Draft.user_name == user, Draft.space == "")
        .order_by(Draft.saved_at.desc())
        .limit(limit)
    )
    return session.execute(query).all()


def store_draft(
    session: Session, user: str, problem_id: str, *, code: str, version: int, client_id: str, space: str = ""
) -> dt.datetime:
    """Store a text as the given version, which must be one above the current; thins out old versions now and then.

    Raises:
        sqlalchemy.exc.IntegrityError: somebody else stored this version first.
    """
    saved_at = now()
    key = {"user_name": user, "problem_id": problem_id, "space": space}
    # The version row comes first: its primary key is what two writers race for.
    session.execute(
        sa.insert(DraftVersion).values(**key, version=version, code=code, size=len(code.encode()), saved_at=saved_at)
    )
    values = {"code": code, "version": version, "client_id": client_id, "saved_at": saved_at}
    if version == 1:
        session.execute(sa.insert(Draft).values(**key, **values))
    else:
        session.execute(sa.update(Draft).filter_by(**key).values(**values))
    if version % rules.KEEP_VERSIONS == 0:
        _thin(session, _versions_of(user, problem_id, space))
    return saved_at


def _versions_of(user: str, problem_id: str, space: str) -> ColumnElement[bool]:
    return sa.and_(DraftVersion.user_name == user, DraftVersion.problem_id == problem_id, DraftVersion.space == space)


def _thin(session: Session, mine: ColumnElement[bool]) -> None:
    rows = session.execute(sa.select(DraftVersion.version, DraftVersion.saved_at).where(mine)).all()
    drop = rules.versions_to_drop([(row.version, row.saved_at) for row in rows])
    if drop:
        session.execute(sa.delete(DraftVersion).where(mine, DraftVersion.version.in_(drop)))


def draft_versions(
    session: Session, user: str, problem_id: str, *, before: int | None, limit: int, space: str = ""
) -> Sequence[AnyRow]:
    """Rows (version, saved_at, size), newest first, one more than asked."""
    query = sa.select(DraftVersion.version, DraftVersion.saved_at, DraftVersion.size).where(
        _versions_of(user, problem_id, space)
    )
    if before is not None:
        query = query.where(DraftVersion.version < before)
    return session.execute(query.order_by(DraftVersion.version.desc()).limit(limit + 1)).all()


def draft_version(session: Session, user: str, problem_id: str, version: int, space: str = "") -> AnyRow | None:
    """Row (code, version, saved_at) of a stored version."""
    query = sa.select(DraftVersion.code, DraftVersion.version, DraftVersion.saved_at).where(
        _versions_of(user, problem_id, space), DraftVersion.version == version
    )
    return session.execute(query).one_or_none()


def page_of_submissions(
    session: Session, visible: ColumnElement[bool], *, before: uuid.UUID | None, limit: int
) -> Sequence[AnyRow]:
    """Summary rows that satisfy a condition, newest first, one more than asked."""
    query = sa.select(*_SUMMARY).where(visible)
    if before is not None:
        query = query.where(Submission.id < before)
    return session.execute(query.order_by(Submission.id.desc()).limit(limit + 1)).all()


def submission(session: Session, visible: ColumnElement[bool], submission_id: uuid.UUID) -> AnyRow | None:
    """The whole row of a submission that satisfies a condition."""
    return session.execute(sa.select(*_WHOLE).where(Submission.id == submission_id, visible)).one_or_none()


def submission_by_client(session: Session, user: str, client_id: uuid.UUID) -> AnyRow | None:
    """The whole row that an idempotent request made."""
    query = sa.select(*_WHOLE).where(Submission.user_name == user, Submission.client_id == client_id)
    return session.execute(query).one_or_none()


def count_unfinished(session: Session, user: str, *, before: uuid.UUID) -> int:
    """How many of a student's submissions wait or are graded that were handed in before this one."""
    query = sa.select(sa.func.count()).where(
        Submission.user_name == user, Submission.state != State.FINAL.value, Submission.id < before
    )
    return session.scalar(query) or 0


def hints_opened(session: Session, user: str, problem_id: str) -> Sequence[AnyRow]:
    """Rows (step, opened_at) in order."""
    query = (
        sa.select(HintOpened.step, HintOpened.opened_at)
        .where(HintOpened.user_name == user, HintOpened.problem_id == problem_id)
        .order_by(HintOpened.step)
    )
    return session.execute(query).all()


def summary_of(row: AnyRow) -> dict[str, Any]:
    """A summary row, or the beginning of a whole one, as the API has it."""
    ident, problem, user, state, verdict, score, max_score, passed, total, cpu_ms, created, finished, *_ = row
    return {
        "id": ident,
        "problem_id": problem,
        "user": user,
        "state": state,
        "verdict": verdict,
        "short": None if verdict is None else _SHORT[verdict],
        "score": score,
        "max_score": max_score,
        "passed": passed,
        "total": total,
        "cpu_ms": cpu_ms,
        "created_at": created,
        "finished_at": finished,
    }


def whole_of(row: AnyRow) -> dict[str, Any]:
    """A whole row as the API has it."""
    details = row.details or {}
    return {
        **summary_of(row),
        "wall_ms": row.wall_ms,
        "memory_kb": row.memory_kb,
        "isolation": row.isolation,
        "message": row.message,
        "failing": details.get("failing"),
        "cases": details.get("cases", []),
        "growth": details.get("growth"),
        "code": row.code,
    }


def iso(moment: dt.datetime) -> str:
    """ISO 8601 in UTC with a Z."""
    return moment.isoformat().removesuffix("+00:00") + "Z"


def attempts_since(session: Session, user: str, problem_id: str, moment: dt.datetime) -> int:
    """Counted submissions to a problem that were made after a moment."""
    query = (
        sa.select(sa.func.count())
        .select_from(Submission)
        .where(
            Submission.user_name == user,
            Submission.problem_id == problem_id,
            _COUNTED,
            Submission.created_at > moment,
        )
    )
    return session.execute(query).scalar_one()
