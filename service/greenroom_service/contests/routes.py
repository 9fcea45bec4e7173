"""Routes of contests: making them, taking part, handing in, and running them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from sqlalchemy.exc import IntegrityError

from greenroom_grader.dispatch import Job, Priority
from greenroom_grader.errors import DispatchError
from greenroom_service import audit, paging
from greenroom_service.classroom import queries as classroom
from greenroom_service.contests import queries, rules, schemas, scorer
from greenroom_service.contests.formats import POINT
from greenroom_service.contests.models import (
    Contest,
    ContestPause,
    ContestProblem,
    ContestStanding,
    ContestSubmission,
)
from greenroom_service.contests.rules import Phase
from greenroom_service.database import new_id, now
from greenroom_service.errors import ConflictError, InvalidError, NotFoundError
from greenroom_service.logs import get_logger
from greenroom_service.practice import handing
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Allowed, Parts, limited
from greenroom_service.web import request_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from greenroom_service.contests.models import ContestParty
    from greenroom_service.contests.rules import Timeline
    from greenroom_service.service import Service

router = APIRouter(tags=["contests"])
_writes = [Depends(limited(Limit.WRITE))]
_log = get_logger("greenroom.contests")


@router.post("/contests", status_code=201, response_model=schemas.ContestOut, dependencies=_writes)
def create_contest(request: Request, parts: Parts, access: Allowed, body: schemas.NewContest) -> dict[str, Any]:
    """Make a contest of a cohort. Its problems are hidden from everybody else until it begins."""
    access.require_instructor(body.cohort_id)
    moment = now()
    if body.starts_at < moment:
        raise InvalidError("starts_at: lies in the past. Choose a moment that is still to come.")
    form = rules.format_of(body.format, body.rules)
    _check_freeze(body.freeze_s, body.duration_s)
    found = Contest(
        id=new_id(),
        cohort_id=body.cohort_id,
        name=body.name,
        format=body.format,
        rules=rules.stored_rules(form),
        teams=body.teams,
        starts_at=body.starts_at,
        duration_ms=body.duration_s * 1000,
        freeze_ms=None if body.freeze_s is None else body.freeze_s * 1000,
        thawed_at=None,
        public_seq=0,
        jury_seq=0,
        version=1,
        created_by=access.principal.name,
        created_at=moment,
    )
    with parts.database.write() as session:
        session.add(found)
        try:
            session.flush()
        except IntegrityError:
            # An admin may teach every cohort, so nobody has looked yet whether this one exists.
            raise NotFoundError("There is no such cohort, or you are not in it.") from None
        _set_problems(parts, session, found.id, body.problems)
        _record(session, request, access, "contest.create", found, new=body.model_dump(mode="json"))
        shown = _out(session, found, access)
    parts.coming.forget()
    return shown


@router.get("/contests", response_model=schemas.ContestPage)
def list_contests(
    parts: Parts, access: Allowed, limit: paging.Limit = paging.DEFAULT_LIMIT, cursor: paging.Cursor = None
) -> dict[str, Any]:
    """Contests of the caller's cohorts, newest first; for an admin all."""
    after = paging.decode_id(cursor)
    cohorts = None if access.is_admin else access.memberships
    with parts.database.read() as session:
        rows = queries.page_of_contests(session, cohorts, after=after, limit=limit)
        items, following = paging.cut(rows, limit, lambda row: (str(row.id),))
        return paging.page([_out(session, one, access) for one in items], following)


@router.get("/contests/{contest_id}", response_model=schemas.ContestOut)
def read_contest(parts: Parts, access: Allowed, contest_id: uuid.UUID) -> dict[str, Any]:
    """One contest."""
    with parts.database.read() as session:
        return _out(session, contest_for(session, access, contest_id), access)


