"""The cells of a problem file by role: what MyST Markdown, read through Jupytext, holds below the front matter."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import yaml

from greenroom_problems.errors import Finding

if TYPE_CHECKING:
    from greenroom_problems.text import Document


class Role(StrEnum):
    """What a cell is for; written as the cell's tag."""

    SETUP = "setup"
    STATEMENT = "statement"
    GIVEN = "given"
    STARTER = "starter"
    SOLUTION = "solution"
    TESTS = "tests"
    ASSERT = "assert"
    WRONG = "wrong"
    SLOW = "slow"
    EDITORIAL = "editorial"
    INTERVIEWER = "interviewer"


PROSE = frozenset({Role.STATEMENT, Role.EDITORIAL, Role.INTERVIEWER})
#: Roles that may stand once only; prose of one role is joined in order.
SINGLE = frozenset({Role.SETUP, Role.GIVEN, Role.STARTER, Role.SOLUTION, Role.TESTS, Role.SLOW})

_TAGS = frozenset(role.value for role in Role)
_FRONT_MATTER = "---\njupytext: {text_representation: {extension: .md, format_name: myst}}\n---\n"
_CODE_CELL = re.compile(r"^ {0,3}(?:`{3,}|~{3,})[ \t]*\{code-cell\}(?P<language>.*)$", re.MULTILINE)
_NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell with its role."""

    #: Counted from 1, as JupyterLab shows them.
    number: int
    role: Role
    source: str
    #: What stands under ``greenroom`` in the cell's metadata.
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """How findings name it."""
        return f"cell {self.number} ({self.role})"


def read_cells(document: Document, file: str) -> tuple[list[Cell], list[Finding]]:
    """Split a document into cells, and say which of them have no role or the wrong type."""
    # Jupytext takes over a second to import, and most of the command line never loads a problem.
    import jupytext  # noqa: PLC0415
    from jupytext.myst import MystMetadataParsingError  # noqa: PLC0415
    from nbformat import ValidationError  # noqa: PLC0415

    faults = _languages(document, file)
    if faults:
        return [], faults
    try:
        # The front matter is ours and was read already; Jupytext would only warn of what it does not know.
        notebook = jupytext.reads(_FRONT_MATTER + document.body, fmt="md:myst")
    except (MystMetadataParsingError, ValidationError, yaml.YAMLError, ValueError) as error:
        what = " ".join(str(error).split()) or type(error).__name__
        fix = "write it as in notebooks/README.md"
        return [], [Finding(file=file, place="cells", message=f"metadata of a cell is not valid: {what:.200}", fix=fix)]
    cells: list[Cell] = []
    findings: list[Finding] = []
    for number, node in enumerate(notebook.cells, start=1):
        if not node.source.strip():
            continue
        role, fault = _role(node.metadata.get("tags", ()), node.cell_type, number, file)
        if fault is not None:
            findings.append(fault)
        if role is None:
            continue
        metadata = node.metadata.get("greenroom", {})
        if not isinstance(metadata, dict):
            place = f"cell {number} ({role})"
            findings.append(Finding(file=file, place=place, message="metadata 'greenroom' is not a mapping"))
            metadata = {}
        if node.cell_type == "code" and _NO_BREAK_SPACE in node.source:
            line = node.source[: node.source.index(_NO_BREAK_SPACE)].count("\n") + 1
            place = f"cell {number} ({role}), line {line}"
            fix = "replace it with a plain space, or write \\xa0 inside a string"
            findings.append(Finding(file=file, place=place, message="no-break space (U+00A0) in code", fix=fix))
        cells.append(Cell(number=number, role=role, source=node.source, metadata=dict(metadata)))
    return cells, findings


def _languages(document: Document, file: str) -> list[Finding]:
    """A code cell is Python's; Jupytext would only warn of another language."""
    return [
        Finding(
            file=file,
            place=f"line {document.offset + document.body.count(chr(10), 0, found.start()) + 1}",
            message=f"a code cell of language {found['language'].strip()!r}",
            fix="write '```{code-cell} ipython3'",
        )
        for found in _CODE_CELL.finditer(document.body)
        if found["language"].strip() != "ipython3"
    ]


def _role(tags: object, cell_type: str, number: int, file: str) -> tuple[Role | None, Finding | None]:
    known = [Role(tag) for tag in tags if tag in _TAGS] if isinstance(tags, list | tuple) else []
    place = f"cell {number}"
    if len(known) != 1:
        what = "no tag of the format" if not known else f"two roles: {', '.join(known)}"
        fix = f"tag it with one of {', '.join(Role)}, or delete it"
        return None, Finding(file=file, place=place, message=what, fix=fix)
    role = known[0]
    expected = "markdown" if role in PROSE else "code"
    if cell_type != expected:
        fix = f"make it a {expected} cell"
        return None, Finding(file=file, place=f"{place} ({role})", message=f"is a {cell_type} cell", fix=fix)
    return role, None
