"""The freeze: what the public may see of submissions, and how it is lifted step by step. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from greenroom_service.contests.board import Submitted, build
from greenroom_service.contests.formats.scoring import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from greenroom_service.contests.board import Board, BoardRules, Contestant
    from greenroom_service.contests.formats.scoring import Format


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal:
    """One step of the unfreezing."""

    contestant: str
    problem: str
    #: The board after the step.
    board: Board
    #: Ranks of the contestant before and after; None for those without a place.
    before: int | None
    after: int | None


def frozen(submissions: Iterable[Submitted], freeze: int | None) -> Iterator[Submitted]:
    """Submissions as the public sees them: from the freeze on, all are pending, whatever became of them.

    An error of compilation is pending too: that a submission vanished from a cell would say what it was.

    Args:
        submissions: with the jury's outcomes.
        freeze: contest time in ms, None for no freeze.
    """
    for one in submissions:
        if freeze is not None and one.time >= freeze:
            yield replace(one, outcome=Outcome.PENDING, points=0)
        else:
            yield one


def unfreezing(
    form: Format,
    *,
    contestants: Sequence[Contestant],
    weights: Mapping[str, int],
    submissions: Sequence[Submitted],
    duration: int,
    freeze: int,
    rules: BoardRules | None = None,
) -> Iterator[Reveal]:
    """The steps of a ceremony: always the lowest contestant's first pending problem, until nothing is pending.

    Each step's board hides all that is not revealed yet, so a screen may show it. The last board is the final one.
    """
    revealed: set[tuple[str, str]] = set()

    def shown() -> Board:
        seen = [
            one if (one.contestant, one.problem) in revealed else next(frozen([one], freeze)) for one in submissions
        ]
        return build(form, contestants=contestants, weights=weights, submissions=seen, duration=duration, rules=rules)

    hidden = {
        (one.contestant, one.problem)
        for one in submissions
        if one.time >= freeze and one.outcome is not Outcome.PENDING
    }
    board = shown()
    while True:
        step = _next(board, hidden - revealed)
        if step is None:
            return
        revealed.add(step)
        before = _rank(board, step[0])
        board = shown()
        yield Reveal(contestant=step[0], problem=step[1], board=board, before=before, after=_rank(board, step[0]))


def _next(board: Board, hidden: set[tuple[str, str]]) -> tuple[str, str] | None:
    for row in reversed(board.rows):
        for problem, cell in row.cells.items():
            if cell.pending and (row.contestant.id, problem) in hidden:
                return row.contestant.id, problem
    return None


def _rank(board: Board, contestant: str) -> int | None:
    return next(row.rank for row in board.rows if row.contestant.id == contestant)
