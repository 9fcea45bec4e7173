"""The Hub's own database, looked at before the Hub is started."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from greenroom_hub.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Where JupyterHub keeps the scripts that migrate its database.
_SCRIPTS = "jupyterhub:alembic"


def shown(url: str) -> str:
    """Return *url* for a reader, without its password."""
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except sa.exc.ArgumentError:
        return "(no database URL)"


def is_missing_file(url: str) -> bool:
    """Say whether *url* names an SQLite file that is not there; opening it would make it."""
    parsed = sa.make_url(url)
    return parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists()


@contextmanager
def _connection(url: str) -> Iterator[sa.Connection]:
    """Connect to the database at *url*. Raises RefusedError."""
    try:
        engine = sa.create_engine(url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        raise RefusedError(f"the database {shown(url)} cannot be used: {reason}") from error


def revision(url: str) -> str | None:
    """Return the revision that the database at *url* is at, None when it has none. Raises RefusedError."""
    with _connection(url) as connection:
        if "alembic_version" not in sa.inspect(connection).get_table_names():
            return None
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)


def scripts() -> ScriptDirectory:
    """Return the migrations of the JupyterHub that is installed."""
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    return ScriptDirectory.from_config(config)


def check_hub_database(url: str) -> None:
    """Refuse a Hub database that cannot be used, or that a newer JupyterHub wrote."""
    found = revision(url)
    if found is not None and found not in {script.revision for script in scripts().walk_revisions()}:
        raise RefusedError(
            f"the Hub's database is newer than this code (revision {found}); update this clone or restore a backup"
        )


def has_account(url: str, name: str) -> bool:
    """Say whether the account *name* exists."""
    with _connection(url) as connection:
        if "users_info" not in sa.inspect(connection).get_table_names():
            return False
        query = sa.text("SELECT count(*) FROM users_info WHERE username = :name")
        return bool(connection.execute(query, {"name": name}).scalar())
