"""Accounts: what the service itself remembers of a person whom the Hub knows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from greenroom_service.database import Base, now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DEFAULT_ZONE = "UTC"


class Account(Base):
    """A person."""

    __tablename__ = "accounts"

    #: The Hub's user name.
    name: Mapped[str] = mapped_column(primary_key=True)
    #: IANA name, e.g. ``Europe/Paris``: where this person's days begin.
    time_zone: Mapped[str] = mapped_column(default=DEFAULT_ZONE, server_default=DEFAULT_ZONE)
    #: What lists and reasons leave out, for who wants to find out themselves.
    hide_difficulty: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    hide_topics: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    first_seen: Mapped[dt.datetime]


def time_zone_of(session: Session, name: str) -> str:
    """The IANA zone of a person, UTC when none was chosen."""
    found = session.execute(sa.select(Account.time_zone).where(Account.name == name)).scalar_one_or_none()
    return found or DEFAULT_ZONE


def set_time_zone(session: Session, name: str, zone: str) -> None:
    """Remember a person's zone. The caller has checked that it exists."""
    account = session.get(Account, name)
    if account is None:
        session.add(Account(name=name, time_zone=zone, first_seen=now()))
    else:
        account.time_zone = zone
