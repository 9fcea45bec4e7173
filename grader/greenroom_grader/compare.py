"""Comparison of decoded values in the trusted process: type-exact, and never by calling anything that a student wrote.

Every value here is plain data that the codec made, so ``==`` on leaves is Python's own. Sets, dict keys and multisets are
compared through :func:`canonical`, a byte form that is sorted rather than hashed: hashes of integers can be made to
collide on purpose, byte strings cannot be made slow to sort.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Final

from greenroom_grader.sandbox.interface import Array, Frame, Generated, LinkedList, Opaque, Scalar, Series, Tree
from greenroom_problems.problem import Comparison, Match

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    match value:
        case None:
            return b"N"
        case bool():
            return b"T" if value else b"F"
        case int():
            return b"i%x" % value
        case float():
            return b"f" + _float(value)
        case str():
            return b"s" + value.encode("utf-8", "surrogatepass")
        case complex():
            return b"c" + _float(value.real) + _float(value.imag)
        case bytes():
            return b"b" + value
        case bytearray():
            return b"B" + bytes(value)
        case _:
            return _compound(value, unordered)


def _compound(value: object, unordered: int) -> bytes:
    inner = unordered if unordered <= 0 else unordered - 1
    below = -1 if unordered < 0 else 0
    match value:
        case list() | Generated():
            items = value if isinstance(value, list) else value.values
            tag = b"l" if isinstance(value, list) else b"g"
            return _join(tag, (canonical(item, unordered=inner) for item in items), ordered=not unordered)
        case tuple():
            return _join(b"t", (canonical(item, unordered=below) for item in value))
        case set() | frozenset():
            tag = b"S" if isinstance(value, set) else b"Z"
            return _join(tag, (canonical(item, unordered=below) for item in value), ordered=False)
        case dict():
            pairs = (
                _join(b"p", (canonical(key), canonical(item, unordered=below))) for key, item in value.items()
            )
            return _join(b"d", pairs, ordered=False)
        case LinkedList():
            return _join(b"L", [canonical(value.cycle), *(canonical(item) for item in value.values)])
        case Tree():
            return _join(b"Y", (canonical(item) for item in value.values))
        case Array() | Scalar() | Series() | Frame():
            return _numeric(value, unordered)
        case _:
            raise _IncomparableError(type(value).__name__)


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


def _join(tag: bytes, parts: Iterable[bytes], *, ordered: bool = True) -> bytes:
    """Length-prefixed parts, so that no two different sequences share a form."""
    pieces = list(parts) if ordered else sorted(parts)
    return tag + b"".join([b"%d:%b" % (len(piece), piece) for piece in pieces]) + b"."


def _float(value: float) -> bytes:
    return b"nan" if math.isnan(value) else struct.pack(">d", value)


def _close(expected: object, actual: object, comparison: Comparison) -> bool:
    if type(expected) is not type(actual):
        return False
    match expected, actual:
        case float(), float():
            return _near(expected, actual, comparison)
        case complex(), complex():
            return _near(expected.real, actual.real, comparison) and _near(expected.imag, actual.imag, comparison)
        case (list(), list()) | (tuple(), tuple()):
            return _all_close(expected, actual, comparison)
        case (LinkedList(), LinkedList()):
            return expected.cycle == actual.cycle and _all_close(expected.values, actual.values, comparison)
        case (Tree(), Tree()) | (Generated(), Generated()):
            return _all_close(expected.values, actual.values, comparison)
        case (set(), set()) | (frozenset(), frozenset()):
            return _close_sets(expected, actual, comparison)
        case dict(), dict():
            ours = {canonical(key): value for key, value in expected.items()}
            theirs = {canonical(key): value for key, value in actual.items()}
            return ours.keys() == theirs.keys() and all(_close(ours[key], theirs[key], comparison) for key in ours)
        case _:
            return _close_numeric(expected, actual, comparison)


def _close_numeric(expected: object, actual: object, comparison: Comparison) -> bool:
    match expected, actual:
        case Scalar(), Scalar():
            return expected.dtype == actual.dtype and _close(expected.value, actual.value, comparison)
        case Array(), Array():
            alike = (expected.dtype, expected.shape) == (actual.dtype, actual.shape)
            return alike and _all_close(expected.values, actual.values, comparison)
        case Series(), Series():
            alike = equal(expected.name, actual.name) and equal(expected.index, actual.index)
            return alike and _close(expected.data, actual.data, comparison)
        case Frame(), Frame():
            alike = equal(expected.columns, actual.columns) and equal(expected.index, actual.index)
            return alike and _all_close(expected.data, actual.data, comparison)
        case _:
            return equal(expected, actual)


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
    return _all_close(sorted(ours, key=_sort_key), sorted(theirs, key=_sort_key), comparison)


def _sort_key(value: float) -> tuple[bool, float]:
    return (True, 0.0) if math.isnan(value) else (False, value)


def _near(expected: float, actual: float, comparison: Comparison) -> bool:
    if math.isnan(expected) or math.isnan(actual):
        return math.isnan(expected) and math.isnan(actual)
    return math.isclose(expected, actual, rel_tol=comparison.relative, abs_tol=comparison.absolute)


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
        case Opaque():
            return None
        case _:
            return value
