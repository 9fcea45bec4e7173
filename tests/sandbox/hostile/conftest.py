"""Options, levels and the court before which hostile programs are brought."""

from __future__ import annotations

import dataclasses
import tempfile
from typing import TYPE_CHECKING

import pytest
from hostile_catalogue import PROGRAMS, HostileProgram, catalogue
from hostile_levels import LEVELS, trials
from hostile_surroundings import Surroundings
from hostile_targets import TARGETS

from greenroom_grader.errors import SandboxUnavailableError
from greenroom_grader.sandbox import SandboxConfig, open_sandbox
from greenroom_grader.sandbox.footprint import returned_to, settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenroom_grader.package import Package
    from greenroom_grader.report import Report
    from greenroom_grader.sandbox import Sandbox

_POOL = {"plain": 1}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "hostile_level" not in metafunc.fixturenames:
        return
    everything = bool(metafunc.config.getoption("--hostile-all-levels"))
    pairs = trials(catalogue(), everything=everything)
    metafunc.parametrize(("hostile_level", "program"), pairs, ids=[f"{level}-{program}" for level, program in pairs])


class Court:
    """The real judge over a real sandbox of one level."""

    def __init__(self, level: str, packages: dict[str, Package]) -> None:
        """Open the sandbox.

        Raises:
            SandboxUnavailableError: this machine does not offer the level.
        """
        from greenroom_grader.judge import Judge

        self.level = level
        self.without = LEVELS[level]
        self.sandbox: Sandbox = open_sandbox(SandboxConfig(pool=_POOL, force_without=self.without))
        self._judge = Judge(self.sandbox)
        self.packages = packages
        if not packages:
            packages.update({name: self._judge.publish(target.problem) for name, target in TARGETS.items()})
        for zygote in ("plain", "data"):
            self.try_source("successor", "def f(x):\n    return x + 1\n", zygote)
        self._rest = settled()

    def try_source(self, problem: str, source: str, zygote: str) -> Report:
        """Judge one submission."""
        return self._judge.judge(dataclasses.replace(self.packages[problem], zygote=zygote), source)

    def grown(self) -> str:
        """What is more than at rest and stays so; empty when nothing is. It is told once: the next look starts here."""
        told = returned_to(self._rest)
        if told:
            self._rest = settled()
        return told

    def close(self) -> None:
        self.sandbox.close()


class Courts:
    """One court at a time: tests come sorted by level."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self._court: Court | None = None
        self._missing: dict[str, str] = {}
        self._packages: dict[str, Package] = {}

    def at(self, level: str) -> Court:
        if level in self._missing:
            pytest.skip(self._missing[level])
        if self._court is None or self._court.level != level:
            self.close()
            try:
                self._court = Court(level, self._packages)
            except SandboxUnavailableError as error:
                self._missing[level] = str(error)
                pytest.skip(str(error))
        return self._court

    def close(self) -> None:
        if self._court is not None:
            self._court.close()
            self._court = None


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surroundings]:
    with pytest.MonkeyPatch.context() as patch, Surroundings(tmp_path_factory.mktemp("host")) as made:
        patch.setattr(tempfile, "tempdir", str(made.temporary))
        yield made


@pytest.fixture(scope="session")
def courts(surroundings: Surroundings) -> Iterator[Courts]:
    made = Courts(surroundings)
    yield made
    made.close()


@pytest.fixture
def court(courts: Courts, hostile_level: str) -> Court:
    return courts.at(hostile_level)


@pytest.fixture(scope="session")
def honest_probe(surroundings: Surroundings) -> str:
    text = PROGRAMS.joinpath("honest_probe.py").read_text(encoding="utf-8")
    return text.replace("@@MARK@@", surroundings.mark)


@pytest.fixture(scope="session")
def programs() -> tuple[HostileProgram, ...]:
    return catalogue()
