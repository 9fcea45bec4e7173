"""Rotation: ``greenroom keys rotate`` makes a new key and seals everything with it again."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from greenroom_service.crypto import Keyring, Place, split
from greenroom_service.interviews import transcript, writing
from greenroom_service.interviews.models import InterviewMessage, InterviewReport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from greenroom_service.database import Database

#: Rows of one transaction: short enough that nobody waits for it.
_BATCH = 200


def keys_rotate() -> None:
    """Make a new key for transcripts and reports, seal everything with it again, and forget keys that nothing needs.

    The service may go on running. The key that was used until now stays in the file, because a service that runs may
    still seal with it for a moment; the next rotation drops it.
    """
    # Here, because ``greenroom --help`` must not import a database driver.
    from greenroom_service.database import Database, migrate  # noqa: PLC0415
    from greenroom_service.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    migrate(settings.sqlalchemy_url)
    database = Database(settings.sqlalchemy_url)
    try:
        keyring = Keyring(settings.keys)
        count, dropped = rotate(database, keyring)
    finally:
        database.close()
    gone = f"; forgot {', '.join(sorted(dropped))}" if dropped else ""
    sys.stderr.write(f"sealed {count} values again with {keyring.current}{gone}\n")


def rotate(database: Database, keyring: Keyring) -> tuple[int, set[str]]:
    """(values that were sealed again, ids of keys that were dropped)."""
    before = keyring.current
    stale = set(keyring.ids()) - {before}
    keyring.add()
    count = _messages(database, keyring) + _reports(database, keyring)
    keyring.drop(stale)
    return count, stale


def _messages(database: Database, keyring: Keyring) -> int:
    key = (InterviewMessage.interview_id, InterviewMessage.turn, InterviewMessage.seq)

    def again(_session: Session, row: Any) -> int:
        place = transcript.place(row.interview_id, row.turn, row.seq)
        return _again(keyring, row, "body", place)

    return _walk(database, InterviewMessage, key, again)


def _reports(database: Database, keyring: Keyring) -> int:
    def again(_session: Session, row: Any) -> int:
        columns = ("body", "objections", "assessment")
        return sum(_again(keyring, row, column, writing.place(row.interview_id, column)) for column in columns)

    return _walk(database, InterviewReport, (InterviewReport.interview_id,), again)


def _again(keyring: Keyring, row: Any, column: str, place: Place) -> int:
    sealed = getattr(row, column)
    if sealed is None or split(sealed)[0] == keyring.current:
        return 0
    setattr(row, column, keyring.seal(keyring.open(sealed, place), place))
    return 1


def _walk(database: Database, table: Any, key: Sequence[Any], again: Callable[[Session, Any], int]) -> int:
    """Every row once, in batches by primary key."""
    count, last = 0, None
    while True:
        with database.write() as session:
            query = sa.select(table).order_by(*key).limit(_BATCH).with_for_update()
            if last is not None:
                query = query.where(sa.tuple_(*key) > sa.tuple_(*(sa.literal(one, col.type) for one, col in last)))
            rows = session.execute(query).scalars().all()
            count += sum(again(session, row) for row in rows)
            if len(rows) < _BATCH:
                return count
            last = [(getattr(rows[-1], column.key), column) for column in key]
