"""Makes the notebook that a student gets: statement, editor, scratch cells; and nothing that gives the problem away.

What is released is named here field by field; nothing is copied from the author's file as a whole, so that a new
field is hidden until somebody decides otherwise. Notebooks are valid nbgrader release notebooks as well.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from greenroom_problems.problem import Kind, Problem
from greenroom_problems.statement import StatementError, statement_examples

if TYPE_CHECKING:
    from nbformat import NotebookNode

NBGRADER_SCHEMA = 3

_HIDDEN_TESTS = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS[^\n]*\n?", re.DOTALL | re.MULTILINE)

_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def release(problem: Problem) -> NotebookNode:
    """The student's notebook of a problem, nbformat 4.5, without solution, hidden tests or expected values."""
    import nbformat  # noqa: PLC0415 - as in _new

    cells = [_statement(problem)]
    cells += _assert_cells(problem) if problem.kind is Kind.CELLS else _editor_cells(problem)
    notebook = _new("notebook", cells=cells, metadata=_metadata(problem))
    nbformat.validate(notebook)
    return notebook


def release_text(problem: Problem) -> str:
    """The notebook as the text of an .ipynb file; the same text for the same problem."""
    import nbformat  # noqa: PLC0415 - as in _new

    return str(nbformat.writes(release(problem))) + "\n"


def _new(what: str, *content: str, **fields: Any) -> NotebookNode:
    """A notebook, cell or output by nbformat, which takes a second to import: most commands release nothing."""
    from nbformat import v4  # noqa: PLC0415

    made: NotebookNode = getattr(v4, f"new_{what}")(*content, **fields)
    return made


def _metadata(problem: Problem) -> dict[str, Any]:
    return {
        "kernelspec": _KERNELSPEC,
        "language_info": {"name": "python"},
        "greenroom": {"problem": problem.id, "title": problem.title, "kind": problem.kind.value},
    }


def _cell_id(problem: Problem, name: str) -> str:
    """Stable ids keep a second release of one problem equal to the first."""
    return hashlib.sha256(f"{problem.id}/{name}".encode()).hexdigest()[:12]


def nbgrader_metadata(grade_id: str, **settings: Any) -> dict[str, Any]:
    """Metadata of a cell of nbgrader's schema 3: read-only and not graded, unless settings say otherwise."""
    plain = {"grade": False, "locked": True, "solution": False, "task": False, "schema_version": NBGRADER_SCHEMA}
    return {**plain, "grade_id": grade_id, **settings}


def _statement(problem: Problem) -> NotebookNode:
    source = problem.statement
    if not source.lstrip().startswith("# "):
        source = f"# {problem.title}\n\n{source}"
    return _new(
        "markdown_cell",
        source,
        id=_cell_id(problem, "statement"),
        metadata={
            "deletable": False,
            "editable": False,
            "greenroom": {"problem": problem.id, "role": "statement"},
            "nbgrader": nbgrader_metadata(f"{problem.id}-statement"),
        },
    )


def _editor_cells(problem: Problem) -> list[NotebookNode]:
    return [
        _new(
            "code_cell",
            f'from greenroom_notebook import problem\n\nproblem("{problem.id}")',
            id=_cell_id(problem, "editor"),
            metadata={
                "deletable": False,
                "editable": False,
                "tags": ["greenroom-editor"],
                "greenroom": {"problem": problem.id, "role": "editor"},
                "nbgrader": nbgrader_metadata(f"{problem.id}-editor"),
            },
            outputs=[_fallback(problem)],
        ),
        _new(
            "markdown_cell",
            "## Scratch\n\nTry things here. Only what you submit from the editor above is judged.",
            id=_cell_id(problem, "scratch-note"),
            metadata={"greenroom": {"problem": problem.id, "role": "note"}},
        ),
        _new(
            "code_cell",
            problem.starter,
            id=_cell_id(problem, "scratch-starter"),
            metadata={"greenroom": {"problem": problem.id, "role": "scratch"}},
        ),
        _new(
            "code_cell",
            _calls(problem),
            id=_cell_id(problem, "scratch-calls"),
            metadata={"greenroom": {"problem": problem.id, "role": "scratch"}},
        ),
    ]


def _fallback(problem: Problem) -> NotebookNode:
    """What stands in the editor's place until it shows itself, and where no widget can."""
    text = (
        f"The editor for '{problem.title}' opens here when you run this cell (Shift+Enter). "
        "It is in the Practice panel on the left as well."
    )
    return _new("output", "display_data", data={"text/plain": text}, metadata={"greenroom": {"role": "fallback"}})


def _calls(problem: Problem) -> str:
    """The calls of the statement's first example block; none where they need the sandbox's node classes."""
    annotations = " ".join(
        parameter.annotation for signature in problem.entry.signatures for parameter in signature.parameters
    )
    if "ListNode" in annotations or "TreeNode" in annotations:
        return ""
    try:
        examples = statement_examples(problem.statement)
    except StatementError:
        return ""
    return "".join(example.source for example in examples if example.block == examples[0].block).rstrip("\n")


def _assert_cells(problem: Problem) -> list[NotebookNode]:
    """Kind.CELLS: the stub as an nbgrader solution cell, then the visible tests, locked."""
    cells = [
        _new(
            "code_cell",
            problem.starter,
            id=_cell_id(problem, "solution"),
            metadata={
                "greenroom": {"problem": problem.id, "role": "solution"},
                "nbgrader": nbgrader_metadata(f"{problem.id}-solution", solution=True, locked=False),
            },
        )
    ]
    for test in problem.cells:
        visible = "" if test.hidden else _HIDDEN_TESTS.sub("", test.source).rstrip()
        cells.append(
            _new(
                "code_cell",
                visible,
                id=_cell_id(problem, test.grade_id),
                metadata={
                    "deletable": False,
                    "editable": False,
                    "greenroom": {"problem": problem.id, "role": "test"},
                    "nbgrader": nbgrader_metadata(test.grade_id, grade=True, points=test.points),
                },
            )
        )
    return cells
