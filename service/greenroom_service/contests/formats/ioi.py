"""IOI: the sum of the best scores of each problem. Time counts only where the rules say so.

Source: the scoreboard of type ``score`` of the ICPC Contest API (time of the last improvement breaks ties), and the
IOI's own rules (no tie-break; a problem's score is the best of its submissions).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from greenroom_service.contests.formats.scoring import POINT, SECOND, Cell, Outcome, Score

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greenroom_service.contests.formats.scoring import Attempt


class IOITieBreak(StrEnum):
    """What decides between equal sums."""

    NONE = "none"
    #: When the sum was last improved.
    LAST_IMPROVEMENT = "last_improvement"
    #: The sum of the times at which each problem's score was reached.
    SUM_OF_TIMES = "sum_of_times"


@dataclass(frozen=True, slots=True)
class IOIRules:
    """What boards of this format differ in."""

    tie_break: IOITieBreak = IOITieBreak.NONE
    #: Whether the last submission of a problem counts instead of the best.
    last_counts: bool = False
    compile_errors_penalised: bool = False


class IOI:
    """The format for one set of rules."""

    name: ClassVar[str] = "ioi"
    has_points: ClassVar[bool] = True
    unit = SECOND

    def __init__(self, rules: IOIRules | None = None) -> None:
        self.rules = rules or IOIRules()

    def cell(self, attempts: Sequence[Attempt], weight: int = 100 * POINT) -> Cell:
        """See Format. Every judged submission counts as one, also after a full score."""
        judged = pending = best = 0
        time: int | None = None
        for attempt in attempts:
            if attempt.outcome is Outcome.PENDING:
                pending += 1
                continue
            judged += 1
            if attempt.outcome is Outcome.UNPENALISED:
                continue
            if attempt.points > best or (self.rules.last_counts and attempt.points != best):
                best = attempt.points
                time = attempt.time if best else None
        return Cell(judged, pending, best >= weight, best, time)

    def total(self, cells: Iterable[Cell]) -> Score:
        """See Format."""
        found = [cell for cell in cells if cell.time is not None]
        times = [cell.time // SECOND for cell in found if cell.time is not None]
        tie = 0
        if self.rules.tie_break is IOITieBreak.LAST_IMPROVEMENT:
            tie = max(times, default=0)
        elif self.rules.tie_break is IOITieBreak.SUM_OF_TIMES:
            tie = sum(times)
        return Score(-sum(cell.points for cell in found), 0, tie)

    def shown(self, time: int) -> int:
        """A time in the unit in which a board shows it."""
        return time // self.unit
