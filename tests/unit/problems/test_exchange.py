"""Problems from and for other formats: what is carried, and that all else is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from greenroom_problems import load, load_text
from greenroom_problems.errors import ConversionError
from greenroom_problems.exchange import Draft, DraftTest, draft_text, is_exercism, read_exercism, source_notebook
from greenroom_problems.exchange.draft import grade_id, images_of, slug
from greenroom_problems.exchange.nbgrader import ExportedTest, merged
from greenroom_problems.problem import Difficulty, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from greenroom_problems.errors import Finding

PROBLEMS = Path(__file__).parents[3] / "notebooks" / "problems"


def said(notes: Iterable[Finding]) -> str:
    return "\n".join(map(str, notes))


# ---------------------------------------------------------------- drafts


def test_a_draft_becomes_a_problem_that_loads() -> None:
    draft = Draft(
        id="ring",
        title="Rotate the ring",
        statement="Turn it.\n\n---\n\nOnce: `>>>`\n\n```python\nx = 1\n```",
        given="import pandas as pd",
        starter="def turn(x):\n    ...",
        solution="def turn(x):\n    return x[1:] + x[:1]",
        tests=(
            DraftTest(grade_id="a", source="assert turn('ab') == 'ba'", points=2.5),
            DraftTest(grade_id="b", source="assert turn('') == ''", hidden=True),
        ),
        difficulty=Difficulty.HARD,
        topics=("strings", "rings"),
        hints=("one: two # three", 'say "four"'),
        limits=Limits(cpu_seconds=3, memory_mb=128),
    )
    problem = load_text(draft_text(draft))
    assert (problem.title, problem.difficulty, problem.topics) == (draft.title, draft.difficulty, draft.topics)
    assert problem.statement == draft.statement
    assert problem.solution == f"{draft.given}\n\n\n{draft.solution}"
    assert [(cell.grade_id, cell.points, cell.source, cell.hidden) for cell in problem.cells] == [
        (test.grade_id, test.points, test.source, test.hidden) for test in draft.tests
    ]
    assert problem.hints == ("one: two # three", 'say "four"', "", "")
    assert (problem.limits.cpu_seconds, problem.limits.memory_mb, problem.zygote) == (3, 128, "data")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Problem Set 1", "problem-set-1"), ("twoFer", "two-fer"), ("42_x", "p-42-x"), ("é", "p"), ("a" * 99, "a" * 60)],
)
def test_any_name_gives_an_id(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_ids_of_test_cells_are_allowed_and_taken_once() -> None:
    taken: set[str] = set()
    assert [grade_id(name, taken) for name in ("a", "a", "1 b", "", "é!")] == ["a", "a-2", "test-1-b", "test", "test-2"]


def test_images_that_are_files_are_found() -> None:
    text = "![a](pic.png) ![](attachment:b.png) ![c](https://x.example/c.png) ![d](data:image/png;base64,AA)"
    assert images_of(text) == ["pic.png", "attachment:b.png"]


# ---------------------------------------------------------------- export


@pytest.mark.parametrize(
    ("starter", "solution", "expected"),
    [
        (
            "def f(x):\n    ...",
            "def f(x):\n    y = x\n    return y",
            "def f(x):\n    ### BEGIN SOLUTION\n    y = x\n    return y\n    ### END SOLUTION",
        ),
        (
            'def f(x):\n    """Say it."""\n    return 0',
            "def f(x):\n    return x",
            'def f(x):\n    """Say it."""\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION',
        ),
        ("x = 1", "x = 1", "x = 1"),
        ("# begin here", "a = 1\nb = 2", "# begin here\n### BEGIN SOLUTION\na = 1\nb = 2\n### END SOLUTION"),
        (
            "class A:\n    def f(self):\n        pass\n\n    def g(self):\n        pass",
            "class A:\n    def f(self):\n        return 1\n\n    def g(self):\n        return 2",
            """class A:
    def f(self):
        ### BEGIN SOLUTION
        return 1
        ### END SOLUTION

    def g(self):
        ### BEGIN SOLUTION
        return 2
        ### END SOLUTION""",
        ),
    ],
)
def test_solution_regions_hold_what_the_starter_lacks(starter: str, solution: str, expected: str) -> None:
    assert merged(starter, solution) == expected


