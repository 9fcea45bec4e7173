"""The audit log: every change by staff. Who, what, when, old and new; written in the same transaction as the change."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from greenroom_service.database import Base, new_id, now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session


class AuditEntry(Base):
    """One change. Rows are only ever added."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_cohort_id_id", "cohort_id", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    actor: Mapped[str]
    #: What was done, e.g. ``cohort.create``.
    action: Mapped[str]
    #: What it was done to, e.g. a user name or an id.
    target: Mapped[str]
    #: Kept without a foreign key: the log outlives the cohort.
    cohort_id: Mapped[uuid.UUID | None]
    old: Mapped[dict[str, Any] | None]
    new: Mapped[dict[str, Any] | None]
    request_id: Mapped[str]
    at: Mapped[dt.datetime]


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    target: str,
    cohort_id: uuid.UUID | None = None,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    request_id: str = "",
) -> None:
    """Add an entry to the transaction that makes the change. ``old`` and ``new`` must be plain JSON."""
    session.add(
        AuditEntry(
            actor=actor,
            action=action,
            target=target,
            cohort_id=cohort_id,
            old=None if old is None else dict(old),
            new=None if new is None else dict(new),
            request_id=request_id,
            at=now(),
        )
    )
