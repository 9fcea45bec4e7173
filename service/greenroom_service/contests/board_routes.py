"""Routes of boards: pages, the caller's own place, changes as they happen, the unfreezing, and messages."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any

import anyio
import anyio.to_thread
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from greenroom_service import paging
from greenroom_service.contests import queries, rules, schemas
from greenroom_service.contests.board import Contestant, Submitted, whole_points
from greenroom_service.contests.formats import Outcome
from greenroom_service.contests.freeze import unfreezing
from greenroom_service.contests.models import (
    ContestMessage,
    ContestParty,
    ContestSubmission,
    Face,
    MessageKind,
)
from greenroom_service.contests.routes import contest_for
from greenroom_service.contests.rules import Phase
from greenroom_service.database import new_id, now
from greenroom_service.errors import BadRequestError, ConflictError, NotFoundError
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Allowed, Caller, Parts, access_for, limited
from greenroom_service.web import json_response

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from greenroom_service.contests.models import Contest
    from greenroom_service.database import AnyRow
    from greenroom_service.service import Service

router = APIRouter(tags=["contests"])
#: Lines that one look for changes brings at most, and seconds after which a stream ends.
_LINES = 500
_STREAM_SECONDS = 900.0
#: Seconds between two looks for changes; one look serves one stream.
LOOK_EVERY = 0.5
_BIGGEST = 2**62


def _face(access: Allowed, found: Contest) -> Face:
    return Face.JURY if access.is_staff_of(found.cohort_id) else Face.PUBLIC


@router.get("/contests/{contest_id}/standings", response_model=schemas.StandingPage)
def read_standings(
    parts: Parts,
    access: Allowed,
    contest_id: uuid.UUID,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
    cursor: paging.Cursor = None,
) -> Response:
    """A page of the board, best first. Staff see through the freeze; everybody else sees the frozen board."""
    with parts.database.read() as session:
        found = contest_for(session, access, contest_id)
        face = _face(access, found)
        return json_response(page_of_board(session, found, face, limit=limit, cursor=cursor))


def page_of_board(session: Session, found: Contest, face: Face, *, limit: int, cursor: str | None) -> dict[str, Any]:
    """A page of a board. The cursor carries the place at which the page before ended: no page counts from the top."""
    after, place, rank = (None, 0, 0) if cursor is None else _decode(cursor)
    rows = queries.page_of_standings(session, found.id, face, after=after, limit=limit)
    shown: list[dict[str, Any]] = []
    before = None if after is None else after[:3]
    for row in rows[:limit]:
        place += 1
        score = (row.minus_points, row.penalty, row.tie)
        rank = rank if score == before else place
        before = score
        shown.append(_line(row, rank))
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = paging.encode(
            str(last.minus_points), str(last.penalty), str(last.tie), str(last.party_id), str(place), str(rank)
        )
    frozen = queries.timeline(session, found).frozen(now())
    return {**paging.page(shown, following), "frozen": frozen, "seq": found.seq_of(face)}


def _decode(cursor: str) -> tuple[tuple[Any, ...], int, int]:
    points, penalty, tie, party, place, rank = paging.decode(cursor, 6)
    try:
        numbers = [int(one) for one in (points, penalty, tie, place, rank)]
        party_id = uuid.UUID(party)
    except ValueError:
        numbers = []
    if not numbers or any(abs(one) > _BIGGEST for one in numbers):
        raise BadRequestError("This cursor is not one of ours. Leave it out to begin with the first page.")
    return (*numbers[:3], party_id), numbers[3], numbers[4]


def _line(row: AnyRow, rank: int) -> dict[str, Any]:
    return {
        "rank": rank,
        "party_id": row.party_id,
        "name": row.name,
        "points": whole_points(-row.minus_points),
        "penalty": row.penalty,
        "cells": [_cell(problem, cell) for problem, cell in row.cells.items()],
    }


def _cell(problem: str, cell: dict[str, Any]) -> dict[str, Any]:
    return {
        "problem_id": problem,
        "judged": cell["judged"],
        "pending": cell["pending"],
        "solved": cell["solved"],
        "points": whole_points(cell["points"]),
        "time_ms": cell["time"],
        "penalised": cell["penalised"],
    }


@router.get("/contests/{contest_id}/standings/mine", response_model=schemas.StandingOut)
def read_my_standing(parts: Parts, access: Allowed, contest_id: uuid.UUID) -> Response:
    """The caller's own line and rank."""
    with parts.database.read() as session:
        found = contest_for(session, access, contest_id)
        party = queries.party_of(session, contest_id, access.principal.name)
        row = None if party is None else queries.line_of(session, contest_id, _face(access, found), party.id)
        if row is None:
            raise NotFoundError("You do not take part in this contest.")
        rank = queries.rank_of(session, contest_id, _face(access, found), (row.minus_points, row.penalty, row.tie))
    return json_response(_line(row, rank))


