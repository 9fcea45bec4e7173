"""Routes of interviews: beginning, turns and their events, the clock, hints. Reports have a module of their own."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any

import anyio.to_thread
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Path
from fastapi.sse import EventSourceResponse, ServerSentEvent

from greenroom_service import paging
from greenroom_service.errors import ForbiddenError, NotFoundError
from greenroom_service.interviews import phases, schemas, showing
from greenroom_service.interviews.models import Author, Interview, InterviewTurn, TurnState
from greenroom_service.interviews.phases import Kind
from greenroom_service.interviews.reports import ceiling
from greenroom_service.interviews.scripted import opening
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Caller, Parts, limited

if TYPE_CHECKING:
    from greenroom_service.interviews.conversation import Live
    from greenroom_service.interviews.subjects import Subject
    from greenroom_service.service import Service

router = APIRouter(tags=["interviews"])
Number = Annotated[int, Path(ge=0, le=100_000)]
_writes = [Depends(limited(Limit.WRITE))]
#: Seconds between two looks at a turn that another process answers.
_LOOK_EVERY = 0.5
#: Seconds after which a stream ends, so that the client comes again with a token that is checked again.
_STREAM_SECONDS = 600.0


@router.get("/interviewer", response_model=schemas.InterviewerOut)
def read_interviewer(parts: Parts, caller: Caller) -> dict[str, Any]:
    """Who would interview the caller: Claude, a script, or nobody, and how much of the budget is used."""
    rooms = parts.interviews
    rules = rooms.house.rules(caller.name)
    who = "script" if rooms.claude is None else "claude"
    used = rooms.budgets.share_spent(rooms.house.limits(caller.name))
    return {
        "interviewer": who if rules.enabled else "off",
        "kinds": [kind for kind in Kind if kind in rules.kinds],
        "max_hints": rules.max_hints,
        "budget_used": min(1.0, used),
    }


@router.get("/scenarios", response_model=schemas.ScenariosOut)
def list_scenarios(parts: Parts) -> dict[str, Any]:
    """Scenarios that interviews can be about, by id."""
    found = parts.interviews.library.scenarios().values()
    return {
        "items": [
            {"id": one.id, "title": one.title, "kind": one.kind.value, "minutes": one.minutes, "topics": one.topics}
            for one in found
        ]
    }


@router.post("/interviews", status_code=201, response_model=schemas.InterviewOut, dependencies=_writes)
def begin_interview(parts: Parts, caller: Caller, body: schemas.InterviewIn) -> dict[str, Any]:
    """Begin an interview. Its first question is asked at once."""
    rooms = parts.interviews
    rules = rooms.house.rules(caller.name)
    if not rules.enabled or body.kind not in rules.kinds:
        raise ForbiddenError("Your instructor has switched this kind of interview off for your cohort.")
    subject = rooms.library.subject(body.kind, body.subject)
    model = "" if body.scripted or rooms.claude is None else parts.settings.claude_model
    made = rooms.desk.open(
        caller.name,
        client_id=body.client_id,
        subject=subject,
        minutes=body.minutes,
        model=model,
        greeting=greeting(subject, body.minutes, scripted=not model),
    )
    return _shown(parts, caller.name, made)


def greeting(subject: Subject, minutes: int, *, scripted: bool) -> str:
    """The first words of an interview; they cost no call."""
    first = phases.Progress.begin(phases.plan_for(subject.kind, minutes, subject.weights), 0.0)
    if scripted:
        return opening(subject, first).text
    return subject.questions[first.phase][0]


@router.get("/interviews", response_model=schemas.InterviewPage)
def list_interviews(
    parts: Parts, caller: Caller, limit: paging.Limit = paging.DEFAULT_LIMIT, cursor: paging.Cursor = None
) -> dict[str, Any]:
    """The caller's interviews, newest first."""
    before = paging.decode_id(cursor)
    query = sa.select(Interview).where(Interview.user_name == caller.name)
    if before is not None:
        query = query.where(Interview.id < before)
    with parts.database.read() as session:
        rows = session.execute(query.order_by(Interview.id.desc()).limit(limit + 1)).scalars().all()
        items, following = paging.cut(rows, limit, lambda row: (str(row.id),))
        return paging.page([showing.interview(parts.interviews, session, row) for row in items], following)


