"""Where each cell of an assignment runs. Pure.

The instructor's cells run in a *clean* box, the student's in a *student* box. In the clean box a name belongs to
whoever bound it last in the source notebook: to an instructor's cell, or to an answer, and then it stands for something
in the student box. Only the source decides that, so no submission can take over a name that the tests rely on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from greenroom_grader.assignments.metadata import Role
from greenroom_grader.assignments.names import GIVEN, Names, names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from greenroom_grader.assignments.source import Assignment, SourceCell

_DATA_LIBRARIES = re.compile(r"\b(numpy|pandas)\b")


class NameKind(StrEnum):
    """What a student's name is in the instructor's solution."""

    #: A function, or whatever else the submission has.
    ANY = "any"
    CLASS = "class"
    #: The solution imports it; the clean box imports the same.
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class StudentName:
    """A name that tests take from the student box."""

    name: str
    kind: NameKind = NameKind.ANY
    #: For IMPORT: the statement.
    statement: str = ""
    #: For CLASS: the special methods of the solution's class.
    special: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanCell:
    """An instructor's code cell that runs in the clean box."""

    index: int
    role: Role
    source: str
    names: Names
    #: What it takes from the student box.
    needs: tuple[StudentName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan for all submissions of one assignment."""

    #: By index in the source notebook: what runs in the clean box.
    clean: Mapping[int, CleanCell]
    #: Test cells that run in the student box, by index, with the reason.
    unprotected: Mapping[int, str]
    #: Test cells whose names an unprotected one needs: they run in the student box too, before it; True where
    #: their released version does not bind what is needed.
    helpers: Mapping[int, bool]

    @property
    def has_classes(self) -> bool:
        """Whether some test uses a class of the student's."""
        return any(need.kind is NameKind.CLASS for cell in self.clean.values() for need in cell.needs)

    def needed_in_clean(self, index: int) -> bool:
        """Whether a later protected cell uses a name that this cell binds."""
        binds = self.clean[index].names.binds
        later = (cell for cell in self.clean.values() if cell.index > index and cell.index not in self.unprotected)
        return any(not binds.isdisjoint(cell.names.loads) for cell in later)

    def with_unprotected(self, assignment: Assignment, reasons: Mapping[int, str]) -> Plan:
        """The plan with these test cells unprotected, and their helpers."""
        return make_plan(assignment, {**self.unprotected, **reasons})


def make_plan(assignment: Assignment, unprotected: Mapping[int, str] | None = None) -> Plan:
    """The plan in which every test runs in the clean box, but for those that are unprotected."""
    unprotected = unprotected or {}
    wanted = _clean_indexes(assignment.cells)
    clean = {
        cell.index: _clean_cell(cell, assignment.cells[: cell.index], wanted, unprotected)
        for cell in assignment.cells
        if cell.index in wanted
    }
    return Plan(clean=clean, unprotected=unprotected, helpers=_helpers(assignment, unprotected))


def static_reason(cell: SourceCell, assignment: Assignment) -> str:
    """Why a test cell cannot serve in a clean box, as far as its text says; empty when nothing speaks against it.

    Used where the instructor's notebook has no solution that could be tried.
    """
    names = names_of(cell.graded_source)
    answers = [names_of(other.source) for other in assignment.cells[: cell.index] if _is_answer(other)]
    theirs = {name for answer in answers for name in answer.binds} | (names.loads - _bound_before(cell, assignment))
    rebound = sorted(names.binds & theirs & names.loads - GIVEN)
    if rebound:
        return f"the test rebinds or deletes {', '.join(rebound)}, which the student's code may read"
    words = names.loads & {"plt", "matplotlib", "get_ipython", "In", "Out", "globals", "inspect"}
    if words:
        return f"the test looks into the notebook itself ({', '.join(sorted(words))})"
    return ""


def needs_data(assignment: Assignment) -> bool:
    """Whether some cell of the source uses numpy or pandas."""
    return any(_DATA_LIBRARIES.search(cell.source) for cell in assignment.cells if cell.cell_type == "code")


def _is_answer(cell: SourceCell) -> bool:
    return cell.cell_type == "code" and cell.role in (Role.SOLUTION, Role.MANUAL)


def _clean_indexes(cells: tuple[SourceCell, ...]) -> frozenset[int]:
    """All test and locked code cells, and of the plain ones those whose names they need."""
    wanted: set[int] = set()
    needed: set[str] = set()
    for cell in reversed(cells):
        if cell.cell_type != "code" or _is_answer(cell):
            continue
        names = names_of(cell.graded_source)
        if cell.role is Role.PLAIN and not names.star and not names.binds & needed:
            continue
        wanted.add(cell.index)
        needed |= names.loads
    return frozenset(wanted)


def _clean_cell(
    cell: SourceCell, before: tuple[SourceCell, ...], wanted: frozenset[int], unprotected: Iterable[int]
) -> CleanCell:
    names = names_of(cell.graded_source)
    lent = frozenset(unprotected)
    found = (_student_name(name, before, wanted, lent, names) for name in sorted(names.loads))
    needs = tuple(need for need in found if need is not None)
    return CleanCell(index=cell.index, role=cell.role, source=cell.graded_source, names=names, needs=needs)


def _student_name(
    name: str, before: tuple[SourceCell, ...], wanted: frozenset[int], lent: frozenset[int], own: Names
) -> StudentName | None:
    """The name as something of the student's, None when it is the instructor's or Python's.

    An unprotected cell (``lent``) that deletes a name of the student's and binds it again has put it back.
    """
    has_star = own.star
    for cell in reversed(before):
        names = names_of(cell.source if _is_answer(cell) else cell.graded_source) if cell.cell_type == "code" else None
        if names is None:
            continue
        if _is_answer(cell) and name in names.binds:
            return _answered(name, names)
        if cell.index in wanted:
            if name in names.binds and not (cell.index in lent and name in names.deletes):
                return None
            has_star = has_star or names.star
    if name in GIVEN or has_star or name in own.binds:
        return None
    return StudentName(name)


def _answered(name: str, names: Names) -> StudentName:
    if name in names.imports:
        return StudentName(name, NameKind.IMPORT, names.imports[name])
    if name in names.classes:
        return StudentName(name, NameKind.CLASS, special=names.classes[name])
    return StudentName(name)


def _bound_before(cell: SourceCell, assignment: Assignment) -> frozenset[str]:
    """Names that instructor's cells before this one bind, and Python's own."""
    earlier = (other for other in assignment.cells[: cell.index] if other.cell_type == "code" and not _is_answer(other))
    return GIVEN.union(*(names_of(other.graded_source).binds for other in earlier))


def _helpers(assignment: Assignment, unprotected: Iterable[int]) -> dict[int, bool]:
    """The test cells whose names the unprotected ones need, directly or through another."""
    helpers: dict[int, bool] = {}
    waiting = [(index, names_of(assignment.cells[index].graded_source).loads) for index in unprotected]
    while waiting:
        index, loads = waiting.pop()
        for cell in assignment.cells[:index]:
            if cell.role is not Role.TEST or cell.index in unprotected:
                continue
            needed = names_of(cell.graded_source).binds & loads - _answer_names(assignment)
            if needed and cell.index not in helpers:
                helpers[cell.index] = not needed <= names_of(cell.release).binds
                waiting.append((cell.index, names_of(cell.graded_source).loads))
    return helpers


def _answer_names(assignment: Assignment) -> frozenset[str]:
    return frozenset().union(*(names_of(cell.source).binds for cell in assignment.cells if _is_answer(cell)))
