"""The database: engine, sessions, the base of all tables, and migrations to head."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from uuid_utils.compat import uuid7

from greenroom_service.errors import DatabaseTooNewError, SettingsError
from greenroom_service.settings import with_driver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
    from sqlalchemy.engine import Connection, Dialect, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

#: Alembic can only alter constraints that have a name, and the name must not depend on the database.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 15_000
_WRITES = "greenroom_writes"
_SINGLE = "greenroom_single"
#: A row of any columns.
AnyRow: TypeAlias = "sa.Row[*tuple[Any, ...]]"
#: JSON that PostgreSQL can index, plain text elsewhere.
JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


class UTCDateTime(sa.types.TypeDecorator[dt.datetime]):
    """An aware datetime in UTC on both sides; SQLite stores it without an offset. Naive values are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without an offset cannot be stored; use datetime.now(UTC)")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], dt.datetime | None] | None:  # noqa: ARG002 - the base class's signature
        """From the database. Lists hold many times, so this is one call for each instead of the usual three."""
        return _from_text if dialect.name == "sqlite" else _from_aware


def _from_text(value: str | None) -> dt.datetime | None:
    return None if value is None else dt.datetime.fromisoformat(value + "+00:00")


def _from_aware(value: dt.datetime | None) -> dt.datetime | None:
    return None if value is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this attribute as it is
        dt.datetime: UTCDateTime,
        uuid.UUID: sa.Uuid,
        str: sa.Text,
        dict[str, Any]: JSON_TYPE,
    }


def now() -> dt.datetime:
    """The present moment in UTC."""
    return dt.datetime.now(dt.UTC)


def new_id() -> uuid.UUID:
    """A UUIDv7: unique, and later ones sort after earlier ones."""
    return uuid7()


def insert(session: Session, table: type[Base]) -> PostgresInsert | SqliteInsert:
    """An insert that knows ``on_conflict_...``, for the database of this session."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


class Database:
    """One engine and its sessions. Thread-safe.

    Args:
        url: SQLAlchemy URL of SQLite or PostgreSQL.
    """

    def __init__(self, url: str) -> None:
        self.url = with_driver(url)
        self.engine = _create_engine(self.url)
        self._writer = self.engine.execution_options(**{_WRITES: True})
        self._single = self.engine.execution_options(**{_SINGLE: True}) if self.is_sqlite else _single_engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads; one consistent snapshot on SQLite."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction: committed when the block ends, rolled back when it raises.

        On SQLite the write lock is taken at the start (BEGIN IMMEDIATE), because a transaction that begins by reading
        and then wants to write is refused at once when another one wrote in between, however long the timeout is.
        """
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def rows(self, statement: sa.Select[*tuple[Any, ...]], parameters: Mapping[str, object]) -> Sequence[AnyRow]:
        """The rows of one statement that only reads, outside of a transaction: for the hottest lists.

        A transaction and a ping of the pooled connection would be three more ways to PostgreSQL and back. A connection
        that turns out to be dead is replaced and the statement asked once more.
        """
        try:
            return self._rows(statement, parameters)
        except sa.exc.DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return self._rows(statement, parameters)

    def _rows(self, statement: sa.Select[*tuple[Any, ...]], parameters: Mapping[str, object]) -> Sequence[AnyRow]:
        with self._single.connect() as connection:
            return connection.execute(statement, parameters).all()

    def ping(self) -> None:
        """Ask the database for an answer. Raises SQLAlchemyError when there is none."""
        with self.engine.connect() as connection:
            connection.execute(sa.text("select 1"))

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()
        self._single.dispose()


def _create_engine(url: str) -> Engine:
    # hide_parameters: an error's text must not carry a student's code into a log.
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise SettingsError("GREENROOM_DATABASE_URL is not a database URL; write postgresql://user@host/name") from None
    if parsed.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, hide_parameters=True, pool_size=8, max_overflow=56)
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(url, hide_parameters=True, pool_size=8, max_overflow=16, pool_pre_ping=True)
    raise SettingsError(
        f"GREENROOM_DATABASE_URL: {parsed.get_backend_name()} is not supported; use sqlite or postgresql"
    )


def _single_engine(url: str) -> Engine:
    return sa.create_engine(
        url,
        hide_parameters=True,
        pool_size=8,
        max_overflow=16,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
    )


def _configure_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions are begun by us, below
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_SINGLE, False):
        return
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES, False) else "BEGIN")


def alembic_config(url: str) -> Config:
    """Alembic's configuration for this database, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = with_driver(url)
    return config


def migrate(url: str, revision: str = "head") -> None:
    """Bring a database to a revision, creating a SQLite file where there is none.

    Raises:
        DatabaseTooNewError: the database knows a revision that this version does not.
        SettingsError: the URL names no database that can be reached or written.
    """
    database = Database(url)
    try:
        if database.is_sqlite and database.engine.url.database:
            Path(database.engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        with database.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        config = alembic_config(url)
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if current is not None and current not in known:
            raise DatabaseTooNewError(
                f"the database is at revision {current}, which this version of Greenroom does not know; "
                "start the version that wrote it, or restore a backup"
            )
        if revision == "head" and current == ScriptDirectory.from_config(config).get_current_head():
            return
        command.upgrade(config, revision)
    except (sa.exc.OperationalError, OSError) as error:
        shown = database.engine.url.render_as_string(hide_password=True)
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise SettingsError(f"the database {shown} cannot be opened: {reason}") from None
    finally:
        database.close()


def downgrade(url: str, revision: str) -> None:
    """Take a database back to an earlier revision (``base`` for none)."""
    command.downgrade(alembic_config(url), revision)
