"""A cell's nbgrader metadata, of every schema from before versions to 3, as one frozen object. Pure.

The upgrade follows nbgrader 0.9.6: schema 0 has defaults and points as text, 1 is strict, 2 adds the cell type that a
student's copy should have, 3 adds task cells.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from greenroom_grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenroom_grader.assignments.notebook import RawCell

NEWEST_SCHEMA = 3
_ID = re.compile(r"[a-zA-Z0-9_\-]+")


class Role(StrEnum):
    """What a cell of an assignment is for."""

    #: No mark at all: text, scratch, set-up that students may edit.
    PLAIN = "plain"
    #: Locked, not graded.
    READONLY = "readonly"
    #: Autograder tests: locked, code, with points.
    TEST = "test"
    #: Autograded answer: the student's code, without points of its own.
    SOLUTION = "solution"
    #: Manually graded answer: the student's, with points.
    MANUAL = "manual"
    #: Manually graded task: locked text with points, answered in cells of the student's choice.
    TASK = "task"

    @property
    def restored(self) -> bool:
        """Whether the instructor's text always replaces the submitted one."""
        return self in (Role.READONLY, Role.TEST, Role.TASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The nbgrader metadata of one cell, upgraded and checked."""

    grade_id: str
    role: Role
    points: float = 0.0
    locked: bool = False

    @property
    def graded(self) -> bool:
        """Nbgrader's ``grade`` flag."""
        return self.role in (Role.TEST, Role.MANUAL)

    @property
    def solution(self) -> bool:
        """Nbgrader's ``solution`` flag."""
        return self.role in (Role.SOLUTION, Role.MANUAL)

    @property
    def restored(self) -> bool:
        """Nbgrader's ``is_locked``: the cell is the instructor's and is put back."""
        return not self.solution and (self.graded or self.locked)

    def to_metadata(self, cell_type: str, checksum: str) -> dict[str, Any]:
        """The metadata of the released cell, schema 3."""
        found: dict[str, Any] = {
            "cell_type": cell_type,
            "checksum": checksum,
            "grade": self.graded,
            "grade_id": self.grade_id,
            "locked": self.locked,
            "schema_version": NEWEST_SCHEMA,
            "solution": self.solution,
            "task": self.role is Role.TASK,
        }
        if self.graded or self.role is Role.TASK:
            found["points"] = self.points
        return found


def checksum(mark: Mark, cell_type: str, source: str) -> str:
    """Nbgrader's checksum of a cell, so that its own tools accept what we release."""
    parts = [source, cell_type, str(mark.graded), str(mark.solution), str(mark.restored), mark.grade_id]
    if mark.graded:
        parts.append(str(float(mark.points)))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def read_mark(cell: RawCell) -> Mark | None:
    """The mark of an instructor's cell, None for a plain one. Raises AssignmentError: what is wrong and what to do."""
    meta = cell.nbgrader
    if meta is None:
        return None
    version = meta.get("schema_version", 0)
    if type(version) is not int or version < 0:
        raise AssignmentError(f"nbgrader schema_version {version!r} is not a version number.")
    if version > NEWEST_SCHEMA:
        raise AssignmentError(f"nbgrader schema {version} is newer than {NEWEST_SCHEMA}, the newest that is known.")
    if version == 0:
        meta = _upgrade_unversioned(meta)
    flags = {key: _flag(meta, key) for key in ("grade", "solution", "locked", "task")}
    if not any(flags.values()):
        return None
    role = _role(flags, cell.cell_type)
    grade_id = _grade_id(meta)
    points = _points(meta, grade_id) if role in (Role.TEST, Role.MANUAL, Role.TASK) else 0.0
    return Mark(grade_id=grade_id, role=role, points=points, locked=flags["locked"])


def _upgrade_unversioned(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Schema 0: absent flags are false, points may be text or missing, negative points are none."""
    upgraded = {**meta, "schema_version": 1}
    if meta.get("grade"):
        try:
            upgraded["points"] = max(0.0, float(meta.get("points") or 0.0))
        except (TypeError, ValueError):
            raise AssignmentError(f"points {meta['points']!r} are not a number.") from None
    return upgraded


def _flag(meta: Mapping[str, Any], key: str) -> bool:
    value = meta.get(key, False)
    if not isinstance(value, bool):
        raise AssignmentError(f"nbgrader metadata {key!r} is {value!r}; it must be true or false.")
    return value


def _role(flags: Mapping[str, bool], cell_type: str) -> Role:
    if flags["task"]:
        if cell_type != "markdown":
            raise AssignmentError("a manually graded task must be a markdown cell.")
        return Role.TASK
    if flags["grade"] and flags["solution"]:
        return Role.MANUAL
    if flags["grade"]:
        if cell_type != "code":
            raise AssignmentError(f"an autograder test must be a code cell, this one is {cell_type}.")
        return Role.TEST
    if flags["solution"]:
        if cell_type != "code":
            raise AssignmentError(f"a {cell_type} answer must be manually graded: give it points.")
        return Role.SOLUTION
    return Role.READONLY


def _grade_id(meta: Mapping[str, Any]) -> str:
    found = meta.get("grade_id")
    if not isinstance(found, str) or not _ID.fullmatch(found):
        raise AssignmentError(f"nbgrader grade_id {found!r}: use letters, digits, - and _ only, at least one.")
    return found


def _points(meta: Mapping[str, Any], grade_id: str) -> float:
    points = meta.get("points")
    if isinstance(points, bool) or not isinstance(points, int | float):
        raise AssignmentError(f"cell {grade_id!r} has points {points!r}; give it a number.")
    if not math.isfinite(points) or points < 0:
        raise AssignmentError(f"cell {grade_id!r} has points {points!r}; give it a number from 0 up.")
    return float(points)
