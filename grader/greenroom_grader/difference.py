"""How two values differ, for a student: one sentence, and a diff where one helps."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from greenroom_grader.compare import contains_opaque, equal, matches, plain
from greenroom_grader.sandbox.interface import Array, Frame, Generated, LinkedList, Opaque, Scalar, Series, Tree
from greenroom_grader.show import clip, show
from greenroom_problems.problem import Comparison, Match

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Items, rows or lines of each side that a diff looks at; diffing takes quadratic time.
_WINDOW: Final = 60
_WIDTH: Final = 160
_NAMES: Final[dict[type, str]] = {
    LinkedList: "a linked list",
    Tree: "a tree",
    Generated: "a generator",
    Array: "a numpy array",
    Scalar: "a numpy scalar",
    Series: "a Series",
    Frame: "a DataFrame",
    type(None): "None",
    int: "an int",
}


def type_name(value: object) -> str:
    """The type of a value, with its article: ``a list``, ``an int``, ``a linked list``."""
    if isinstance(value, Opaque):
        return f"an object of type {clip(value.type_name, 100)}"
    name = type(value).__name__
    return _NAMES.get(type(value)) or f"a {name}"


def why_not(expected: object, actual: object, comparison: Comparison, *, place: str = "the result") -> str:
    """One sentence on the most telling difference; empty when the values simply differ.

    It names types and positions only, never a part of the expected value.
    """
    if comparison.match is Match.ANY_OF and isinstance(expected, list) and expected:
        expected = expected[0]
    subject = place[0].upper() + place[1:]
    if contains_opaque(actual):
        what = f"is {type_name(actual)}" if isinstance(actual, Opaque) else "holds an object that is not plain data"
        return f"{subject} {what}; only plain values can be compared."
    if type(expected) is not type(actual):
        missing = "; perhaps a return is missing" if actual is None and place == "the result" else ""
        return f"{subject} is {type_name(actual)}, it should be {type_name(expected)}{missing}."
    if comparison.match is Match.EXACT and _same_in_any_order(expected, actual):
        return f"{subject} has the right items in another order."
    if expected == 0 and isinstance(actual, float) and actual == 0:
        return f"{subject} has the wrong sign of zero."
    return _inner(expected, actual, subject)


def _same_in_any_order(expected: object, actual: object) -> bool:
    return isinstance(expected, list) and matches(expected, actual, Comparison(match=Match.UNORDERED))


def _inner(expected: object, actual: object, subject: str) -> str:
    """Differences inside two sequences of one type."""
    if not isinstance(expected, list | tuple) or not isinstance(actual, list | tuple):
        return ""
    if len(expected) != len(actual):
        return f"{subject} has {len(actual)} items, it should have {len(expected)}."
    for index, (ours, theirs) in enumerate(zip(expected, actual, strict=True)):
        if equal(ours, theirs):
            continue
        item = f"Item {index} of {subject[0].lower()}{subject[1:]}"
        if type(ours) is not type(theirs):
            return f"{item} is {type_name(theirs)}, it should be {type_name(ours)}."
        return f"{item} is the first that differs."
    return ""


def diff(expected: object, actual: object) -> str | None:
    """A diff of two strings, lists or grids, ``-`` for expected and ``+`` for actual; None where it would not help."""
    expected, actual = plain(expected), plain(actual)
    if isinstance(expected, str) and isinstance(actual, str):
        return _diff_text(expected, actual)
    if isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        if _is_grid(expected) and _is_grid(actual):
            return _diff_grid(expected, actual)
        return _diff_items(expected, actual)
    return None


def _diff_text(expected: str, actual: str) -> str | None:
    if "\n" in expected or "\n" in actual:
        return _unified(expected.splitlines(), actual.splitlines())
    if max(len(expected), len(actual)) < 4:
        return None
    start = _common(expected, actual)
    first = max(0, start - _WIDTH // 2)
    lead = "…" if first else ""
    ours, theirs = (lead + clip(text[first:], _WIDTH) for text in (expected, actual))
    return f"- {_visible(ours)}\n+ {_visible(theirs)}\n  {' ' * (len(lead) + start - first)}^"


def _visible(text: str) -> str:
    """Control characters and lone surrogates as a mark of the same width: the caret stands where it should.

    And a database can hold the text.
    """
    return "".join(letter if letter.isprintable() else "\N{MIDDLE DOT}" for letter in text)


def _common(expected: Sequence[object], actual: Sequence[object]) -> int:
    """How many items both begin with."""
    count = 0
    for ours, theirs in zip(expected, actual, strict=False):
        if not equal(ours, theirs):
            break
        count += 1
    return count


def _is_grid(value: Sequence[object]) -> bool:
    return (
        len(value) > 1
        and all(isinstance(row, list | tuple | str) for row in value)
        and any(len(row) > 1 for row in value if isinstance(row, list | tuple | str))
    )


def _diff_grid(expected: Sequence[object], actual: Sequence[object]) -> str:
    """Row under row; cells that differ are marked below."""
    lines: list[str] = []
    for index in range(min(max(len(expected), len(actual)), _WINDOW)):
        ours = expected[index] if index < len(expected) else None
        theirs = actual[index] if index < len(actual) else None
        if index < len(expected) and index < len(actual) and equal(ours, theirs):
            lines.append(f"  {show(ours, _WIDTH)}")
            continue
        if index < len(expected):
            lines.append(f"- {show(ours, _WIDTH)}")
        if index < len(actual):
            lines.append(f"+ {show(theirs, _WIDTH)}")
        if isinstance(ours, list | tuple) and isinstance(theirs, list | tuple):
            lines += _marks(ours, theirs)
    return "\n".join(lines)


def _marks(expected: Sequence[object], actual: Sequence[object]) -> list[str]:
    """A line of carets under the cells of ``actual`` that differ, when both rows line up."""
    if len(expected) != len(actual):
        return []
    marks = "   "
    for ours, theirs in zip(expected, actual, strict=True):
        text = show(theirs, _WIDTH)
        marks += (" " if equal(ours, theirs) else "^") * len(text) + "  "
        if len(marks) > _WIDTH:
            return []
    return [marks.rstrip()]


def _diff_items(expected: Sequence[object], actual: Sequence[object]) -> str | None:
    if max(len(expected), len(actual)) < 3:
        return None
    start = max(0, _common(expected, actual) - 3)
    ours = [f"{show(item, _WIDTH)}" for item in expected[start : start + _WINDOW]]
    theirs = [f"{show(item, _WIDTH)}" for item in actual[start : start + _WINDOW]]
    text = _unified(ours, theirs)
    return f"from index {start}:\n{text}" if text and start else text


def _unified(expected: list[str], actual: list[str]) -> str | None:
    first = max(0, _common(expected, actual) - 3)
    ours = [clip(line, _WIDTH) for line in expected[first : first + _WINDOW]]
    theirs = [clip(line, _WIDTH) for line in actual[first : first + _WINDOW]]
    lines: list[str] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [f"  {_visible(line)}" for line in ours[a:b]]
            continue
        lines += [f"- {_visible(line)}" for line in ours[a:b]]
        lines += [f"+ {_visible(line)}" for line in theirs[c:d]]
    return "\n".join(lines) or None
