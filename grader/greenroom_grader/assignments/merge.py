"""A submitted notebook laid over its source. Pure.

What is the instructor's comes from the source, by id, whatever the submission has in its place; what is the student's
comes from the submission. The order of the marked cells is always the source's; a student's own cells stay behind the
marked cell that they stood behind. Every difference becomes one finding, none an error.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenroom_grader.assignments.findings import Finding, FindingKind
from greenroom_grader.assignments.metadata import NEWEST_SCHEMA, Mark, Role, read_mark
from greenroom_grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from greenroom_grader.assignments.notebook import RawCell, RawNotebook
    from greenroom_grader.assignments.source import Assignment, SourceCell


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedCell:
    """One cell that will be run or graded."""

    cell_type: str
    source: str
    #: The source cell that it stands for; None for a student's own cell.
    origin: SourceCell | None = None
    #: Answers only: nothing but what was released is in it.
    unanswered: bool = False

    @property
    def role(self) -> Role:
        """What the cell is for."""
        return self.origin.role if self.origin else Role.PLAIN

    @property
    def grade_id(self) -> str:
        """The nbgrader id, empty for a student's own cell."""
        return self.origin.grade_id if self.origin else ""

    @property
    def instructors(self) -> bool:
        """Whether its text is the instructor's."""
        return self.role.restored


@dataclass(frozen=True, slots=True)
class Merged:
    """The cells in the order they run, and what was found on the way."""

    cells: tuple[MergedCell, ...]
    findings: tuple[Finding, ...]


def merge(assignment: Assignment, submission: RawNotebook) -> Merged:
    """The notebook to grade. Never raises for anything that a submission holds."""
    known = {cell.grade_id: cell for cell in assignment.marked}
    findings = [Finding(FindingKind.FILE, "", note) for note in submission.notes]
    findings += _schema_findings(submission)
    findings += _unknown_findings(submission, known)
    last = {raw.grade_id: index for index, raw in enumerate(submission.cells) if raw.grade_id in known}
    copies: dict[str, list[RawCell]] = defaultdict(list)
    for raw in submission.cells:
        if raw.grade_id in known:
            copies[raw.grade_id].append(raw)
    findings += _order_findings(last, known)
    behind = _own_cells(submission, known, last)
    cells = list(behind.get("", ()))
    if known and not copies:
        findings.append(Finding(FindingKind.DELETED, "", _NOT_THIS_ASSIGNMENT))
    for grade_id, origin in known.items():
        pieces = copies.get(grade_id, [])
        if copies:
            findings += _cell_findings(origin, pieces)
        cells.append(_merged(origin, pieces))
        cells += behind.get(grade_id, ())
    return Merged(tuple(cells), tuple(findings))


_NOT_THIS_ASSIGNMENT = "None of the assignment's cells is in this notebook; is it another notebook?"


def _merged(origin: SourceCell, pieces: Sequence[RawCell]) -> MergedCell:
    if origin.role.restored:
        return MergedCell(cell_type=origin.cell_type, source=origin.graded_source, origin=origin)
    if not pieces:
        return MergedCell(cell_type=origin.cell_type, source=origin.release, origin=origin, unanswered=True)
    unanswered = all(piece.source == origin.release for piece in pieces)
    return MergedCell(cell_type=origin.cell_type, source=pieces[-1].source, origin=origin, unanswered=unanswered)


def _own_cells(
    submission: RawNotebook, known: Mapping[str, SourceCell], last: Mapping[str, int]
) -> dict[str, list[MergedCell]]:
    """The student's own cells by the id of the marked cell that they stand behind; empty for the top.

    Earlier pieces of an answer are the student's own cells; further copies of an instructor's cell are dropped.
    """
    behind: dict[str, list[MergedCell]] = defaultdict(list)
    anchor = ""
    for index, raw in enumerate(submission.cells):
        origin = known.get(raw.grade_id)
        if origin is not None and last[raw.grade_id] == index:
            anchor = raw.grade_id
        elif origin is None or not origin.role.restored:
            behind[anchor].append(MergedCell(cell_type=raw.cell_type, source=raw.source))
    return behind


def _schema_findings(submission: RawNotebook) -> Iterator[Finding]:
    """One finding for the notebook when some cell has a schema that is not known."""
    versions = [(raw.nbgrader or {}).get("schema_version", 0) for raw in submission.cells]
    strange = [version for version in versions if type(version) is not int or not 0 <= version <= NEWEST_SCHEMA]
    if strange:
        shown = repr(strange[0])[:40]
        text = f"nbgrader schema_version {shown} is not known; only the ids of the cells were used."
        yield Finding(FindingKind.FILE, "", text)