def _may_stream(parts: Parts, caller: Caller, contest_id: uuid.UUID) -> None:
    parts.events.check_room(caller.name)
    with parts.database.read() as session:
        contest_for(session, access_for(parts, caller), contest_id)


@router.get(
    "/contests/{contest_id}/standings/events",
    response_class=EventSourceResponse,
    dependencies=[Depends(_may_stream)],
)
async def standings_events(
    parts: Parts,
    caller: Caller,
    contest_id: uuid.UUID,
    last_event_id: Annotated[str | None, Header(max_length=32)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Lines of the board as they change, never the whole board. The number of a page of standings is where to begin."""
    text = (last_event_id or "").strip()
    begin = int(text) if text.isascii() and text.isdigit() and int(text) <= _BIGGEST else None
    async with parts.events.listen(caller.name) as listener:
        seq = await anyio.to_thread.run_sync(_begin, parts, caller, contest_id, begin)
        yield ServerSentEvent(comment="open", id=str(seq))
        deadline = anyio.current_time() + _STREAM_SECONDS
        while not listener.closed and anyio.current_time() < deadline:
            rows = await anyio.to_thread.run_sync(_changes, parts, caller, contest_id, seq)
            for row in rows:
                seq = row.seq
                line = _line(row, 0)
                del line["rank"]  # it follows from the order of all lines, which the reader keeps
                yield ServerSentEvent(event="standing", id=str(seq), data={**line, "party_id": str(row.party_id)})
            if len(rows) < _LINES:
                await listener.wait(LOOK_EVERY)


def _begin(parts: Service, caller: Caller, contest_id: uuid.UUID, begin: int | None) -> int:
    access = access_for(parts, caller)
    with parts.database.read() as session:
        found = queries.contest(session, contest_id)
    newest = 0 if found is None else found.seq_of(_face(access, found))
    return newest if begin is None else min(begin, newest)


def _changes(parts: Service, caller: Caller, contest_id: uuid.UUID, seq: int) -> list[AnyRow]:
    """Changes that the caller may see now; who left the cohort sees no more."""
    access = access_for(parts, caller)
    with parts.database.read() as session:
        found = queries.contest(session, contest_id)
        if found is None or access.role_in(found.cohort_id) is None:
            return []
        return list(queries.changes_of_board(session, contest_id, _face(access, found), after=seq, limit=_LINES))


@router.get("/contests/{contest_id}/unfreezing", response_model=schemas.Unfreezing)
def read_unfreezing(parts: Parts, access: Allowed, contest_id: uuid.UUID) -> dict[str, Any]:
    """The steps of the ceremony, for staff: which cell to reveal next, and where its party lands."""
    with parts.database.read() as session:
        found = contest_for(session, access, contest_id)
        access.require_staff(found.cohort_id)
        if found.freeze_ms is None:
            raise ConflictError("This contest has no freeze, so there is nothing to reveal.")
        if queries.timeline(session, found).phase(now()) is not Phase.OVER:
            raise ConflictError("The contest is not over; what is pending may still change.")
        parties = session.execute(sa.select(ContestParty).where(ContestParty.contest_id == contest_id)).scalars()
        rows = session.execute(sa.select(ContestSubmission).where(ContestSubmission.contest_id == contest_id)).scalars()
        steps = unfreezing(
            rules.format_of(found.format, found.rules),
            contestants=[Contestant(id=str(one.id), name=one.name) for one in parties],
            weights={row.problem_id: row.weight for row in queries.problems_of(session, contest_id)},
            submissions=[
                Submitted(
                    id=str(one.submission_id),
                    contestant=str(one.party_id),
                    problem=one.problem_id,
                    time=one.at_ms,
                    outcome=Outcome(one.outcome),
                    points=one.points,
                )
                for one in rows
            ],
            duration=found.duration_ms,
            freeze=found.freeze_ms,
        )
        return {
            "steps": [
                {"party_id": one.contestant, "problem_id": one.problem, "before": one.before, "after": one.after}
                for one in steps
            ]
        }


@router.get("/contests/{contest_id}/messages", response_model=schemas.MessagePage)
def list_messages(
    parts: Parts,
    access: Allowed,
    contest_id: uuid.UUID,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
    cursor: paging.Cursor = None,
) -> dict[str, Any]:
    """Announcements, public answers, and the caller's own questions with their answers; for staff all."""
    after = paging.decode_id(cursor)
    with parts.database.read() as session:
        found = contest_for(session, access, contest_id)
        party = queries.party_of(session, contest_id, access.principal.name)
        visible: sa.ColumnElement[bool] = ContestMessage.party_id.is_(None)
        if party is not None:
            visible = sa.or_(visible, ContestMessage.party_id == party.id)
        if access.is_staff_of(found.cohort_id):
            visible = sa.true()
        rows = queries.messages_of(session, contest_id, visible=visible, after=after, limit=limit)
    items, following = paging.cut(rows, limit, lambda row: (str(row.id),))
    return paging.page([_message(one) for one in items], following)


@router.post(
    "/contests/{contest_id}/messages",
    status_code=201,
    response_model=schemas.MessageOut,
    dependencies=[Depends(limited(Limit.WRITE))],
)
def write_message(parts: Parts, access: Allowed, contest_id: uuid.UUID, body: schemas.MessageIn) -> dict[str, Any]:
    """Ask the jury. Staff announce something to everybody, or answer a question."""
    with parts.database.write() as session:
        found = contest_for(session, access, contest_id)
        staff = access.is_staff_of(found.cohort_id)
        kind, party_id = _addressee(session, access, found, body, staff=staff)
        if body.problem_id is not None:
            begun = queries.timeline(session, found).phase(now()) is not Phase.BEFORE
            known = {row.problem_id for row in queries.problems_of(session, contest_id)}
            if body.problem_id not in known or not (begun or staff):
                raise NotFoundError("This problem is not one of the contest.")
        message = ContestMessage(
            id=new_id(),
            contest_id=contest_id,
            kind=kind.value,
            party_id=party_id,
            reply_to=body.reply_to,
            problem_id=body.problem_id,
            author=access.principal.name,
            text=body.text,
            at=now(),
        )
        session.add(message)
        session.flush()
        return _message(message)


def _addressee(
    session: Session, access: Allowed, found: Contest, body: schemas.MessageIn, *, staff: bool
) -> tuple[MessageKind, uuid.UUID | None]:
    if not staff:
        party = queries.party_of(session, found.id, access.principal.name)
        if party is None:
            raise ConflictError("You do not take part in this contest. Register first.")
        if body.reply_to is not None:
            raise ConflictError("Only the jury answers. Ask a new question instead.")
        return MessageKind.QUESTION, party.id
    if body.reply_to is None:
        return MessageKind.ANNOUNCEMENT, None
    asked = session.get(ContestMessage, body.reply_to)
    if asked is None or asked.contest_id != found.id or asked.kind != MessageKind.QUESTION.value:
        raise NotFoundError("There is no such question in this contest.")
    return MessageKind.ANSWER, None if body.everybody else asked.party_id


def _message(one: ContestMessage) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "party_id": one.party_id,
        "reply_to": one.reply_to,
        "problem_id": one.problem_id,
        "text": one.text,
        "at": one.at,
    }
