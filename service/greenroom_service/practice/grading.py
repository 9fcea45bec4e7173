"""Grading: takes a submission from its row, has it judged, and writes the verdict back exactly once.

The row is the truth. Whoever grades claims it first: state, runner and lease are set by one conditional update. A
heartbeat extends the leases of this process; when it dies, its leases run out and the sweep dispatches the rows again.
The verdict is a conditional update too, with its event in the same transaction: of two who judged, the second writes
nothing.
"""

from __future__ import annotations

import datetime as dt
import socket
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from greenroom_grader.dispatch import Job, Priority
from greenroom_grader.errors import DispatchError, GraderError
from greenroom_problems import Verdict
from greenroom_service import outbox
from greenroom_service.database import now
from greenroom_service.errors import NotFoundError
from greenroom_service.judging import growth_fields, report_fields
from greenroom_service.logs import get_logger
from greenroom_service.practice.models import State, Submission

if TYPE_CHECKING:
    from collections.abc import Callable

    from greenroom_grader.dispatch import Dispatch
    from greenroom_problems import Problem
    from greenroom_service.database import AnyRow, Database
    from greenroom_service.judging import LazyEngine
    from greenroom_service.metrics import Metrics
    from greenroom_service.shelf import Shelf

#: How long a claim is believed without a sign of life, and how often one is given.
LEASE = dt.timedelta(seconds=8)
HEARTBEAT = 2.0
#: Seconds between two sweeps, and the age from which a queued row counts as forgotten by the queue.
SWEEP_EVERY = 2.0
FORGOTTEN_AFTER = dt.timedelta(seconds=15)
#: A submission that ended its grader this often is given up: it must not take every worker down in turn.
MAX_ATTEMPTS = 4
_SWEEP_LIMIT = 500
_log = get_logger("greenroom.grading")


