"""Arguments as the tests cell writes them, made into what the annotations of the entry ask for.

Authors write linked lists and trees as plain lists; a parameter annotated ``ListNode``, ``TreeNode | None`` or
``list[ListNode]`` gets real nodes. All other values pass as they are.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from greenroom_grader.sandbox.interface import LinkedList, Tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from greenroom_problems.problem import Signature


_SEQUENCES: Final = frozenset({"list", "List", "Sequence", "Iterable", "Collection", "set", "frozenset", "deque"})
_MAPPINGS: Final = frozenset({"dict", "Dict", "Mapping"})


class _NotNodesError(ValueError):
    """A value cannot be made into nodes."""


def convert(signature: Signature, arguments: tuple[object, ...]) -> tuple[object, ...]:
    """Arguments with nodes in the places that the signature's annotations name; extra arguments pass unchanged.

    Raises:
        ValueError: a value cannot be a linked list or a level-order tree; the message says why.
    """
    annotations = [parameter.annotation for parameter in signature.parameters]
    if not any("Node" in annotation for annotation in annotations):
        return arguments
    known = [_converter(annotation) for annotation in annotations]
    return tuple(
        converter(argument) if converter else argument
        for converter, argument in zip(known + [None] * (len(arguments) - len(known)), arguments, strict=False)
    )


@lru_cache(maxsize=512)
def _converter(annotation: str) -> Callable[[object], object] | None:
    """What a parameter of that annotation needs; None when values pass as they are."""
    try:
        return _of_node(ast.parse(annotation, mode="eval").body)
    except SyntaxError:
        return None


def _of_node(node: ast.expr) -> Callable[[object], object] | None:
    match node:
        case ast.Name(id="ListNode"):
            return _chain
        case ast.Name(id="TreeNode"):
            return tree
        case ast.Constant(value=str(text)):
            return _converter(text)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _of_node(left) or _of_node(right)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            return _of_generic(name, inner)
        case _:
            return None


def _of_generic(name: str, inner: ast.expr) -> Callable[[object], object] | None:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name in {"Optional", "Union"}:
        return next((made for part in parts if (made := _of_node(part))), None)
    if name in _SEQUENCES:
        return _each(_of_node(parts[0]))
    if name in _MAPPINGS and len(parts) == 2:
        return _values(_of_node(parts[1]))
    if name in {"tuple", "Tuple"}:
        if isinstance(parts[-1], ast.Constant) and parts[-1].value is ...:
            return _each(_of_node(parts[0]))
        return _tuple([_of_node(part) for part in parts])
    return None


def _each(item: Callable[[object], object] | None) -> Callable[[object], object] | None:
    if item is None:
        return None

    def convert_each(value: object) -> object:
        if isinstance(value, list):
            return [item(element) for element in value]
        return tuple(item(element) for element in value) if isinstance(value, tuple) else value

    return convert_each


def _values(item: Callable[[object], object] | None) -> Callable[[object], object] | None:
    if item is None:
        return None

    def convert_values(value: object) -> object:
        return {key: item(element) for key, element in value.items()} if isinstance(value, dict) else value

    return convert_values


def _tuple(items: list[Callable[[object], object] | None]) -> Callable[[object], object] | None:
    if not any(items):
        return None

    def convert_tuple(value: object) -> object:
        if not isinstance(value, tuple):
            return value
        padded = items + [None] * (len(value) - len(items))
        return tuple(item(element) if item else element for item, element in zip(padded, value, strict=False))

    return convert_tuple


def _chain(value: object) -> object:
    if value is None or isinstance(value, LinkedList):
        return value
    if not isinstance(value, list):
        raise _NotNodesError(f"a linked list is written as a list, not as {type(value).__name__}")
    return LinkedList(tuple(value))


def tree(value: object) -> object:
    """A level-order list as a Tree, trailing None cut.

    Raises:
        ValueError: the value is not a list, or a node in it has no parent.
    """
    if value is None or isinstance(value, Tree):
        return value
    if not isinstance(value, list):
        raise _NotNodesError(f"a tree is written as a list in level order, not as {type(value).__name__}")
    values = list(value)
    while values and values[-1] is None:
        values.pop()
    places = 1
    for number, item in enumerate(values):
        if places == 0:
            raise ValueError(f"the tree's item {number} has no parent")
        places += 1 if item is not None else -1
    return Tree(tuple(values))
