"""The chore of leaving: deletes the data of those whose time has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenroom_service.database import now
from greenroom_service.leaving import queries
from greenroom_service.logs import get_logger

if TYPE_CHECKING:
    import datetime as dt

    from greenroom_service.database import Database

_log = get_logger("greenroom.leaving")


def delete_departed(database: Database, moment: dt.datetime | None = None) -> int:
    """Delete everything about everybody whose time has come, each in one transaction; answers how many they were."""
    when = moment or now()
    with database.read() as session:
        names = queries.due(session, when)
    deleted = 0
    for name in names:
        with database.write() as session:
            deleted += queries.delete(session, name, when)
    if deleted:
        _log.info("deleted accounts' data", accounts=deleted)
    return deleted
