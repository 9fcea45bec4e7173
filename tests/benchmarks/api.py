"""What the service costs: its lists against the raw driver, and a class of 350 that signs in within two minutes.

``./greenroom bench api`` runs this and prints the figures. Rates of a busy machine say little; the ratio of two servers
that take turns on the same machine, and the CPU time of each, say more.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE)]

import httpx  # noqa: E402 - after the path
import psutil  # noqa: E402
import pytest  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from api_load import Connection, Load, SignIns, Target, press  # noqa: E402
from private_servers import PrivatePostgres  # noqa: E402
from running_service import NOTEBOOKS, PREFIX, eventually  # noqa: E402
from standin_hub import HubStandIn  # noqa: E402

from greenroom_problems import Verdict  # noqa: E402
from greenroom_service.database import Database, migrate, new_id, now  # noqa: E402
from greenroom_service.practice import queries  # noqa: E402
from greenroom_service.practice.models import State, Submission  # noqa: E402
from greenroom_service.shelf import Shelf  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STUDENTS = 350
SUBMISSIONS = 60
PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table."""

    database: str
    what: str
    #: Requests per second: the service, the raw driver in FastAPI, the raw driver alone behind uvicorn.
    service: float
    raw: float
    bare: float
    #: Service to raw, which should be a third at least; service to bare.
    ratio: float
    ratio_to_bare: float
    #: CPU milliseconds of the server per request.
    service_cpu_ms: float
    raw_cpu_ms: float
    bare_cpu_ms: float


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def seed(database: Database, names: Sequence[str]) -> None:
    """A term's work: everybody has handed in SUBMISSIONS times."""
    problems = list(Shelf(NOTEBOOKS / "problems").problems())
    chance = random.Random(7)  # noqa: S311 - the same data each time
    verdicts = [Verdict.ACCEPTED.value, Verdict.WRONG_ANSWER.value, Verdict.TIME_LIMIT.value]
    rows = [
        {
            "id": new_id(),
            "user_name": name,
            "problem_id": chance.choice(problems),
            "code": "def answer():\n    return 42\n" * 20,
            "client_id": uuid.uuid4(),
            "state": State.FINAL.value,
            "priority": 10,
            "verdict": chance.choice(verdicts),
            "score": 1.0,
            "max_score": 1.0,
            "passed": 20,
            "total": 20,
            "cpu_ms": 4.5,
            "details": {"cases": [], "failing": None, "growth": None},
            "attempts": 1,
            "created_at": now(),
            "finished_at": now(),
        }
        for _ in range(SUBMISSIONS)
        for name in names
    ]
    with database.write() as session:
        session.execute(sa.insert(Submission), rows)
        if not database.is_sqlite:
            session.execute(sa.text("analyze submissions"))


