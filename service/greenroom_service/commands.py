"""Commands of the service: ``greenroom worker``, ``cohort``, ``rejudge`` and ``bench api``."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from greenroom_service import logs
from greenroom_service.errors import GreenroomServiceError, SettingsError
from greenroom_service.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from greenroom_service.judging import Engine

_Url = Annotated[
    str,
    typer.Option(
        "--url", envvar="GREENROOM_SERVICE_URL", help="The service, e.g. http://127.0.0.1:8000/services/greenroom"
    ),
]
_DEFAULT_URL = "http://127.0.0.1:8000/services/greenroom"
_AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per result")]


class CommandError(GreenroomServiceError):
    """A command cannot do its work; exit status 2."""


def worker(
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=256, help="Submissions graded at the same time")
    ] = None,
) -> None:
    """Grade submissions from PostgreSQL until stopped; start as many of these as there are machines."""
    settings = load_settings()
    if workers is not None:
        settings = settings.model_copy(update={"workers": workers})
    logs.configure(settings.log_level)
    run_worker(settings)


def run_worker(settings: Settings, open_engine: Any = None) -> None:
    """Run a worker until SIGINT or SIGTERM.

    Args:
        settings: the database, the notebooks and the folder for packages.
        open_engine: opens the grader; the sandbox by default.

    Raises:
        SettingsError: the database is not PostgreSQL, or cannot be reached.
        SandboxError: no sandbox can be had.
    """
    # Here, because ``greenroom --help`` must not import a web framework.
    from greenroom_grader.dispatch.postgres import run_worker as serve  # noqa: PLC0415
    from greenroom_service.database import Database, migrate  # noqa: PLC0415
    from greenroom_service.judging import LazyEngine  # noqa: PLC0415
    from greenroom_service.metrics import Metrics  # noqa: PLC0415
    from greenroom_service.practice.grading import Grader, anybody_waits  # noqa: PLC0415
    from greenroom_service.shelf import Shelf  # noqa: PLC0415

    if not settings.sqlalchemy_url.startswith("postgresql"):
        raise SettingsError(
            "a worker takes its work from PostgreSQL; set GREENROOM_DATABASE_URL=postgresql://user@host/name, "
            "as for the service"
        )
    migrate(settings.sqlalchemy_url)

    def sandbox() -> Engine:
        from greenroom_service.engine import SandboxEngine  # noqa: PLC0415 - needs the grader's extra

        return SandboxEngine(settings)

    database = Database(settings.sqlalchemy_url)
    engine = LazyEngine(open_engine or sandbox)
    engine.start()
    try:
        engine.get()  # without a sandbox there is nothing to work with
        grader = Grader(
            database=database,
            shelf=Shelf(settings.problems),
            engine=engine,
            metrics=Metrics(),
            spare=lambda: not anybody_waits(database),
        )
        grader.start()
        try:
            asyncio.run(
                serve(
                    settings.sqlalchemy_url,
                    grader.grade,
                    concurrency=settings.workers,
                    on_ready=_say_ready,
                )
            )
        except KeyboardInterrupt:
            pass
        finally:
            grader.stop()
            grader.release()
    finally:
        engine.close()
        database.close()


def _say_ready() -> None:
    sys.stderr.write("greenroom worker: ready\n")
    sys.stderr.flush()


cohort = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Cohorts and their members, through the same API as the panels."
)


@cohort.command("list")
def list_cohorts(url: _Url = _DEFAULT_URL, as_json: _AsJson = False) -> None:
    """List your cohorts."""
    with _client(url) as client:
        for item in _all(client, "cohorts"):
            _show(item, f"{item['id']}  {item['role']:<10}  {item['name']}", as_json=as_json)


@cohort.command("create")
def create_cohort(name: str, url: _Url = _DEFAULT_URL, as_json: _AsJson = False) -> None:
    """Make a cohort; you become its instructor."""
    with _client(url) as client:
        made = _ask(client, "POST", "cohorts", json={"name": name})
        _show(made, f"{made['id']}  {made['name']}", as_json=as_json)


@cohort.command("members")
def list_members(cohort_id: str, url: _Url = _DEFAULT_URL, as_json: _AsJson = False) -> None:
    """List the members of a cohort."""
    with _client(url) as client:
        for item in _all(client, f"cohorts/{cohort_id}/members"):
            _show(item, f"{item['role']:<10}  {item['user']}", as_json=as_json)


@cohort.command("add")
def add_members(
    cohort_id: str,
    users: Annotated[list[str], typer.Argument(help="User names at the Hub")],
    role: Annotated[str, typer.Option(help="student, assistant or instructor")] = "student",
    url: _Url = _DEFAULT_URL,
    as_json: _AsJson = False,
) -> None:
    """Make people members of a cohort."""
    with _client(url) as client:
        for user in users:
            made = _ask(client, "PUT", f"cohorts/{cohort_id}/members/{user}", json={"role": role})
            _show(made, f"{made['role']:<10}  {made['user']}", as_json=as_json)


@cohort.command("remove")
def remove_member(cohort_id: str, user: str, url: _Url = _DEFAULT_URL) -> None:
    """Take a person out of a cohort."""
    with _client(url) as client:
        _ask(client, "DELETE", f"cohorts/{cohort_id}/members/{user}")


def rejudge(
    problem: Annotated[str, typer.Argument(help="Id of the problem")],
    reason: Annotated[str, typer.Option(help="Why, for the audit log")],
    apply: Annotated[
        bool, typer.Option("--apply", help="Apply the new verdicts; without it they are only shown")
    ] = False,
    url: _Url = _DEFAULT_URL,
    as_json: _AsJson = False,
) -> None:
    """Judge every submission of a problem again, show what would change, and apply it when asked to."""
    with _client(url) as client:
        begun = _ask(client, "POST", "rejudges", json={"problem_id": problem, "reason": reason})
        path = f"rejudges/{begun['id']}"
        try:
            state = _wait_for_preview(client, path)
            for change in _all(client, f"{path}/changes"):
                verdicts = f"{change['old_verdict']} -> {change['new_verdict']}"
                _show(change, f"{change['submission_id']}  {change['user']:<20}  {verdicts}", as_json=as_json)
        except BaseException:
            with contextlib.suppress(CommandError):
                _ask(client, "POST", f"{path}/cancel")
            raise
        _ask(client, "POST", f"{path}/{'apply' if apply else 'cancel'}")
        done = "applied" if apply else "shown only; add --apply to apply them"
        sys.stderr.write(f"{state['total']} submissions, {state['changed']} changes {done}\n")


def _wait_for_preview(client: httpx.Client, path: str) -> dict[str, Any]:
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.progress import Progress  # noqa: PLC0415 - only while somebody waits

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("judging again", total=None)
        while True:
            state: dict[str, Any] = _ask(client, "GET", path)
            progress.update(task, total=state["total"], completed=state["judged"])
            if state["state"] != "previewing":
                return state
            time.sleep(0.5)


@contextlib.contextmanager
def _client(url: str) -> Iterator[httpx.Client]:
    import httpx  # noqa: PLC0415 - only for commands that ask the service

    token = os.environ.get("GREENROOM_TOKEN") or os.environ.get("JUPYTERHUB_API_TOKEN", "")
    if not token:
        raise CommandError("GREENROOM_TOKEN is not set; make a token at the Hub's page /hub/token and set it")
    with httpx.Client(
        base_url=url.rstrip("/") + "/v1/", headers={"Authorization": f"token {token}"}, timeout=60
    ) as client:
        yield client


def _ask(client: httpx.Client, method: str, path: str, **more: Any) -> Any:
    import httpx  # noqa: PLC0415 - as above

    try:
        answer = client.request(method, path, **more)
    except httpx.HTTPError as error:
        raise CommandError(f"{client.base_url} does not answer ({type(error).__name__}); is Greenroom up?") from None
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        detail = str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        detail = f"answered {answer.status_code}; is --url the address of the service?"
    raise CommandError(f"{path}: {detail}")


def _all(client: httpx.Client, path: str) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        page = _ask(client, "GET", path, params={"limit": 200, **({"cursor": cursor} if cursor else {})})
        yield from page["items"]
        cursor = page["next"]
        if cursor is None:
            return


def _show(item: dict[str, Any], line: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(item) if as_json else line)


def bench_api(
    rounds: Annotated[int, typer.Option(min=1, help="How often the service and the raw driver take turns")] = 5,
    seconds: Annotated[float, typer.Option(min=0.1, help="Seconds of load in each turn")] = 2.0,
    within: Annotated[float, typer.Option(min=0, help="Seconds in which the class signs in; 0 leaves it out")] = 120.0,
    as_json: _AsJson = False,
) -> None:
    """Measure the lists against the raw driver on each database, and 350 students who sign in.

    Exit status 1 when a figure is not reached.
    """
    script = Path(__file__).parents[2] / "tests" / "benchmarks" / "api.py"
    if not script.exists():
        raise CommandError("the benchmark is part of the source tree; run ./greenroom bench api in a clone")
    options = [f"--rounds={rounds}", f"--seconds={seconds}", f"--within={within}", *(["--json"] if as_json else [])]
    raise typer.Exit(subprocess.run([sys.executable, str(script), *options], check=False).returncode)
