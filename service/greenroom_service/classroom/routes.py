"""Routes of the classroom: cohorts, members, their progress, the audit log."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy.exc import IntegrityError

from greenroom_service import audit, paging
from greenroom_service.classroom import queries, rules, schemas
from greenroom_service.classroom.models import Cohort, CohortRole, Membership
from greenroom_service.database import new_id, now
from greenroom_service.errors import ConflictError, NotFoundError
from greenroom_service.identity import Role
from greenroom_service.notices import queries as notices
from greenroom_service.notices.models import NoticeKind
from greenroom_service.practice import queries as practice
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Allowed, Parts, limited
from greenroom_service.web import request_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

router = APIRouter(tags=["classroom"])
UserName = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$", description="The Hub's user name")]
_writes = [Depends(limited(Limit.WRITE))]


@router.post("/cohorts", status_code=201, response_model=schemas.CohortOut, dependencies=_writes)
def create_cohort(request: Request, parts: Parts, access: Allowed, body: schemas.NewCohort) -> dict[str, Any]:
    """Make a cohort; its maker becomes its instructor."""
    access.require_role(Role.INSTRUCTOR)
    cohort_id, created_at = new_id(), now()
    actor = access.principal.name
    try:
        with parts.database.write() as session:
            session.add(Cohort(id=cohort_id, name=body.name, created_by=actor, created_at=created_at))
            session.flush()
            queries.put_member(session, cohort_id, actor, CohortRole.INSTRUCTOR)
            _record(session, request, access, "cohort.create", body.name, cohort_id, new={"name": body.name})
    except IntegrityError:
        raise ConflictError("There is a cohort of this name already. Choose another name.") from None
    return {"id": cohort_id, "name": body.name, "created_at": created_at, "role": CohortRole.INSTRUCTOR}


@router.get("/cohorts", response_model=schemas.CohortPage)
def list_cohorts(
    parts: Parts, access: Allowed, limit: paging.Limit = paging.DEFAULT_LIMIT, cursor: paging.Cursor = None
) -> dict[str, Any]:
    """The caller's cohorts, for an admin all of them; newest first."""
    after = paging.decode_id(cursor)
    user = None if access.is_admin else access.principal.name
    with parts.database.read() as session:
        rows = queries.page_of_cohorts(session, user, after=after, limit=limit)
    items, following = paging.cut(rows, limit, lambda row: (str(row.id),))
    shown = [_cohort_out(row.id, row.name, row.created_at, access) for row in items]
    return paging.page(shown, following)


@router.get("/cohorts/{cohort_id}", response_model=schemas.CohortOut)
def read_cohort(parts: Parts, access: Allowed, cohort_id: uuid.UUID) -> dict[str, Any]:
    """One cohort."""
    access.require_member(cohort_id)
    with parts.database.read() as session:
        found = _cohort(session, cohort_id)
    return _cohort_out(found.id, found.name, found.created_at, access)


@router.get("/cohorts/{cohort_id}/members", response_model=schemas.MemberPage)
def list_members(
    parts: Parts,
    access: Allowed,
    cohort_id: uuid.UUID,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
    cursor: paging.Cursor = None,
) -> dict[str, Any]:
    """Members by name, for the cohort's staff."""
    access.require_staff(cohort_id)
    after = None if cursor is None else paging.decode(cursor, 1)[0]
    with parts.database.read() as session:
        _cohort(session, cohort_id)
        rows = queries.page_of_members(session, cohort_id, after=after, limit=limit)
    items, following = paging.cut(rows, limit, lambda row: (row.user_name,))
    return paging.page([_member_out(row) for row in items], following)


@router.get("/cohorts/{cohort_id}/members/{user}", response_model=schemas.MemberOut)
def read_member(parts: Parts, access: Allowed, cohort_id: uuid.UUID, user: UserName) -> dict[str, Any]:
    """One member, for the cohort's staff."""
    access.require_staff(cohort_id)
    with parts.database.read() as session:
        return _member_out(_member(session, cohort_id, user))


@router.put("/cohorts/{cohort_id}/members/{user}", response_model=schemas.MemberOut, dependencies=_writes)
def put_member(
    request: Request, parts: Parts, access: Allowed, cohort_id: uuid.UUID, user: UserName, body: schemas.MemberIn
) -> dict[str, Any]:
    """Make a person a member, or change what they are in the cohort."""
    access.require_instructor(cohort_id)
    with parts.database.write() as session:
        cohort = _cohort(session, cohort_id, lock=True)
        known = queries.member(session, cohort_id, user)
        rules.check_keeps_instructor(
            _instructors(session, cohort_id), None if known is None else CohortRole(known.role), body.role
        )
        old = queries.put_member(session, cohort_id, user, body.role)
        if old is not body.role:
            before = None if old is None else {"role": old.value}
            after = {"role": body.role.value}
            _record(session, request, access, "cohort.member.put", user, cohort_id, old=before, new=after)
        session.flush()
        made = _member_out(_member(session, cohort_id, user))
        if old is not body.role and user != access.principal.name:
            _tell_member(session, user, cohort, body.role)
    parts.events.nudge()
    return made


