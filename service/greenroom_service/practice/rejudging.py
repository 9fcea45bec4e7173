"""Rejudging: every submission of a problem judged again, first as a preview, then applied or cancelled.

A preview changes nothing a student sees. Applying replaces verdicts in one transaction; what they were stays in the
history. The new reports are stored with the rejudge, so that what was previewed is exactly what is applied.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from greenroom_grader.errors import GraderError
from greenroom_problems import Verdict
from greenroom_service import outbox
from greenroom_service.database import new_id, now
from greenroom_service.errors import ConflictError, NotFoundError, UnavailableError
from greenroom_service.judging import report_fields
from greenroom_service.logs import get_logger
from greenroom_service.notices.models import NoticeKind
from greenroom_service.notices.queries import notify
from greenroom_service.practice.grading import event_of, fault
from greenroom_service.practice.models import Rejudge, RejudgeItem, RejudgeState, State, Submission, VerdictHistory

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from greenroom_grader.dispatch import Dispatch
    from greenroom_service.database import AnyRow, Database
    from greenroom_service.judging import LazyEngine
    from greenroom_service.shelf import Shelf

#: Seconds between two looks for work, and submissions judged between two looks whether students wait.
LOOK_EVERY = 1.0
_log = get_logger("greenroom.rejudge")
#: A verdict or a score that differs; a fault of ours never replaces a verdict.
CHANGED = sa.and_(
    RejudgeItem.new_verdict.is_not(None),
    RejudgeItem.new_verdict != Verdict.INTERNAL_ERROR.value,
    sa.or_(RejudgeItem.new_verdict != RejudgeItem.old_verdict, RejudgeItem.new_score != RejudgeItem.old_score),
)


class Rejudger:
    """Finds the new verdicts of previews, one submission at a time, while no student's submission waits.

    Args:
        database: where the rows are.
        shelf: where the problems are.
        engine: who judges.
        dispatch: asked whether students wait.
        on_event: called after events were committed.
    """

    def __init__(
        self,
        *,
        database: Database,
        shelf: Shelf,
        engine: LazyEngine,
        dispatch: Dispatch,
        on_event: Callable[[], None],
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._engine = engine
        self._dispatch = dispatch
        self._on_event = on_event
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="greenroom-rejudge", daemon=True)

    def start(self) -> None:
        """Go on with every preview that is not complete."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the submission that is being judged."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(10.0)

    def begin(self, session: Session, *, problem_id: str, reason: str, actor: str) -> uuid.UUID:
        """Begin a preview of all final submissions of a problem.

        Raises:
            ConflictError: the problem is being rejudged already, or has no submissions.
        """
        rejudge_id = new_id()
        try:
            session.execute(
                sa.insert(Rejudge).values(
                    id=rejudge_id,
                    problem_id=problem_id,
                    state=RejudgeState.PREVIEWING.value,
                    reason=reason,
                    created_by=actor,
                    created_at=now(),
                )
            )
        except IntegrityError:  # of ix_rejudges_one_open
            raise ConflictError("This problem is being rejudged already. Apply or cancel that one first.") from None
        chosen = sa.select(
            sa.literal(rejudge_id, sa.Uuid()),
            Submission.id,
            Submission.verdict,
            sa.func.coalesce(Submission.score, 0.0),
        ).where(Submission.problem_id == problem_id, Submission.state == State.FINAL.value)
        columns = ["rejudge_id", "submission_id", "old_verdict", "old_score"]
        session.execute(sa.insert(RejudgeItem).from_select(columns, chosen))
        count = session.execute(
            sa.select(sa.func.count()).select_from(RejudgeItem).where(RejudgeItem.rejudge_id == rejudge_id)
        ).scalar_one()
        if not count:
            raise ConflictError("Nobody has submitted to this problem yet; there is nothing to judge again.")
        return rejudge_id

    def wake(self) -> None:
        """Look for work now."""
        self._wake.set()

    def apply(self, session: Session, rejudge_id: uuid.UUID) -> int:
        """Replace the verdicts that changed, keep the old ones in the history; answers how many.

        Raises:
            NotFoundError: no such rejudge.
            ConflictError: the preview is not complete, or it was applied or cancelled.
        """
        _step(session, rejudge_id, RejudgeState.APPLIED, from_=(RejudgeState.READY,))
        changes = session.execute(
            sa.select(RejudgeItem.report, *_REPLACED)
            .join(Submission, Submission.id == RejudgeItem.submission_id)
            .where(RejudgeItem.rejudge_id == rejudge_id, CHANGED)
            .order_by(Submission.id)
        ).all()
        for change in changes:
            _replace(session, rejudge_id, change)
        for change in changes:
            payload = event_of(change, (change.report or {})["verdict"])
            outbox.publish(session, user=change.user_name, kind="submission", payload=payload)
        for user, problem_id in sorted({(change.user_name, change.problem_id) for change in changes}):
            notify(
                session,
                user,
                NoticeKind.VERDICT,
                key=f"rejudge:{rejudge_id}",
                title="A submission of yours was judged again",
                text="Its verdict or score has changed; both are in the history of your submissions.",
                target={"problem_id": problem_id},
            )
        return len(changes)

    def cancel(self, session: Session, rejudge_id: uuid.UUID) -> None:
        """Drop a preview; nothing changes.

        Raises:
            NotFoundError: no such rejudge.
            ConflictError: it was applied or cancelled already.
        """
        _step(session, rejudge_id, RejudgeState.CANCELLED, from_=(RejudgeState.PREVIEWING, RejudgeState.READY))

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                while not self._stop.is_set() and self._dispatch.state().waiting == 0 and self._one():
                    pass
            except UnavailableError:
                _log.warning("no grader to rejudge with")
            except SQLAlchemyError as error:
                _log.warning("rejudging paused", error=type(error).__name__)
            self._wake.wait(LOOK_EVERY)
            self._wake.clear()

    def _one(self) -> bool:
        """Judge one submission again; False when there is none."""
        with self._database.read() as session:
            item = session.execute(
                sa.select(RejudgeItem.rejudge_id, Submission.id, Submission.problem_id, Submission.code)
                .join(Rejudge, Rejudge.id == RejudgeItem.rejudge_id)
                .join(Submission, Submission.id == RejudgeItem.submission_id)
                .where(Rejudge.state == RejudgeState.PREVIEWING.value, RejudgeItem.new_verdict.is_(None))
                .order_by(RejudgeItem.rejudge_id, RejudgeItem.submission_id)
                .limit(1)
            ).one_or_none()
        if item is None:
            return self._complete()
        fields = self._judge(item)
        with self._database.write() as session:
            session.execute(
                sa.update(RejudgeItem)
                .where(RejudgeItem.rejudge_id == item.rejudge_id, RejudgeItem.submission_id == item.id)
                .values(new_verdict=fields["verdict"], new_score=fields["score"], report=fields)
            )
        return True

    def _judge(self, item: AnyRow) -> dict[str, Any]:
        try:
            return report_fields(self._engine.get().judge(self._shelf.problem(item.problem_id), item.code))
        except UnavailableError:
            raise  # there is no grader at all: the preview waits for one
        except (GraderError, NotFoundError) as error:
            _log.warning("could not judge again", submission=str(item.id), error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - one submission must not end the thread and hold up all previews
            _log.exception("could not judge again", submission=str(item.id), error=type(error).__name__)
        return fault("The grader failed on this submission; its verdict stays.")

    def _complete(self) -> bool:
        waiting = sa.select(RejudgeItem.rejudge_id).where(RejudgeItem.new_verdict.is_(None))
        with self._database.write() as session:
            session.execute(
                sa.update(Rejudge)
                .where(Rejudge.state == RejudgeState.PREVIEWING.value, Rejudge.id.not_in(waiting))
                .values(state=RejudgeState.READY.value)
            )
        return False


_KEPT = (Submission.verdict, Submission.score, Submission.digest, Submission.details)
_REPLACED = (Submission.id, Submission.user_name, Submission.problem_id, *_KEPT)


def _replace(session: Session, rejudge_id: uuid.UUID, change: AnyRow) -> None:
    session.execute(
        sa.insert(VerdictHistory).values(
            id=new_id(),
            submission_id=change.id,
            rejudge_id=rejudge_id,
            verdict=change.verdict,
            score=change.score or 0.0,
            digest=change.digest,
            details=change.details,
            replaced_at=now(),
        )
    )
    session.execute(sa.update(Submission).where(Submission.id == change.id).values(**change.report))


def _step(session: Session, rejudge_id: uuid.UUID, to: RejudgeState, *, from_: Sequence[RejudgeState]) -> None:
    done = session.execute(
        sa.update(Rejudge)
        .where(Rejudge.id == rejudge_id, Rejudge.state.in_([state.value for state in from_]))
        .values(state=to.value, finished_at=now())
        .returning(Rejudge.id)
    ).one_or_none()
    if done is not None:
        return
    state = session.execute(sa.select(Rejudge.state).where(Rejudge.id == rejudge_id)).scalar_one_or_none()
    if state is None:
        raise NotFoundError("There is no such rejudge.")
    if state == RejudgeState.PREVIEWING.value:
        raise ConflictError("The preview is not complete yet. Wait until its state is ready.")
    raise ConflictError(f"This rejudge was {state} already.")


def counts(rejudge_id: Any) -> tuple[Any, Any, Any]:
    """Scalar subqueries: submissions in all, judged again, changed."""

    def count(*conditions: Any) -> Any:
        return (
            sa.select(sa.func.count())
            .select_from(RejudgeItem)
            .where(RejudgeItem.rejudge_id == rejudge_id, *conditions)
            .scalar_subquery()
        )

    return count(), count(RejudgeItem.new_verdict.is_not(None)), count(CHANGED)
