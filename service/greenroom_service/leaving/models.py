"""Tables of leaving."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from greenroom_service.database import Base


class Departure(Base):
    """A person who has asked for the deletion of their data. Taken back by deleting the row."""

    __tablename__ = "departures"

    user_name: Mapped[str] = mapped_column(primary_key=True)
    asked_at: Mapped[dt.datetime]
    delete_at: Mapped[dt.datetime] = mapped_column(index=True)
