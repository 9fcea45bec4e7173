"""Writing: the report of an interview that has ended, from the record and three samples of Claude's assessment."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import sqlalchemy as sa

from greenroom_service.crypto import Place
from greenroom_service.database import now
from greenroom_service.interviews import phases, prompts, reports, transcript
from greenroom_service.interviews.budgets import Purpose
from greenroom_service.interviews.calls import Call, Usage
from greenroom_service.interviews.errors import BudgetError, ClaudeFault
from greenroom_service.interviews.models import Interview, InterviewReport, ReportState
from greenroom_service.interviews.phases import Kind
from greenroom_service.logs import get_logger
from greenroom_service.practice import queries as practice
from greenroom_service.practice.models import Submission

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from greenroom_service.interviews.budgets import Budgets
    from greenroom_service.interviews.claude import Claude
    from greenroom_service.interviews.conversation import House
    from greenroom_service.interviews.desk import Desk
    from greenroom_service.interviews.reports import Judged
    from greenroom_service.interviews.subjects import Subject

TABLE = "interview_reports"
_MAX_TOKENS = 3000
_log = get_logger("greenroom.reports")
_NO_SCORES = "There are no scores: {why} The facts below come from the record."
_SCRIPTED = "This interview was asked by a script, which scores nothing. Assess yourself against the anchors."


def place(interview_id: uuid.UUID, column: str) -> Place:
    """Where a part of a report stands."""
    return Place(TABLE, str(interview_id), column)


class Writer:
    """Writes reports. Its async methods belong to one event loop.

    Args:
        desk: where interviews are.
        budgets: the books.
        house: limits.
        claude: None without a key.
        model: that assesses.
    """

    def __init__(self, *, desk: Desk, budgets: Budgets, house: House, claude: Claude | None, model: str) -> None:
        self._desk = desk
        self._budgets = budgets
        self._house = house
        self._claude = claude
        self._model = model
        self._tasks: dict[uuid.UUID, asyncio.Task[None]] = {}

    def begin(self, interview_id: uuid.UUID) -> None:
        """Write the report when the interview has ended and nobody has; harmless otherwise."""
        if interview_id not in self._tasks:
            task = asyncio.create_task(self._write(interview_id), name="write a report")
            self._tasks[interview_id] = task
            task.add_done_callback(lambda _: self._tasks.pop(interview_id, None))

    async def close(self) -> None:
        """Give up what is being written; the sweep takes it up again."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def unwritten(self) -> list[uuid.UUID]:
        """Interviews that have ended and have no report."""
        with self._desk.database.read() as session:
            missing = sa.and_(
                Interview.ended_at.is_not(None),
                Interview.report_state.in_([ReportState.NONE.value, ReportState.WRITING.value]),
            )
            return list(session.execute(sa.select(Interview.id).where(missing).limit(50)).scalars())

    async def _write(self, interview_id: uuid.UUID) -> None:
        found = await anyio.to_thread.run_sync(self._claim, interview_id)
        if found is None:
            return
        row, subject, messages = found
        facts = await anyio.to_thread.run_sync(self._facts, row, messages)
        if self._claude is None or not row.model:
            judged: Sequence[Judged] = reports.judge(subject.criteria, (), {}, hints=row.hints)
            await anyio.to_thread.run_sync(self._store, row, reports.to_json(facts, judged, note=_SCRIPTED), False)
            return
        samples, why = await self._samples(row, subject, messages, facts)
        said = transcript.said(messages)
        judged = reports.judge(subject.criteria, samples, said, hints=row.hints) if samples else ()
        note = "" if samples else _NO_SCORES.format(why=why)
        await anyio.to_thread.run_sync(self._store, row, reports.to_json(facts, judged, note=note), bool(samples))

    def _claim(self, interview_id: uuid.UUID) -> Any:
        with self._desk.database.write() as session:
            row = session.get_one(Interview, interview_id, with_for_update=True)
            if row.ended_at is None or row.report_state in {ReportState.READY.value, ReportState.FACTS_ONLY.value}:
                return None
            row.report_state = ReportState.WRITING.value
            messages = self._desk.transcripts.read(session, interview_id)
        return row, self._desk.subject_of(Kind(row.kind), row.subject), messages

    def _facts(self, row: Interview, messages: Sequence[transcript.Message]) -> dict[str, Any]:
        with self._desk.database.read() as session:
            return facts_of(session, row, messages)

    async def _samples(
        self,
        row: Interview,
        subject: Subject,
        messages: Sequence[transcript.Message],
        facts: Mapping[str, Any],
    ) -> tuple[list[reports.Sample], str]:
        system, sent = prompts.report(subject.criteria, facts, transcript.shown(messages))
        call = Call(model=self._model, system=system, messages=sent, max_tokens=_MAX_TOKENS, schema=reports.schema())
        why: list[str] = []
        found = await asyncio.gather(*(self._sample(row, call, why) for _ in range(reports.SAMPLES)))
        return [sample for sample in found if sample is not None], (why or ["Claude's answers could not be read."])[0]

    async def _sample(self, row: Interview, call: Call, why: list[str]) -> reports.Sample | None:
        """One sample, asked once more when a fault may pass; None when there is none to be had."""
        for last in (False, True):
            try:
                return await self._once(row, call)
            except BudgetError as error:
                why.append(error.detail)
                return None
            except ClaudeFault as fault:
                _log.warning("a sample failed", fault=fault.kind.value, detail=fault.detail)
                why.append(str(fault))
                if last or not fault.transient or (fault.retry_after or 0) > 1:
                    return None
        return None

    async def _once(self, row: Interview, call: Call) -> reports.Sample | None:
        assert self._claude is not None  # noqa: S101 - _write() looks
        limits = await anyio.to_thread.run_sync(self._house.limits, row.user_name)
        purpose = Purpose(
            user=row.user_name,
            interview_id=row.id,
            purpose="report",
            model=call.model,
            prompt_version=prompts.VERSION,
        )
        size = len(prompts.data([call.system, call.messages])) // 3
        charge = await anyio.to_thread.run_sync(
            lambda: self._budgets.reserve(purpose, limits, input_tokens=size, output_tokens=_MAX_TOKENS)
        )
        usage, fault = Usage(), ""
        try:
            text, usage = await self._claude.data(call)
        except ClaudeFault as error:
            fault = error.kind.value
            raise
        finally:
            settle = anyio.to_thread.run_sync(self._budgets.settle, charge, usage, fault)
            await asyncio.shield(asyncio.ensure_future(settle))
        return reports.parse(text)

    def _store(self, row: Interview, report: Mapping[str, Any], scored: bool) -> None:
        body = self._desk.transcripts.keyring.seal_json(report, place(row.id, "body"))
        with self._desk.database.write() as session:
            kept = session.get_one(Interview, row.id, with_for_update=True)
            if kept.report_state != ReportState.WRITING.value:
                return
            kept.report_state = (ReportState.READY if scored else ReportState.FACTS_ONLY).value
            session.add(InterviewReport(interview_id=row.id, body=body, written_at=now()))