def test_every_part_of_a_problem_is_exported_or_said() -> None:
    problem = load(PROBLEMS / "tidy-the-survey.md")
    notebook, notes = source_notebook(problem)
    text = "\n".join(cell.source for cell in notebook.cells)
    for kept in (problem.given, *(cell.source for cell in problem.cells)):
        assert kept.strip() in text
    for left in (*(wrong.name for wrong in problem.wrong), *(f"hint {number}" for number in range(1, 5)), "editorial"):
        assert left in said(notes)
        assert left not in text


def test_nothing_secret_is_in_the_metadata_of_an_export() -> None:
    """nbgrader copies metadata into what students get."""
    problem = load(PROBLEMS / "tidy-the-survey.md")
    notebook, _ = source_notebook(problem)
    metadata = json.dumps([notebook.metadata, *(cell.metadata for cell in notebook.cells)])
    for secret in (*problem.hints, problem.editorial, problem.interviewer, *(wrong.why for wrong in problem.wrong)):
        assert secret[:30] not in metadata
    assert set(notebook.metadata["greenroom"]) == {
        "problem", "title", "kind", "difficulty", "topics", "source", "license", "limits",
    }  # fmt: skip


def test_a_hidden_cell_and_hidden_lines_stand_in_regions() -> None:
    assert ExportedTest(grade_id="a", visible="", hidden="assert f(3)").source == (
        "### BEGIN HIDDEN TESTS\nassert f(3)\n### END HIDDEN TESTS"
    )
    assert ExportedTest(grade_id="a", visible="assert f(1)\n", hidden="assert f(3)").source.startswith(
        "assert f(1)\n###"
    )


def test_without_tests_the_answer_waits_for_a_person_and_that_is_said() -> None:
    notebook, notes = source_notebook(load(PROBLEMS / "two-sum.md"))
    (answer,) = [cell for cell in notebook.cells if cell.metadata["nbgrader"]["solution"]]
    assert answer.metadata["nbgrader"]["grade"]
    assert "waits for a person" in said(notes)


# ---------------------------------------------------------------- Exercism

TESTS = """\
import unittest
import pytest

try:
    from moon_walk import (
        step,
        jump as leap,
    )
except ImportError as error:
    raise ImportError("write it") from error

from moon_walk import step as pace


class MoonWalkTest(unittest.TestCase):
    @pytest.mark.task(taskno=1)
    def test_one_step(self):
        self.assertEqual(step(1), 2)

    def test_bad_step(self):
        with self.assertRaises(ValueError) as caught:
            pace(-1)
        self.assertEqual(caught.exception.args[0], "no way back")

    def helper(self):
        return 1


if __name__ == "__main__":
    unittest.main()
"""
SOLUTION = "def step(n):\n    if n < 0:\n        raise ValueError('no way back')\n    return n + 1\n"


