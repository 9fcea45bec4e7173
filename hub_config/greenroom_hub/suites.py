"""``greenroom test``: every suite, from nothing, and one line that counts what came of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenroom_hub import node
from greenroom_hub.console import started, step
from greenroom_hub.errors import HubError
from greenroom_hub.paths import house
from greenroom_hub.tools import apt_install

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future


class Suite(StrEnum):
    """What can be run by itself."""

    PYTHON = "python"
    TYPESCRIPT = "typescript"
    SERVICES = "services"
    BROWSER = "browser"


@dataclass(frozen=True, slots=True)
class Count:
    """How many tests and checks ended in which way."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


@dataclass(frozen=True, slots=True)
class Need:
    """A program that a suite cannot run without."""

    #: Where it may be: names looked up on PATH, or patterns below the root.
    programs: tuple[str, ...]
    #: The Debian package that brings it.
    package: str

    def met(self) -> bool:
        """Say whether the program is here."""
        return any(
            any(Path("/").glob(name.lstrip("/"))) if "/" in name else shutil.which(name) for name in self.programs
        )


BUBBLEWRAP = Need(("bwrap",), "bubblewrap")
POSTGRESQL = Need(("postgres", "/usr/lib/postgresql/*/bin/postgres"), "postgresql")
REDIS = Need(("redis-server",), "redis-server")
CHROMIUM = Need(("chromium", "chromium-browser"), "chromium")
NEEDS = {
    Suite.PYTHON: (BUBBLEWRAP,),
    Suite.TYPESCRIPT: (),
    Suite.SERVICES: (BUBBLEWRAP, POSTGRESQL, REDIS),
    Suite.BROWSER: (BUBBLEWRAP, CHROMIUM),
}
#: Which tests of tests/ belong to which suite.
MARKS = {
    Suite.PYTHON: "not browser and not services",
    Suite.SERVICES: "services and not browser",
    Suite.BROWSER: "browser",
}
FAST = "not browser and not services and not hub and not sandbox"


def run_tests(
    only: Annotated[list[Suite] | None, typer.Option(help="Run only this suite; can be given several times.")] = None,
    fast: Annotated[
        bool, typer.Option("--fast", help="Leave out what starts a Hub, a box, a server or a browser.")
    ] = False,
) -> None:
    """Run every test suite: Python, TypeScript, PostgreSQL and Redis, and the browser.

    What is missing is installed by apt where that may be done. A suite that cannot run is said so and counted as
    skipped.
    """
    chosen = only or ([Suite.PYTHON, Suite.TYPESCRIPT] if fast else list(Suite))
    total = Count()
    closing = []
    with ThreadPoolExecutor(1) as pool:
        fetched = pool.submit(fetch, [] if fast else chosen)
        for suite in (suite for suite in Suite if suite in chosen):
            begun = time.monotonic()
            count = run_suite(suite, fast=fast, fetched=fetched)
            closing.append(f"{suite.value:<10}  {count}  ({time.monotonic() - begun:.0f} s)")
            total += count
    typer.echo("\n".join([*closing, f"{total} in {time.time() - started():.0f} s"]))
    raise typer.Exit(1 if total.failed else 0)


def fetch(chosen: Sequence[Suite]) -> None:
    """Install what the *chosen* suites lack, in one go, while other things are done; what then lacks is said later."""
    packages = sorted({need.package for suite in chosen for need in NEEDS[suite] if not need.met()})
    if packages:
        apt_install(packages, why="suites of tests need it")


def run_suite(suite: Suite, *, fast: bool, fetched: Future[None]) -> Count:
    """Run one suite, once what it needs is *fetched*, and return what came of it."""
    step(f"the {suite.value} suite")
    if suite is Suite.TYPESCRIPT:
        return run_typescript()
    if not fast:
        prepare()
    checks = run_checks() if suite is Suite.PYTHON else Count()
    fetched.result()
    missing = [need for need in NEEDS[suite] if not need.met()]
    if missing and not (fast and suite is Suite.PYTHON):
        packages = [need.package for need in missing]
        if not apt_install(packages, why=f"the {suite.value} suite needs it") or not all(n.met() for n in missing):
            return checks + skip(suite, f"install it first: sudo apt install {' '.join(packages)}")
    return checks + run_pytest(FAST if fast else MARKS[suite], ONE_ROOM if suite is Suite.BROWSER else ONE_PER_CORE)


def skip(suite: Suite, why: str) -> Count:
    """Say loudly that *suite* cannot run; return its tests as skipped."""
    step(f"SKIPPED: the {suite.value} suite cannot run here; {why}")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-m",
        MARKS.get(suite, ""),
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(command, cwd=house().root, capture_output=True, text=True, check=False)
    return Count(skipped=max(1, sum("::" in row for row in done.stdout.splitlines())))


