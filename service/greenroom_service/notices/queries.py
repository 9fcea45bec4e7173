"""Writing and reading of notices. Any domain may call ``notify``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from greenroom_service import outbox
from greenroom_service.database import insert, new_id, now
from greenroom_service.notices.models import Notice, NoticeKind

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from greenroom_service.database import AnyRow

#: The kind of the events that say that something changed.
EVENT = "notice"


def notify(
    session: Session,
    user: str,
    kind: NoticeKind,
    *,
    key: str,
    title: str,
    text: str,
    target: Mapping[str, Any] | None = None,
) -> bool:
    """Tell a person something, once; call it last in the transaction that makes it true.

    Args:
        session: the transaction.
        user: whom.
        kind: what it is about.
        key: names what happened; a second notice of the same key is not made.
        title: a few words.
        text: a sentence or two: what happened, what to do.
        target: what the panel opens.

    Returns:
        False when the person was told before.
    """
    made = session.execute(
        insert(session, Notice)
        .values(
            id=new_id(),
            user_name=user,
            key=key,
            kind=kind.value,
            title=title,
            text=text,
            target=dict(target or {}),
            made_at=now(),
        )
        .on_conflict_do_nothing(index_elements=["user_name", "key"])
        .returning(Notice.id)
    ).one_or_none()
    if made is None:
        return False
    payload = {"id": str(made.id), "kind": kind.value, "title": title, "unread": unread(session, user)}
    outbox.publish(session, user=user, kind=EVENT, payload=payload)
    return True


def unread(session: Session, user: str) -> int:
    """How many notices a person has not read."""
    query = sa.select(sa.func.count()).select_from(Notice).where(Notice.user_name == user, Notice.read_at.is_(None))
    return session.execute(query).scalar_one()


def page(session: Session, user: str, *, before: uuid.UUID | None, limit: int, only_unread: bool) -> Sequence[AnyRow]:
    """Rows of a person's notices, newest first, one more than asked."""
    columns = (
        Notice.id,
        Notice.kind,
        Notice.title,
        Notice.text,
        Notice.target,
        Notice.made_at,
        Notice.read_at,
    )
    query = sa.select(*columns).where(Notice.user_name == user)
    if only_unread:
        query = query.where(Notice.read_at.is_(None))
    if before is not None:
        query = query.where(Notice.id < before)
    return session.execute(query.order_by(Notice.id.desc()).limit(limit + 1)).all()


def mark_read(session: Session, user: str, notices: Collection[uuid.UUID] | None) -> int:
    """Mark some notices as read, all for None; answers how many are left, and tells the person's other tabs."""
    query = sa.update(Notice).where(Notice.user_name == user, Notice.read_at.is_(None)).values(read_at=now())
    if notices is not None:
        query = query.where(Notice.id.in_(notices))
    marked = session.execute(query.returning(Notice.id)).all()
    left = unread(session, user)
    if marked:
        outbox.publish(session, user=user, kind=EVENT, payload={"unread": left})
    return left
