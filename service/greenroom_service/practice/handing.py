"""Handing in for other domains: a submission in their transaction, and verdicts of submissions. No routes here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from greenroom_service.database import now
from greenroom_service.practice.models import State, Submission

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from greenroom_grader.dispatch import Priority
    from greenroom_service.database import AnyRow


def insert(
    session: Session,
    submission_id: uuid.UUID,
    *,
    user: str,
    problem_id: str,
    code: str,
    client_id: uuid.UUID,
    priority: Priority,
) -> None:
    """Queue a submission. IntegrityError when the person used this client_id before."""
    session.execute(
        sa.insert(Submission).values(
            id=submission_id,
            user_name=user,
            problem_id=problem_id,
            code=code,
            client_id=client_id,
            state=State.QUEUED.value,
            priority=int(priority),
            attempts=0,
            created_at=now(),
        )
    )


def verdicts_of(session: Session, submissions: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, AnyRow]:
    """Rows (id, verdict, score, max_score) of those that are final, by id."""
    rows = session.execute(
        sa.select(
            Submission.id,
            Submission.verdict,
            sa.func.coalesce(Submission.score, 0.0).label("score"),
            sa.func.coalesce(Submission.max_score, 0.0).label("max_score"),
        ).where(Submission.id.in_(list(submissions)), Submission.state == State.FINAL.value)
    )
    return {row.id: row for row in rows}


def by_client(session: Session, user: str, client_id: uuid.UUID) -> AnyRow | None:
    """The row (id, code) of what a person handed in under this id."""
    return session.execute(
        sa.select(Submission.id, Submission.code).where(Submission.user_name == user, Submission.client_id == client_id)
    ).one_or_none()
