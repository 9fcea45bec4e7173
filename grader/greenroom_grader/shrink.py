"""Making a failing input smaller: delta debugging by type.

After Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input" (2002), with candidates by type in the
manner of QuickCheck. Pure: whether a candidate still fails is the caller's question.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, TypeVar

from greenroom_grader.sandbox.interface import LinkedList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from greenroom_grader.package import Step

#: Longer sequences are only cut; their items are made simpler once they are this short.
_INNER: Final = 60
#: Up to this length, two items are also left out together: brackets, for example, go in pairs.
_PAIRS: Final = 12
#: Repeated values that are tried together.
_REPEATED: Final = 20

T = TypeVar("T")


def shrink(value: T, candidates: Callable[[T], Iterator[T]], fails: Callable[[T], bool], *, deadline: float) -> T:
    """The smallest value found that still fails: each round takes the first candidate that does.

    Args:
        value: Known to fail.
        candidates: Simpler forms of a value, boldest first; each strictly simpler, so that this ends.
        fails: Whether a candidate is valid and still fails in the same way.
        deadline: Of time.monotonic(); the best value so far is returned when it passes.
    """
    progress = True
    while progress:
        progress = False
        for candidate in candidates(value):
            if time.monotonic() >= deadline:
                return value
            if fails(candidate):
                value, progress = candidate, True
                break
    return value


def simpler_case(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """Simpler forms of a case: calls left out (never the first), then arguments made simpler, one value at a time.

    A value that stands in several places is made simpler in all of them together at last: a fault that takes two
    equal items does not survive a change to one of them.
    """
    first, rest = steps[0], list(steps[1:])
    for fewer in _cuts(rest):
        yield (first, *fewer)
    for index in range(len(steps)):
        for arguments in _one_simpler(steps[index].arguments):
            yield (*steps[:index], replace(steps[index], arguments=tuple(arguments)), *steps[index + 1 :])
    yield from _together(steps)


def _together(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """The case with one repeated number or text made simpler everywhere."""
    leaves = Counter(leaf for step in steps for leaf in _leaves(step.arguments))
    for kind, leaf in [key for key, count in leaves.items() if count > 1][:_REPEATED]:
        for smaller in simpler(leaf):
            change = {(kind, leaf): smaller}
            yield tuple(replace(step, arguments=_changed(step.arguments, change)) for step in steps)


def _leaves(value: object) -> Iterator[tuple[type, Any]]:
    """Each number and text inside, with its type: True is not 1 here."""
    match value:
        case bool():
            return
        case int() | float() | str():
            yield type(value), value
        case list() | tuple():
            for item in value:
                yield from _leaves(item)
        case dict():
            for item in value.values():
                yield from _leaves(item)


def _changed(value: Any, change: dict[tuple[type, Any], object]) -> Any:
    """The value with each leaf that ``change`` names replaced."""
    match value:
        case int() | float() | str():
            return change.get((type(value), value), value)
        case list():
            return [_changed(item, change) for item in value]
        case tuple():
            return tuple(_changed(item, change) for item in value)
        case dict():
            return {key: _changed(item, change) for key, item in value.items()}
        case _:
            return value


def simpler(value: object) -> Iterator[object]:
    """Simpler values of the same type, boldest first; none for a value that cannot be simpler."""
    of_type = _SIMPLER.get(type(value))
    return iter(()) if of_type is None else of_type(value)


def _simpler_list(value: list[object]) -> Iterator[list[object]]:
    yield from _cuts(value)
    yield from _narrower(value)
    yield from _one_simpler(value)


def _simpler_tuple(value: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    """A tuple is a record: its length has a meaning."""
    for items in _one_simpler(value):
        yield tuple(items)


def _simpler_set(value: set[object] | frozenset[object]) -> Iterator[set[object] | frozenset[object]]:
    kind = type(value)
    members = list(value)
    for fewer in _cuts(members):
        yield kind(fewer)
    for items in _one_simpler(members):
        if len(set(items)) == len(members):
            yield kind(items)


def _simpler_dict(value: dict[object, object]) -> Iterator[dict[object, object]]:
    for kept in _cuts(list(value.items())):
        yield dict(kept)
    for items in _one_simpler(list(value.values())):
        yield dict(zip(value, items, strict=True))


def _simpler_chain(value: LinkedList) -> Iterator[LinkedList]:
    for kept in _simpler_list(list(value.values)):
        if value.cycle < len(kept):
            yield LinkedList(tuple(kept), value.cycle)


def _cuts(items: Sequence[T]) -> Iterator[list[T]]:
    """The items without one stretch: halves first, then quarters, down to single items and pairs of them."""
    size = len(items)
    chunk = size
    while chunk:
        for start in range(0, size, chunk):
            yield [*items[:start], *items[start + chunk :]]
        chunk = chunk // 2 if chunk > 1 else 0
    if 2 < size <= _PAIRS:
        for left, right in combinations(range(size), 2):
            if right - left > 1:  # neighbours were a stretch already
                yield [*items[:left], *items[left + 1 : right], *items[right + 1 :]]


def _narrower(rows: list[object]) -> Iterator[list[object]]:
    """A grid without one of its columns."""
    first = rows[0] if rows else None
    if not isinstance(first, list | str) or len(first) < 2 or len(rows) < 2:
        return
    width = len(first)
    alike: list[Any] = [row for row in rows if type(row) is type(first)]
    if len(alike) < len(rows) or any(len(row) != width for row in alike):
        return
    for column in range(min(width, _INNER)):
        yield [row[:column] + row[column + 1 :] for row in alike]


def _one_simpler(items: Sequence[object]) -> Iterator[list[object]]:
    """The items with one of them made simpler."""
    if len(items) > _INNER:
        return
    for index, item in enumerate(items):
        for smaller in simpler(item):
            yield [*items[:index], smaller, *items[index + 1 :]]


def _simpler_int(value: int) -> Iterator[int]:
    if value < 0:
        yield -value
    step = value
    while step:
        yield value - step
        step = int(step / 2) if abs(step) < 2**53 else step // 2 if step > 0 else -(-step // 2)


def _simpler_float(value: float) -> Iterator[float]:
    if not math.isfinite(value):
        yield 0.0
        return
    if value < 0:
        yield -value
    if value != 0:
        yield 0.0
    if abs(value) > 1:
        yield math.copysign(1.0, value)
    if not value.is_integer():
        yield float(math.trunc(value))
    if abs(value) > 2:
        yield float(math.trunc(value / 2))


def _simpler_text(value: str) -> Iterator[str]:
    for fewer in _cuts(value):
        yield "".join(fewer)
    if len(value) > _INNER:
        return
    for index, letter in enumerate(value):
        for plainer in "a0":
            if letter.isalnum() and letter not in "a0" and letter.isdigit() == plainer.isdigit():
                yield value[:index] + plainer + value[index + 1 :]


def _simpler_bytes(value: bytes) -> Iterator[bytes]:
    for fewer in _cuts(list(value)):
        yield bytes(fewer)


_SIMPLER: Final[dict[type, Callable[[Any], Iterator[object]]]] = {
    bool: lambda value: iter((False,) if value else ()),
    int: _simpler_int,
    float: _simpler_float,
    str: _simpler_text,
    bytes: _simpler_bytes,
    list: _simpler_list,
    tuple: _simpler_tuple,
    set: _simpler_set,
    frozenset: _simpler_set,
    dict: _simpler_dict,
    LinkedList: _simpler_chain,
}
