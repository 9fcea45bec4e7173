"""``greenroom doctor``: what this machine offers, and how to get what is missing."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from greenroom_hub import box, node
from greenroom_hub.errors import HubError
from greenroom_hub.paths import house
from greenroom_hub.settings import HubSettings, outside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Bytes of free disk below which a classroom will not last.
DISK = 5 * 2**30


class State(StrEnum):
    """How a finding is to be read."""

    OK = "ok"
    #: Works, but less well or with less than it could.
    LIMITED = "limited"
    #: ``up`` does not start.
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    #: What was found.
    detail: str
    #: How to get more; empty when there is nothing to do.
    advice: str = ""


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per thing.")] = False,
    data: Annotated[
        Path | None, typer.Option(help="The data folder to look at.", show_default="var/ of this clone")
    ] = None,
) -> None:
    """Say what this machine offers and what is missing; exit status 1 when `up` could not start."""
    found = list(examine(data or house().root / "var"))
    if as_json:
        for check in found:
            typer.echo(json.dumps(asdict(check)))
    else:
        width = max(len(check.name) for check in found)
        for check in found:
            advice = f" - {check.advice}" if check.advice else ""
            typer.echo(f"{check.state.value:<8} {check.name:<{width}} {check.detail}{advice}")
    raise typer.Exit(1 if any(check.state is State.MISSING for check in found) else 0)


def examine(data: Path) -> Iterator[Check]:
    """Look at everything, one after the other; never raises for what is missing."""
    yield Check("python", State.OK, f"{platform.python_version()} ({sys.executable})")
    yield _attempt("node", _node)
    yield _attempt("bubblewrap", _bubblewrap)
    yield from _isolation()
    yield _attempt("database", lambda: _database(data))
    yield _attempt("redis", _redis, missing=State.LIMITED)
    yield _program("chromium", "the browser suite of ./greenroom test")
    yield _attempt("disk", lambda: _disk(data))


def _attempt(name: str, look: Callable[[], Check], missing: State = State.MISSING) -> Check:
    """Return what *look* finds; an error is a finding, too."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001 (whatever a broken machine raises is what the reader wants to know)
        return Check(name, missing, " ".join(str(error).split()) or type(error).__name__)


def _node() -> Check:
    found = node.find_node(house())
    return Check("node", State.OK, f"version {found.major} ({found.program})")


def _bubblewrap() -> Check:
    path = box.find_bwrap()
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.split()[-1:]
    who = "each student a uid of its own" if os.geteuid() == 0 else "students share this user, apart by namespaces"
    return Check("bubblewrap", State.OK, f"{' '.join(version)} ({path}); {who}")


def _isolation() -> Iterator[Check]:
    """Ask the sandbox for its layers."""
    try:
        from greenroom_grader.sandbox import probe  # noqa: PLC0415 (a deployment without the grader still has a doctor)

        layers = probe().layers
    except (ImportError, HubError, OSError) as error:
        yield Check("sandbox", State.MISSING, str(error))
        return
    for layer in layers:
        state = State.OK if layer.available else State.LIMITED
        advice = "" if layer.available else "submissions run with the remaining layers"
        yield Check(
            f"sandbox {layer.name}", state, layer.detail or ("works" if layer.available else "not here"), advice
        )


def _database(data: Path) -> Check:
    import sqlalchemy as sa  # noqa: PLC0415 (only here)

    settings = outside(HubSettings(data=str(data)), os.environ)
    url = sa.make_url(settings.service_database)
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return Check("database", State.OK, f"{shown}, made at the first start")
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    finally:
        engine.dispose()
    return Check("database", State.OK, shown)


def _redis() -> Check:
    url = os.environ.get("GREENROOM_REDIS_URL")
    if not url:
        return Check("redis", State.OK, "not configured; limits and caches live in the service's memory")
    import redis  # noqa: PLC0415 (only here)

    with redis.Redis.from_url(url, socket_timeout=5) as client:
        client.ping()
    if urlsplit(url).password:
        return Check("redis", State.OK, "answers")
    return Check("redis", State.LIMITED, "answers without a password", "students' code can reach it; set requirepass")


def _program(name: str, purpose: str) -> Check:
    path = shutil.which(name)
    if path:
        return Check(name, State.OK, path)
    return Check(name, State.LIMITED, f"not here; needed by {purpose}", f"sudo apt install {name}")


def _disk(data: Path) -> Check:
    existing = next(folder for folder in (data, *data.absolute().parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    detail = f"{free / 2**30:.1f} GiB free for {data}"
    return Check("disk", State.OK, detail) if free > DISK else Check("disk", State.LIMITED, detail, "make room")