@router.get("/interviews/{interview_id}", response_model=schemas.InterviewOut)
def read_interview(parts: Parts, caller: Caller, interview_id: uuid.UUID) -> dict[str, Any]:
    """One interview as it is now. Only its candidate may see it."""
    return _shown(parts, caller.name, interview_id)


def _shown(parts: Service, user: str, interview_id: uuid.UUID) -> dict[str, Any]:
    rooms = parts.interviews
    with parts.database.read() as session:
        row = rooms.desk.mine(session, user, interview_id)
        return showing.interview(rooms, session, row)


@router.get("/interviews/{interview_id}/messages", response_model=schemas.MessagesOut)
def read_messages(parts: Parts, caller: Caller, interview_id: uuid.UUID) -> dict[str, Any]:
    """What was said, oldest first."""
    rooms = parts.interviews
    with parts.database.read() as session:
        rooms.desk.mine(session, caller.name, interview_id)
        found = rooms.desk.transcripts.read(session, interview_id)
    return {"items": list(showing.messages(found))}


@router.post("/interviews/{interview_id}/turns", status_code=202, response_model=schemas.TurnOut, dependencies=_writes)
async def begin_turn(parts: Parts, caller: Caller, interview_id: uuid.UUID, body: schemas.TurnIn) -> dict[str, Any]:
    """Say something. The reply comes over the turn's events; the same client_id again is the same turn."""
    rooms = parts.interviews
    row = await anyio.to_thread.run_sync(_turn_of, parts, caller.name, interview_id, body.client_id)
    if row is None:
        if rooms.claude is not None:
            await anyio.to_thread.run_sync(rooms.budgets.take, caller.name)
        begun = await anyio.to_thread.run_sync(
            lambda: rooms.desk.begin_turn(caller.name, interview_id, client_id=body.client_id, text=body.text)
        )
        row = await anyio.to_thread.run_sync(_turn_of, parts, caller.name, interview_id, body.client_id)
        if row is None:  # pragma: no cover - nothing deletes turns
            raise NotFoundError("The turn is gone.")
        if begun.fresh:
            rooms.conversations.answer(begun, row.phase)
    return showing.turn(row)


def _turn_of(parts: Service, user: str, interview_id: uuid.UUID, client_id: uuid.UUID) -> InterviewTurn | None:
    with parts.database.read() as session:
        parts.interviews.desk.mine(session, user, interview_id)
        query = sa.select(InterviewTurn).where(
            InterviewTurn.interview_id == interview_id, InterviewTurn.client_id == client_id
        )
        return session.execute(query).scalar_one_or_none()


@router.post("/interviews/{interview_id}/turns/{number}/stop", status_code=202, response_model=schemas.TurnOut)
async def stop_turn(parts: Parts, caller: Caller, interview_id: uuid.UUID, number: Number) -> dict[str, Any]:
    """Stop a reply. What was said of it stays; harmless when it has ended."""
    rooms = parts.interviews
    if await anyio.to_thread.run_sync(rooms.desk.ask_to_stop, caller.name, interview_id, number):
        rooms.conversations.stop(interview_id, number)
    return showing.turn(await anyio.to_thread.run_sync(_own_turn, parts, caller.name, interview_id, number))


def _own_turn(parts: Service, user: str, interview_id: uuid.UUID, number: int) -> InterviewTurn:
    with parts.database.read() as session:
        parts.interviews.desk.mine(session, user, interview_id)
        found = session.get(InterviewTurn, (interview_id, number))
    if found is None:
        raise NotFoundError("This interview has no such turn.")
    return found


async def _readable_turn(parts: Parts, caller: Caller, interview_id: uuid.UUID, number: Number) -> None:
    parts.events.check_room(caller.name)
    await anyio.to_thread.run_sync(_own_turn, parts, caller.name, interview_id, number)


