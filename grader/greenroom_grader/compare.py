"""Comparison of decoded values in the trusted process: type-exact, and never by calling anything that a student wrote.

Every value here is plain data that the codec made, so ``==`` on leaves is Python's own. Sets, dict keys and multisets
are compared through :func:`canonical`, a byte form that is sorted rather than hashed: hashes of integers can be made to
collide on purpose, byte strings cannot be made slow to sort.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any, Final

from greenroom_grader.sandbox.interface import Array, Frame, Generated, LinkedList, Scalar, Series, Tree
from greenroom_problems.problem import Comparison, Match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_FLAT: Final = frozenset({int, str, bool, type(None)})
_EXACT: Final = Comparison()


class _IncomparableError(ValueError):
    """A value holds something that may not cross, so it equals nothing."""


def matches(expected: object, actual: object, comparison: Comparison = _EXACT) -> bool:
    """Whether ``actual`` is the expected answer. Match.CHECKER is not decided here: it takes a box.

    Raises:
        ValueError: the comparison is a checker.
    """
    match comparison.match:
        case Match.EXACT:
            return equal(expected, actual)
        case Match.UNORDERED:
            return _same(expected, actual, depth=1)
        case Match.UNORDERED_DEEP:
            return _same(expected, actual, depth=-1)
        case Match.TOLERANCE:
            return not contains_opaque(actual) and _close(expected, actual, comparison)
        case Match.ANY_OF:
            options = expected if isinstance(expected, list) else [expected]
            return any(equal(option, actual) for option in options)
        case Match.CHECKER:
            raise ValueError("a checker decides in a box of its own")


def equal(expected: object, actual: object) -> bool:
    """Same type, same value, all the way down; floats bit for bit, except that every NaN equals every NaN."""
    if type(expected) is not type(actual):
        return False
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        kinds = list(map(type, expected))
        if kinds != list(map(type, actual)):
            return False
        if _FLAT.issuperset(kinds):  # long lists of numbers and words are the common case: compare them at C speed
            return expected == actual
    return _same(expected, actual, depth=0)


def contains_opaque(value: object) -> bool:
    """Whether a part of the value is of a type that may not cross."""
    try:
        canonical(value)
    except _IncomparableError:
        return True
    return False


def _same(expected: object, actual: object, *, depth: int) -> bool:
    try:
        return canonical(expected, unordered=depth) == canonical(actual, unordered=depth)
    except _IncomparableError:
        return False


def canonical(value: object, *, unordered: int = 0) -> bytes:
    """A byte form that two values share exactly when they are equal with type.

    Args:
        value: Plain data as the codec decodes it.
        unordered: How many levels of lists, from the outside, are multisets; -1 for all of them.

    Raises:
        ValueError: a part of the value is Opaque, or of a type that the codec does not make.
    """
    leaf = _LEAVES.get(type(value))
    return leaf(value) if leaf is not None else _compound(value, unordered)


_LEAVES: Final[dict[type, Callable[[Any], bytes]]] = {
    type(None): lambda _: b"N",
    bool: lambda value: b"T" if value else b"F",
    int: lambda value: b"i%x" % value,
    float: lambda value: b"f" + _float(value),
    str: lambda value: b"s" + value.encode("utf-8", "surrogatepass"),
    complex: lambda value: b"c" + _float(value.real) + _float(value.imag),
    bytes: lambda value: b"b" + value,
    bytearray: lambda value: b"B" + bytes(value),
}


def _compound(value: object, unordered: int) -> bytes:
    compound = _COMPOUNDS.get(type(value))
    if compound is None:
        raise _IncomparableError(type(value).__name__)
    return compound(value, unordered)


def _list(tag: bytes, items: Iterable[object], unordered: int) -> bytes:
    inner = unordered if unordered <= 0 else unordered - 1
    return _join(tag, (canonical(item, unordered=inner) for item in items), ordered=not unordered)


def _fixed(tag: bytes, items: Iterable[object], unordered: int, *, ordered: bool = True) -> bytes:
    """Items of something that is not a list: only lists at every depth stay unordered below it."""
    below = -1 if unordered < 0 else 0
    return _join(tag, (canonical(item, unordered=below) for item in items), ordered=ordered)


def _dict(value: dict[object, object], unordered: int) -> bytes:
    pairs = (_join(b"p", (canonical(key), canonical(item, unordered=min(unordered, 0)))) for key, item in value.items())
    return _join(b"d", pairs, ordered=False)


def _numeric(value: Array | Scalar | Series | Frame, unordered: int) -> bytes:
    """Arrays and frames. An unordered Series or Frame is a multiset of its values or rows, whatever its index says."""
    free = bool(unordered)
    match value:
        case Scalar():
            return _join(b"n", [value.dtype.encode(), canonical(value.value)])
        case Array():
            free = free and len(value.shape) == 1
            body = _join(b"v", (canonical(item) for item in value.values), ordered=not free)
            return _join(b"a", [value.dtype.encode(), canonical(list(value.shape)), body])
        case Series():
            index = b"" if free else canonical(value.index)
            return _join(b"P", [canonical(value.name), index, canonical(value.data, unordered=unordered)])
        case Frame():
            head = [canonical(list(value.columns)), *(column.dtype.encode() for column in value.data)]
            index = b"" if free else canonical(value.index)
            columns = [column.values for column in value.data]
            rows = (_join(b"r", map(canonical, row)) for row in zip(*columns, strict=True))
            return _join(b"D", [*head, index, _join(b"R", rows, ordered=not free)])


_COMPOUNDS: Final[dict[type, Callable[[Any, int], bytes]]] = {
    list: lambda value, unordered: _list(b"l", value, unordered),
    Generated: lambda value, unordered: _list(b"g", value.values, unordered),
    tuple: lambda value, unordered: _fixed(b"t", value, unordered),
    set: lambda value, unordered: _fixed(b"S", value, unordered, ordered=False),
    frozenset: lambda value, unordered: _fixed(b"Z", value, unordered, ordered=False),
    dict: _dict,
    LinkedList: lambda value, _: _fixed(b"L", (value.cycle, *value.values), 0),
    Tree: lambda value, _: _fixed(b"Y", value.values, 0),
    **dict.fromkeys((Array, Scalar, Series, Frame), _numeric),
}


def _join(tag: bytes, parts: Iterable[bytes], *, ordered: bool = True) -> bytes:
    """Length-prefixed parts, so that no two different sequences share a form."""
    pieces = list(parts) if ordered else sorted(parts)
    return tag + b"".join([b"%d:%b" % (len(piece), piece) for piece in pieces]) + b"."


def _float(value: float) -> bytes:
    return b"nan" if math.isnan(value) else struct.pack(">d", value)


def _close(expected: object, actual: object, comparison: Comparison) -> bool:
    if type(expected) is not type(actual):
        return False
    near = _NEARNESS.get(type(expected))
    return near(expected, actual, comparison) if near is not None else equal(expected, actual)


def _close_complex(expected: complex, actual: complex, comparison: Comparison) -> bool:
    return _near(expected.real, actual.real, comparison) and _near(expected.imag, actual.imag, comparison)


def _close_values(expected: Tree | Generated, actual: Tree | Generated, comparison: Comparison) -> bool:
    return _all_close(expected.values, actual.values, comparison)


def _close_chains(expected: LinkedList, actual: LinkedList, comparison: Comparison) -> bool:
    return expected.cycle == actual.cycle and _all_close(expected.values, actual.values, comparison)


def _close_dicts(expected: dict[object, object], actual: dict[object, object], comparison: Comparison) -> bool:
    ours = {canonical(key): value for key, value in expected.items()}
    theirs = {canonical(key): value for key, value in actual.items()}
    return ours.keys() == theirs.keys() and all(_close(ours[key], theirs[key], comparison) for key in ours)


def _close_scalars(expected: Scalar, actual: Scalar, comparison: Comparison) -> bool:
    return expected.dtype == actual.dtype and _close(expected.value, actual.value, comparison)


def _close_arrays(expected: Array, actual: Array, comparison: Comparison) -> bool:
    alike = (expected.dtype, expected.shape) == (actual.dtype, actual.shape)
    return alike and _all_close(expected.values, actual.values, comparison)


def _close_series(expected: Series, actual: Series, comparison: Comparison) -> bool:
    alike = equal(expected.name, actual.name) and equal(expected.index, actual.index)
    return alike and _close(expected.data, actual.data, comparison)


def _close_frames(expected: Frame, actual: Frame, comparison: Comparison) -> bool:
    alike = equal(expected.columns, actual.columns) and equal(expected.index, actual.index)
    return alike and _all_close(expected.data, actual.data, comparison)


def _all_close(expected: Iterable[object], actual: Iterable[object], comparison: Comparison) -> bool:
    ours, theirs = list(expected), list(actual)
    return len(ours) == len(theirs) and all(_close(a, b, comparison) for a, b in zip(ours, theirs, strict=True))


def _close_sets(expected: Iterable[object], actual: Iterable[object], comparison: Comparison) -> bool:
    """Sets of floats pair up in sorted order; other sets are compared exactly."""
    ours = [item for item in expected if isinstance(item, float)]
    theirs = [item for item in actual if isinstance(item, float)]
    rest = {canonical(item) for item in expected if not isinstance(item, float)}
    if rest != {canonical(item) for item in actual if not isinstance(item, float)}:
        return False
    # True sorts after False: NaN, which has no place among the others, comes last.
    ours.sort(key=lambda value: (math.isnan(value), value))
    theirs.sort(key=lambda value: (math.isnan(value), value))
    return _all_close(ours, theirs, comparison)


def _near(expected: float, actual: float, comparison: Comparison) -> bool:
    if math.isnan(expected) or math.isnan(actual):
        return math.isnan(expected) and math.isnan(actual)
    return math.isclose(expected, actual, rel_tol=comparison.relative, abs_tol=comparison.absolute)


_NEARNESS: Final[dict[type, Callable[[Any, Any, Comparison], bool]]] = {
    float: _near,
    complex: _close_complex,
    list: _all_close,
    tuple: _all_close,
    Tree: _close_values,
    Generated: _close_values,
    LinkedList: _close_chains,
    set: _close_sets,
    frozenset: _close_sets,
    dict: _close_dicts,
    Scalar: _close_scalars,
    Array: _close_arrays,
    Series: _close_series,
    Frame: _close_frames,
}


def plain(value: object) -> object:
    """The value with chains, trees and drained generators as lists: what a checker and ``valid`` see."""
    match value:
        case LinkedList() | Tree() | Generated():
            return [plain(item) for item in value.values]
        case list():
            return [plain(item) for item in value]
        case tuple():
            return tuple(plain(item) for item in value)
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case _:
            return value
