"""LeetCode: problems are worth different points; ties go to whoever finished earlier, wrong submissions adding minutes.

Source: LeetCode's published contest rules: the finish time is that of the last accepted submission, and each rejected
submission of a problem that was solved adds five minutes to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from greenroom_service.contests.formats.scoring import MINUTE, POINT, SECOND, Cell, Outcome, Score

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greenroom_service.contests.formats.scoring import Attempt


@dataclass(frozen=True, slots=True)
class LeetCodeRules:
    """What boards of this format differ in."""

    #: Ms that a rejected submission of a solved problem adds to the finish time.
    penalty: int = 5 * MINUTE
    compile_errors_penalised: bool = True


class LeetCode:
    """The format for one set of rules."""

    name: ClassVar[str] = "leetcode"
    has_points: ClassVar[bool] = True
    unit = SECOND

    def __init__(self, rules: LeetCodeRules | None = None) -> None:
        self.rules = rules or LeetCodeRules()

    def cell(self, attempts: Sequence[Attempt], weight: int = POINT) -> Cell:
        """See Format. Nothing after the first accepted submission counts."""
        judged = pending = penalised = 0
        for attempt in attempts:
            if attempt.outcome is Outcome.PENDING:
                pending += 1
                continue
            judged += 1
            if attempt.outcome is Outcome.ACCEPTED:
                return Cell(judged, pending, True, weight, attempt.time, penalised)
            penalised += attempt.outcome is Outcome.REJECTED
        return Cell(judged, pending, penalised=penalised)

    def total(self, cells: Iterable[Cell]) -> Score:
        """See Format."""
        points = penalised = finish = 0
        for cell in cells:
            if cell.time is not None:
                points += cell.points
                penalised += cell.penalised
                finish = max(finish, cell.time)
        return Score(-points, (finish + penalised * self.rules.penalty) // SECOND)

    def shown(self, time: int) -> int:
        """A time in the unit in which a board shows it."""
        return time // self.unit
