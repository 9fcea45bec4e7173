"""How Alembic reaches the database: one connection, batch mode for SQLite, names from the convention."""

from __future__ import annotations

from alembic import context

from greenroom_service.database import Database
from greenroom_service.tables import METADATA


def run() -> None:
    """Run the chosen migrations in one transaction."""
    database = Database(context.config.attributes["url"])
    try:
        with database.engine.connect() as connection:
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