class Grader:
    """Grades submissions in the calling thread. Thread-safe.

    Args:
        database: where the rows are.
        shelf: where the problems are.
        engine: who judges.
        metrics: where verdicts are counted.
        on_event: called after an event was committed.
        spare: whether there is time to measure growth now.
    """

    def __init__(
        self,
        *,
        database: Database,
        shelf: Shelf,
        engine: LazyEngine,
        metrics: Metrics,
        on_event: Callable[[], None] = lambda: None,
        spare: Callable[[], bool] = lambda: True,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._engine = engine
        self._metrics = metrics
        self._on_event = on_event
        self._spare = spare
        self.runner = f"{socket.gethostname()}:{uuid.uuid4().hex[:12]}"
        #: Submissions that threads of this process grade now.
        self._active: set[uuid.UUID] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._beat = threading.Thread(target=self._keep_leases, name="greenroom-leases", daemon=True)

    def start(self) -> None:
        """Begin to extend the leases of what this process grades."""
        self._beat.start()

    def stop(self) -> None:
        """Stop; what is being graded keeps its lease until that runs out, or is released."""
        self._stop.set()
        if self._beat.is_alive():
            self._beat.join(5.0)

    def release(self) -> None:
        """Give back what this process has claimed and not finished, so that another can begin at once."""
        with self._database.write() as session:
            session.execute(
                sa.update(Submission)
                .where(Submission.state == State.RUNNING.value, Submission.runner == self.runner)
                .values(state=State.QUEUED.value, runner=None, lease_until=None)
            )

    def grade(self, submission_id: str) -> None:
        """Grade one submission, unless somebody else does or it is final. The Handler of the dispatch.

        Raises:
            UnavailableError: there is no engine; the row stays as it is and the sweep brings it again.
        """
        self._engine.get()
        claimed = self._claim(uuid.UUID(submission_id))
        if claimed is None:
            return
        with self._lock:
            self._active.add(claimed.id)
        try:
            self._finish(claimed)
        finally:
            with self._lock:
                self._active.discard(claimed.id)

    def _finish(self, claimed: AnyRow) -> None:
        begun = time.perf_counter()
        problem, fields = self._judge(claimed)
        if not self._write(claimed, fields):
            return
        self._metrics.submissions.labels(fields["verdict"]).inc()
        self._metrics.grading_seconds.observe(time.perf_counter() - begun)
        _log.info("graded", submission=str(claimed.id), problem=claimed.problem_id, verdict=fields["verdict"])
        accepted = fields["verdict"] == Verdict.ACCEPTED.value
        if (
            problem is not None
            and accepted
            and problem.complexity
            and not fields["details"]["growth"]
            and self._spare()
        ):
            self._measure(claimed, problem, fields["details"])

    def _measure(self, claimed: AnyRow, problem: Problem, details: dict[str, Any]) -> None:
        # After the verdict, never before it: nobody waits for this.
        try:
            growth = self._engine.get().growth(problem, claimed.code)
        except GraderError as error:
            _log.info("no growth", submission=str(claimed.id), error=type(error).__name__)
            return
        if growth is not None:
            self._add_growth(claimed, {**details, "growth": growth_fields(growth)})

    def _claim(self, submission_id: uuid.UUID) -> AnyRow | None:
        moment = now()
        free = sa.or_(
            Submission.state == State.QUEUED.value,
            sa.and_(Submission.state == State.RUNNING.value, Submission.lease_until < moment),
        )
        with self._database.write() as session:
            return session.execute(
                sa.update(Submission)
                .where(Submission.id == submission_id, free)
                .values(
                    state=State.RUNNING.value,
                    runner=self.runner,
                    lease_until=moment + LEASE,
                    started_at=moment,
                    attempts=Submission.attempts + 1,
                )
                .returning(
                    Submission.id,
                    Submission.user_name,
                    Submission.problem_id,
                    Submission.code,
                    Submission.attempts,
                )
            ).one_or_none()

    def _judge(self, claimed: AnyRow) -> tuple[Problem | None, dict[str, Any]]:
        if claimed.attempts > MAX_ATTEMPTS:
            return None, fault("Grading broke off several times. This is a fault of ours and does not count.")
        try:
            problem = self._shelf.problem(claimed.problem_id)
        except NotFoundError:
            return None, fault("This problem was withdrawn before your submission was judged. It does not count.")
        try:
            return problem, report_fields(self._engine.get().judge(problem, claimed.code))
        except GraderError as error:
            _log.error("judging failed", submission=str(claimed.id), error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a fault of ours becomes a verdict that says so
            _log.exception("judging failed", submission=str(claimed.id), error=type(error).__name__)
        return problem, fault("The grader failed. This is a fault of ours and does not count; submit again.")

    def _write(self, claimed: AnyRow, fields: dict[str, Any]) -> bool:
        with self._database.write() as session:
            written = session.execute(
                sa.update(Submission)
                .where(Submission.id == claimed.id, Submission.state != State.FINAL.value)
                .values(**fields, state=State.FINAL.value, finished_at=now(), runner=None, lease_until=None)
                .returning(Submission.id)
            ).one_or_none()
            if written is None:
                return False
            outbox.publish(
                session, user=claimed.user_name, kind="submission", payload=event_of(claimed, fields["verdict"])
            )
        self._on_event()
        return True

    def _add_growth(self, claimed: AnyRow, details: dict[str, Any]) -> None:
        with self._database.write() as session:
            updated = session.execute(
                sa.update(Submission)
                .where(Submission.id == claimed.id, Submission.verdict == Verdict.ACCEPTED.value)
                .values(details=details)
                .returning(Submission.id)
            ).one_or_none()
            if updated is not None:
                payload = event_of(claimed, Verdict.ACCEPTED.value)
                outbox.publish(session, user=claimed.user_name, kind="submission", payload=payload)
        self._on_event()

    def _keep_leases(self) -> None:
        while not self._stop.wait(HEARTBEAT):
            # Only what a thread really works on: a row whose thread failed must run out and come again.
            with self._lock:
                active = list(self._active)
            if not active:
                continue
            try:
                with self._database.write() as session:
                    session.execute(
                        sa.update(Submission)
                        .where(
                            Submission.id.in_(active),
                            Submission.state == State.RUNNING.value,
                            Submission.runner == self.runner,
                        )
                        .values(lease_until=now() + LEASE)
                    )
            except SQLAlchemyError as error:
                _log.warning("leases could not be extended", error=type(error).__name__)


class Sweep:
    """Dispatches rows that were left behind: at the start, after a crash of a worker, after a full queue.

    Args:
        database: where the rows are.
        dispatch: who takes them.
        sole: whether this process alone grades, so that no claim of an earlier process can still be true.
    """

    def __init__(self, database: Database, dispatch: Dispatch, *, sole: bool) -> None:
        self._database = database
        self._dispatch = dispatch
        self._sole = sole
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="greenroom-sweep", daemon=True)
        self._last_prune = float("-inf")

    def start(self) -> None:
        """Dispatch every row that is not final, then keep looking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def once(self, *, all_queued: bool = False) -> int:
        """Dispatch what was left behind; answers how many rows were handed on."""
        moment = now()
        queued_before = moment if all_queued else moment - FORGOTTEN_AFTER
        left = sa.or_(
            sa.and_(Submission.state == State.QUEUED.value, Submission.created_at <= queued_before),
            sa.and_(Submission.state == State.RUNNING.value, Submission.lease_until < moment),
        )
        with self._database.read() as session:
            rows = session.execute(
                sa.select(Submission.id, Submission.priority)
                .where(left)
                .order_by(Submission.priority.desc(), Submission.id)
                .limit(_SWEEP_LIMIT)
            ).all()
        for done, row in enumerate(rows):
            try:
                self._dispatch.submit(Job(str(row.id), Priority(row.priority)))
            except DispatchError as error:
                _log.warning("the queue takes no more", reason=str(error))
                return done
        return len(rows)

    def _release_all(self) -> None:
        with self._database.write() as session:
            session.execute(
                sa.update(Submission)
                .where(Submission.state == State.RUNNING.value)
                .values(state=State.QUEUED.value, runner=None, lease_until=None)
            )

    def _run(self) -> None:
        first = True
        while True:
            try:
                if first and self._sole:
                    self._release_all()
                taken = self.once(all_queued=first)
                if taken:
                    _log.info("dispatched again", rows=taken)
                first = False
                self._prune()
            except SQLAlchemyError as error:
                _log.warning("the sweep failed", error=type(error).__name__)
            if self._stop.wait(SWEEP_EVERY):
                return

    def _prune(self) -> None:
        if time.monotonic() - self._last_prune < 3600:
            return
        self._last_prune = time.monotonic()
        with self._database.write() as session:
            outbox.prune(session)


def anybody_waits(database: Database) -> bool:
    """Whether a submission waits for a grader."""
    with database.read() as session:
        query = sa.select(Submission.id).where(Submission.state == State.QUEUED.value).limit(1)
        return session.execute(query).first() is not None


def fault(message: str) -> dict[str, Any]:
    """The columns of a submission that we failed to judge."""
    return {
        "verdict": Verdict.INTERNAL_ERROR.value,
        "score": 0.0,
        "max_score": 0.0,
        "passed": 0,
        "total": 0,
        "cpu_ms": 0.0,
        "wall_ms": 0.0,
        "memory_kb": 0,
        "isolation": "",
        "message": message,
        "digest": "",
        "details": {"cases": [], "failing": None, "growth": None},
    }


def event_of(row: AnyRow, verdict: str) -> dict[str, Any]:
    """The payload of a ``submission`` event."""
    return {
        "id": str(row.id),
        "problem_id": row.problem_id,
        "state": State.FINAL.value,
        "verdict": verdict,
        "short": Verdict(verdict).short,
    }
