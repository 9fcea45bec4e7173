"""Nothing of a person is left when they leave, in any table that there is or will be; others lose nothing."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from greenroom_service.database import Database, migrate, now
from greenroom_service.leaving import queries
from greenroom_service.leaving.chore import delete_departed
from greenroom_service.leaving.registry import OWNER, REGISTRY, Entry, holdings
from greenroom_service.leaving.rules import DELAY
from greenroom_service.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAVER, STAYER = "leaver-of-all", "stayer-of-all"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    migrate(database_url)
    opened = Database(database_url)
    yield opened
    opened.close()


def test_every_table_is_registered() -> None:
    """When this fails: say in leaving/registry.py whose the rows of the new table are, and who gets a copy."""
    assert set(REGISTRY) == set(METADATA.tables)


def test_a_table_that_names_people_says_so() -> None:
    for holding in holdings():
        if OWNER in holding.table.columns:
            assert holding.entry.owner == OWNER, holding.table.name
        for column in (*holding.entry.renamed, *holding.entry.searched, *holding.entry.sealed):
            assert column in holding.table.columns, holding.table.name


class Filler:
    """Puts a row of a person into every table, whatever its columns are; rows refer to each other as foreign keys say.

    Args:
        person: whose.
        number: another one for each person.
    """

    def __init__(self, person: str, number: int) -> None:
        self.person = person
        self.known: dict[sa.Column[Any], Any] = {}
        self.plain = {
            "TEXT": lambda: f"x-{uuid.uuid4()}",
            "UUID": uuid.uuid4,
            "INTEGER": lambda: number,
            "BIG_INTEGER": lambda: number,
            "DOUBLE": lambda: 1.0,
            "BOOLEAN": lambda: True,
            "LARGE_BINARY": lambda: b"x",
            "JSON": dict,
            "DATETIME": now,
            "DATE": lambda: now().date(),
        }

    def fill(self, connection: sa.Connection) -> None:
        for table in METADATA.sorted_tables:
            row = {column: self._value(REGISTRY[table.name], column) for column in table.columns}
            self.known |= row
            connection.execute(sa.insert(table).values({column.name: value for column, value in row.items()}))

    def _value(self, entry: Entry, column: sa.Column[Any]) -> Any:
        if column.name == entry.owner:
            return entry.prefix + self.person
        if column.name in entry.renamed:
            return self.person
        if column.name in entry.searched:
            return {"who": [self.person], self.person: "x"}
        for key in column.foreign_keys:
            return self.known.get(key.column)
        kind = column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type
        return self.plain[kind.__visit_name__.upper()]()


def fill(database: Database, *people: str) -> None:
    """A row of each person in every table; what else a table checks does not matter here."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("pragma ignore_check_constraints=on")
        else:
            checks = "select conrelid::regclass::text, conname from pg_constraint where contype = 'c'"
            found = connection.exec_driver_sql(checks + " and connamespace = 'public'::regnamespace").all()
            for table, check in found:
                connection.exec_driver_sql(f'alter table {table} drop constraint "{check}"')
        for number, person in enumerate(people, start=1):
            Filler(person, number).fill(connection)
        connection.commit()
        if database.is_sqlite:
            connection.exec_driver_sql("pragma ignore_check_constraints=off")


def everything(database: Database) -> Iterator[tuple[str, str]]:
    """Every value of every table as text, with its table."""
    with database.read() as session:
        for table in METADATA.sorted_tables:
            for row in session.execute(sa.select(table)):
                for value in row:
                    yield table.name, value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def holders(database: Database, person: str) -> set[str]:
    return {table for table, text in everything(database) if person in text}


def test_nothing_of_a_person_is_left_in_any_table_and_others_lose_nothing(database: Database) -> None:
    fill(database, LEAVER, STAYER)
    named = {holding.table.name for holding in holdings() if holding.entry.owner or holding.entry.renamed}
    assert holders(database, LEAVER) == holders(database, STAYER) == named
    with database.read() as session:
        theirs = {
            holding.table.name: session.scalar(
                sa.select(sa.func.count()).select_from(holding.table).where(holding.rows_of(STAYER))
            )
            for holding in holdings()
            if holding.personal
        }
    assert set(theirs.values()) == {1}
    with database.write() as session:
        session.execute(sa.update(METADATA.tables["departures"]).values(delete_at=now() + DELAY))
    assert delete_departed(database) == 0
    with database.write() as session:
        departures = METADATA.tables["departures"]
        session.execute(sa.update(departures).where(departures.c.user_name == LEAVER).values(delete_at=now()))
    assert delete_departed(database) == 1
    assert holders(database, LEAVER) == set()
    assert holders(database, STAYER) == named
    with database.read() as session:
        for holding in holdings():
            if holding.personal:
                counted = session.scalar(sa.select(sa.func.count()).select_from(holding.table))
                assert counted == 1, holding.table.name


def test_the_log_says_that_it_was_done_and_nothing_about_what_there_was(database: Database) -> None:
    with database.write() as session:
        queries.ask(session, LEAVER)
    assert delete_departed(database, now() + DELAY) == 1
    audit = METADATA.tables["audit_entries"]
    with database.read() as session:
        (entry,) = session.execute(sa.select(audit)).all()
    assert (entry.actor, entry.action, entry.old, entry.new) == ("greenroom", "account.delete", None, None)
    assert entry.target.startswith("former-")


def test_who_stays_keeps_everything_and_asking_twice_keeps_the_date(database: Database) -> None:
    with database.write() as session:
        assert queries.ask(session, LEAVER)
        first = queries.departure(session, LEAVER)
        assert not queries.ask(session, LEAVER)
        assert queries.departure(session, LEAVER) == first
        assert first is not None
        assert first.delete_at - first.asked_at == DELAY
        assert queries.take_back(session, LEAVER)
        assert not queries.take_back(session, LEAVER)
    assert delete_departed(database, now() + 2 * DELAY) == 0
    # A process that had read the name before it was taken back deletes nothing either.
    with database.write() as session:
        assert not queries.delete(session, LEAVER, now() + 2 * DELAY)
