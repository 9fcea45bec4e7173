"""Contest formats. Each is a pure module behind the one interface of ``scoring``; one table knows them all.

A new format is a module in this folder and a line in FORMATS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greenroom_service.contests.formats.icpc import ICPC, ICPCRules, TieBreak, Unit
from greenroom_service.contests.formats.ioi import IOI, IOIRules, IOITieBreak
from greenroom_service.contests.formats.leetcode import LeetCode, LeetCodeRules
from greenroom_service.contests.formats.rules import FormatError, rules_from
from greenroom_service.contests.formats.scoring import POINT, Attempt, Cell, Format, Outcome, Score

if TYPE_CHECKING:
    from collections.abc import Callable

#: Every format by the name under which contests store it.
FORMATS: dict[str, Callable[[Any], Format]] = {"icpc": ICPC, "ioi": IOI, "leetcode": LeetCode}
_RULES: dict[str, type[Any]] = {"icpc": ICPCRules, "ioi": IOIRules, "leetcode": LeetCodeRules}


def make_format(name: str, rules: object = None) -> Format:
    """The format of a contest.

    Args:
        name: a key of FORMATS.
        rules: the format's parameters as plain JSON, None for its defaults.

    Raises:
        FormatError: no such format, or rules that it does not know.
    """
    if name not in FORMATS:
        raise FormatError(f"there is no format {name!r}; choose one of {', '.join(FORMATS)}")
    return FORMATS[name](rules_from(_RULES[name], rules))


__all__ = [
    "FORMATS",
    "ICPC",
    "IOI",
    "POINT",
    "Attempt",
    "Cell",
    "Format",
    "FormatError",
    "ICPCRules",
    "IOIRules",
    "IOITieBreak",
    "LeetCode",
    "LeetCodeRules",
    "Outcome",
    "Score",
    "TieBreak",
    "Unit",
    "make_format",
]
