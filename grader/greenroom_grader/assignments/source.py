"""An instructor's source notebook: its cells with their roles, and the version that students get. Pure but for `read`.

The order of work is nbgrader's: AUTOTEST lines become tests (see `autotest`), solutions become stubs, checksums are
taken, and only then hidden tests and mark schemes are cut out for students.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from greenroom_grader.assignments import regions
from greenroom_grader.assignments.metadata import Mark, Role, checksum, read_mark
from greenroom_grader.assignments.notebook import RawNotebook, read_notebook
from greenroom_grader.assignments.regions import Region
from greenroom_grader.errors import AssignmentError

if TYPE_CHECKING:
    from pathlib import Path

_LANGUAGES = ("python", "python3", "ipython", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCell:
    """One cell of the source notebook."""

    index: int
    cell_type: str
    #: With solutions and hidden tests, as the instructor wrote it.
    source: str
    #: Without solutions, with hidden tests: what grading puts back into a locked cell.
    graded_source: str
    #: Without either: what students get.
    release: str
    mark: Mark | None = None

    @property
    def role(self) -> Role:
        """What the cell is for."""
        return self.mark.role if self.mark else Role.PLAIN

    @property
    def grade_id(self) -> str:
        """The nbgrader id, empty for a plain cell."""
        return self.mark.grade_id if self.mark else ""

    @property
    def points(self) -> float:
        """The most that the cell can give."""
        return self.mark.points if self.mark else 0.0

    @property
    def has_hidden_tests(self) -> bool:
        """Whether the release version lacks a part of the tests."""
        return self.graded_source != self.release


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A source notebook, checked."""

    name: str
    path: str
    cells: tuple[SourceCell, ...]
    #: Whether AUTOTEST lines still wait to be made into tests.
    has_autotest: bool = False
    notes: tuple[str, ...] = ()
    notebook: RawNotebook = field(repr=False)

    @property
    def marked(self) -> tuple[SourceCell, ...]:
        """The cells with an id, in order."""
        return tuple(cell for cell in self.cells if cell.mark)

    @property
    def max_score(self) -> float:
        """All points, of tests, manual answers and tasks."""
        return sum(cell.points for cell in self.cells)

    def with_tests(self, sources: dict[int, str]) -> Assignment:
        """The assignment with other sources for some test cells, by index: its AUTOTEST lines made into tests."""
        cells = tuple(
            make_cell(cell.index, cell.cell_type, sources[cell.index], cell.mark) if cell.index in sources else cell
            for cell in self.cells
        )
        return replace(self, cells=cells, has_autotest=False)

    def release(self) -> dict[str, Any]:
        """The students' notebook as nbformat JSON: no solution, no hidden test, no output; nbgrader metadata schema 3.

        Raises AssignmentError while AUTOTEST lines wait.
        """
        if self.has_autotest:
            raise AssignmentError(f"{self.path}: AUTOTEST lines must be made into tests before the release.")
        document: dict[str, Any] = copy.deepcopy(dict(self.notebook.document))
        document.setdefault("metadata", {}).pop("celltoolbar", None)
        for raw, cell in zip(document["cells"], self.cells, strict=True):
            _release_cell(raw, cell)
        return document


def read(path: Path) -> Assignment:
    """The assignment in an instructor's source notebook. Raises AssignmentError: file, cell, what to do."""
    notebook = read_notebook(path)
    return from_notebook(notebook, path=path)


def from_notebook(notebook: RawNotebook, *, path: Path) -> Assignment:
    """The assignment in a notebook that was read from ``path``. Raises AssignmentError."""
    _check_language(notebook, path)
    cells: list[SourceCell] = []
    for index, raw in enumerate(notebook.cells):
        try:
            mark = read_mark(raw)
            _check_autotest(raw.source, raw.cell_type, mark)
            cells.append(make_cell(index, raw.cell_type, raw.source, mark))
        except AssignmentError as error:
            raise AssignmentError(f"{path}: cell {index + 1}: {error}") from None
    _check_ids(cells, path)
    return Assignment(
        name=path.stem,
        path=str(path),
        cells=tuple(cells),
        has_autotest=any(is_autotest(cell.source) for cell in cells if cell.cell_type == "code"),
        notes=notebook.notes,
        notebook=notebook,
    )


