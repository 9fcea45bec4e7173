"""The gate remembers what passed, for as long as nothing changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greenroom_grader.gate import cache as caching
from greenroom_grader.gate.cache import InspectionCache, cache_folder
from greenroom_grader.gate.inspection import Inspection
from greenroom_grader.gate.mutate import Mutant
from greenroom_problems import Finding, Problem, load_text
from greenroom_problems.scaffold import scaffold_text

if TYPE_CHECKING:
    from pathlib import Path

SURVIVOR = Mutant(source="x = 2", line=1, before="x = 1", after="x = 2", operator="constant")
CLEAN = Inspection(problem="water-rises", findings=(), mutants=9, killed=8, survivors=(SURVIVOR,), reference_ms=1.5)


@pytest.fixture
def problem() -> Problem:
    return load_text(scaffold_text("water-rises"))


def test_what_passed_is_remembered_and_says_so(tmp_path: Path, problem: Problem) -> None:
    InspectionCache(tmp_path / "new").put(problem, CLEAN)
    found = InspectionCache(tmp_path / "new").get(problem)
    assert found is not None
    assert found.cached
    assert (found.survivors, found.killed, found.reference_ms) == ((SURVIVOR,), 8, 1.5)


def test_what_failed_is_tried_again(tmp_path: Path, problem: Problem) -> None:
    finding = Finding(file="water-rises.md", place="", message="the reference was slow")
    cache = InspectionCache(tmp_path)
    cache.put(problem, Inspection(problem="water-rises", findings=(finding,)))
    assert cache.get(problem) is None


def test_another_version_of_the_problem_is_not_remembered(tmp_path: Path, problem: Problem) -> None:
    cache = InspectionCache(tmp_path)
    cache.put(problem, CLEAN)
    assert cache.get(load_text(scaffold_text("water-rises").replace("([7, 8],)", "([7, 9],)"))) is None
    assert cache.get(problem) is not None


def test_other_code_of_the_gate_forgets_everything(
    tmp_path: Path, problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = InspectionCache(tmp_path)
    cache.put(problem, CLEAN)
    monkeypatch.setattr(caching, "code_digest", lambda: "another")
    assert cache.get(problem) is None


def test_the_digest_of_the_code_follows_every_file_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def digest() -> str:
        caching.code_digest.cache_clear()
        return caching.code_digest()

    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "part.py").write_text("x = 1\n", encoding="utf-8")
    before = digest()
    monkeypatch.setattr("greenroom_grader.__path__", [str(tmp_path)])
    elsewhere = digest()
    (tmp_path / "room" / "part.py").write_text("x = 2\n", encoding="utf-8")
    changed = digest()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "part.pyc").write_bytes(b"compiled")
    assert len({before, elsewhere, changed}) == 3
    assert digest() == changed
    caching.code_digest.cache_clear()


def test_results_without_isolation_are_kept_apart(tmp_path: Path, problem: Problem) -> None:
    InspectionCache(tmp_path, unsafe=True).put(problem, CLEAN)
    assert InspectionCache(tmp_path).get(problem) is None


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b'{"key": 1}', b"null"])
def test_a_broken_file_is_no_result(tmp_path: Path, problem: Problem, content: bytes) -> None:
    cache = InspectionCache(tmp_path)
    cache.put(problem, CLEAN)
    (tmp_path / "water-rises.json").write_bytes(content)
    assert cache.get(problem) is None


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path, problem: Problem) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    cache = InspectionCache(tmp_path / "file")
    cache.put(problem, CLEAN)
    assert cache.get(problem) is None


def test_the_folder_is_the_users_own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "greenroom" / "check"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "greenroom" / "check"
