"""Reading and writing of cohorts. Who may is decided in policy, not here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from greenroom_service.audit import AuditEntry
from greenroom_service.classroom.models import Cohort, CohortRole, Membership
from greenroom_service.database import now

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session
    from sqlalchemy.sql import Select

    from greenroom_service.classroom.rules import Dated
    from greenroom_service.database import AnyRow


def memberships_of(session: Session, user: str) -> Mapping[uuid.UUID, CohortRole]:
    """The cohorts of a person, and what they are there."""
    rows = session.execute(sa.select(Membership.cohort_id, Membership.role).where(Membership.user_name == user))
    return {row.cohort_id: CohortRole(row.role) for row in rows}


def cohorts_of(session: Session, user: str) -> Sequence[AnyRow]:
    """Rows (id, name, role) of a person's cohorts, by name."""
    query = (
        sa.select(Cohort.id, Cohort.name, Membership.role)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(Membership.user_name == user)
        .order_by(Cohort.name)
    )
    return session.execute(query).all()


def joined(session: Session, user: str, role: CohortRole) -> Sequence[uuid.UUID]:
    """The cohorts that a person is in with a role, the one that they joined last first."""
    query = (
        sa.select(Membership.cohort_id)
        .where(Membership.user_name == user, Membership.role == role.value)
        .order_by(Membership.added_at.desc(), Membership.cohort_id.desc())
    )
    return session.execute(query).scalars().all()


def students_of(cohorts: Sequence[uuid.UUID]) -> Select[str]:
    """A subquery: the names of the students in any of these cohorts."""
    return sa.select(Membership.user_name).where(
        Membership.cohort_id.in_(cohorts), Membership.role == CohortRole.STUDENT
    )


def cohort(session: Session, cohort_id: uuid.UUID) -> Cohort | None:
    """One cohort."""
    return session.get(Cohort, cohort_id)


def page_of_cohorts(session: Session, user: str | None, *, after: uuid.UUID | None, limit: int) -> Sequence[AnyRow]:
    """Rows (id, name, created_at, role) of a person's cohorts, of all for None; newest first, one more than asked."""
    query = sa.select(Cohort.id, Cohort.name, Cohort.created_at, sa.literal("instructor").label("role"))
    if user is not None:
        query = (
            sa.select(Cohort.id, Cohort.name, Cohort.created_at, Membership.role)
            .join(Membership, Membership.cohort_id == Cohort.id)
            .where(Membership.user_name == user)
        )
    if after is not None:
        query = query.where(Cohort.id < after)
    return session.execute(query.order_by(Cohort.id.desc()).limit(limit + 1)).all()


def page_of_members(session: Session, cohort_id: uuid.UUID, *, after: str | None, limit: int) -> Sequence[AnyRow]:
    """Rows (user_name, role, added_at) of a cohort by name, one more than asked."""
    query = sa.select(Membership.user_name, Membership.role, Membership.added_at).where(
        Membership.cohort_id == cohort_id
    )
    if after is not None:
        query = query.where(Membership.user_name > after)
    return session.execute(query.order_by(Membership.user_name).limit(limit + 1)).all()


def member(session: Session, cohort_id: uuid.UUID, user: str) -> Membership | None:
    """One membership."""
    return session.get(Membership, (cohort_id, user))


def student_names(session: Session, cohort_id: uuid.UUID, *, after: str | None, limit: int) -> Sequence[str]:
    """Names of a cohort's students in order, one more than asked."""
    query = students_of([cohort_id])
    if after is not None:
        query = query.where(Membership.user_name > after)
    return session.execute(query.order_by(Membership.user_name).limit(limit + 1)).scalars().all()


def put_member(session: Session, cohort_id: uuid.UUID, user: str, role: CohortRole) -> CohortRole | None:
    """Make a person a member in a role; answers the role that they had."""
    known = member(session, cohort_id, user)
    if known is None:
        session.add(Membership(cohort_id=cohort_id, user_name=user, role=role.value, added_at=now()))
        return None
    old = CohortRole(known.role)
    known.role = role.value
    return old


def due_for(session: Session, user: str, moment: dt.datetime) -> Sequence[Dated]:  # noqa: ARG001 - see below
    """Assignments that a student has not finished, by their own date. There are no assignments yet."""
    return ()


def upcoming_for(session: Session, user: str, moment: dt.datetime) -> Sequence[Dated]:  # noqa: ARG001 - see below
    """Contests that a student may take part in and that are not over, by their beginning. There are none yet."""
    return ()


def taught_alone(session: Session, user: str) -> Sequence[str]:
    """Names of the cohorts that have this person as their only instructor."""
    other = aliased(Membership)
    query = (
        sa.select(Cohort.name)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(
            Membership.user_name == user,
            Membership.role == CohortRole.INSTRUCTOR.value,
            ~sa.exists().where(
                other.cohort_id == Cohort.id, other.role == CohortRole.INSTRUCTOR.value, other.user_name != user
            ),
        )
        .order_by(Cohort.name)
    )
    return session.execute(query).scalars().all()


def page_of_audit(
    session: Session, cohort_id: uuid.UUID | None, *, after: uuid.UUID | None, limit: int
) -> Sequence[AnyRow]:
    """Rows of the audit log, newest first, of one cohort or of all for None; one more than asked."""
    query = sa.select(*AuditEntry.__table__.columns)
    if cohort_id is not None:
        query = query.where(AuditEntry.cohort_id == cohort_id)
    if after is not None:
        query = query.where(AuditEntry.id < after)
    return session.execute(query.order_by(AuditEntry.id.desc()).limit(limit + 1)).all()