def compiled(database: Database) -> dict[str, dict[str, Any]]:
    """The SQL that the service sends for its two lists, as the driver wants it, per path of the raw server."""
    caught: list[tuple[str, Any]] = []

    def catch(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            caught.append((statement, parameters))

    sa.event.listen(database.engine, "before_cursor_execute", catch)
    with database.read() as session:
        queries.standings(session, "USER")
        queries.page_of_submissions(session, Submission.user_name == "USER", before=None, limit=PAGE)
    sa.event.remove(database.engine, "before_cursor_execute", catch)
    found = {}
    for path, (statement, parameters) in zip(("/problems", "/submissions"), caught, strict=True):
        names = re.findall(r"%\((\w+)\)s(?:::\w+)?", statement)
        values = [parameters[name] for name in names] if names else list(parameters)
        found[path] = {"sql": re.sub(r"%\(\w+\)s", "%s", statement), "values": values}
    return found


@contextlib.contextmanager
def server(command: list[str], port: int, environment: dict[str, str] | None = None) -> Iterator[psutil.Process]:
    """A server process, ready to answer."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=log, stderr=log)

        def listens() -> bool:
            if process.poll() is not None:
                log.seek(0)
                raise SystemExit(log.read().decode(errors="replace"))
            with socket.socket() as trial:
                return trial.connect_ex(("127.0.0.1", port)) == 0

        eventually(listens, "the server")
        try:
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


@contextlib.contextmanager
def running(url: str, hub: HubStandIn, data: Path) -> Iterator[tuple[psutil.Process, int]]:
    """The service as the Hub starts it, with limits that a benchmark does not meet."""
    port = free_port()
    environment = {
        "GREENROOM_DATA": str(data),
        "GREENROOM_DATABASE_URL": url,
        "GREENROOM_NOTEBOOKS": str(NOTEBOOKS),
        "GREENROOM_RATE_GENERAL": "100000000/minute",
        "GREENROOM_WORKERS": "1",
        "JUPYTERHUB_API_URL": hub.api_url,
        "JUPYTERHUB_API_TOKEN": hub.service_token,
        "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{port}",
        "JUPYTERHUB_SERVICE_PREFIX": PREFIX + "/",
    }
    with server([sys.executable, "-P", "-m", "greenroom_service"], port, environment) as process:
        ready = lambda: httpx.get(f"http://127.0.0.1:{port}{PREFIX}/readyz", timeout=10).json()["sandbox"]["ready"]  # noqa: E731
        eventually(ready, "the service")
        yield process, port


def measure(process: psutil.Process, target: Target, seconds: float) -> tuple[Load, float]:
    """The load, and the CPU milliseconds of the server per request."""
    before = process.cpu_times()
    load = asyncio.run(press(target, seconds=seconds))
    after = process.cpu_times()
    if load.wrong:
        raise SystemExit(f"{target.path}: {load.wrong} of {load.requests} requests were not answered with 200")
    spent = after.user + after.system - before.user - before.system
    return load, 1000 * spent / max(1, load.requests)


def lists(kind: str, url: str, hub: HubStandIn, data: Path, options: argparse.Namespace) -> list[Row]:
    """Both lists of the service and of the raw driver, taking turns."""
    names = [f"student{number:03}" for number in range(STUDENTS)]
    tokens = tuple(hub.add(name, "student") for name in names)
    migrate(url)
    database = Database(url)
    seed(database, names)
    sql = compiled(database)
    database.close()
    raw_port, bare_port = free_port(), free_port()
    script = [sys.executable, str(HERE / "api_raw.py")]
    found = []
    with (
        running(url, hub, data) as (service, port),
        server([*script, "fastapi", url, str(raw_port), json.dumps(sql)], raw_port) as raw,
        server([*script, "bare", url, str(bare_port), json.dumps(sql)], bare_port) as bare,
    ):
        for what, path in (("problem list", "/problems"), ("submission list", "/submissions")):
            students = tuple(names[:40])
            targets = (
                (service, Target(port, f"{PREFIX}/v1{path}", tokens[:40])),
                (raw, Target(raw_port, path + "?user={token}", students)),
                (bare, Target(bare_port, path + "?user={token}", students)),
            )
            for process, target in targets:
                measure(process, target, 1.0)  # warm
            rounds = [
                [measure(process, target, options.seconds) for process, target in targets]
                for _ in range(options.rounds)
            ]
            found.append(summary(kind, what, rounds))
    return found


def summary(kind: str, what: str, rounds: list[list[tuple[Load, float]]]) -> Row:
    """Medians over the rounds; of the ratios too, since the turns of a round ran next to each other."""

    def middle(values: list[float], digits: int) -> float:
        return round(statistics.median(values), digits)

    rates = [[load.rate for load, _ in turn] for turn in rounds]
    costs = [[cost for _, cost in turn] for turn in rounds]
    return Row(
        database=kind,
        what=what,
        service=middle([one[0] for one in rates], 0),
        raw=middle([one[1] for one in rates], 0),
        bare=middle([one[2] for one in rates], 0),
        ratio=middle([one[0] / one[1] for one in rates], 2),
        ratio_to_bare=middle([one[0] / one[2] for one in rates], 2),
        service_cpu_ms=middle([one[0] for one in costs], 2),
        raw_cpu_ms=middle([one[1] for one in costs], 2),
        bare_cpu_ms=middle([one[2] for one in costs], 2),
    )


async def sign_in(port: int, hub: HubStandIn, name: str, found: SignIns) -> None:
    """What a browser does: the page, the Hub, the way back, the page again, and what the panels ask first."""
    connection = Connection(port)
    cookies: dict[str, str] = {}

    async def ask(path: str, expected: int, headers: dict[str, str] | None = None) -> Any:
        sent = {"Cookie": "; ".join(f"{key}={value}" for key, value in cookies.items()), **(headers or {})}
        begun = time.perf_counter()
        try:
            answer = await connection.request("GET", path, sent)
        except (OSError, asyncio.IncompleteReadError) as error:
            found.errors.append(f"{path}: {type(error).__name__}")
            raise
        found.times.append(time.perf_counter() - begun)
        if answer.status != expected:
            found.errors.append(f"{path}: {answer.status} {answer.body[:200]!r}")
        cookies.update(answer.cookies)
        return answer

    try:
        await ask(f"{PREFIX}/", 303)
        begun = await ask(f"{PREFIX}/login", 303)
        state = re.search(r"state=([^&]+)", begun.headers["location"])
        code = uuid.uuid4().hex
        hub.codes[code] = hub.add(name, "student")
        await ask(f"{PREFIX}/oauth_callback?code={code}&state={state[1] if state else ''}", 303)
        page = await ask(f"{PREFIX}/", 200)
        xsrf = re.search(rb'greenroom-xsrf" content="(\w+)"', page.body)
        headers = {"X-XSRFToken": xsrf[1].decode() if xsrf else ""}
        for path in ("me", "home", "problems", "progress", "submissions", "drafts/two-sum"):
            await ask(f"{PREFIX}/v1/{path}", 200, headers)
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        connection.close()


def sign_ins(kind: str, url: str, hub: HubStandIn, data: Path, within: float) -> dict[str, Any]:
    """STUDENTS sign in at random moments within so many seconds."""
    found = SignIns()
    chance = random.Random(11)  # noqa: S311 - the same moments each time

    async def everybody(port: int) -> None:
        async def one(number: int, after: float) -> None:
            await asyncio.sleep(after)
            await sign_in(port, hub, f"student{number:03}", found)

        await asyncio.gather(*(one(number, chance.uniform(0, within)) for number in range(STUDENTS)))

    with running(url, hub, data) as (_, port):
        asyncio.run(everybody(port))
    return {
        "database": kind,
        "students": STUDENTS,
        "within_seconds": within,
        "requests": len(found.times),
        "errors": len(found.errors),
        "first_errors": found.errors[:3],
        "median_ms": round(1000 * found.percentile(0.5), 1),
        "p99_ms": round(1000 * found.percentile(0.99), 1),
        "slowest_ms": round(1000 * max(found.times, default=0.0), 1),
    }


@contextlib.contextmanager
def databases(data: Path) -> Iterator[dict[str, str]]:
    """The URL of a new database of each kind that this machine has."""
    found = {"sqlite": f"sqlite:///{data / 'bench.sqlite'}"}
    with contextlib.ExitStack() as stack:
        try:
            found["postgresql"] = stack.enter_context(stack.enter_context(PrivatePostgres()).database())
        except pytest.skip.Exception as reason:
            print(f"PostgreSQL is not measured: {reason}", file=sys.stderr)
        yield found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often the two servers take turns")
    parser.add_argument("--seconds", type=float, default=2.0, help="seconds of load in each turn")
    parser.add_argument(
        "--within", type=float, default=120.0, help="seconds in which the class signs in; 0 leaves it out"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object per result")
    options = parser.parse_args()
    reached = True
    with tempfile.TemporaryDirectory() as folder, HubStandIn() as hub, databases(Path(folder)) as urls:
        for kind, url in urls.items():
            for row in lists(kind, url, hub, Path(folder), options):
                reached &= row.ratio >= 1 / 3
                show(asdict(row), as_json=options.json)
        for kind, url in urls.items():
            if options.within:
                found = sign_ins(kind, url, hub, Path(folder), options.within)
                reached &= not found["errors"] and found["p99_ms"] < 500
                show(found, as_json=options.json)
    return 0 if reached else 1


def show(found: dict[str, Any], *, as_json: bool) -> None:
    print(json.dumps(found) if as_json else "  ".join(f"{key}={value}" for key, value in found.items()), flush=True)


if __name__ == "__main__":
    sys.exit(main())
