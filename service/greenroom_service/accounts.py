"""Accounts: what the service itself remembers of a person whom the Hub knows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from greenroom_service.database import Base, now

if TYPE_CHECKING:
    from collections.abc import Sequence

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


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person has chosen."""

    time_zone: str = DEFAULT_ZONE
    hide_difficulty: bool = False
    hide_topics: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """Where this person's days begin."""
        return ZoneInfo(self.time_zone)


def preferences_of(session: Session, name: str) -> Preferences:
    """What a person has chosen; the defaults of somebody who has chosen nothing."""
    query = sa.select(Account.time_zone, Account.hide_difficulty, Account.hide_topics).where(Account.name == name)
    row = session.execute(query).one_or_none()
    return Preferences() if row is None else Preferences(*row)


def time_zone_of(session: Session, name: str) -> str:
    """The IANA zone of a person, UTC when none was chosen."""
    return preferences_of(session, name).time_zone


def zones(session: Session) -> Sequence[str]:
    """Every zone in which somebody lives."""
    return session.execute(sa.select(Account.time_zone).distinct().order_by(Account.time_zone)).scalars().all()


def prefer(session: Session, name: str, **changes: str | bool) -> None:
    """Remember what a person chooses, by the names of Preferences. The caller has checked the values."""
    account = session.get(Account, name)
    if account is None:
        account = Account(name=name, first_seen=now())
        session.add(account)
    for field, value in changes.items():
        setattr(account, field, value)