def facts_of(session: Session, row: Interview, messages: Sequence[transcript.Message]) -> dict[str, Any]:
    """What the record says about an interview; nothing of it comes from a model."""
    progress = phases.from_json(row.progress)
    steps = zip(progress.plan.steps, progress.spent, strict=True)
    facts: dict[str, Any] = {
        "minutes": row.minutes,
        "minutes_used": round(progress.elapsed / 60),
        "phases": {step.id: round(spent) for step, spent in steps},
        "hints": row.hints,
        "turns": sum(bool(text.strip()) for text in transcript.said(messages).values()),
        "faults": len(transcript.records(messages, "fault")),
    }
    if row.kind != Kind.CODING.value:
        return facts
    theirs = sa.and_(
        Submission.user_name == row.user_name,
        Submission.problem_id == row.subject,
        Submission.created_at >= row.created_at,
        Submission.created_at <= (row.ended_at or now()),
        Submission.verdict.is_not(None),
    )
    handed_in = practice.page_of_submissions(session, theirs, before=None, limit=1)
    if handed_in:
        whole = practice.submission(session, theirs, handed_in[0].id)
        growth = ((whole.details or {}) if whole is not None else {}).get("growth") or {}
        last = handed_in[0]
        facts |= {"verdict": last.verdict, "passed": last.passed, "total": last.total}
        facts["complexity"] = growth.get("message") or ""
    return facts
