"""Showing: rows of interviews as they cross HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from greenroom_service.database import now
from greenroom_service.errors import NotFoundError
from greenroom_service.interviews import phases, scripted
from greenroom_service.interviews.conversation import says
from greenroom_service.interviews.models import Author, Interview, InterviewReport, InterviewTurn, TurnState
from greenroom_service.interviews.phases import Kind
from greenroom_service.interviews.writing import place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from greenroom_service.crypto import Keyring
    from greenroom_service.interviews.phases import Progress
    from greenroom_service.interviews.rooms import Interviews
    from greenroom_service.interviews.transcript import Message

_RECORDS = {
    "hint": "Hint {step} was given.",
    "phase": "From {from} to {to}.",
    "verdict": "A submission was judged: {verdict}, {passed} of {total} cases.",
}


def clock(progress: Progress) -> dict[str, Any]:
    """Time and phase."""
    return {
        "phase": progress.phase,
        "next_phase": progress.following,
        "phases": [step.id for step in progress.plan.steps],
        "clock": progress.clock.value,
        "elapsed_seconds": round(progress.elapsed, 1),
        "remaining_seconds": round(progress.remaining, 1),
        "pause_used": progress.pause_used,
    }


def interview(rooms: Interviews, session: Session, row: Interview) -> dict[str, Any]:
    """One interview as it is now."""
    try:
        subject = rooms.library.subject(Kind(row.kind), row.subject)
        title, ladder = subject.title, len(subject.ladder)
    except NotFoundError:
        title, ladder = row.subject, 0  # it was taken out of the catalogue; what was said stays
    running = sa.select(InterviewTurn.number).where(
        InterviewTurn.interview_id == row.id, InterviewTurn.state == TurnState.RUNNING.value
    )
    by_claude = bool(row.model)
    return {
        "id": row.id,
        "kind": row.kind,
        "subject": row.subject,
        "title": title,
        "minutes": row.minutes,
        "interviewer": "claude" if by_claude else "script",
        "label": "" if by_claude else scripted.LABEL,
        "clock": clock(phases.from_json(row.progress).due(now().timestamp())),
        "hints_given": row.hints,
        "hints_total": ladder,
        "running_turn": session.execute(running).scalar_one_or_none(),
        "report": row.report_state,
        "created_at": row.created_at,
        "ended_at": row.ended_at,
    }


def turn(row: InterviewTurn) -> dict[str, Any]:
    """A turn without its text."""
    return {"number": row.number, "state": row.state, "fault": row.fault, "says": says(row.fault) if row.fault else ""}


def messages(found: Sequence[Message]) -> Iterator[dict[str, Any]]:
    """The transcript as it is shown; nothing that only Claude is told."""
    for one in found:
        event = one.body.get("event") if one.author is Author.RECORD else None
        text = one.text
        if event == "fault":
            text = says(str(one.body["fault"]))
        elif event == "evidence":
            text = f"Noted for the report: “{one.body['quote']}”"
        elif event is not None:
            text = _RECORDS[event].format(**one.body)
        if text or event is not None:
            yield {
                "turn": one.turn,
                "author": one.author.value,
                "phase": one.phase,
                "text": text,
                "event": event,
                "at": one.at,
            }


def opened(keyring: Keyring, row: InterviewReport, column: str) -> Any:
    """A sealed part of a report; None where there is none."""
    sealed = getattr(row, column)
    return None if sealed is None else keyring.open_json(sealed, place(row.interview_id, column))


def report(
    title: str, row: Interview, body: Mapping[str, Any], objections: Mapping[str, str], own: Mapping[str, int]
) -> dict[str, Any]:
    """A report with what its candidate thinks of it."""
    scores = [
        {**score, "objection": objections.get(score["criterion"]), "own_level": own.get(score["criterion"])}
        for score in body["scores"]
    ]
    return {
        "interview_id": row.id,
        "title": title,
        "state": row.report_state,
        "note": body["note"],
        "facts": body["facts"],
        "scores": scores,
    }