def prepare() -> None:
    """Bring what a Hub needs before the tests' clocks run; a test that needs it says itself when it is missing."""
    try:
        found = node.find_node(house())
        node.ensure_proxy(house(), found)
        node.ensure_extension(house(), found)
    except HubError as error:
        step(f"not prepared: {error}")


def run_checks() -> Count:
    """Run the linters over the Python of the tree."""
    folder = house().venv / "bin"
    return (
        check([folder / "ruff", "check", "."])
        + check([folder / "ruff", "format", "--check", "."])
        + check([folder / "mypy"])
        + check([folder / "lint-imports"])
    )


def check(command: Sequence[str | Path], cwd: Path | None = None, environment: dict[str, str] | None = None) -> Count:
    """Run *command*, which fails or passes as one."""
    step(" ".join([Path(command[0]).name, *map(str, command[1:])]))
    passed = (
        subprocess.run(list(map(str, command)), cwd=cwd or house().root, env=environment, check=False).returncode == 0
    )
    return Count(passed=int(passed), failed=int(not passed))


#: The most processes that a suite's tests are spread over.
ONE_PER_CORE = 4
#: All tests of the browser share one classroom, and a student's pages want a core beside it.
ONE_ROOM = 1


def run_pytest(marks: str, most: int) -> Count:
    """Run the tests with these *marks* on as many processes as there are cores, at most *most*.

    Tests that drive boxes, servers and browsers wait for other processes, and a crowded machine can make one of them
    wait too long. What failed is therefore run once more by itself; a test that passes then is named as unsteady.
    """
    workers = min(most, os.cpu_count() or 1)
    environment = {
        **os.environ,
        "PATH": f"{house().venv / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
    with tempfile.TemporaryDirectory() as cache:
        common = [sys.executable, "-m", "pytest", "-q", "-m", marks, "-o", f"cache_dir={cache}"]
        first = counted(
            lambda report: [
                *common,
                *("--dist", "loadfile", "-n", str(workers), "--durations=12", f"--junitxml={report}"),
            ],
            cwd=house().root,
            environment=environment,
        )
        if not 0 < first.failed <= UNSTEADY:
            return first
        step(f"once more, by themselves: {first.failed} tests that failed")
        again = counted(
            lambda report: [
                *common,
                "--last-failed",
                "--last-failed-no-failures=none",
                "-p",
                "no:xdist",
                f"--junitxml={report}",
            ],
            cwd=house().root,
            environment=environment,
        )
    if again.passed + again.failed != first.failed:
        return first  # a runner that died, not a test that failed
    if again.passed:
        step(f"UNSTEADY: {again.passed} tests failed in the crowd and passed by themselves; they are listed above")
    return Count(passed=first.passed + first.failed - again.failed, failed=again.failed, skipped=first.skipped)


#: More failures than this are no matter of chance, and are not tried again.
UNSTEADY = 30


def run_typescript() -> Count:
    """Install the extension's packages, lint, and run its tests."""
    tree = house()
    if not (tree.extension / "package.json").exists():
        return skip(Suite.TYPESCRIPT, "this clone has no extension/package.json")
    try:
        found = node.find_node(tree)
        node.ensure_packages(tree, found)
    except HubError as error:
        step(str(error))
        return Count(failed=1)
    environment = found.environment(tree)
    linted = check([*found.npm, "run", "lint"], cwd=tree.extension, environment=environment)
    return linted + counted(
        lambda report: [
            *(*found.npm, "test", "--", "--reporter=default", "--reporter=junit"),
            f"--outputFile.junit={report}",
        ],
        cwd=tree.extension,
        environment=environment,
    )


def counted(command: Callable[[Path], Sequence[str]], *, cwd: Path, environment: dict[str, str]) -> Count:
    """Run a test runner that writes a JUnit report, and count by the report; no report counts as one failure."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        arguments = list(command(report))
        step(" ".join([Path(arguments[0]).name, *arguments[1:4], "..."]))
        status = subprocess.run(arguments, cwd=cwd, env=environment, check=False).returncode
        count = read_report(report)
    if status and not count.failed and status != NO_TESTS:
        return count + Count(failed=1)
    return count


#: pytest's exit status when the marks select nothing.
NO_TESTS = 5


def read_report(report: Path) -> Count:
    """Return the counts of a JUnit report, nothing when there is none."""
    if not report.exists():
        return Count()
    suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314 (written a moment ago by our own runner)

    def total(*names: str) -> int:
        return sum(int(suite.get(name) or 0) for suite in suites for name in names)

    failed, skipped = total("failures", "errors"), total("skipped")
    return Count(passed=total("tests") - failed - skipped, failed=failed, skipped=skipped)
