"""How Alembic reaches the database: one connection, batch mode for SQLite, names from the convention."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from greenroom_service.database import Database
from greenroom_service.tables import METADATA

#: An arbitrary number that names our advisory lock on PostgreSQL.
_LOCK = 0x67726D6967


def run() -> None:
    """Run the chosen migrations in one transaction."""
    database = Database(context.config.attributes["url"])
    try:
        with database.engine.connect() as connection:
            if not database.is_sqlite:
                # Services and workers that start together must not migrate at the same time; the lock ends with the
                # connection.
                connection.execute(sa.select(sa.func.pg_advisory_lock(_LOCK)))
                connection.commit()
            context.configure(
                connection=connection,
                target_metadata=METADATA,
                render_as_batch=True,
                compare_type=True,
                transaction_per_migration=True,
            )
            with context.begin_transaction():
                context.run_migrations()
    finally:
        database.close()


run()