@router.delete("/cohorts/{cohort_id}/members/{user}", status_code=204, dependencies=_writes)
def delete_member(request: Request, parts: Parts, access: Allowed, cohort_id: uuid.UUID, user: UserName) -> Response:
    """Take a person out of the cohort. Their work stays theirs."""
    access.require_instructor(cohort_id)
    with parts.database.write() as session:
        _cohort(session, cohort_id, lock=True)
        known = _member(session, cohort_id, user)
        old = CohortRole(known.role)
        rules.check_keeps_instructor(_instructors(session, cohort_id), old, None)
        session.delete(known)
        _record(session, request, access, "cohort.member.delete", user, cohort_id, old={"role": old.value})
    return Response(status_code=204)


@router.get("/cohorts/{cohort_id}/progress", response_model=schemas.StudentProgressPage)
def read_cohort_progress(
    parts: Parts,
    access: Allowed,
    cohort_id: uuid.UUID,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
    cursor: paging.Cursor = None,
) -> dict[str, Any]:
    """How far each student of the cohort is, by name, for the cohort's staff."""
    access.require_staff(cohort_id)
    after = None if cursor is None else paging.decode(cursor, 1)[0]
    with parts.database.read() as session:
        _cohort(session, cohort_id)
        names = queries.student_names(session, cohort_id, after=after, limit=limit)
        shown, following = paging.cut(names, limit, lambda name: (name,))
        totals = practice.totals_of(session, shown)
    return paging.page(rules.summary(totals, tuple(shown)), following)


@router.get("/audit", response_model=schemas.AuditPage)
def read_audit(
    parts: Parts,
    access: Allowed,
    cohort: uuid.UUID | None = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
    cursor: paging.Cursor = None,
) -> dict[str, Any]:
    """Changes by staff, newest first: of one cohort for its staff, of all for admins."""
    if cohort is None:
        access.require_role(Role.ADMIN)
    else:
        access.require_staff(cohort)
    after = paging.decode_id(cursor)
    with parts.database.read() as session:
        rows = queries.page_of_audit(session, cohort, after=after, limit=limit)
    items, following = paging.cut(rows, limit, lambda row: (str(row.id),))
    return paging.page(items, following)


def _cohort(session: Session, cohort_id: uuid.UUID, *, lock: bool = False) -> Cohort:
    # The lock makes two instructors who remove each other wait for one another.
    query = sa.select(Cohort).where(Cohort.id == cohort_id)
    found = session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if found is None:
        raise NotFoundError("There is no such cohort, or you are not in it.")
    return found


def _member(session: Session, cohort_id: uuid.UUID, user: str) -> Membership:
    found = queries.member(session, cohort_id, user)
    if found is None:
        raise NotFoundError("This person is not a member of the cohort.")
    return found


def _instructors(session: Session, cohort_id: uuid.UUID) -> int:
    return session.execute(
        sa.select(sa.func.count())
        .select_from(Membership)
        .where(Membership.cohort_id == cohort_id, Membership.role == CohortRole.INSTRUCTOR.value)
    ).scalar_one()


def _tell_member(session: Session, user: str, cohort: Cohort, role: CohortRole) -> None:
    notices.notify(
        session,
        user,
        NoticeKind.COHORT,
        key=f"cohort:{cohort.id}:{now().isoformat()}",
        title=f"You are {_AS[role]} of {cohort.name}",
        text="What the cohort is given stands on your home page.",
        target={"cohort_id": str(cohort.id)},
    )


_AS = {CohortRole.STUDENT: "a student", CohortRole.ASSISTANT: "an assistant", CohortRole.INSTRUCTOR: "an instructor"}


def _cohort_out(cohort_id: uuid.UUID, name: str, created_at: Any, access: Allowed) -> dict[str, Any]:
    return {"id": cohort_id, "name": name, "created_at": created_at, "role": access.role_in(cohort_id)}


def _member_out(row: Any) -> dict[str, Any]:
    return {"user": row.user_name, "role": row.role, "added_at": row.added_at}


def _record(
    session: Session,
    request: Request,
    access: Allowed,
    action: str,
    target: str,
    cohort_id: uuid.UUID,
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    audit.record(
        session,
        actor=access.principal.name,
        action=action,
        target=target,
        cohort_id=cohort_id,
        old=old,
        new=new,
        request_id=request_id(request.scope),
    )
