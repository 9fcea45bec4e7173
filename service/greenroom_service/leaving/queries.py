"""Everything about a person: reading it for an export, and deleting it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from greenroom_service import audit
from greenroom_service.crypto import Place
from greenroom_service.database import insert, now
from greenroom_service.leaving import registry, rules
from greenroom_service.leaving.models import Departure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from greenroom_service.crypto import Keyring
    from greenroom_service.database import AnyRow
    from greenroom_service.leaving.registry import Holding


def departure(session: Session, user: str) -> AnyRow | None:
    """Row (asked_at, delete_at), when the person has asked for the deletion of their data."""
    query = sa.select(Departure.asked_at, Departure.delete_at).where(Departure.user_name == user)
    return session.execute(query).one_or_none()


def ask(session: Session, user: str) -> bool:
    """Ask for the deletion after the delay; False when it was asked for before, which keeps its date."""
    moment = now()
    statement = (
        insert(session, Departure)
        .values(user_name=user, asked_at=moment, delete_at=moment + rules.DELAY)
        .on_conflict_do_nothing()
        .returning(Departure.user_name)
    )
    return session.execute(statement).first() is not None


def take_back(session: Session, user: str) -> bool:
    """Stay; False when nothing was asked for."""
    statement = sa.delete(Departure).where(Departure.user_name == user).returning(Departure.user_name)
    return session.execute(statement).first() is not None


def due(session: Session, moment: dt.datetime) -> Sequence[str]:
    """Names of the people whose data must be deleted now."""
    query = sa.select(Departure.user_name).where(Departure.delete_at <= moment).order_by(Departure.delete_at)
    return session.execute(query).scalars().all()


def exported(session: Session, user: str, keyring: Keyring) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Name and rows of every table of which the person gets a copy, in the order of the names."""
    for holding in sorted(registry.holdings(), key=lambda one: one.table.name):
        if holding.personal and not holding.entry.withheld:
            yield holding.table.name, _rows(session, holding, user, keyring)


def _rows(session: Session, holding: Holding, user: str, keyring: Keyring) -> Iterator[dict[str, Any]]:
    table, entry = holding.table, holding.entry
    columns = [column for column in table.columns if column.name not in entry.left_out]
    keys = [column.name for column in table.primary_key.columns]
    query = sa.select(*columns).where(holding.rows_of(user)).order_by(*table.primary_key.columns)
    for found in session.execute(query).mappings():
        row = dict(found)
        for column in entry.sealed:
            if row[column] is not None:
                where = Place(table.name, "/".join(str(row[key]) for key in keys), column)
                row[column] = registry.opened(entry, column, keyring.open_json(row[column], where))
        yield row


def delete(session: Session, user: str, moment: dt.datetime) -> bool:
    """Delete everything about a person whose time has come; False when they stayed, or another process was quicker.

    What outlives them, as the audit log does, names somebody who is nobody instead. The audit log says that it was
    done, and nothing about what there was.
    """
    gone = session.execute(
        sa.delete(Departure)
        .where(Departure.user_name == user, Departure.delete_at <= moment)
        .returning(Departure.user_name)
    )
    if gone.first() is None:
        return False
    nobody = f"former-{uuid.uuid4().hex[:12]}"
    for holding in registry.holdings():
        table = holding.table
        if holding.personal:
            session.execute(sa.delete(table).where(holding.rows_of(user)))
        for column in holding.entry.renamed:
            session.execute(sa.update(table).where(table.c[column] == user).values({column: nobody}))
        for column in holding.entry.searched:
            _rename_within(session, table.c[column], user, nobody)
    audit.record(session, actor="greenroom", action="account.delete", target=nobody)
    return True


def _rename_within(session: Session, column: sa.Column[Any], user: str, nobody: str) -> None:
    (key,) = column.table.primary_key.columns
    # The text narrows the search; what is replaced is decided on the values. JSON writes some letters as escapes.
    written = sa.cast(column, sa.Text).contains(user, autoescape=True)
    for ident, value in session.execute(sa.select(key, column).where(written)).all():
        session.execute(
            sa.update(column.table).where(key == ident).values({column.name: rules.renamed(value, user, nobody)})
        )