@router.get(
    "/interviews/{interview_id}/turns/{number}/events",
    response_class=EventSourceResponse,
    dependencies=[Depends(_readable_turn)],
)
async def turn_events(
    parts: Parts,
    caller: Caller,
    interview_id: uuid.UUID,
    number: Number,
    last_event_id: Annotated[str | None, Header(max_length=32)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """The reply as it comes: ``part`` events with text, then one ``end`` with the whole text, the clock and any fault.

    A reader that comes again with Last-Event-ID is told what it missed; listening costs nothing.
    """
    text = (last_event_id or "").strip()
    seen = int(text) if text.isascii() and text.isdigit() else 0
    async with parts.events.listen(caller.name) as listener:
        deadline = anyio.current_time() + _STREAM_SECONDS
        # The number at once, so that a client that is cut off before the first word resumes here as well.
        yield ServerSentEvent(comment="open", id=str(seen))
        while not listener.closed and anyio.current_time() < deadline:
            live = parts.interviews.conversations.live(interview_id, number)
            if live is None:
                pieces, done = await anyio.to_thread.run_sync(_stored, parts, interview_id, number)
            else:
                pieces, done = list(live.pieces), live.done
            for position, piece in enumerate(pieces[seen:], seen + 1):
                yield ServerSentEvent(event="part", id=str(position), data={"text": piece})
            seen = max(seen, len(pieces))
            if done:
                ended = await anyio.to_thread.run_sync(_end, parts, caller.name, interview_id, number)
                yield ServerSentEvent(event="end", id=str(seen + 1), data=ended)
                return
            await _news(live, seen)


async def _news(live: Live | None, seen: int) -> None:
    """Return when there is something new, or after a while."""
    if live is None:
        await asyncio.sleep(_LOOK_EVERY)
        return
    with live.reading() as event:
        if len(live.pieces) > seen or live.done:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await event.wait()


def _stored(parts: Service, interview_id: uuid.UUID, number: int) -> tuple[list[str], bool]:
    """The pieces of a reply in the database, and whether the turn is closed."""
    transcripts = parts.interviews.desk.transcripts
    with parts.database.read() as session:
        state = session.get_one(InterviewTurn, (interview_id, number)).state
        pieces = [one.text for one in transcripts.read(session, interview_id, turn=number, final=False)]
    return pieces, state != TurnState.RUNNING.value


def _end(parts: Service, user: str, interview_id: uuid.UUID, number: int) -> dict[str, Any]:
    rooms = parts.interviews
    with parts.database.read() as session:
        row = rooms.desk.mine(session, user, interview_id)
        said = rooms.desk.transcripts.read(session, interview_id, turn=number)
        turn = session.get_one(InterviewTurn, (interview_id, number))
        shown = showing.interview(rooms, session, row)
    text = "".join(one.text for one in said if one.author is Author.INTERVIEWER)
    return {**showing.turn(turn), "text": text, "clock": shown["clock"], "hints_given": shown["hints_given"]}


@router.post("/interviews/{interview_id}/pause", response_model=schemas.InterviewOut)
def pause_interview(parts: Parts, caller: Caller, interview_id: uuid.UUID) -> dict[str, Any]:
    """Stop the clock; once per interview, and for a quarter of an hour at most."""
    parts.interviews.desk.move(caller.name, interview_id, phases.Progress.pause)
    return _shown(parts, caller.name, interview_id)


@router.post("/interviews/{interview_id}/resume", response_model=schemas.InterviewOut)
def resume_interview(parts: Parts, caller: Caller, interview_id: uuid.UUID) -> dict[str, Any]:
    """End the pause."""
    parts.interviews.desk.move(caller.name, interview_id, phases.Progress.resume)
    return _shown(parts, caller.name, interview_id)


@router.post("/interviews/{interview_id}/end", response_model=schemas.InterviewOut)
async def end_interview(parts: Parts, caller: Caller, interview_id: uuid.UUID) -> dict[str, Any]:
    """End the interview now. A reply that is being given is stopped; the report follows."""
    rooms = parts.interviews
    await anyio.to_thread.run_sync(rooms.desk.move, caller.name, interview_id, phases.Progress.finish)
    shown = await anyio.to_thread.run_sync(_shown, parts, caller.name, interview_id)
    if shown["running_turn"] is not None:
        await anyio.to_thread.run_sync(rooms.desk.ask_to_stop, caller.name, interview_id, shown["running_turn"])
        rooms.conversations.stop(interview_id, shown["running_turn"])
    rooms.writer.begin(interview_id)
    return shown


@router.post("/interviews/{interview_id}/hints", response_model=schemas.HintOut, dependencies=_writes)
def take_hint(parts: Parts, caller: Caller, interview_id: uuid.UUID) -> dict[str, Any]:
    """The next authored hint. Each lowers the level that problem solving can reach."""
    rooms = parts.interviews
    most = rooms.house.max_hints(caller.name)
    step, text = rooms.desk.take_hint(caller.name, interview_id, max_hints=most)
    shown = _shown(parts, caller.name, interview_id)
    return {"step": step, "total": shown["hints_total"], "text": text, "ceiling": ceiling(step)}
