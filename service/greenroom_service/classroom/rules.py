"""Decisions of the classroom, without I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenroom_service.classroom.models import CohortRole
from greenroom_service.errors import ConflictError

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Something with a date that a student has before them: an assignment or a contest."""

    id: uuid.UUID
    title: str
    #: The student's own: when an assignment is due, when a contest begins.
    at: dt.datetime
    #: Ids of its problems; none while they are secret.
    problems: tuple[str, ...] = ()
    #: Whether hints may be opened.
    hints: bool = True


def check_keeps_instructor(instructors: int, old: CohortRole | None, new: CohortRole | None) -> None:
    """A cohort must not lose its last instructor.

    Args:
        instructors: how many the cohort has now.
        old: what the member is now, None for nothing.
        new: what the member becomes, None when removed.

    Raises:
        ConflictError: this is the last instructor.
    """
    if old is CohortRole.INSTRUCTOR and new is not CohortRole.INSTRUCTOR and instructors <= 1:
        raise ConflictError("This is the cohort's last instructor. Make somebody else an instructor first.")


def summary(by_user: Mapping[str, tuple[int, int, int]], names: tuple[str, ...]) -> list[dict[str, object]]:
    """One line per student: name, problems tried and solved, submissions; zeros for who has not begun."""
    lines = []
    for name in names:
        submissions, tried, solved = by_user.get(name, (0, 0, 0))
        lines.append({"user": name, "submissions": submissions, "tried": tried, "solved": solved})
    return lines
