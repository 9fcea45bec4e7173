"""A real PostgreSQL and a real Redis of the test run's own, in a throw-away folder, gone when it ends."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import psycopg
import pytest
import redis
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PATIENCE = 60.0


def program(name: str) -> str:
    """Where a server's program is; Debian keeps those of PostgreSQL off PATH. Skips where it is not installed."""
    here = shutil.which(name)
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    if debian:
        return str(debian[-1])
    if here is None:
        pytest.skip(f"{name} is not installed; sudo apt install postgresql redis-server")
    return here


def _unprivileged() -> dict[str, Any]:
    """Options of subprocess that drop root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@dataclass
class _PrivateServer:
    """A process in a folder of its own."""

    folder: Path = field(init=False)
    _process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="greenroom-"))
        if user := _unprivileged():
            os.chown(self.folder, user["user"], user["group"])
        self.prepare()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def prepare(self) -> None:
        """Make what the server needs before its first start."""

    def command(self) -> Sequence[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **_unprivileged()
            )
        deadline = time.monotonic() + _PATIENCE
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.05)

    def kill(self) -> None:
        """End it without a word, as a machine that fails does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


@dataclass
class PrivatePostgres(_PrivateServer):
    """A cluster that listens on a socket in its folder only."""

    def prepare(self) -> None:
        command = [program("initdb"), "-D", str(self.folder / "data"), "-U", "greenroom", "-A", "trust", "--no-sync"]
        done = subprocess.run(
            [*command, "-E", "UTF8", "--locale", "C"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **_unprivileged(),
        )
        assert done.returncode == 0, done.stderr

    def command(self) -> Sequence[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
        }
        options = [f"{name}={value}" for name, value in settings.items()]
        return [
            program("postgres"),
            "-D",
            str(self.folder / "data"),
            *(word for one in options for word in ("-c", one)),
        ]

    def kill(self) -> None:
        # The postmaster's children hold shared memory, which only it gives back.
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://greenroom@/{database}?host={self.folder}"

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.url()):
                return True
        except psycopg.OperationalError:
            return False

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new, empty database that is dropped when the block ends."""
        name = f"t{uuid.uuid4().hex}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield self.url(name)
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@dataclass
class PrivateRedis(_PrivateServer):
    """A Redis on a loopback port that keeps nothing."""

    port: int = 0

    def prepare(self) -> None:
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port = int(trial.getsockname()[1])

    def command(self) -> Sequence[str]:
        kept = ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        return [program("redis-server"), "--bind", "127.0.0.1", "--port", str(self.port), *kept]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        with redis.Redis(port=self.port) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False
