"""Values as short text.

Untrusted values can be huge or hostile, so nothing here calls repr on a container or a big integer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenroom_grader.sandbox.interface import Array, Frame, Generated, LinkedList, Opaque, Scalar, Series, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Characters of one shown value.
LIMIT: Final = 2000
#: Integers beyond this many bits are described, not printed: printing them takes quadratic time.
_MAX_BITS: Final = 8000


class _FullError(Exception):
    """The text has reached its limit."""


def show(value: object, limit: int = LIMIT) -> str:
    """The value as Python source where it has one, cut to ``limit`` characters.

    Chains, trees and drained generators are shown as the lists that problems write them as.
    """
    writer = _Writer(limit)
    try:
        writer.value(value)
    except _FullError:
        return writer.text()[: limit - 1] + "…"
    return writer.text()


def clip(text: str, limit: int = LIMIT) -> str:
    """Text cut to ``limit`` characters; the cut is marked."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def exception_name(type_name: str) -> str:
    """The name of an exception as a student writes it: one of their own stands in no module that they know of."""
    return type_name.removeprefix("__main__.")


class _Writer:
    def __init__(self, limit: int) -> None:
        self._parts: list[str] = []
        self._left = limit

    def text(self) -> str:
        return "".join(self._parts)

    def put(self, text: str) -> None:
        self._parts.append(text)
        self._left -= len(text)
        if self._left < 0:
            raise _FullError

    def value(self, value: object) -> None:
        match value:
            case bool() | None | float() | complex():
                self.put(repr(value))
            case int():
                bits = value.bit_length()
                self.put(str(value) if bits <= _MAX_BITS else f"<int of {bits} bits>")
            case str() | bytes() | bytearray():
                # Only what can be shown is formatted; the slice that is too long fills the limit and stops here.
                self.put(repr(value[: self._left + 1]))
            case list():
                self.items("[", value, "]")
            case tuple():
                self.items("(", value, ",)" if len(value) == 1 else ")")
            case set() | frozenset():
                self.set_(value)
            case dict():
                self.mapping(value)
            case _:
                self.other(value)

    def items(self, opening: str, values: Iterable[object], closing: str) -> None:
        self.put(opening)
        for number, item in enumerate(values):
            if number:
                self.put(", ")
            self.value(item)
        self.put(closing)

    def set_(self, value: set[object] | frozenset[object]) -> None:
        frozen = isinstance(value, frozenset)
        if not value:
            self.put("frozenset()" if frozen else "set()")
            return
        # A stable order, where the members have one: two runs of one submission should read alike.
        members = sorted(value, key=lambda item: (type(item).__name__, show(item, 200)))
        if all(isinstance(item, int) for item in value):
            members = sorted(value, key=lambda item: item if isinstance(item, int) else 0)
        self.items("frozenset({" if frozen else "{", members, "})" if frozen else "}")

    def mapping(self, value: dict[object, object]) -> None:
        self.put("{")
        for number, (key, item) in enumerate(value.items()):
            if number:
                self.put(", ")
            self.value(key)
            self.put(": ")
            self.value(item)
        self.put("}")

    def other(self, value: object) -> None:
        match value:
            case LinkedList():
                self.items("[", value.values, "]")
                if value.cycle >= 0:
                    self.put(f" (the tail points back to index {value.cycle})")
            case Tree() | Generated():
                self.items("[", value.values, "]")
            case Scalar():
                self.put(f"np.{value.dtype.lstrip('<>|=')}(")
                self.value(value.value)
                self.put(")")
            case Array():
                self.put("array(")
                self.grid(value.values, value.shape)
                self.put(f", dtype={value.dtype!r})")
            case Series() | Frame():
                self.labelled(value)
            case Opaque():
                self.put(f"<{value.type_name}{': ' if value.text else ''}{value.text}>")
            case _:
                self.put(f"<{type(value).__name__}>")

    def labelled(self, value: Series | Frame) -> None:
        """A Series or a DataFrame, as a call that would make it."""
        if isinstance(value, Series):
            self.items("Series([", value.data.values, "]")
            self.put(", name=")
            self.value(value.name)
        else:
            self.put("DataFrame({")
            for number, (label, column) in enumerate(zip(value.columns, value.data, strict=True)):
                if number:
                    self.put(", ")
                self.value(label)
                self.items(": [", column.values, "]")
            self.put("}")
        self.items(", index=[", value.index.values, "])")

    def grid(self, values: tuple[object, ...], shape: tuple[int, ...]) -> None:
        """Flat values in C order, bracketed by shape."""
        if not shape:
            self.value(values[0])
            return
        if len(shape) == 1:
            self.items("[", values, "]")
            return
        step = len(values) // shape[0] if shape[0] else 0
        self.put("[")
        for row in range(shape[0]):
            if row:
                self.put(", ")
            self.grid(values[row * step : (row + 1) * step], shape[1:])
        self.put("]")
