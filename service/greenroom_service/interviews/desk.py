"""Desk: the transactions of interviews. Every method is one, and leaves a legal state whatever happens after it.

A turn is begun once (its client's id says which), runs under a lease that its process renews, and is closed once:
whoever closes it writes the final message and the new progress together. A turn whose lease has run out is closed by
the sweep with what had been said.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from greenroom_problems import Verdict
from greenroom_service.database import new_id, now
from greenroom_service.errors import ConflictError, NotFoundError
from greenroom_service.interviews import phases, prompts, tools, transcript
from greenroom_service.interviews.errors import IllegalMoveError
from greenroom_service.interviews.models import (
    Author,
    Interview,
    InterviewMessage,
    InterviewTurn,
    ReportState,
    TurnState,
)
from greenroom_service.interviews.phases import Kind, Progress
from greenroom_service.practice import queries as practice
from greenroom_service.practice.models import Submission

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from greenroom_service.database import Database
    from greenroom_service.interviews.calls import ToolUse
    from greenroom_service.interviews.subjects import Subject
    from greenroom_service.interviews.transcript import Transcripts

#: For which a process that answers a turn is believed to live without a sign of it.
LEASE = dt.timedelta(seconds=20)
#: Characters of a buffer that are looked at.
_LONGEST_CODE = 24_000
#: Interviews that one person may have open.
MAX_OPEN = 5
#: Why a turn failed whose process died.
LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A turn that was begun, now or by the same request before."""

    interview_id: uuid.UUID
    number: int
    #: Whether it is this request's to answer.
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How a turn ends."""

    state: TurnState
    #: What was shown.
    text: str
    #: What Claude is told of its own turn from now on.
    rounds: Sequence[Mapping[str, Any]]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """The transactions.

    Args:
        database: where interviews are kept.
        transcripts: seals and opens what is said.
        subject_of: the subject of an interview, by kind and id; NotFoundError when it is gone.
    """

    database: Database
    transcripts: Transcripts
    subject_of: Callable[[Kind, str], Subject]

    def open(
        self, user: str, *, client_id: uuid.UUID, subject: Subject, minutes: int, model: str, greeting: str
    ) -> uuid.UUID:
        """Begin an interview; the same request again returns the same one.

        Raises:
            ConflictError: too many are open, or the id belongs to another interview.
        """
        with self.database.write() as session:
            mine = sa.select(Interview).where(Interview.user_name == user)
            known = session.execute(mine.where(Interview.client_id == client_id)).scalar_one_or_none()
            if known is not None:
                if (known.kind, known.subject, known.minutes) != (subject.kind.value, subject.id, minutes):
                    raise ConflictError("This client_id belongs to another interview. Send a new UUID with each.")
                return known.id
            opened = session.execute(mine.where(Interview.ended_at.is_(None)).limit(MAX_OPEN)).scalars().all()
            if len(opened) >= MAX_OPEN:
                raise ConflictError(f"You have {MAX_OPEN} interviews open already. End one of them first.")
            moment = now()
            progress = Progress.begin(phases.plan_for(subject.kind, minutes, subject.weights), moment.timestamp())
            made = Interview(
                id=new_id(),
                user_name=user,
                client_id=client_id,
                kind=subject.kind.value,
                subject=subject.id,
                minutes=minutes,
                model=model,
                progress=phases.to_json(progress),
                hints=0,
                report_state=ReportState.NONE.value,
                created_at=moment,
            )
            session.add(made)
            session.flush()
            self._opening(session, made, progress, greeting)
            return made.id

    def _opening(self, session: Session, made: Interview, progress: Progress, greeting: str) -> None:
        """Turn 0: the first question costs no call."""
        moment = now()
        session.add(
            InterviewTurn(
                interview_id=made.id,
                number=0,
                client_id=made.client_id,
                state=TurnState.DONE.value,
                phase=progress.phase,
                lease_until=moment,
                stop_asked=False,
                begun_at=moment,
                finished_at=moment,
            )
        )
        session.flush()
        sent = prompts.turn(number=0, text="", progress=progress, hints=0, code=None, events=())
        self._add(session, made, 0, Author.CANDIDATE, {"text": "", "sent": sent}, progress.phase)
        said = {"text": greeting, "rounds": [{"blocks": [{"type": "text", "text": greeting}], "answers": []}]}
        self._add(session, made, 0, Author.INTERVIEWER, said, progress.phase)

    def begin_turn(self, user: str, interview_id: uuid.UUID, *, client_id: uuid.UUID, text: str) -> Begun:
        """Begin a turn with what the candidate says; the same request again returns the same turn.

        Raises:
            NotFoundError: no such interview of this person.
            ConflictError: a turn runs already.
            IllegalMoveError: the interview is paused, or has ended.
        """
        with self.database.write() as session:
            row = self.mine(session, user, interview_id, lock=True)
            turns = sa.select(InterviewTurn).where(InterviewTurn.interview_id == interview_id)
            known = session.execute(turns.where(InterviewTurn.client_id == client_id)).scalar_one_or_none()
            if known is not None:
                return Begun(interview_id=interview_id, number=known.number, fresh=False)
            last = session.execute(turns.order_by(InterviewTurn.number.desc()).limit(1)).scalar_one()
            if last.state == TurnState.RUNNING.value:
                raise ConflictError("The interviewer is still speaking. Listen to the end, or stop the reply.")
            if not text.strip() and last.state == TurnState.DONE.value:
                raise ConflictError("Say something first; an empty turn only asks for a reply that was lost.")
            moment = now()
            progress = phases.from_json(row.progress).due(moment.timestamp())
            if not progress.ended:
                progress = progress.heard(moment.timestamp())
            row.progress = phases.to_json(progress)
            if progress.ended:
                row.ended_at = row.ended_at or moment
            else:
                self._insert_turn(session, row, progress, last.number + 1, client_id, text, since=last.begun_at)
        if progress.ended:
            raise IllegalMoveError("This interview has ended: its time is used up.")
        return Begun(interview_id=interview_id, number=last.number + 1, fresh=True)

    def _insert_turn(
        self,
        session: Session,
        row: Interview,
        progress: Progress,
        number: int,
        client_id: uuid.UUID,
        text: str,
        *,
        since: dt.datetime,
    ) -> None:
        moment = now()
        session.add(
            InterviewTurn(
                interview_id=row.id,
                number=number,
                client_id=client_id,
                state=TurnState.RUNNING.value,
                phase=progress.phase,
                lease_until=moment + LEASE,
                stop_asked=False,
                begun_at=moment,
            )
        )
        session.flush()
        code, digest = self._changed_code(session, row)
        events = verdicts_since(session, row, since)
        sent = prompts.turn(number=number, text=text, progress=progress, hints=row.hints, code=code, events=events)
        body = {"text": text, "sent": sent, "code": digest}
        self._add(session, row, number, Author.CANDIDATE, body, progress.phase)
        for one in events:
            self._add(session, row, number, Author.RECORD, {"event": "verdict", **one}, progress.phase)

    def _changed_code(self, session: Session, row: Interview) -> tuple[str | None, str]:
        """The candidate's buffer when it changed since the last turn, and its digest."""
        code = buffer_of(session, row)
        digest = hashlib.sha256(code.encode()).hexdigest()
        said = [one for one in self.transcripts.read(session, row.id) if one.author is Author.CANDIDATE]
        before = next((one.body["code"] for one in reversed(said) if "code" in one.body), "")
        return (code if code and digest != before else None), digest

    def append(self, interview_id: uuid.UUID, number: int, phase: str, pieces: Sequence[str]) -> bool:
        """Store pieces of a reply and renew the lease; False when the turn is not running any more, or is to stop."""
        with self.database.write() as session:
            turn = session.get(InterviewTurn, (interview_id, number), with_for_update=True)
            if turn is None or turn.state != TurnState.RUNNING.value:
                return False
            turn.lease_until = now() + LEASE
            seq = self.transcripts.next_seq(session, interview_id, number)
            for offset, piece in enumerate(pieces):
                self.transcripts.add(
                    session,
                    interview_id,
                    number,
                    Author.INTERVIEWER,
                    {"text": piece},
                    phase=phase,
                    final=False,
                    seq=seq + offset,
                )
            return not turn.stop_asked

    def ask_to_stop(self, user: str, interview_id: uuid.UUID, number: int) -> bool:
        """Ask whoever answers a turn to stop; False when nobody does any more."""
        with self.database.write() as session:
            self.mine(session, user, interview_id)
            turn = session.get(InterviewTurn, (interview_id, number), with_for_update=True)
            if turn is None:
                raise NotFoundError("This interview has no such turn.")
            if turn.state != TurnState.RUNNING.value:
                return False
            turn.stop_asked = True
            return True

    def use_tools(
        self, interview_id: uuid.UUID, number: int, uses: Sequence[ToolUse], *, max_hints: int, hinted: bool
    ) -> list[tools.Outcome]:
        """Decide on what the interviewer asked for, and write down what came of it."""
        with self.database.write() as session:
            row = self._locked(session, interview_id)
            subject = self.subject_of(Kind(row.kind), row.subject)
            table = tools.Table(
                progress=phases.from_json(row.progress),
                at=now().timestamp(),
                has_code=has_code(buffer_of(session, row), subject),
                said=transcript.said(self.transcripts.read(session, interview_id)),
                criteria=frozenset(item.id for item in subject.criteria),
                ladder=subject.ladder,
                hints=row.hints,
                max_hints=max_hints,
                hinted=hinted,
            )
            outcomes = []
            for one in uses:
                outcome = tools.use(one, table)
                table = outcome.table
                outcomes.append(outcome)
                if outcome.record:
                    self._add(session, row, number, Author.RECORD, outcome.record, table.progress.phase)
            self._keep(row, table.progress)
            row.hints = table.hints
            return outcomes

    def close_turn(self, interview_id: uuid.UUID, number: int, closing: Closing) -> bool:
        """Close a turn once; False when it was closed before. A failed one stops the clock from its beginning."""
        with self.database.write() as session:
            row = self._locked(session, interview_id)
            return self._close(session, row, number, closing)

    def _close(self, session: Session, row: Interview, number: int, closing: Closing) -> bool:
        turn = session.get(InterviewTurn, (row.id, number), with_for_update=True)
        if turn is None or turn.state != TurnState.RUNNING.value:
            return False
        progress = phases.from_json(row.progress)
        if closing.state is TurnState.FAILED:
            progress = progress.hold(turn.begun_at.timestamp())
            record = {"event": "fault", "fault": closing.fault}
            self._add(session, row, number, Author.RECORD, record, progress.phase)
        else:
            progress = progress.due(now().timestamp())
        self._keep(row, progress)
        body = {"text": closing.text, "rounds": list(closing.rounds), "fault": closing.fault}
        self._add(session, row, number, Author.INTERVIEWER, body, turn.phase)
        turn.state, turn.fault, turn.finished_at = closing.state.value, closing.fault or None, now()
        return True

    def recover(self, *, everything: bool = False) -> int:
        """Close turns whose process died; returns how many. ``everything`` when no other process can be answering."""
        with self.database.write() as session:
            lost = sa.select(InterviewTurn).where(InterviewTurn.state == TurnState.RUNNING.value)
            if not everything:
                lost = lost.where(InterviewTurn.lease_until < now())
            turns = session.execute(lost.limit(200)).scalars().all()
            for turn in turns:
                row = self._locked(session, turn.interview_id)
                said = self.transcripts.read(session, row.id, turn=turn.number, final=False)
                text = "".join(one.text for one in said)
                closing = Closing(state=TurnState.FAILED, text=text, rounds=spoken(text), fault=LOST)
                self._close(session, row, turn.number, closing)
            return len(turns)

    def move(self, user: str, interview_id: uuid.UUID, change: Callable[[Progress, float], Progress]) -> Interview:
        """Change the progress of an interview: a pause, its end, or only what time has changed."""
        with self.database.write() as session:
            row = self.mine(session, user, interview_id, lock=True)
            self._keep(row, change(phases.from_json(row.progress), now().timestamp()))
            return row

    def take_hint(self, user: str, interview_id: uuid.UUID, *, max_hints: int) -> tuple[int, str]:
        """Give the candidate the next rung, because they ask; returns its number and text."""
        with self.database.write() as session:
            row = self.mine(session, user, interview_id, lock=True)
            subject = self.subject_of(Kind(row.kind), row.subject)
            progress = phases.from_json(row.progress).due(now().timestamp())
            table = tools.Table(
                progress=progress,
                at=now().timestamp(),
                has_code=False,
                said={},
                criteria=frozenset(),
                ladder=subject.ladder,
                hints=row.hints,
                max_hints=max_hints,
            )
            why = tools.refuses_hint(table)
            if why:
                raise IllegalMoveError(why)
            row.hints += 1
            last = sa.select(sa.func.max(InterviewMessage.turn)).where(InterviewMessage.interview_id == row.id)
            number = int(session.execute(last).scalar_one())
            self._add(session, row, number, Author.RECORD, {"event": "hint", "step": row.hints}, progress.phase)
            return row.hints, subject.ladder[row.hints - 1]

    def end_overdue(self) -> int:
        """End open interviews whose time is used up; returns how many."""
        with self.database.write() as session:
            rows = session.execute(sa.select(Interview).where(Interview.ended_at.is_(None)).limit(500)).scalars().all()
            for row in rows:
                self._keep(row, phases.from_json(row.progress).due(now().timestamp()))
            return sum(row.ended_at is not None for row in rows)

    def mine(self, session: Session, user: str, interview_id: uuid.UUID, *, lock: bool = False) -> Interview:
        """A person's own interview. Nobody else may see it, staff neither."""
        query = sa.select(Interview).where(Interview.id == interview_id, Interview.user_name == user)
        found = session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
        if found is None:
            raise NotFoundError("There is no such interview, or it is not yours.")
        return found

    def _locked(self, session: Session, interview_id: uuid.UUID) -> Interview:
        return session.execute(sa.select(Interview).where(Interview.id == interview_id).with_for_update()).scalar_one()

    def _keep(self, row: Interview, progress: Progress) -> None:
        row.progress = phases.to_json(progress)
        if progress.ended and row.ended_at is None:
            row.ended_at = now()

    def _add(
        self, session: Session, row: Interview, turn: int, author: Author, body: Mapping[str, Any], phase: str
    ) -> None:
        self.transcripts.add(session, row.id, turn, author, body, phase=phase)


