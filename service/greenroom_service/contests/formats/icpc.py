"""ICPC: as many problems as possible, then as little time; wrong submissions cost time once the problem is solved.

Source: the Contest Control System Requirements of the CLICS group, section 'Scoring Data Generation'.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from greenroom_service.contests.formats.scoring import MINUTE, POINT, SECOND, Cell, Outcome, Score

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greenroom_service.contests.formats.scoring import Attempt


class Unit(StrEnum):
    """How times become penalties."""

    #: Each time is rounded down to its minute, then summed: the ICPC's own rule.
    MINUTES = "minutes"
    #: Each time is rounded up to its minute: the first minute counts as 1.
    MINUTES_UP = "minutes_up"
    #: Whole seconds are summed, and the total is rounded down to its minute for ranking.
    SUM_TO_MINUTES = "sum_to_minutes"
    #: Whole seconds throughout.
    SECONDS = "seconds"


class TieBreak(StrEnum):
    """What decides between equal numbers of problems and equal penalties."""

    #: Nothing: they share a rank.
    NONE = "none"
    #: Whose last accepted submission came earlier, in the unit of the penalties.
    LAST_ACCEPTED = "last_accepted"
    #: The same to the millisecond, whatever the unit of the penalties.
    LAST_ACCEPTED_EXACT = "last_accepted_exact"


@dataclass(frozen=True, slots=True)
class ICPCRules:
    """What boards of this format differ in."""

    #: Ms that a rejected submission costs once the problem is solved.
    penalty: int = 20 * MINUTE
    unit: Unit = Unit.MINUTES
    tie_break: TieBreak = TieBreak.LAST_ACCEPTED
    #: Whether a submission that did not compile costs time.
    compile_errors_penalised: bool = False
    #: Whether submissions that cost nothing still count as judged in a cell.
    count_unpenalised: bool = False


class ICPC:
    """The format for one set of rules."""

    name: ClassVar[str] = "icpc"
    has_points: ClassVar[bool] = False

    def __init__(self, rules: ICPCRules | None = None) -> None:
        self.rules = rules or ICPCRules()
        self.unit = SECOND if self.rules.unit is Unit.SECONDS else MINUTE

    def cell(self, attempts: Sequence[Attempt], weight: int = POINT) -> Cell:  # noqa: ARG002 - every problem counts one
        """See Format. Nothing after the first accepted submission counts."""
        judged = pending = penalised = 0
        for attempt in attempts:
            if attempt.outcome is Outcome.PENDING:
                pending += 1
                continue
            if attempt.outcome is Outcome.UNPENALISED:
                judged += self.rules.count_unpenalised
                continue
            judged += 1
            if attempt.outcome is Outcome.ACCEPTED:
                return Cell(judged, pending, True, POINT, attempt.time, penalised)
            penalised += 1
        return Cell(judged, pending, penalised=penalised)

    def total(self, cells: Iterable[Cell]) -> Score:
        """See Format."""
        solved = penalty = last = 0
        for cell in cells:
            if cell.time is not None:
                solved += 1
                penalty += self._counted(cell.time) + cell.penalised * self.rules.penalty
                last = max(last, cell.time)
        return Score(-solved * POINT, penalty // self.unit, self._tie(last) if solved else 0)

    def shown(self, time: int) -> int:
        """A time in the unit in which a board shows it."""
        return self._counted(time) // self.unit

    def _counted(self, time: int) -> int:
        match self.rules.unit:
            case Unit.MINUTES:
                return time // MINUTE * MINUTE
            case Unit.MINUTES_UP:
                return -(-time // MINUTE) * MINUTE
            case Unit.SECONDS | Unit.SUM_TO_MINUTES:
                return time // SECOND * SECOND

    def _tie(self, last: int) -> int:
        match self.rules.tie_break:
            case TieBreak.NONE:
                return 0
            case TieBreak.LAST_ACCEPTED:
                return self._counted(last) // SECOND
            case TieBreak.LAST_ACCEPTED_EXACT:
                return last
