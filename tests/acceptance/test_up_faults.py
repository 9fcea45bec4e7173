"""What stands in the way of ``greenroom up``: each is one clear line and exit status 2, before anything is started."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from classroom import command, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def refused(*arguments: str, **more: str) -> str:
    """Run a command that must be refused and return the one line that says why."""
    done = subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "GREENROOM_NO_APT": "1", **more},
        check=False,
    )
    lines = done.stderr.splitlines()
    assert done.returncode == 2, done.stderr
    assert lines[-1].startswith("greenroom: "), done.stderr
    assert [text for text in lines[:-1] if not text.startswith("[")] == [], "one line, besides the steps"
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return lines[-1].removeprefix("greenroom: ")


def up(data: Path, *arguments: str, **more: str) -> str:
    return refused("up", "--data", str(data), "--port", str(free_port()), *arguments, **more)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_in_use_is_named(tmp_path: Path, taken: int) -> None:
    said = refused("up", "--data", str(tmp_path / "data"), "--port", str(taken))
    assert f"port {taken} of 127.0.0.1" in said
    assert "Address already in use" in said
    assert "--port" in said


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        said = up(place)
        assert str(place) in said
        assert "--data" in said
    assert (tmp_path / "file").read_text() == "mine"


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    if os.geteuid():
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
        said = up(closed / "data")
    else:
        said = up(type(tmp_path)("/proc/greenroom"))  # root may write everywhere but here
    assert "cannot be written" in said
    assert "--data" in said


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert "holds other things" in up(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_missing_bubblewrap_is_named_where_apt_may_not_be_used(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    said = up(tmp_path / "data", PATH=str(tmp_path / "bin"))
    assert "bubblewrap is missing" in said
    assert "sudo apt install bubblewrap" in said


def test_a_database_newer_than_the_code_is_named_and_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "hub").mkdir(parents=True)
    with sqlite3.connect(data / "greenroom.sqlite") as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        database.execute("INSERT INTO alembic_version VALUES ('from_the_future')")
    database.close()
    assert "from_the_future" in up(data)
    with sqlite3.connect(data / "greenroom.sqlite") as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("alembic_version",)]
    database.close()


def test_a_hub_database_newer_than_the_code_is_named(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "hub").mkdir(parents=True)
    with sqlite3.connect(data / "hub" / "jupyterhub.sqlite") as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        database.execute("INSERT INTO alembic_version VALUES ('from_the_future')")
    database.close()
    said = up(data)
    assert "newer than this code" in said
    assert "from_the_future" in said


def test_a_second_start_on_the_same_data_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "hub").mkdir(parents=True)
    (data / "run").mkdir()
    holder = (
        "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print(flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", holder, data / "run" / "lock"], stdout=subprocess.PIPE) as first:
        try:
            assert first.stdout is not None
            first.stdout.readline()
            assert "another ./greenroom up already uses" in up(data)
        finally:
            first.kill()


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("GREENROOM_DATABASE_URL", "no url", "GREENROOM_DATABASE_URL is not a database URL"),
        ("GREENROOM_DATABASE_URL", "mysql://db/x", "not supported"),
        ("GREENROOM_DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/x", "cannot be opened"),
        ("GREENROOM_HUB_DATABASE_URL", "no url", "cannot be used"),
        ("GREENROOM_IDLE_SECONDS", "soon", "write whole seconds"),
        ("GREENROOM_CLAUDE_KEY_FILE", "/nowhere/key", "GREENROOM_CLAUDE_KEY_FILE"),
        ("GREENROOM_WORKERS", "many", "GREENROOM_WORKERS"),
        ("GREENROOM_DISPATCH", "pigeons", "GREENROOM_DISPATCH"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, variable: str, value: str, words: str) -> None:
    said = up(tmp_path / "data", **{variable: value})
    assert words in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("up", "--data", ""), "--data"),
        (("up", "--wibble"), "--wibble"),
        (("up", "--port", "many"), "--port"),
        (("up", "--port", "70000"), "--port"),
        (("up", "leftover"), "leftover"),
        (("up", "--public-url", "greenroom.example.org"), "https://greenroom.example.org"),
        (("up", "--host", "nowhere.invalid"), "nowhere.invalid"),
        (("wibble",), "./greenroom --help"),
        (("bench",), "bench needs one of: "),
        (("test", "--only", "wibble"), "--only"),
        (("doctor", "--wibble"), "--wibble"),
    ],
)
def test_bad_usage_is_named(arguments: tuple[str, ...], words: str) -> None:
    assert words in refused(*arguments)


def test_nothing_at_all_shows_the_commands_and_is_bad_usage() -> None:
    done = subprocess.run(command(), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert "Usage: ./greenroom COMMAND" in done.stdout + done.stderr


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("sk-not-a-key")
    key.chmod(0o644)
    said = up(tmp_path / "data", GREENROOM_CLAUDE_KEY_FILE=str(key))
    assert "chmod 400" in said
    assert "sk-not-a-key" not in said
