"""The outbox: events, written in the transaction that makes them true, and read by whoever is interested."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from greenroom_service.database import Base, now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

#: Events older than this are forgotten; a client that was away for longer reads the lists again.
KEEP = dt.timedelta(days=7)
#: An arbitrary number that names our advisory lock on PostgreSQL.
_LOCK = 0x67726E726D


class OutboxEvent(Base):
    """Something that happened to one person."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_user_name_seq", "user_name", "seq"), {"sqlite_autoincrement": True})

    seq: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    user_name: Mapped[str]
    #: ``submission``, later others.
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    at: Mapped[dt.datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the outbox."""

    seq: int
    user: str
    kind: str
    payload: Mapping[str, Any]


def publish(session: Session, *, user: str, kind: str, payload: Mapping[str, Any]) -> None:
    """Add an event; call it last in the transaction.

    Readers ask for what is greater than the last number they saw, so numbers must become visible in their order. A
    number of PostgreSQL is given before the commit; a lock held until then keeps the order. SQLite has one writer.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    session.execute(sa.insert(OutboxEvent).values(user_name=user, kind=kind, payload=dict(payload), at=now()))


def last_seq(session: Session) -> int:
    """The number of the newest event, 0 when there is none."""
    return session.execute(sa.select(sa.func.coalesce(sa.func.max(OutboxEvent.seq), 0))).scalar_one()


def events_of(session: Session, user: str, *, after: int, limit: int = 200) -> Sequence[Event]:
    """A person's events after a number, oldest first."""
    rows = session.execute(
        sa.select(OutboxEvent.seq, OutboxEvent.user_name, OutboxEvent.kind, OutboxEvent.payload)
        .where(OutboxEvent.user_name == user, OutboxEvent.seq > after)
        .order_by(OutboxEvent.seq)
        .limit(limit)
    )
    return [Event(*row) for row in rows]


def events_of_kind(session: Session, kind: str, *, after: int, limit: int) -> Sequence[Event]:
    """Everybody's events of a kind after a number, oldest first: for domains that follow another one."""
    rows = session.execute(
        sa.select(OutboxEvent.seq, OutboxEvent.user_name, OutboxEvent.kind, OutboxEvent.payload)
        .where(OutboxEvent.seq > after, OutboxEvent.kind == kind)
        .order_by(OutboxEvent.seq)
        .limit(limit)
    )
    return [Event(*row) for row in rows]


def users_with_events(session: Session, *, after: int) -> tuple[int, frozenset[str]]:
    """The newest number, and who has events after ``after``."""
    rows = session.execute(
        sa.select(OutboxEvent.seq, OutboxEvent.user_name).where(OutboxEvent.seq > after).order_by(OutboxEvent.seq)
    ).all()
    return (rows[-1].seq if rows else after), frozenset(row.user_name for row in rows)


def prune(session: Session) -> None:
    """Forget what is older than KEEP."""
    session.execute(sa.delete(OutboxEvent).where(OutboxEvent.at < now() - KEEP))
