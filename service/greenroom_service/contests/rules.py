"""Decisions of contests, without I/O: the clock, what may be changed when, and what a verdict comes to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from greenroom_problems import Verdict
from greenroom_service.contests.clics import contest_time
from greenroom_service.contests.formats import POINT, FormatError, Outcome, make_format
from greenroom_service.contests.formats.rules import rules_as_json
from greenroom_service.errors import ConflictError, InvalidError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from greenroom_service.contests.formats import Format

_MS = dt.timedelta(milliseconds=1)


class Phase(StrEnum):
    """Where a contest is."""

    BEFORE = "before"
    RUNNING = "running"
    PAUSED = "paused"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The clock of one contest. Moments are aware; contest time is in ms and stands still in pauses."""

    starts_at: dt.datetime
    duration: int
    freeze: int | None
    thawed: bool
    #: In order, not overlapping; the last may be open.
    pauses: Sequence[tuple[dt.datetime, dt.datetime | None]] = ()

    def at(self, moment: dt.datetime) -> int:
        """Contest time of a moment; negative before the start."""
        return contest_time(moment, self.starts_at, self.pauses)

    def phase(self, moment: dt.datetime) -> Phase:
        """Where the contest is at a moment. The end itself is outside of it."""
        at = self.at(moment)
        if moment < self.starts_at:
            return Phase.BEFORE
        if at >= self.duration:
            return Phase.OVER
        return Phase.PAUSED if self.pauses and self.pauses[-1][1] is None else Phase.RUNNING

    def frozen(self, moment: dt.datetime) -> bool:
        """Whether the public board hides verdicts at a moment."""
        return self.freeze is not None and not self.thawed and self.at(moment) >= self.freeze

    @property
    def hides_from(self) -> int | None:
        """Contest time from which the public sees no verdict; None when it sees all."""
        return None if self.thawed else self.freeze

    def ends_at(self) -> dt.datetime | None:
        """When it ends, as far as is known; None during a pause."""
        if self.pauses and self.pauses[-1][1] is None:
            return None
        lost = sum(((end - begin) for begin, end in self.pauses if end is not None), dt.timedelta())
        return self.starts_at + self.duration * _MS + lost


def format_of(name: str, rules: object) -> Format:
    """The format of a contest; InvalidError with what is wrong in it."""
    try:
        return make_format(name, rules)
    except FormatError as error:
        raise InvalidError(f"{error}. Correct it and send the request again.") from None


def stored_rules(form: Format) -> dict[str, Any]:
    """A format's parameters, all of them, to be kept with the contest."""
    return rules_as_json(form.rules)


def outcome_of(verdict: str, *, score: float, max_score: float, weight: int, form: Format) -> tuple[Outcome, int]:
    """What a judged submission comes to, and the millionths of a point that it is worth.

    A fault of ours waits to be judged again: it must neither cost nor give anything.
    """
    if verdict == Verdict.INTERNAL_ERROR.value:
        return Outcome.PENDING, 0
    if verdict == Verdict.ACCEPTED.value:
        return Outcome.ACCEPTED, weight
    if verdict == Verdict.SYNTAX_ERROR.value and not form.rules.compile_errors_penalised:
        return Outcome.UNPENALISED, 0
    share = score / max_score if max_score > 0 else 0.0
    return Outcome.REJECTED, round(min(max(share, 0.0), 1.0) * weight) if form.has_points else 0


def check_can_hand_in(phase: Phase) -> None:
    """ConflictError unless the contest runs."""
    said = {
        Phase.BEFORE: "The contest has not begun.",
        Phase.PAUSED: "The contest is paused; its clock stands still. Your draft is saved; try again when it goes on.",
        Phase.OVER: "The contest is over. Hand in as practice instead; that does not count for the board.",
    }
    if phase in said:
        raise ConflictError(said[phase])


#: What may not change once a contest has begun: it would change what was fair when people began.
_FIXED = ("format", "rules", "teams", "starts_at", "problems")


def check_change(changes: Mapping[str, object], current: Mapping[str, object], moment: dt.datetime) -> None:
    """Whether staff may make these changes now.

    Args:
        changes: the new values by name.
        current: the present ones, among them ``starts_at``.
        moment: now.

    Raises:
        ConflictError: the contest has begun, and one of them is fixed from then on.
        InvalidError: a start that lies in the past.
    """
    begins = current["starts_at"]
    begun = isinstance(begins, dt.datetime) and begins <= moment
    for name in _FIXED:
        if begun and name in changes and changes[name] != current.get(name):
            raise ConflictError(f"The contest has begun, so its {name} can no longer change.")
    start = changes.get("starts_at")
    if not begun and isinstance(start, dt.datetime) and start < moment:
        raise InvalidError("starts_at: lies in the past. Choose a moment that is still to come.")


def whole_weight(points: float) -> int:
    """Points as millionths."""
    return round(points * POINT)