def _unknown_findings(submission: RawNotebook, known: Mapping[str, SourceCell]) -> Iterator[Finding]:
    strange = dict.fromkeys(raw.grade_id for raw in submission.cells if raw.grade_id not in known)
    for grade_id in strange:
        if grade_id:
            shown = grade_id[:80]
            text = f"The assignment has no cell {shown!r}; it was treated as the student's own."
            yield Finding(FindingKind.UNKNOWN, shown, text)


def _order_findings(last: Mapping[str, int], known: Mapping[str, SourceCell]) -> Iterator[Finding]:
    submitted = sorted(last, key=last.__getitem__)
    moved = _moved([known[grade_id].index for grade_id in submitted])
    for position in moved:
        grade_id = submitted[position]
        yield Finding(FindingKind.REORDERED, grade_id, "The cell stood elsewhere; it was put back in its place.")


def _moved(indexes: Sequence[int]) -> list[int]:
    """The fewest positions whose removal leaves the rest increasing (patience sorting, Fredman 1975)."""
    tails: list[int] = []
    tail_positions: list[int] = []
    previous: list[int] = []
    for position, index in enumerate(indexes):
        pile = bisect_left(tails, index)
        previous.append(tail_positions[pile - 1] if pile else -1)
        if pile == len(tails):
            tails.append(index)
            tail_positions.append(position)
        else:
            tails[pile], tail_positions[pile] = index, position
    kept = set()
    position = tail_positions[-1] if tail_positions else -1
    while position >= 0:
        kept.add(position)
        position = previous[position]
    return [position for position in range(len(indexes)) if position not in kept]


def _cell_findings(origin: SourceCell, pieces: Sequence[RawCell]) -> Iterator[Finding]:
    grade_id = origin.grade_id
    if not pieces:
        yield Finding(FindingKind.DELETED, grade_id, "The cell was missing; the released one was put back.")
        return
    if len(pieces) > 1:
        yield _copies_finding(origin, pieces)
    types = {piece.cell_type for piece in pieces} - {origin.cell_type}
    if types:
        text = f"The cell was made {' and '.join(sorted(types))}; it is {origin.cell_type} again."
        yield Finding(FindingKind.RETYPED, grade_id, text)
    if origin.role.restored and any(not _same(piece.source, origin.release) for piece in pieces):
        yield Finding(FindingKind.CHANGED, grade_id, "A locked cell was changed; the instructor's text was put back.")
    for piece in pieces:
        wrong = _wrong_metadata(origin, piece)
        if wrong:
            text = f"The cell's nbgrader metadata was changed ({wrong}); the instructor's counts."
            yield Finding(FindingKind.METADATA, grade_id, text)
            return


def _copies_finding(origin: SourceCell, pieces: Sequence[RawCell]) -> Finding:
    number = len(pieces)
    if origin.role.restored:
        return Finding(FindingKind.DUPLICATED, origin.grade_id, f"The cell was there {number} times; one was kept.")
    if len({piece.source for piece in pieces}) == 1:
        return Finding(FindingKind.DUPLICATED, origin.grade_id, f"The answer was there {number} times; all were run.")
    text = f"The answer was in {number} cells; all were run in their order, the last one counts as the answer."
    return Finding(FindingKind.SPLIT, origin.grade_id, text)


def _same(submitted: str, released: str) -> bool:
    """Equal but for white space at the ends of lines, which editors strip."""
    if submitted == released:
        return True
    return [line.rstrip() for line in submitted.rstrip().split("\n")] == [
        line.rstrip() for line in released.rstrip().split("\n")
    ]


def _wrong_metadata(origin: SourceCell, piece: RawCell) -> str:
    """Which of grade, solution, locked, task, points differ, as words; empty when none does."""
    mark = origin.mark
    if mark is None or (piece.nbgrader or {}).get("schema_version", 0) not in range(NEWEST_SCHEMA + 1):
        return ""
    try:
        # The type has its own finding; here only the flags are compared.
        found = read_mark(_retyped(piece, origin.cell_type))
    except AssignmentError:
        return "damaged"
    if found is None:
        return "grade, solution or locked"
    return ", ".join(_differences(mark, found))


def _retyped(piece: RawCell, cell_type: str) -> RawCell:
    return piece if piece.cell_type == cell_type else type(piece)(cell_type, piece.source, piece.metadata)


def _differences(mark: Mark, found: Mark) -> Iterator[str]:
    if found.role is not mark.role:
        yield "kind"
    if found.points != mark.points:
        yield "points"
    if found.role is mark.role and found.restored != mark.restored:
        yield "locked"