@router.patch("/contests/{contest_id}", response_model=schemas.ContestOut, dependencies=_writes)
def change_contest(
    request: Request, parts: Parts, access: Allowed, contest_id: uuid.UUID, body: schemas.ContestChange
) -> dict[str, Any]:
    """Change a contest. Once it has begun only its name, its length and its freeze may change."""
    with parts.database.write() as session:
        found = _for_instructor(session, access, contest_id)
        if found.version != body.version:
            raise ConflictError(
                "Somebody else changed this contest since you opened it. Read it again, then change the newer one.",
                extra={"version": found.version},
            )
        given = body.model_dump(exclude_unset=True, exclude={"version"})
        before = _changeable(session, found)
        rules.check_change(given, before, now())
        _apply(parts, session, found, body, given)
        found.version += 1
        session.flush()
        parties = session.execute(
            sa.select(ContestStanding.party_id).where(ContestStanding.contest_id == found.id).distinct()
        ).scalars()
        scorer.place(session, found, list(parties))
        new = body.model_dump(mode="json", exclude_unset=True, exclude={"version"})
        old = {
            name: schemas.ContestChange.model_validate({"version": 1, **before}).model_dump(mode="json")[name]
            for name in new
        }
        _record(session, request, access, "contest.change", found, old=old, new=new)
        shown = _out(session, found, access)
    parts.coming.forget()
    return shown


def _changeable(session: Session, found: Contest) -> dict[str, Any]:
    return {
        "name": found.name,
        "starts_at": found.starts_at,
        "duration_s": found.duration_ms // 1000,
        "freeze_s": None if found.freeze_ms is None else found.freeze_ms // 1000,
        "rules": found.rules,
        "problems": [
            {"problem_id": row.problem_id, "points": row.weight / POINT}
            for row in queries.problems_of(session, found.id)
        ],
    }


