"""The chore of study: tells people on the day that something becomes due for review."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from greenroom_service import accounts
from greenroom_service.database import now
from greenroom_service.notices.models import NoticeKind
from greenroom_service.notices.queries import notify
from greenroom_service.study import memory, queries

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from greenroom_service.database import Database

#: The hour of the student's own day from which they are told.
FROM_HOUR = 6


def tell_of_reviews(database: Database, on_event: Callable[[], None], moment: dt.datetime | None = None) -> int:
    """Tell everybody for whom something becomes due today, once a day; answers how many were told."""
    when = moment or now()
    told = 0
    with database.read() as session:
        zones = {accounts.DEFAULT_ZONE, *accounts.zones(session)}
        due = [
            (row, today)
            for zone in sorted(zones)
            if when.astimezone(ZoneInfo(zone)).hour >= FROM_HOUR
            for today in [memory.today_in(ZoneInfo(zone), when)]
            for row in queries.newly_due(session, zone, today)
        ]
    for row, today in due:
        problems = "1 problem is" if row.due == 1 else f"{row.due} problems are"
        with database.write() as session:
            told += notify(
                session,
                row.user_name,
                NoticeKind.REVIEWS,
                key=f"reviews:{today.isoformat()}",
                title=f"{problems} due for review",
                text="A short review today keeps what you have learned.",
                target={"panel": "reviews"},
            )
    if told:
        on_event()
    return told
