"""The Hub's own database, looked at before the Hub is started."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from greenroom_hub.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Where JupyterHub keeps the scripts that migrate its database.
_SCRIPTS = "jupyterhub:alembic"


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
        shown = sa.make_url(url).render_as_string(hide_password=True) if "://" in url else "GREENROOM_HUB_DATABASE_URL"
        raise RefusedError(f"the Hub's database {shown} cannot be used: {reason}") from error


def check_hub_database(url: str) -> None:
    """Refuse a Hub database that a newer JupyterHub wrote."""
    with _connection(url) as connection:
        if "alembic_version" not in sa.inspect(connection).get_table_names():
            return
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
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
