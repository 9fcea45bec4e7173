"""Transcript: the sealed messages of an interview, and the conversation with Claude that is rebuilt from them.

Bodies by author. Candidate: ``text``, ``sent`` (the very text that Claude got), ``code`` (digest of the buffer).
Interviewer, final: ``text`` (what was shown), ``rounds`` (what Claude is shown of its own turn: content blocks, and
answers to tools), ``fault``; not final: ``text``, one piece. Record: ``event`` and its facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from greenroom_service.crypto import Place
from greenroom_service.database import now
from greenroom_service.interviews.models import Author, InterviewMessage

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from greenroom_service.crypto import Keyring

TABLE = "interview_messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message, opened."""

    turn: int
    seq: int
    author: Author
    final: bool
    phase: str
    body: Mapping[str, Any]
    at: dt.datetime

    @property
    def text(self) -> str:
        """What was said."""
        return str(self.body.get("text", ""))


def place(interview_id: uuid.UUID, turn: int, seq: int) -> Place:
    """Where the body of a message stands."""
    return Place(TABLE, f"{interview_id}/{turn}/{seq}", "body")


@dataclass(frozen=True, slots=True)
class Transcripts:
    """Reads and writes messages.

    Args:
        keyring: seals what is said.
    """

    keyring: Keyring

    def add(
        self,
        session: Session,
        interview_id: uuid.UUID,
        turn: int,
        author: Author,
        body: Mapping[str, Any],
        *,
        phase: str,
        final: bool = True,
        seq: int | None = None,
    ) -> int:
        """Append a message; returns its place within the turn."""
        if seq is None:
            seq = self.next_seq(session, interview_id, turn)
        session.execute(
            sa.insert(InterviewMessage).values(
                interview_id=interview_id,
                turn=turn,
                seq=seq,
                author=author.value,
                final=final,
                phase=phase,
                body=self.keyring.seal_json(dict(body), place(interview_id, turn, seq)),
                at=now(),
            )
        )
        return seq

    def next_seq(self, session: Session, interview_id: uuid.UUID, turn: int) -> int:
        """The next free place within a turn."""
        highest = sa.select(sa.func.max(InterviewMessage.seq)).where(
            InterviewMessage.interview_id == interview_id, InterviewMessage.turn == turn
        )
        found = session.execute(highest).scalar_one()
        return 0 if found is None else int(found) + 1

    def read(
        self, session: Session, interview_id: uuid.UUID, *, turn: int | None = None, final: bool | None = True
    ) -> list[Message]:
        """Messages in their order, of one turn or of all; only final ones unless ``final`` is None or False."""
        query = sa.select(InterviewMessage).where(InterviewMessage.interview_id == interview_id)
        if turn is not None:
            query = query.where(InterviewMessage.turn == turn)
        if final is not None:
            query = query.where(InterviewMessage.final == final)
        rows = session.execute(query.order_by(InterviewMessage.turn, InterviewMessage.seq)).scalars()
        return [
            Message(
                turn=row.turn,
                seq=row.seq,
                author=Author(row.author),
                final=row.final,
                phase=row.phase,
                body=self.keyring.open_json(row.body, place(interview_id, row.turn, row.seq)),
                at=row.at,
            )
            for row in rows
        ]


def said(messages: Sequence[Message]) -> dict[int, str]:
    """What the candidate said, by number of the turn."""
    return {message.turn: message.text for message in messages if message.author is Author.CANDIDATE}


def conversation(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The messages as the API takes them: the same rows make the same bytes, and new rows only add to the end."""
    made: list[dict[str, Any]] = []
    waiting: list[dict[str, Any]] = []
    for message in messages:
        if message.author is Author.CANDIDATE:
            made.append({"role": "user", "content": [*waiting, {"type": "text", "text": message.body["sent"]}]})
            waiting = []
        elif message.author is Author.INTERVIEWER:
            for one in message.body["rounds"]:
                if waiting:
                    made.append({"role": "user", "content": waiting})
                made.append({"role": "assistant", "content": one["blocks"]})
                waiting = list(one["answers"])
    return made


def shown(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The transcript for a report: who said what, with the numbers that quotes name."""
    speakers = {Author.CANDIDATE: "candidate", Author.INTERVIEWER: "interviewer"}
    return [
        {"turn": message.turn, "speaker": speakers[message.author], "phase": message.phase, "text": message.text}
        for message in messages
        if message.author in speakers and message.text
    ]


def records(messages: Sequence[Message], event: str) -> list[Mapping[str, Any]]:
    """The facts of one kind of event."""
    return [
        message.body for message in messages if message.author is Author.RECORD and message.body.get("event") == event
    ]
