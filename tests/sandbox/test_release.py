"""What students get holds nothing of what they should find: every shipped problem, searched for fragments."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import CheckCellMetadata

from greenroom_grader.publish import publish
from greenroom_problems import Problem, catalogue, load_text, release, release_text
from greenroom_problems.catalogue import problem_files
from greenroom_problems.folder import notebooks_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from greenroom_grader.sandbox import Sandbox
    from greenroom_problems.problem import AssertCell

pytestmark = pytest.mark.sandbox

FOLDER = notebooks_folder() / "problems"
every_problem = pytest.mark.parametrize("problem", [path.stem for path in problem_files(FOLDER)], indirect=True)
#: Shorter fragments mean nothing by themselves: ``return -1``, ``[1, 2]``.
LEAST = 14
#: Of a longer value, its beginning is looked for.
MOST = 300


@pytest.fixture(scope="module")
def problems() -> Mapping[str, Problem]:
    return catalogue(FOLDER).problems


@pytest.fixture
def problem(problems: Mapping[str, Problem], request: pytest.FixtureRequest) -> Problem:
    return problems[request.param]


def squeezed(text: str) -> str:
    """Text without the differences that spacing makes."""
    return re.sub(r"\s+", "", text)


def texts(value: Any) -> Iterator[str]:
    """Every string of a notebook, wherever it stands: sources, outputs, metadata, names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(key)
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def shown(problem: Problem) -> str:
    """Everything that a release says, without spacing."""
    return "\n".join(squeezed(text) for text in texts(release(problem)))


def lines(*sources: str) -> set[str]:
    """The telling lines of program text or prose."""
    found = (squeezed(line.strip().lstrip("-*")) for source in sources for line in source.splitlines())
    return {line for line in found if len(line) >= LEAST and not line.startswith(("import", "from"))}


def sentences(*sources: str) -> set[str]:
    """Prose is wrapped anew now and then, so that its sentences are looked for."""
    found = (squeezed(part) for source in sources for part in re.split(r"(?<=[.?!])\s|\n\n|\n- ", source))
    return {part for part in found if len(part) >= LEAST}


def given_away(problem: Problem, fragments: set[str]) -> list[str]:
    """Fragments that a release shows; those that the author shows every student on purpose are none."""
    meant = squeezed(f"{problem.statement}\n{problem.starter}\n{problem.given}\n{problem.title}")
    text = shown(problem)
    return sorted(fragment for fragment in fragments if fragment in text and fragment not in meant)


@every_problem
def test_a_release_shows_no_line_of_a_solution_and_no_note(problem: Problem) -> None:
    own = len(problem.given.rstrip())
    programs = [problem.solution, problem.slow, *(wrong.source for wrong in problem.wrong)]
    fragments = lines(*(source[own:] if problem.given else source for source in programs))
    assert fragments
    assert given_away(problem, fragments) == []
    notes = sentences(problem.editorial, problem.interviewer, *problem.hints, *(wrong.why for wrong in problem.wrong))
    assert given_away(problem, notes) == []


@every_problem
def test_a_statement_holds_no_line_of_the_solution(problem: Problem) -> None:
    """What the author shows on purpose is not searched above; the reference must not stand there either."""
    own = len(problem.given.rstrip()) if problem.given else 0
    stub = squeezed(problem.starter)
    told = squeezed(problem.statement)
    assert [line for line in lines(problem.solution[own:]) if line not in stub and line in told] == []


def hidden_part(cell: AssertCell) -> str:
    """What a test cell of a problem of kind cells keeps to itself."""
    if cell.hidden:
        return cell.source
    return "\n".join(re.findall(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", cell.source, re.DOTALL))


@every_problem
def test_a_release_shows_no_hidden_case_and_no_expected_value(problem: Problem, boxes: Sandbox) -> None:
    package = publish(boxes, problem)
    hidden = [case for case in package.cases if not case.visible]
    values = [step.arguments for case in hidden for step in case.steps]
    values += [argument for arguments in values for argument in arguments]
    values += [answer.value for case in hidden for answer in case.answers]
    fragments = {fragment for value in values if len(fragment := squeezed(repr(value)[:MOST])) >= LEAST}
    fragments |= lines(problem.tests, *(hidden_part(cell) for cell in problem.cells))
    assert fragments
    assert given_away(problem, fragments) == []


@every_problem
def test_a_release_is_a_valid_release_notebook_of_nbgrader(problem: Problem) -> None:
    notebook = nbformat.reads(release_text(problem), as_version=4)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    CheckCellMetadata().preprocess(notebook, {})
    assert release_text(problem) == release_text(problem)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            ast.parse(cell.source)


CELLS = """\
---
jupytext: {notebook_metadata_filter: greenroom, text_representation: {extension: .md, format_name: myst}}
greenroom: {id: cells-problem, title: Cells, difficulty: easy, topics: [math], kind: cells}
---

+++ {"tags": ["statement"]}

Write `double`.

```{code-cell} ipython3
:tags: [starter]

def double(number):
    ...
```

```{code-cell} ipython3
:tags: [solution]

def double(number):
    return number + number
```

```{code-cell} ipython3
---
tags: [assert]
greenroom: {grade_id: seen, points: 1}
---
assert double(2) == 4
### BEGIN HIDDEN TESTS
assert double(4321) == 8642
### END HIDDEN TESTS
```

```{code-cell} ipython3
---
tags: [assert]
greenroom: {grade_id: unseen, points: 2, hidden: true}
---
assert double(1234) == 2468
```
"""


def test_a_problem_of_cells_keeps_its_hidden_tests() -> None:
    notebook = release(load_text(CELLS))
    MetadataValidator().validate_nb(notebook)
    CheckCellMetadata().preprocess(notebook, {})
    sources = [cell.source for cell in notebook.cells]
    assert "assert double(2) == 4" in sources
    text = "\n".join(texts(notebook))
    assert [secret for secret in ("4321", "8642", "1234", "2468", "number + number", "HIDDEN") if secret in text] == []
    assert [cell.metadata.nbgrader.points for cell in notebook.cells if cell.metadata.nbgrader.grade] == [1.0, 2.0]


@pytest.mark.parametrize("problem", ["two-sum"], indirect=True)
def test_the_search_finds_what_it_looks_for(problem: Problem) -> None:
    """A search that finds nothing anywhere would pass as well."""
    fragments = lines(problem.solution)
    assert given_away(problem, fragments) == []
    leaking = load_text(CELLS.replace("Write `double`.", f"Write it.\n\n{problem.solution}"))
    assert fragments & {line for text in texts(release(leaking)) for line in lines(text)} == fragments
