"""The same migrations serve both databases: up, down, up again, and at head they are what the models say."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from greenroom_service.database import Database, alembic_config, downgrade, migrate
from greenroom_service.errors import DatabaseTooNewError, SettingsError
from greenroom_service.tables import METADATA

if TYPE_CHECKING:
    from private_servers import PrivatePostgres


def revisions() -> list[str]:
    """Every revision, the first one first."""
    return [script.revision for script in ScriptDirectory.from_config(alembic_config("sqlite://")).walk_revisions()][
        ::-1
    ]


def shape(url: str) -> set[str]:
    """Tables, columns, indexes and named constraints of a database, each as one line."""
    database = Database(url)
    found = set()
    try:
        look = sa.inspect(database.engine)
        for table in set(look.get_table_names()) - {"alembic_version"}:
            found |= {f"{table} {column['name']} {column['nullable']}" for column in look.get_columns(table)}
            found |= {f"{table} index {index['name']}" for index in look.get_indexes(table)}
            found |= {f"{table} check {check['name']}" for check in look.get_check_constraints(table)}
            found |= {f"{table} fk {key['name']}" for key in look.get_foreign_keys(table)}
            found |= {f"{table} unique {one['name']}" for one in look.get_unique_constraints(table)}
            found.add(f"{table} pk {look.get_pk_constraint(table)['name']}")
    finally:
        database.close()
    return found


def test_models_match_head(database_url: str) -> None:
    migrate(database_url)
    database = Database(database_url)
    try:
        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, METADATA) == []
    finally:
        database.close()


def test_head_is_what_create_all_makes(database_url: str) -> None:
    """Autogenerate does not compare check constraints and names of keys; this does."""
    migrate(database_url)
    migrated = shape(database_url)
    downgrade(database_url, "base")
    database = Database(database_url)
    METADATA.create_all(database.engine)
    database.close()
    assert shape(database_url) == migrated


def test_every_step_can_be_taken_back_and_again(database_url: str) -> None:
    seen = []
    for revision in revisions():
        migrate(database_url, revision)
        seen.append(shape(database_url))
    for before in [*seen[:-1][::-1], set()]:
        downgrade(database_url, "-1")
        assert shape(database_url) == before
    migrate(database_url)
    assert shape(database_url) == seen[-1]


@pytest.mark.services
def test_processes_that_start_together_migrate_once(postgres: PrivatePostgres) -> None:
    code = "import sys; from greenroom_service.database import migrate; migrate(sys.argv[1])"
    with postgres.database() as url:
        together = [
            subprocess.Popen([sys.executable, "-c", code, url], stderr=subprocess.PIPE, text=True) for _ in range(3)
        ]
        ended = [(process.communicate()[1], process.returncode) for process in together]
        assert ended == [("", 0)] * 3
        assert shape(url)


def test_a_newer_database_is_refused(database_url: str) -> None:
    migrate(database_url)
    database = Database(database_url)
    with database.write() as session:
        session.execute(sa.text("update alembic_version set version_num = '9999'"))
    database.close()
    with pytest.raises(DatabaseTooNewError, match="revision 9999"):
        migrate(database_url)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:////proc/nowhere/greenroom.sqlite", "cannot be opened"),
        ("postgresql://nobody:hunter2@127.0.0.1:9/none", "cannot be opened"),
        ("mysql://root@localhost/x", "use sqlite or postgresql"),
        ("what is this", "write postgresql://"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_clear_line_without_its_password(url: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        migrate(url)
    assert says in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)
