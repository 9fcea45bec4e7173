"""Findings: what was odd about one submitted notebook, stated once and never a reason to stop a batch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What happened to a notebook or to one of its cells."""

    #: The file is no notebook that can be graded; every cell waits for a person.
    UNREADABLE = "unreadable"
    #: Odd but graded: line ends, old format, size, unknown schema.
    FILE = "file"
    #: A locked or test cell whose text differed; the instructor's was put back.
    CHANGED = "changed"
    #: Points, kind or lock of a cell differed in its metadata; the instructor's count.
    METADATA = "metadata"
    #: A cell was missing; the released one was put back.
    DELETED = "deleted"
    #: The same cell more than once.
    DUPLICATED = "duplicated"
    #: One solution cell in several pieces; all of them are used.
    SPLIT = "split"
    #: A code cell made text or the other way round.
    RETYPED = "retyped"
    #: Cells in another order than the instructor's; that order was put back.
    REORDERED = "reordered"
    #: An nbgrader id that this assignment does not have; treated as the student's own cell.
    UNKNOWN = "unknown"
    #: Something in the tests themselves that the instructor should look at.
    TEST = "test"
    #: The submission ended its box or used up its time.
    STOPPED = "stopped"
    #: A fault of ours; nothing was counted against the student.
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what, in which cell (empty for the file), and one sentence."""

    kind: FindingKind
    grade_id: str
    message: str

    def to_dict(self) -> dict[str, str]:
        """The finding as JSON."""
        return {"kind": self.kind.value, "grade_id": self.grade_id, "message": self.message}
