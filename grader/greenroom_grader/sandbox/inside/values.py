"""Typed JSON inside a box: real objects to and from the forms that cross the wall.

The counterpart of ``codec`` on the trusted side. What a student's code returns may lie about everything that Python
lets an object lie about, so kinds are told by ``type()`` alone and subclasses do not cross.
"""

from __future__ import annotations

from itertools import islice, pairwise
from sys import modules
from typing import Any

MAX_DEPTH = 100
MAX_NODES = 1_000_000
#: Items taken from a generator, nodes followed in a chain or a tree.
MAX_ITEMS = 200_000
SMALL_INT = 2**53
_TEXT = 200
#: By identity: a metaclass may make a class equal to int.
_PLAIN_INT = frozenset({id(int)})


class TooLargeError(Exception):
    """The value has too many parts to cross."""


class ListNode:
    """A node of a singly linked list."""

    def __init__(self, val: Any = 0, next: Any = None) -> None:  # noqa: A002 - the name that every solution uses
        self.val = val
        self.next = next

    def __repr__(self) -> str:
        seen: list[str] = []
        visited: set[int] = set()
        node: Any = self
        while node is not None and len(seen) < 20 and id(node) not in visited:
            visited.add(id(node))
            seen.append(repr(node.val))
            node = getattr(node, "next", None)
        return f"ListNode({' -> '.join(seen)}{'' if node is None else ' -> ...'})"


class TreeNode:
    """A node of a binary tree."""

    def __init__(self, val: Any = 0, left: Any = None, right: Any = None) -> None:
        self.val = val
        self.left = left
        self.right = right

    def __repr__(self) -> str:
        def short(node: Any) -> str:
            return "None" if node is None else f"TreeNode({node.val!r}, ...)"

        if self.left is None and self.right is None:
            return f"TreeNode({self.val!r})"
        return f"TreeNode({self.val!r}, {short(self.left)}, {short(self.right)})"


for _node in (ListNode, TreeNode):
    _node.__module__ = "__main__"


# ---------------------------------------------------------------- out of the box


def encode(value: Any) -> Any:
    """Typed JSON of any object; what may not cross becomes an opaque mark.

    Raises:
        TooLargeError: more than MAX_NODES parts.
    """
    return _Encoder().value(value, 0)