def spoken(text: str) -> list[dict[str, Any]]:
    """The rounds of a turn of which only what was shown is known."""
    return [{"blocks": [{"type": "text", "text": text}], "answers": []}] if text.strip() else []


def buffer_of(session: Session, row: Interview) -> str:
    """The candidate's code as it was last saved; empty where there is none."""
    if row.kind != Kind.CODING.value:
        return ""
    draft = practice.draft(session, row.user_name, row.subject)
    return "" if draft is None else str(draft.code)[:_LONGEST_CODE]


def has_code(buffer: str, subject: Subject) -> bool:
    """Whether somebody wrote more than what they were given."""
    given = {line.strip() for text in subject.guard.known for line in text.splitlines()}
    own = [line for line in buffer.splitlines() if line.strip() and line.strip() not in given]
    return bool(own) or subject.kind is not Kind.CODING


def verdicts_since(session: Session, row: Interview, since: dt.datetime) -> list[dict[str, Any]]:
    """What the judge said about the candidate's submissions since a moment, oldest first."""
    if row.kind != Kind.CODING.value:
        return []
    theirs = sa.and_(
        Submission.user_name == row.user_name,
        Submission.problem_id == row.subject,
        Submission.finished_at > since,
        Submission.verdict != Verdict.INTERNAL_ERROR.value,
    )
    found = practice.page_of_submissions(session, theirs, before=None, limit=5)
    return [
        {"verdict": one.verdict, "passed": one.passed, "total": one.total, "submission": str(one.id)}
        for one in reversed(found)
    ]
