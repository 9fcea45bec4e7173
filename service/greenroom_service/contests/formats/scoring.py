"""What every contest format has in common: attempts in, cells and scores out. All times are contest time in ms."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MINUTE = 60_000
SECOND = 1_000
#: Points are whole numbers of millionths, so that sums of partial scores are exact.
POINT = 1_000_000


class Outcome(StrEnum):
    """What a submission came to, as scoring sees it."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    #: Rejected in a way that never costs anything, such as an error of compilation in most contests.
    UNPENALISED = "unpenalised"
    #: Not judged yet, or judged behind a freeze.
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One submission of one contestant for one problem."""

    #: Contest time in ms, from 0.
    time: int
    outcome: Outcome
    #: Millionths of a point that it was worth; only formats with partial scores read it.
    points: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """What a board shows for one contestant and one problem."""

    #: Judged submissions that count, up to and including the one that decided.
    judged: int = 0
    pending: int = 0
    solved: bool = False
    #: Millionths of a point.
    points: int = 0
    #: Contest time in ms of the submission that decided; None without any points.
    time: int | None = None
    #: Rejected submissions before it that cost time.
    penalised: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """A contestant's total. Sorted ascending, the best one comes first; equal scores share a rank.

    Three whole numbers, so that a database index can hold the same order.
    """

    #: Millionths of a point, negated.
    minus_points: int = 0
    #: In the format's unit of time.
    penalty: int = 0
    #: What is compared when the rest is equal; 0 in formats without a tie-break.
    tie: int = 0

    @property
    def points(self) -> int:
        """Millionths of a point; solved problems in formats that count those."""
        return -self.minus_points


class Format(Protocol):
    """A way to score a contest. Pure: the same attempts always give the same cells and scores."""

    #: The key under which contests store it.
    name: ClassVar[str]
    #: Ms in one unit of ``Score.penalty``.
    unit: int
    #: Its parameters, a frozen dataclass.
    rules: Any
    #: Whether cells show points instead of solved or not.
    has_points: ClassVar[bool]

    def cell(self, attempts: Sequence[Attempt], weight: int) -> Cell:
        """The cell of one problem.

        Args:
            attempts: those of one contestant for the problem, in the order of submission.
            weight: millionths of a point that a full solution is worth.
        """
        ...

    def total(self, cells: Iterable[Cell]) -> Score:
        """The score of the cells of one contestant."""
        ...

    def shown(self, time: int) -> int:
        """A time in the unit in which a board shows it, e.g. whole minutes."""
        ...