def make_cell(index: int, cell_type: str, source: str, mark: Mark | None) -> SourceCell:
    """A cell with its three versions. Raises AssignmentError when a region stands where it may not."""
    role = mark.role if mark else Role.PLAIN
    graded_source = _without_solution(source, cell_type, role)
    release = graded_source
    if regions.has_region(release, Region.HIDDEN_TESTS):
        if role not in (Role.TEST, Role.MANUAL):
            raise AssignmentError("hidden tests stand in a cell that is not an autograder test; mark it as one.")
        release = regions.cut(release, Region.HIDDEN_TESTS)
    if regions.has_region(release, Region.MARK_SCHEME):
        if role is not Role.TASK:
            raise AssignmentError("a mark scheme stands in a cell that is not a manually graded task; mark it as one.")
        release = regions.cut(release, Region.MARK_SCHEME)
    return SourceCell(
        index=index, cell_type=cell_type, source=source, graded_source=graded_source, release=release, mark=mark
    )


def is_autotest(source: str) -> bool:
    """Whether a comment line asks for generated tests."""
    return any("AUTOTEST" in line and line.strip().startswith("#") for line in source.split("\n"))


def _without_solution(source: str, cell_type: str, role: Role) -> str:
    stub = regions.CODE_STUB if cell_type == "code" else regions.TEXT_STUB
    is_answer = role in (Role.SOLUTION, Role.MANUAL)
    if regions.has_region(source, Region.SOLUTION):
        if not is_answer:
            raise AssignmentError("a solution stands in a cell that is not an answer; mark it as one.")
        return regions.cut(source, Region.SOLUTION, stub)
    return "\n".join(stub) if is_answer else source


def _check_autotest(source: str, cell_type: str, mark: Mark | None) -> None:
    if cell_type == "code" and is_autotest(source) and not (mark and mark.graded):
        raise AssignmentError("AUTOTEST stands in a cell that is not an autograder test; mark it as one.")


def _check_language(notebook: RawNotebook, path: Path) -> None:
    kernel = notebook.metadata.get("kernelspec")
    language = kernel.get("language", "") if isinstance(kernel, dict) else ""
    if not isinstance(language, str) or language.lower() not in _LANGUAGES:
        raise AssignmentError(f"{path}: its language is {language!r}; only Python notebooks can be graded.")


def _check_ids(cells: list[SourceCell], path: Path) -> None:
    seen: dict[str, int] = {}
    for cell in cells:
        if cell.grade_id in seen:
            both = f"cells {seen[cell.grade_id]} and {cell.index + 1}"
            raise AssignmentError(f"{path}: {both} share the id {cell.grade_id!r}; give one another.")
        if cell.grade_id:
            seen[cell.grade_id] = cell.index + 1


def _release_cell(raw: dict[str, Any], cell: SourceCell) -> None:
    raw["source"] = cell.release
    if cell.cell_type == "code":
        raw["outputs"], raw["execution_count"] = [], None
    metadata = raw.setdefault("metadata", {})
    metadata.pop("nbgrader", None)
    if cell.mark is None:
        return
    metadata["nbgrader"] = cell.mark.to_metadata(cell.cell_type, checksum(cell.mark, cell.cell_type, cell.release))
    metadata["deletable"] = False
    if cell.mark.restored:
        metadata["editable"] = False


def write_release(assignment: Assignment, path: Path) -> None:
    """Write the students' notebook. Raises AssignmentError when the file cannot be written."""
    text = json.dumps(assignment.release(), indent=1, ensure_ascii=False) + "\n"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AssignmentError(f"{path}: cannot be written ({error.strerror or error}).") from None
