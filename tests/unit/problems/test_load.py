"""Loading: what an author wrote becomes a Problem, or a line that says where and what to write instead."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import jupytext
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom_problems import Difficulty, Kind, Match, Problem, ProblemError, Reveal, Verdict, load, load_text
from greenroom_problems.entry import EntryError, parse_entry
from greenroom_problems.frontmatter import schema, schema_text

if TYPE_CHECKING:
    from pathlib import Path


def fault(text: str, path: Path | None = None) -> str:
    with pytest.raises(ProblemError) as caught:
        load_text(text, path)
    return "\n".join(str(finding) for finding in caught.value.findings)


def test_loads_every_part(text: str) -> None:
    problem = load_text(text)
    assert (problem.id, problem.title, problem.difficulty, problem.kind) == (
        "add-up",
        "Adding up",
        Difficulty.EASY,
        Kind.FUNCTION,
    )
    signature = problem.entry.signatures[0]
    assert [(item.name, item.annotation, item.default) for item in signature.parameters] == [
        ("numbers", "list[int]", None),
        ("start", "int", "0"),
    ]
    assert problem.hints == ("Which one", "What", "How", "All of it.")
    assert problem.statement.startswith("Add the")
    assert "secret_total" in problem.solution
    assert "918273" in problem.tests
    assert problem.wrong[0].verdict is Verdict.WRONG_ANSWER
    assert problem.wrong[0].name == "forgets the start"
    assert problem.reveal is Reveal.ALL
    assert problem.comparison.match is Match.EXACT
    assert len(problem.digest) == 64


def test_a_problem_is_frozen(text: str) -> None:
    problem = load_text(text)
    with pytest.raises(FrozenInstanceError):
        problem.title = "Other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "difficulty: easy",
            "difficulty: simple",
            "front matter: greenroom.difficulty: Input should be 'easy', 'medium'",
        ),
        ("  id: add-up\n", "", "greenroom.id: is missing; write 'id: ...' there"),
        ("id: add-up", "id: Add Up", "lower-case words joined by hyphens"),
        ("topics: [math]", "topic: [math]", "greenroom.topic: is not a key of this format"),
        ("topics: [math]", "topics: [math", "not valid YAML"),
        ("  notebook_metadata_filter: greenroom\n", "", "saving in JupyterLab would drop this front matter"),
        ('-> int"', '"', "greenroom.entry: add_up: no return type"),
        ('numbers: list[int], start: int = 0) -> int"', 'numbers) -> int"', "parameter numbers has no type"),
        ('def add_up(numbers: list[int], start: int = 0) -> int"', 'add up"', "greenroom.entry: not Python"),
        ("kind: function", "kind: class", "kind: class needs one 'class Name:'"),
        (
            "hints:",
            "comparison: {match: checker}\n  hints:",
            "match: checker and checker: <function name> belong together",
        ),
        ("hints:", "comparison: {match: checker, checker: judge}\n  hints:", "cell 4 (tests): does not define judge"),
        (
            "hints:",
            "comparison: {mutated: [total]}\n  hints:",
            "no parameter 'total'; name parameters of the first function",
        ),
        (":tags: [solution]", "", "cell 3: no tag of the format; tag it with one of setup, statement"),
        (":tags: [starter]", ":tags: [solution]", "cell 3 (solution): a second solution cell, after cell 2"),
        (":tags: [solution]", ":tags: [statement]", "cell 3 (statement): is a code cell; make it a markdown cell"),
        (":tags: [solution]", ":tags: [solution, slow]", "cell 3: two roles: solution, slow"),
        ("hidden = [", "concealed = [", "cell 4 (tests): does not define hidden; write 'hidden = [...]' there"),
        ("return secret_total", "return secret_total)", "cell 3 (solution), line 5: not Python"),
        (
            "verdict: wrong_answer",
            "verdict: accepted",
            "cell 5 (wrong): greenroom.verdict: a wrong solution must get one of",
        ),
        ("verdict: wrong_answer", "verdikt: wrong_answer", "cell 5 (wrong): greenroom.verdict: is missing"),
        (
            "def add_up(numbers: list[int], start: int = 0) -> int:\n    secret",
            "def adds(numbers, start):\n    secret",
            "(solution): does not define add_up",
        ),
    ],
)
def test_a_fault_names_the_place_and_what_to_write(text: str, old: str, new: str, expected: str) -> None:
    assert old in text
    assert expected in fault(text.replace(old, new, 1))


def test_every_fault_is_said_at_once(text: str) -> None:
    broken = text.replace("hidden = [", "concealed = [").replace("verdict: wrong_answer", "verdict: fine")
    with pytest.raises(ProblemError) as caught:
        load_text(broken)
    assert len(caught.value.findings) == 2
    assert "(and 1 more)" in str(caught.value)


@pytest.mark.parametrize("removed", ["statement", "starter", "solution", "tests"])
def test_a_missing_cell_is_named(text: str, removed: str) -> None:
    parts = text.replace("\n+++ ", "\n@@+++ ").replace("\n```{code-cell}", "\n@@```{code-cell}").split("@@")
    kept = [part for part in parts if f'["{removed}"]' not in part and f"[{removed}]" not in part]
    assert f"no cell tagged '{removed}'" in fault("".join(kept))


def test_text_without_front_matter() -> None:
    assert "line 1: no front matter" in fault("# Hello\n")
    assert "no front matter" in fault("")


def test_front_matter_without_greenroom(text: str) -> None:
    assert "greenroom: is missing; write 'greenroom:'" in fault(text.replace("greenroom:\n  id", "other:\n  id", 1))


def test_windows_line_ends_change_nothing(text: str, tmp_path: Path) -> None:
    path = tmp_path / "add-up.md"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    problem = load(path)
    assert problem == load_text(text)
    assert "\r" not in problem.solution
    assert problem.path == path


@pytest.mark.parametrize(
    ("character", "name"),
    [("\u202e", "U+202E"), ("\u200b", "U+200B"), ("\x00", "U+0000"), ("\x1b", "U+001B"), ("\u2028", "U+2028")],
)
def test_invisible_characters_are_found(text: str, character: str, name: str) -> None:
    said = fault(text.replace("secret_total = start", f"secret_total = start  # {character}x"))
    assert name in said
    assert "line " in said


def test_a_no_break_space_in_code_is_found_and_in_prose_is_fine(text: str) -> None:
    broken = text.replace("secret_total = start", "secret_total =\u00a0start")
    assert "cell 3 (solution), line 2: no-break space" in fault(broken)
    assert "\u00a0" in load_text(text.replace("Add the", "Add\u00a0the")).statement


def test_letters_of_any_language_are_fine(text: str) -> None:
    problem = load_text(text.replace("Adding up", "Zusammenzählen 合計 😀").replace("5\n```", "5\n```\n\nÜber alles."))
    assert problem.title == "Zusammenzählen 合計 😀"


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "latin.md"
    path.write_bytes(b"---\ngreenroom: {title: caf\xe9}\n---\n")
    with pytest.raises(ProblemError, match=r"latin\.md: line 2: not valid UTF-8; save the file as UTF-8"):
        load(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"gone\.md: cannot be read"):
        load(tmp_path / "gone.md")


def test_given_code_begins_every_solution(text: str) -> None:
    starter = "```{code-cell} ipython3\n:tags: [starter]"
    given_cell = "```{code-cell} ipython3\n:tags: [given]\n\nLIMIT = 3\n```\n\n"
    problem = load_text(text.replace(starter, given_cell + starter))
    for source in (problem.starter, problem.solution, problem.wrong[0].source):
        assert source.startswith("LIMIT = 3\n\n\ndef add_up")


def test_a_draft_may_lack_hints(text: str) -> None:
    problem = load_text(text.replace("[Which one, What, How, All of it.]", "[Which one]"))
    assert problem.hints == ("Which one", "", "", "")


CELLS = """\
```{code-cell} ipython3
---
tags: [assert]
greenroom: {grade_id: adds, points: 2, hidden: true}
---
assert add_up([1]) == 1
```
"""


def test_a_problem_of_cells(text: str) -> None:
    body = text.replace("kind: function", "kind: cells")
    entry = body[body.index("  entry:") : body.index("  hints:")]
    cell = "```{code-cell} ipython3\n"
    tests = body[body.index(f"{cell}:tags: [tests]") : body.index(f"{cell}---\ntags: [wrong]")]
    problem = load_text(body.replace(entry, "").replace(tests, CELLS))
    assert [(cell.grade_id, cell.points, cell.hidden) for cell in problem.cells] == [("adds", 2.0, True)]
    assert problem.entry.name == ""
    assert "entry: functions and classes name" in fault(text.replace("kind: function", "kind: cells"))


def test_saving_in_jupyterlab_keeps_everything(text: str) -> None:
    saved = jupytext.writes(jupytext.reads(text, fmt="md:myst"), fmt="md:myst")
    assert saved != text
    assert load_text(saved) == load_text(text)


def test_the_digest_follows_content_alone(text: str) -> None:
    digest = load_text(text).digest
    assert load_text(text.replace("topics: [math]", "topics:\n  - math")).digest == digest
    assert load_text(text.replace("918273", "918274")).digest != digest
    assert load_text(text.replace("Which one", "Why that")).digest != digest


def test_the_schema_is_current(problems_folder: Path) -> None:
    checked_in = problems_folder.parent / "problem.schema.json"
    assert checked_in.read_text(encoding="utf-8") == schema_text(), "write schema_text() into that file and commit it"


def test_the_schema_knows_the_keys_of_a_shipped_problem(problems_folder: Path) -> None:
    front = yaml.safe_load((problems_folder / "two-sum.md").read_text(encoding="utf-8").split("---\n")[1])
    assert set(front["greenroom"]) <= set(schema()["$defs"]["ProblemMatter"]["properties"])


@pytest.mark.parametrize(
    ("source", "kind", "names"),
    [
        ("def f(x: int) -> int", Kind.FUNCTION, ["f"]),
        ("def f(x: int) -> int: ...", Kind.FUNCTION, ["f"]),
        ("async def f(x: int) -> int\ndef g() -> None", Kind.FUNCTION, ["f", "g"]),
        (
            "class A:\n    def __init__(self) -> None\n    async def go(self, x: list[int]) -> int",
            Kind.CLASS,
            ["__init__", "go"],
        ),
    ],
)
def test_entries(source: str, kind: Kind, names: list[str]) -> None:
    entry = parse_entry(source, kind)
    assert [item.name for item in entry.signatures] == names
    assert [item.is_async for item in entry.signatures] == [f"async def {name}" in source for name in names]
    assert all(parameter.name != "self" for item in entry.signatures for parameter in item.parameters)


@pytest.mark.parametrize(
    ("source", "kind", "says"),
    [
        ("def f(*x: int) -> int", Kind.FUNCTION, "only plain positional parameters"),
        ("x = 1", Kind.FUNCTION, "nothing else"),
        ("class A:\n    def go(self) -> int", Kind.CLASS, "write 'def __init__"),
        ("def f(", Kind.FUNCTION, "not Python"),
    ],
)
def test_entries_that_are_refused(source: str, kind: Kind, says: str) -> None:
    with pytest.raises(EntryError, match=says.replace("(", r"\(").replace("*", r"\*")):
        parse_entry(source, kind)


def loads_or_is_refused_in_lines(text: str) -> bool:
    """Whether a text became a problem, or every finding about it is one line."""
    try:
        return isinstance(load_text(text), Problem)
    except ProblemError as error:
        return bool(error.findings) and all("\n" not in str(finding) for finding in error.findings)


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=400))
def test_any_text_loads_or_is_refused_with_a_line(garbage: str) -> None:
    assert loads_or_is_refused_in_lines(garbage)


@settings(deadline=None)  # the machine may be busy
@given(st.data())
def test_any_change_of_one_line_loads_or_is_refused(text: str, data: st.DataObject) -> None:
    lines = text.split("\n")
    index = data.draw(st.integers(0, len(lines) - 1))
    lines[index] = data.draw(st.one_of(st.just(""), st.text(max_size=20), st.just(lines[index] + ":"), st.just("---")))
    assert loads_or_is_refused_in_lines("\n".join(lines))