def _apply(
    parts: Service, session: Session, found: Contest, body: schemas.ContestChange, given: dict[str, Any]
) -> None:
    for name in ("name", "duration_s", "starts_at", "rules", "problems"):
        if name in given and given[name] is None:
            raise InvalidError(f"{name}: cannot be empty. Leave it out to keep it as it is.")
    if body.name is not None:
        found.name = body.name
    if body.starts_at is not None:
        found.starts_at = body.starts_at
    if body.duration_s is not None:
        found.duration_ms = body.duration_s * 1000
    if "freeze_s" in given:
        if found.thawed_at is not None:
            raise ConflictError("The freeze was lifted; it cannot be set again.")
        found.freeze_ms = None if body.freeze_s is None else body.freeze_s * 1000
    _check_freeze(None if found.freeze_ms is None else found.freeze_ms // 1000, found.duration_ms // 1000)
    if body.rules is not None:
        found.rules = rules.stored_rules(rules.format_of(found.format, body.rules))
    if body.problems is not None:
        session.execute(sa.delete(ContestProblem).where(ContestProblem.contest_id == found.id))
        _set_problems(parts, session, found.id, body.problems)


def _check_freeze(freeze: int | None, duration: int) -> None:
    if freeze is not None and freeze > duration:
        raise InvalidError("freeze_s: lies after the end. Choose a time within the contest, or none.")


def _set_problems(
    parts: Service, session: Session, contest_id: uuid.UUID, problems: Sequence[schemas.ProblemIn]
) -> None:
    ids = [one.problem_id for one in problems]
    if len(set(ids)) < len(ids):
        raise InvalidError("problems: one of them stands there twice. Leave one out.")
    for ordinal, one in enumerate(problems):
        parts.shelf.problem(one.problem_id)
        session.add(
            ContestProblem(
                contest_id=contest_id,
                problem_id=one.problem_id,
                ordinal=ordinal,
                weight=rules.whole_weight(one.points),
            )
        )
    session.flush()


@router.put("/contests/{contest_id}/registration", response_model=schemas.PartyOut, dependencies=_writes)
def register(parts: Parts, access: Allowed, contest_id: uuid.UUID, body: schemas.Registration) -> dict[str, Any]:
    """Take part, before the contest or while it runs; asking again answers the same."""
    caller = access.principal.name
    try:
        with parts.database.write() as session:
            found = contest_for(session, access, contest_id, lock=True)
            known = queries.party_of(session, contest_id, caller)
            if known is not None:
                return _party_out(session, known)
            if queries.timeline(session, found).phase(now()) is Phase.OVER:
                raise ConflictError("The contest is over. Its problems are open for practice.")
            name, members = _party_in(session, found, caller, body)
            queries.add_party(session, found, new_id(), name, members, now())
            party = queries.party_of(session, contest_id, caller)
            if party is None:  # pragma: no cover - it was just added
                raise NotFoundError("The registration is gone.")
            return _party_out(session, party)
    except IntegrityError:
        raise ConflictError(
            "The team's name is taken, or one of its members takes part already. Choose others."
        ) from None


def _party_in(session: Session, found: Contest, caller: str, body: schemas.Registration) -> tuple[str, list[str]]:
    if not found.teams:
        if body.team is not None or body.members:
            raise InvalidError("team: this contest is for individuals. Leave `team` and `members` out.")
        return caller, [caller]
    if body.team is None:
        raise InvalidError("team: this contest is for teams. Give the team a name.")
    members = sorted({caller, *body.members})
    for one in members:
        if one != caller and classroom.member(session, found.cohort_id, one) is None:
            raise InvalidError(f"members: {one} is not in the contest's cohort. Choose people of the cohort.")
    return body.team, members


@router.post(
    "/contests/{contest_id}/submissions",
    status_code=202,
    response_model=schemas.ContestSubmissionOut,
    dependencies=[Depends(limited(Limit.SUBMIT))],
)
def submit_to_contest(
    parts: Parts, access: Allowed, contest_id: uuid.UUID, body: schemas.ContestSubmissionIn
) -> dict[str, Any]:
    """Hand code in for the board. What the clock says when the request arrives counts."""
    moment = now()
    submission_id = new_id()
    try:
        with parts.database.write() as session:
            found = contest_for(session, access, contest_id)
            party = queries.party_of(session, contest_id, access.principal.name)
            if party is None:
                raise ConflictError("You do not take part in this contest. Register first.")
            clock = queries.timeline(session, found)
            rules.check_can_hand_in(clock.phase(moment))
            if body.problem_id not in {row.problem_id for row in queries.problems_of(session, contest_id)}:
                raise NotFoundError("This problem is not one of the contest.")
            handing.insert(
                session,
                submission_id,
                user=access.principal.name,
                problem_id=body.problem_id,
                code=body.code,
                client_id=body.client_id,
                priority=Priority.CONTEST,
            )
            at = clock.at(moment)
            session.add(
                ContestSubmission(
                    submission_id=submission_id,
                    contest_id=contest_id,
                    party_id=party.id,
                    problem_id=body.problem_id,
                    user_name=access.principal.name,
                    at_ms=at,
                    outcome="pending",
                    points=0,
                )
            )
            session.flush()
            found = queries.contest(session, contest_id, lock=True) or found
            scorer.place(session, found, [party.id])
    except IntegrityError:
        return _sent_before(parts, contest_id, access.principal.name, body)
    try:
        parts.dispatch.submit(Job(str(submission_id), Priority.CONTEST))
    except DispatchError as error:
        _log.warning("left to the sweep", submission=str(submission_id), reason=str(error))
    return {"id": submission_id, "problem_id": body.problem_id, "contest_time_ms": at}


def _sent_before(parts: Service, contest_id: uuid.UUID, user: str, body: schemas.ContestSubmissionIn) -> dict[str, Any]:
    with parts.database.read() as session:
        known = handing.by_client(session, user, body.client_id)
        row = None if known is None else session.get(ContestSubmission, known.id)
    same = row is not None and known is not None and known.code == body.code
    if row is None or not same or row.contest_id != contest_id or row.problem_id != body.problem_id:
        raise ConflictError("This client_id belongs to another submission. Send a new UUID with each submission.")
    return {"id": row.submission_id, "problem_id": row.problem_id, "contest_time_ms": row.at_ms}


@router.post("/contests/{contest_id}/pause", response_model=schemas.ContestOut, dependencies=_writes)
def pause_contest(request: Request, parts: Parts, access: Allowed, contest_id: uuid.UUID) -> dict[str, Any]:
    """Stop the contest's clock."""
    with parts.database.write() as session:
        found = _for_instructor(session, access, contest_id)
        moment = now()
        if queries.timeline(session, found).phase(moment) is not Phase.RUNNING:
            raise ConflictError("The contest does not run, so it cannot be paused.")
        session.add(ContestPause(contest_id=contest_id, began_at=moment, ended_at=None))
        session.flush()
        _record(session, request, access, "contest.pause", found, new={"at": moment.isoformat()})
        return _out(session, found, access)


@router.post("/contests/{contest_id}/resume", response_model=schemas.ContestOut, dependencies=_writes)
def resume_contest(request: Request, parts: Parts, access: Allowed, contest_id: uuid.UUID) -> dict[str, Any]:
    """Let the clock go on where it stopped."""
    with parts.database.write() as session:
        found = _for_instructor(session, access, contest_id)
        moment = now()
        resumed = session.execute(
            sa.update(ContestPause)
            .where(ContestPause.contest_id == contest_id, ContestPause.ended_at.is_(None))
            .values(ended_at=moment)
            .returning(ContestPause.began_at)
        ).one_or_none()
        if resumed is None:
            raise ConflictError("The contest is not paused.")
        _record(session, request, access, "contest.resume", found, new={"at": moment.isoformat()})
        return _out(session, found, access)


@router.post("/contests/{contest_id}/thaw", response_model=schemas.ContestOut, dependencies=_writes)
def thaw_contest(request: Request, parts: Parts, access: Allowed, contest_id: uuid.UUID) -> dict[str, Any]:
    """Lift the freeze: the public board becomes the jury's. Only when the contest is over."""
    with parts.database.write() as session:
        found = _for_instructor(session, access, contest_id)
        if queries.timeline(session, found).phase(now()) is not Phase.OVER:
            raise ConflictError("The contest is not over, so its freeze stays.")
        if found.freeze_ms is not None and found.thawed_at is None:
            found.thawed_at = now()
            found.version += 1
            session.flush()
            parties = session.execute(
                sa.select(ContestSubmission.party_id).where(
                    ContestSubmission.contest_id == contest_id, ContestSubmission.at_ms >= found.freeze_ms
                )
            ).scalars()
            scorer.place(session, found, set(parties))
            _record(session, request, access, "contest.thaw", found, new={"thawed": True})
        return _out(session, found, access)


def contest_for(session: Session, access: Allowed, contest_id: uuid.UUID, *, lock: bool = False) -> Contest:
    """A contest of one of the caller's cohorts; NotFoundError for any other."""
    found = queries.contest(session, contest_id, lock=lock)
    if found is None or access.role_in(found.cohort_id) is None:
        raise NotFoundError("There is no such contest, or you are not in its cohort.")
    return found


def _for_instructor(session: Session, access: Allowed, contest_id: uuid.UUID) -> Contest:
    found = contest_for(session, access, contest_id, lock=True)
    access.require_instructor(found.cohort_id)
    return found


def _out(session: Session, found: Contest, access: Allowed) -> dict[str, Any]:
    clock: Timeline = queries.timeline(session, found)
    moment = now()
    phase = clock.phase(moment)
    party = queries.party_of(session, found.id, access.principal.name)
    may_see = phase is not Phase.BEFORE or access.is_staff_of(found.cohort_id)
    return {
        "id": found.id,
        "cohort_id": found.cohort_id,
        "name": found.name,
        "format": found.format,
        "rules": found.rules,
        "teams": found.teams,
        "starts_at": found.starts_at,
        "ends_at": clock.ends_at(),
        "duration_s": found.duration_ms // 1000,
        "freeze_s": None if found.freeze_ms is None else found.freeze_ms // 1000,
        "phase": phase,
        "contest_time_s": clock.at(moment) // 1000,
        "frozen": clock.frozen(moment),
        "version": found.version,
        "problems": _problems_out(session, found.id) if may_see else [],
        "parties": queries.count_of_parties(session, found.id),
        "mine": None if party is None else _party_out(session, party),
    }


def _problems_out(session: Session, contest_id: uuid.UUID) -> list[dict[str, Any]]:
    return [
        {"problem_id": row.problem_id, "label": label(ordinal), "points": row.weight / POINT}
        for ordinal, row in enumerate(queries.problems_of(session, contest_id))
    ]


def label(ordinal: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    text = ""
    ordinal += 1
    while ordinal:
        ordinal, rest = divmod(ordinal - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _party_out(session: Session, party: ContestParty) -> dict[str, Any]:
    return {
        "id": party.id,
        "name": party.name,
        "members": queries.members_of(session, party.id),
        "registered_at": party.registered_at,
    }


def _record(
    session: Session,
    request: Request,
    access: Allowed,
    action: str,
    found: Contest,
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    audit.record(
        session,
        actor=access.principal.name,
        action=action,
        target=str(found.id),
        cohort_id=found.cohort_id,
        old=old,
        new=new,
        request_id=request_id(request.scope),
    )