class _Encoder:
    def __init__(self) -> None:
        self.left = MAX_NODES
        #: Containers that are being encoded, by identity: a value that contains itself must not be followed.
        self.path: set[int] = set()

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise TooLargeError

    def value(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if type(kind) is not type:  # its metaclass could answer the look-ups below
            return _opaque(value)
        simple = _SIMPLE.get(kind)
        if simple is not None:
            return simple(value)
        encoder = _ENCODERS.get(kind) or _special(value, kind)
        return _opaque(value) if encoder is None else self.container(encoder, value, depth)

    def container(self, encoder: Any, value: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            return ["?", short_name(type(value)), "nested too deep"]
        if id(value) in self.path:
            return ["?", short_name(type(value)), "contains itself"]
        self.path.add(id(value))
        try:
            return encoder(self, value, depth + 1)
        finally:
            self.path.discard(id(value))

    def items(self, values: Any, depth: int) -> list[Any]:
        items = list(islice(values, MAX_NODES + 1))
        self.spend(len(items))
        plain = items and _PLAIN_INT.issuperset(map(id, map(type, items)))
        if plain and min(items) > -SMALL_INT and max(items) < SMALL_INT:
            return items
        return [self.value(item, depth) for item in items]


def _string(value: str) -> Any:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return ["s", value.encode("utf-8", "surrogatepass").hex()]
    return value


def short_name(kind: type) -> str:
    """``int``, or ``module.Name`` for what is not a builtin; safe text, cut to a sensible length."""
    name = type.__dict__["__qualname__"].__get__(kind)
    module = type.__dict__["__module__"].__get__(kind)
    text = name if type(module) is not str or module == "builtins" else f"{module}.{name}"
    return safe_text(text, _TEXT)


def safe_text(text: str, limit: int) -> str:
    """Text that JSON, databases and terminals can hold: no NUL, no lone surrogates, at most ``limit`` characters."""
    if len(text) > limit:
        text = text[:limit] + "..."
    return text.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "backslashreplace").decode()


def _opaque(value: Any) -> list[str]:
    kind = type(value)
    try:
        text = repr(value)
        text = safe_text(text, _TEXT) if type(text) is str else ""
    except BaseException:  # noqa: BLE001 - a student's __repr__ may raise anything; the mark then has no description
        text = ""
    return ["?", short_name(kind), text]


def _dict(encoder: _Encoder, value: dict[Any, Any], depth: int) -> Any:
    encoder.spend(2 * len(value))
    return ["d", [[encoder.value(key, depth), encoder.value(item, depth)] for key, item in value.items()]]


def _chain(encoder: _Encoder, head: Any, depth: int) -> Any:
    values: list[Any] = []
    places: dict[int, int] = {}
    keep: list[Any] = []
    node, cycle = head, -1
    while node is not None:
        if id(node) in places:
            cycle = places[id(node)]
            break
        if not _is_node(node, "next"):
            values.append(_opaque(node))
            break
        if len(values) >= MAX_ITEMS:
            raise TooLargeError
        places[id(node)] = len(values)
        keep.append(node)
        values.append(encoder.value(node.val, depth))
        node = node.next
    encoder.spend(len(values))
    return ["L", values, cycle]


def _tree(encoder: _Encoder, root: Any, depth: int) -> Any:
    """Level order; a missing child is None, children of a missing node are left out, no trailing None."""
    values: list[Any] = []
    level: list[Any] = [root]
    seen: set[int] = set()
    while level:
        following: list[Any] = []
        for node in level:
            if node is None:
                values.append(None)
                continue
            if id(node) in seen or not _is_node(node, "left", "right"):
                values.append(["?", "TreeNode", "not a tree"])
                continue
            if len(values) >= MAX_ITEMS:
                raise TooLargeError
            seen.add(id(node))
            values.append(encoder.value(node.val, depth))
            following += (node.left, node.right)
        level = following
    while values and values[-1] is None:
        values.pop()
    encoder.spend(len(values))
    return ["T", values]


def _is_node(value: Any, *links: str) -> bool:
    try:
        return all(hasattr(value, name) for name in ("val", *links))
    except BaseException:  # noqa: BLE001 - a property of the student's own class may raise anything
        return False


def _special(value: Any, kind: type) -> Any:
    """Encoder for kinds that are told by name: nodes (a student may bring an own class), numpy, pandas."""
    name = type.__dict__["__name__"].__get__(kind)
    if name == "ListNode" and _is_node(value, "next"):
        return _chain
    if name == "TreeNode" and _is_node(value, "left", "right"):
        return _tree
    module = type.__dict__["__module__"].__get__(kind)
    package = module.partition(".")[0] if type(module) is str else ""
    library: Any = modules.get(package)
    encoder: Any = None
    if package == "numpy":
        if kind is library.ndarray:
            encoder = _array
        elif library.generic in kind.__mro__ and value.dtype.kind in "biufcMmSU":
            encoder = _scalar
    elif package == "pandas":
        encoder = {library.Series: _series, library.DataFrame: _frame}.get(kind)
    return encoder


def _array_body(encoder: _Encoder, array: Any, depth: int) -> list[Any]:
    """[dtype, shape, flat values] of a numpy array."""
    flat = array.ravel()
    if array.dtype.kind in "Mm":
        flat = flat.view("i8")
    encoder.spend(array.size)
    return [array.dtype.str, list(array.shape), encoder.items(flat.tolist(), depth)]


def _array(encoder: _Encoder, array: Any, depth: int) -> Any:
    if array.dtype.kind not in "biufcMmSUO":
        return ["?", "numpy.ndarray", f"dtype {safe_text(str(array.dtype), _TEXT)}"]
    return ["a", *_array_body(encoder, array, depth)]


def _scalar(encoder: _Encoder, scalar: Any, depth: int) -> Any:
    value = int(scalar.view("i8")) if scalar.dtype.kind in "Mm" else scalar.item()
    return ["n", scalar.dtype.str, encoder.value(value, depth)]


def _column(encoder: _Encoder, column: Any, depth: int) -> list[Any]:
    """[dtype, shape, values] of a pandas column or index, numpy-backed or an extension array."""
    array = column.array
    dtype = column.dtype
    if type(dtype).__module__.startswith("numpy") and dtype.kind in "biufcMmO":
        return _array_body(encoder, column.to_numpy(), depth)
    return [safe_text(str(dtype), _TEXT), [len(array)], encoder.items(list(array), depth)]


def _series(encoder: _Encoder, series: Any, depth: int) -> Any:
    index, data = _column(encoder, series.index, depth), _column(encoder, series, depth)
    return ["P", encoder.value(series.name, depth), index, data]


def _frame(encoder: _Encoder, frame: Any, depth: int) -> Any:
    columns = encoder.items(list(frame.columns), depth)
    data = [_column(encoder, frame.iloc[:, place], depth) for place in range(len(columns))]
    return ["D", columns, _column(encoder, frame.index, depth), data]


_SIMPLE: dict[type, Any] = {
    type(None): lambda value: value,
    bool: lambda value: value,
    int: lambda value: value if -SMALL_INT < value < SMALL_INT else ["i", hex(value)],
    str: _string,
    float: lambda value: ["f", value.hex()],
    complex: lambda value: ["c", value.real.hex(), value.imag.hex()],
    bytes: lambda value: ["b", value.hex()],
    bytearray: lambda value: ["B", value.hex()],
}
_ENCODERS: dict[type, Any] = {
    list: lambda encoder, value, depth: ["l", encoder.items(value, depth)],
    tuple: lambda encoder, value, depth: ["t", encoder.items(value, depth)],
    set: lambda encoder, value, depth: ["S", encoder.items(value, depth)],
    frozenset: lambda encoder, value, depth: ["F", encoder.items(value, depth)],
    dict: _dict,
}


def encode_generated(values: list[Any]) -> Any:
    """What a generator yielded."""
    encoder = _Encoder()
    return ["g", encoder.items(values, 1)]


# ---------------------------------------------------------------- into the box


class Opaque:
    """Stands in a test's box for a value of another box that could not cross; equal to nothing."""

    def __init__(self, type_name: str, text: str) -> None:
        self.type_name = type_name
        self.text = text

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return self.text or f"<{self.type_name}>"


def decode(form: Any, names: dict[str, Any]) -> Any:
    """The object of typed JSON from the trusted side; nodes are of the classes that ``names`` (the namespace) holds."""
    if type(form) is not list:
        return form
    tag, *body = form
    return _DECODERS[tag](names, *body)


def _all(names: dict[str, Any], forms: list[Any]) -> list[Any]:
    return [decode(form, names) for form in forms]


def _node_class(names: dict[str, Any], name: str, ours: type) -> Any:
    """The student's own ListNode or TreeNode where it can be made from a value alone, otherwise ours."""
    theirs = names.get(name, ours)
    try:
        theirs(0)
    except BaseException:  # noqa: BLE001 - any failure of a student's constructor means: use ours
        return ours
    return theirs if type(theirs) is type else ours


def _make_chain(names: dict[str, Any], forms: list[Any], cycle: int) -> Any:
    make = _node_class(names, "ListNode", ListNode)
    nodes = [make(value) for value in _all(names, forms)]
    for node, following in pairwise(nodes):
        node.next = following
    if nodes:
        nodes[-1].next = None if cycle < 0 else nodes[cycle]
    return nodes[0] if nodes else None


def _make_tree(names: dict[str, Any], forms: list[Any]) -> Any:
    make = _node_class(names, "TreeNode", TreeNode)
    nodes = [None if value is None else make(value) for value in _all(names, forms)]
    waiting = iter(nodes[1:])
    for node in nodes:
        if node is not None:
            node.left = next(waiting, None)
            node.right = next(waiting, None)
    return nodes[0] if nodes else None


def _make_array(names: dict[str, Any], dtype: str, shape: list[int], forms: list[Any]) -> Any:
    import numpy as np

    values = _all(names, forms)
    if np.dtype(dtype).kind in "Mm":
        return np.array(values, "i8").view(dtype).reshape(shape)
    if np.dtype(dtype).kind == "O":
        array = np.empty(len(values), object)
        array[:] = values
        return array.reshape(shape)
    return np.array(values, dtype).reshape(shape)


def _make_scalar(names: dict[str, Any], dtype: str, form: Any) -> Any:
    return _make_array(names, dtype, [1], [form])[0]


def _make_column(names: dict[str, Any], body: list[Any]) -> Any:
    import pandas as pd

    dtype, shape, forms = body
    if isinstance(pd.api.types.pandas_dtype(dtype), pd.api.extensions.ExtensionDtype):
        return pd.array(_all(names, forms), dtype=dtype)
    return _make_array(names, dtype, shape, forms)


def _make_series(names: dict[str, Any], name: Any, index: list[Any], data: list[Any]) -> Any:
    import pandas as pd

    return pd.Series(_make_column(names, data), index=pd.Index(_make_column(names, index)), name=decode(name, names))


def _make_frame(names: dict[str, Any], columns: list[Any], index: list[Any], data: list[Any]) -> Any:
    import pandas as pd

    made = pd.DataFrame(
        dict(enumerate(_make_column(names, column) for column in data)), index=pd.Index(_make_column(names, index))
    )
    made.columns = pd.Index(_all(names, columns))
    return made


_DECODERS: dict[str, Any] = {
    "i": lambda _names, text: int(text, 16),
    "f": lambda _names, text: float.fromhex(text),
    "c": lambda _names, real, imaginary: complex(float.fromhex(real), float.fromhex(imaginary)),
    "s": lambda _names, text: bytes.fromhex(text).decode("utf-8", "surrogatepass"),
    "b": lambda _names, text: bytes.fromhex(text),
    "B": lambda _names, text: bytearray.fromhex(text),
    "l": _all,
    "t": lambda names, forms: tuple(_all(names, forms)),
    "S": lambda names, forms: set(_all(names, forms)),
    "F": lambda names, forms: frozenset(_all(names, forms)),
    "d": lambda names, pairs: {decode(key, names): decode(value, names) for key, value in pairs},
    "L": _make_chain,
    "T": _make_tree,
    "g": lambda names, forms: iter(_all(names, forms)),
    "?": lambda _names, type_name, text: Opaque(type_name, text),
    "a": _make_array,
    "n": _make_scalar,
    "P": _make_series,
    "D": _make_frame,
}
