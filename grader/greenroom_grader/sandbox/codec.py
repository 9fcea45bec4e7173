"""Typed JSON: the form in which values cross the wall of a box, seen from the trusted side.

None, bools, strings and small integers stand for themselves; everything else is a list whose first item is a tag
(see ``_DECODERS``). Type-exact both ways: ``1``, ``1.0`` and ``True`` stay apart. Decoding is strict: whatever does not
have exactly the form below raises CodecError, and nothing is ever evaluated, imported or looked up by name.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final, TypeVar

from greenroom_grader.errors import SandboxError
from greenroom_grader.sandbox.interface import Array, Frame, Generated, LinkedList, Opaque, Scalar, Series, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: Levels of nesting; deeper values become Opaque inside a box and are refused here.
MAX_DEPTH: Final = 100
#: Values inside one value, counted at every level.
MAX_NODES: Final = 1_000_000
#: Integers up to this size are plain JSON numbers; larger ones travel as hexadecimal text.
SMALL_INT: Final = 2**53
#: Equal hashes among the keys of one set or dict before we call it an attack on our hash tables.
MAX_COLLISIONS: Final = 64
#: Dimensions of an array, as many as numpy knows; without a limit their product alone would keep us busy.
MAX_DIMENSIONS: Final = 64
#: Characters of a text that is only shown.
MAX_TEXT: Final = 10_000

_Keyed = TypeVar("_Keyed", set[object], frozenset[object], dict[object, object])

_PLAIN: Final = frozenset({type(None), bool, int, str})


class CodecError(SandboxError):
    """A value may not cross, or what came out of a box is not typed JSON."""


def encode(value: object) -> object:
    """Typed JSON of a plain value.

    Raises:
        CodecError: the value, or one inside it, is of a type that does not cross, or nested too deep.
    """
    return _encode(value, 0)


def _encode(value: object, depth: int) -> object:
    if depth > MAX_DEPTH:
        raise CodecError(f"value is nested more than {MAX_DEPTH} levels deep")
    kind = type(value)
    if value is None or kind is bool:
        return value
    if isinstance(value, int) and kind is int:
        return value if -SMALL_INT < value < SMALL_INT else ["i", hex(value)]
    if isinstance(value, str) and kind is str:
        return (
            value
            if value.isascii() or not _has_surrogate(value)
            else ["s", value.encode("utf-8", "surrogatepass").hex()]
        )
    if isinstance(value, float) and kind is float:
        return ["f", value.hex()]
    encoder = _ENCODERS.get(kind)
    if encoder is None:
        raise CodecError(f"a value of type {kind.__name__} cannot be sent into a box")
    return encoder(value, depth + 1)


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _items(values: Iterable[object], depth: int) -> list[object]:
    return [_encode(item, depth) for item in values]


def _array_body(array: Array, depth: int) -> list[object]:
    return [array.dtype, list(array.shape), _items(array.values, depth)]


_ENCODERS: Final[dict[type, Callable[..., object]]] = {
    complex: lambda value, _depth: ["c", value.real.hex(), value.imag.hex()],
    bytes: lambda value, _depth: ["b", value.hex()],
    bytearray: lambda value, _depth: ["B", value.hex()],
    list: lambda value, depth: ["l", _items(value, depth)],
    tuple: lambda value, depth: ["t", _items(value, depth)],
    set: lambda value, depth: ["S", _items(value, depth)],
    frozenset: lambda value, depth: ["F", _items(value, depth)],
    dict: lambda value, depth: ["d", [[_encode(k, depth), _encode(v, depth)] for k, v in value.items()]],
    LinkedList: lambda value, depth: ["L", _items(value.values, depth), value.cycle],
    Tree: lambda value, depth: ["T", _items(value.values, depth)],
    Generated: lambda value, depth: ["g", _items(value.values, depth)],
    Opaque: lambda value, _depth: ["?", value.type_name, value.text],
    Array: lambda value, depth: ["a", *_array_body(value, depth)],
    Scalar: lambda value, depth: ["n", value.dtype, _encode(value.value, depth)],
    Series: lambda value, depth: [
        "P",
        _encode(value.name, depth),
        *(_array_body(a, depth) for a in (value.index, value.data)),
    ],
    Frame: lambda value, depth: [
        "D",
        _items(value.columns, depth),
        _array_body(value.index, depth),
        [_array_body(column, depth) for column in value.data],
    ],
}


def decode(form: object) -> object:
    """The value of typed JSON that came out of a box.

    Raises:
        CodecError: the form is not exactly one that a box's encoder makes, or larger or deeper than allowed.
    """
    try:
        return _Decoder().value(form, 0)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise CodecError(f"malformed value from a box ({type(error).__name__})") from None


def clean_text(text: str) -> str:
    """Text from a box that can be stored and shown.

    The harness cleans its texts too, but it need not be the harness that speaks.
    """
    return text[:MAX_TEXT].replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "backslashreplace").decode()


class _Decoder:
    """One decoding; counts nodes so that a small frame cannot become a large object."""

    def __init__(self) -> None:
        self._left = MAX_NODES

    def value(self, form: object, depth: int) -> object:
        kind = type(form)
        if kind in _PLAIN:
            return form
        if not isinstance(form, list) or not form or depth > MAX_DEPTH + 1:  # a mark may stand where the limit cut
            raise CodecError("malformed value from a box (neither plain nor tagged, or too deep)")
        tag, *body = form
        decoder = _DECODERS.get(tag) if isinstance(tag, str) else None
        if decoder is None:
            raise CodecError("malformed value from a box (unknown tag)")
        return decoder(self, depth + 1, *body)

    def items(self, forms: object, depth: int) -> list[object]:
        if not isinstance(forms, list):
            raise CodecError("malformed value from a box (items are not a list)")
        self._left -= len(forms)
        if self._left < 0:
            raise CodecError("value from a box has too many parts")
        if _PLAIN.issuperset(map(type, forms)):
            return forms
        return [self.value(form, depth) for form in forms]

    def int_(self, _depth: int, text: str) -> int:
        return int(_text(text), 16)

    def float_(self, _depth: int, text: str) -> float:
        return float.fromhex(_text(text))

    def complex_(self, _depth: int, real: str, imaginary: str) -> complex:
        return complex(float.fromhex(_text(real)), float.fromhex(_text(imaginary)))

    def str_(self, _depth: int, text: str) -> str:
        return bytes.fromhex(_text(text)).decode("utf-8", "surrogatepass")

    def bytes_(self, _depth: int, text: str) -> bytes:
        return bytes.fromhex(_text(text))

    def bytearray_(self, _depth: int, text: str) -> bytearray:
        return bytearray.fromhex(_text(text))

    def list_(self, depth: int, forms: object) -> list[object]:
        return self.items(forms, depth)

    def tuple_(self, depth: int, forms: object) -> tuple[object, ...]:
        return tuple(self.items(forms, depth))

    def set_(self, depth: int, forms: object) -> set[object] | Opaque:
        members = _hashable(self.items(forms, depth))
        return _all_apart(set(members), members)

    def frozenset_(self, depth: int, forms: object) -> frozenset[object] | Opaque:
        members = _hashable(self.items(forms, depth))
        return _all_apart(frozenset(members), members)

    def dict_(self, depth: int, pairs: object) -> dict[object, object] | Opaque:
        if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
            raise CodecError("malformed value from a box (pairs)")
        keys = _hashable(self.items([key for key, _ in pairs], depth))
        values = self.items([value for _, value in pairs], depth)
        return _all_apart(dict(zip(keys, values, strict=True)), keys)

    def linked_list(self, depth: int, forms: object, cycle: int) -> LinkedList:
        values = tuple(self.items(forms, depth))
        if type(cycle) is not int or not -1 <= cycle < len(values):
            raise CodecError("malformed value from a box (cycle)")
        return LinkedList(values, cycle)

    def tree(self, depth: int, forms: object) -> Tree:
        return Tree(tuple(self.items(forms, depth)))

    def generated(self, depth: int, forms: object) -> Generated:
        return Generated(tuple(self.items(forms, depth)))

    def opaque(self, _depth: int, type_name: str, text: str) -> Opaque:
        return Opaque(clean_text(_text(type_name)), clean_text(_text(text)))

    def array(self, depth: int, dtype: str, shape: object, forms: object) -> Array:
        if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
            raise CodecError("malformed value from a box (shape)")
        if not all(type(size) is int and size >= 0 for size in shape):
            raise CodecError("malformed value from a box (shape)")
        values = tuple(self.items(forms, depth))
        if math.prod(shape) != len(values):
            raise CodecError("malformed value from a box (shape and values differ)")
        return Array(_text(dtype), tuple(shape), values)

    def scalar(self, depth: int, dtype: str, form: object) -> Scalar:
        return Scalar(_text(dtype), self.value(form, depth))

    def series(self, depth: int, name: object, index: list[object], data: list[object]) -> Series:
        return Series(self.value(name, depth), self._column(depth, index), self._column(depth, data))

    def frame(self, depth: int, columns: object, index: list[object], data: list[list[object]]) -> Frame:
        labels = tuple(self.items(columns, depth))
        arrays = tuple(self._column(depth, column) for column in data)
        rows = self._column(depth, index)
        if len(labels) != len(arrays) or any(array.shape != rows.shape for array in arrays):
            raise CodecError("malformed value from a box (columns differ)")
        return Frame(labels, rows, arrays)

    def _column(self, depth: int, body: list[object]) -> Array:
        dtype, shape, forms = body
        array = self.array(depth, _text(dtype), shape, forms)
        if len(array.shape) != 1:
            raise CodecError("malformed value from a box (column shape)")
        return array


_DECODERS: Final[dict[str, Callable[..., object]]] = {
    "i": _Decoder.int_,
    "f": _Decoder.float_,
    "c": _Decoder.complex_,
    "s": _Decoder.str_,
    "b": _Decoder.bytes_,
    "B": _Decoder.bytearray_,
    "l": _Decoder.list_,
    "t": _Decoder.tuple_,
    "S": _Decoder.set_,
    "F": _Decoder.frozenset_,
    "d": _Decoder.dict_,
    "L": _Decoder.linked_list,
    "T": _Decoder.tree,
    "g": _Decoder.generated,
    "?": _Decoder.opaque,
    "a": _Decoder.array,
    "n": _Decoder.scalar,
    "P": _Decoder.series,
    "D": _Decoder.frame,
}


def _text(form: object) -> str:
    if type(form) is not str:
        raise CodecError("malformed value from a box (text expected)")
    return form


def _hashable(values: Sequence[object]) -> Sequence[object]:
    """The values, when they may be keys; keys made to share one hash would cost us quadratic time."""
    if len(values) > MAX_COLLISIONS:
        ((_, most),) = Counter(map(hash, values)).most_common(1)
        if most > MAX_COLLISIONS:
            raise CodecError("value from a box has keys that collide")
    else:
        for value in values:
            hash(value)
    return values


def _all_apart(made: _Keyed, members: Sequence[object]) -> _Keyed | Opaque:
    """What was made. Keys of the student's own classes may differ inside the box and look alike outside."""
    if len(made) == len(members):
        return made
    if any(map(_holds_opaque, members)):
        return Opaque(type(made).__name__, "has keys that look alike")
    raise CodecError("malformed value from a box (a key twice)")


def _holds_opaque(key: object) -> bool:
    if isinstance(key, tuple | frozenset):
        return any(map(_holds_opaque, key))
    return isinstance(key, Opaque)
