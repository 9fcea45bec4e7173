"""``greenroom doctor``: what this machine offers, and how to get what is missing."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from greenroom_hub import box, hub_database, node
from greenroom_hub.identities import Identities
from greenroom_hub.paths import house
from greenroom_hub.settings import HubSettings, outside
from greenroom_hub.suites import CHROMIUM, POSTGRESQL, REDIS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic.script import ScriptDirectory

    from greenroom_hub.suites import Need

#: Bytes of free disk below which a classroom will not last.
DISK = 5 * 2**30
#: Programs that only ./greenroom test needs, by the name that they are shown under.
TEST_NEEDS = {"postgresql": POSTGRESQL, "redis server": REDIS, "chromium": CHROMIUM}


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
    yield _built()
    yield _attempt("bubblewrap", _bubblewrap)
    yield from _isolation()
    yield _attempt("data", lambda: _data(data))
    yield _attempt("disk", lambda: _disk(data))
    yield _attempt("database", lambda: _database(outside(HubSettings(data=str(data)), os.environ)))
    yield _attempt("hub database", lambda: _hub_database(outside(HubSettings(data=str(data)), os.environ)))
    yield _attempt("redis", _redis, missing=State.LIMITED)
    for name, need in TEST_NEEDS.items():
        yield _program(name, need)


def _attempt(name: str, look: Callable[[], Check], missing: State = State.MISSING) -> Check:
    """Return what *look* finds; an error is a finding, too."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001 (whatever a broken machine raises is what the reader wants to know)
        return Check(name, missing, " ".join(str(error).split()) or type(error).__name__)


def _node() -> Check:
    found = node.find_node(house())
    return Check("node", State.OK, f"version {found.major} ({found.program})")


def _built() -> Check:
    """Say whether the first start still has to fetch and build from npm."""
    if node.proxy_is_installed(house()) and node.extension_is_built(house()):
        return Check("browser half", State.OK, "the proxy is installed and the panels are built")
    return Check("browser half", State.OK, "not built yet; ./greenroom up fetches it from npm and builds it")


def _bubblewrap() -> Check:
    """Start a box as a student's server would be, around a home of its own."""
    path = box.find_bwrap()
    with tempfile.TemporaryDirectory() as folder:
        home, accounts = Path(folder, "home"), Path(folder, "accounts")
        home.mkdir()
        uid = Identities.of_this_machine(Path(folder, "identities.json")).of("probe").uid if os.geteuid() == 0 else None
        if uid is not None:
            os.chown(home, uid, uid)
        box.write_accounts(accounts, "probe", box.NAMESPACE_UID if uid is None else uid)
        box.probe(box.box_around(name="probe", home=home, accounts=accounts, uid=uid, house=house()))
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.split()[-1:]
    who = "students share this user, apart by namespaces" if uid is None else "each student a uid of its own"
    return Check("bubblewrap", State.OK, f"{' '.join(version)} ({path}); {who}")


def _isolation() -> Iterator[Check]:
    """Ask the sandbox for its layers; without any separate file system the grader does not start."""
    try:
        from greenroom_grader.sandbox import probe  # noqa: PLC0415 (a deployment without the grader still has a doctor)

        layers = probe().layers
    except Exception as error:  # noqa: BLE001 (as in _attempt)
        yield Check("sandbox", State.MISSING, " ".join(str(error).split()))
        return
    available = {layer.name for layer in layers if layer.available}
    if available.isdisjoint({"bwrap", "root"}):
        advice = "install bubblewrap and allow user namespaces"
        yield Check("sandbox", State.MISSING, "no isolation for students' code; the grader refuses to start", advice)
    for layer in layers:
        state = State.OK if layer.available else State.LIMITED
        advice = "" if layer.available else "submissions run with the remaining layers"
        detail = layer.detail or ("works" if layer.available else "not here")
        yield Check(f"sandbox {layer.name}", state, detail, advice)


def _data(data: Path) -> Check:
    existing = next(folder for folder in (data, *data.absolute().parents) if folder.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        return Check("data", State.MISSING, f"{existing} cannot be written", "choose another folder by --data")
    return Check("data", State.OK, f"{data}" if existing == data else f"{data}, made at the first start")


def _database(settings: HubSettings) -> Check:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 (only here)

    from greenroom_service.database import alembic_config  # noqa: PLC0415
    from greenroom_service.settings import with_driver  # noqa: PLC0415

    url = with_driver(settings.service_database)
    return _revision("database", url, ScriptDirectory.from_config(alembic_config(url)))


def _hub_database(settings: HubSettings) -> Check:
    return _revision("hub database", settings.hub_database, hub_database.scripts())


def _revision(name: str, url: str, scripts: ScriptDirectory) -> Check:
    """Open the database at *url* and compare its revision with those that this code knows."""
    shown = hub_database.shown(url)
    if hub_database.is_missing_file(url):
        return Check(name, State.OK, f"{shown}, made at the first start")
    found = hub_database.revision(url)
    if found is None:
        return Check(name, State.OK, f"{shown}, empty; filled at the first start")
    if found not in {script.revision for script in scripts.walk_revisions()}:
        advice = "update this clone or restore a backup"
        return Check(name, State.MISSING, f"{shown} is newer than this code (revision {found})", advice)
    behind = "" if found == scripts.get_current_head() else "; the next start migrates it"
    return Check(name, State.OK, f"{shown} at revision {found}{behind}")


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


def _program(name: str, need: Need) -> Check:
    if need.met():
        return Check(name, State.OK, "here, for ./greenroom test")
    return Check(
        name, State.LIMITED, "not here; a suite of ./greenroom test needs it", f"sudo apt install {need.package}"
    )


def _disk(data: Path) -> Check:
    existing = next(folder for folder in (data, *data.absolute().parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    detail = f"{free / 2**30:.1f} GiB free for {data}"
    return Check("disk", State.OK, detail) if free > DISK else Check("disk", State.LIMITED, detail, "make room")