@pytest.fixture
def exercise(tmp_path: Path) -> Callable[..., Path]:
    def make(*, tests: str = TESTS, config: Any = None, difficulty: int | None = 2) -> Path:
        folder = tmp_path / "track" / "exercises" / "practice" / "moon-walk"
        for name in (".meta", ".docs"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        entry = {"slug": "moon-walk", "name": "Moon Walk", "topics": ["math", "Loops"], "difficulty": difficulty}
        (tmp_path / "track" / "config.json").write_text(json.dumps({"exercises": {"practice": [entry]}}))
        (tmp_path / "track" / "LICENSE").write_text("MIT License\n\nCopyright")
        files = {"solution": ["moon_walk.py"], "test": ["moon_walk_test.py"], "example": [".meta/example.py"]}
        config = (
            config if config is not None else {"authors": ["neil"], "files": files, "blurb": "Walk.", "source": "A"}
        )
        (folder / ".meta" / "config.json").write_text(json.dumps(config))
        (folder / ".meta" / "example.py").write_text(SOLUTION)
        (folder / ".docs" / "instructions.md").write_text("# Instructions\n\nTake `n` steps. ![moon](moon.png)\n")
        (folder / ".docs" / "hints.md").write_text("# Hints\n\n- Look\n  down.\n- Count.\n")
        (folder / "moon_walk.py").write_text("def step(n):\n    pass\n")
        (folder / "moon_walk_test.py").write_text(tests)
        return folder

    return make


def test_an_exercise_becomes_a_problem(exercise: Callable[..., Path]) -> None:
    folder = exercise()
    assert is_exercism(folder)
    imported = read_exercism(folder)
    problem = load_text(draft_text(imported.draft))
    assert (problem.id, problem.title, problem.difficulty) == ("moon-walk", "Moon Walk", Difficulty.EASY)
    assert problem.topics == ("math", "loops")
    assert (problem.license, problem.source) == ("MIT", "Exercism; A; by neil")
    assert problem.statement.startswith("Take `n` steps.")
    assert (problem.starter, problem.solution) == ("def step(n):\n    pass", SOLUTION.strip())
    assert problem.hints[:2] == ("Look down.", "Count.")
    assert [cell.grade_id for cell in problem.cells] == ["tests", "one_step", "bad_step"]
    assert [cell.points for cell in problem.cells] == [0, 1, 1]


def test_the_tests_of_an_exercise_run_beside_its_solution(exercise: Callable[..., Path]) -> None:
    draft = read_exercism(exercise(tests=TESTS.replace("jump as leap", "step as leap"))).draft
    names: dict[str, Any] = {}
    exec(draft.solution, names)  # noqa: S102 - our own text
    for test in draft.tests:
        assert "moon_walk" not in test.source
        exec(test.source, names)  # noqa: S102 - our own text
    assert names["leap"] is names["pace"] is names["step"]
    names["step"] = lambda n: n
    with pytest.raises(AssertionError):
        exec(draft.tests[1].source, names)  # noqa: S102 - our own text


def test_what_an_exercise_loses_is_said(exercise: Callable[..., Path]) -> None:
    folder = exercise(difficulty=None)
    (folder / "extra.txt").write_text("more")
    notes = said(read_exercism(folder).notes)
    for told in ("extra.txt", "moon.png", "pytest.mark.task(taskno=1)", "blurb", "no difficulty"):
        assert told in notes


@pytest.mark.parametrize(("rated", "expected"), [(1, "easy"), (3, "easy"), (4, "medium"), (6, "medium"), (7, "hard")])
def test_difficulty_comes_from_the_track(exercise: Callable[..., Path], rated: int, expected: str) -> None:
    assert read_exercism(exercise(difficulty=rated)).draft.difficulty == expected


@pytest.mark.parametrize(
    ("tests", "told"),
    [
        ("import moon_walk\n", "imports? moon_walk as a module"),
        ("def f(:\n", "line 1: not Python"),
        ("import unittest\n", "no test method"),
    ],
)
def test_tests_that_cannot_be_carried_are_an_error(exercise: Callable[..., Path], tests: str, told: str) -> None:
    with pytest.raises(ConversionError, match=told):
        read_exercism(exercise(tests=tests))


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"files": {"solution": ["../../x.py"], "test": [], "example": []}}, "no solution file"),
        ({"files": {"solution": ["moon_walk.py"], "example": [".meta/none.py"]}}, "no example or exemplar file"),
        ([], "not a JSON object"),
    ],
)
def test_a_broken_exercise_is_an_error(exercise: Callable[..., Path], config: Any, told: str) -> None:
    with pytest.raises(ConversionError, match=told):
        read_exercism(exercise(config=config))
