"""Reads the ``entry`` of a problem: signatures as Python writes them."""

from __future__ import annotations

import ast
import re

from greenroom_problems.problem import Entry, Kind, Parameter, Signature

_DEF_LINE = re.compile(r"^(?P<head>\s*(?:async\s+)?def\s.*?)\s*:?\s*(?:\.\.\.|pass)?\s*$")


class EntryError(ValueError):
    """The text is not what an entry of this kind must be; the message says what to write."""


def parse_entry(text: str, kind: Kind) -> Entry:
    """Parse ``def`` lines (Kind.FUNCTION) or one class with its methods (Kind.CLASS). Kind.CELLS has an empty entry.

    Raises EntryError.
    """
    if kind is Kind.CELLS:
        return Entry(name="", signatures=())
    try:
        tree = ast.parse(_with_bodies(text))
    except SyntaxError as error:
        line = (error.text or text).strip()
        raise EntryError(f"not Python: {line!r:.100}; write e.g. 'def pair_up(numbers: list[int]) -> int'") from error
    if kind is Kind.CLASS:
        return _class_entry(tree)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    if not functions or len(functions) != len(tree.body):
        raise EntryError("kind: function needs one or more 'def name(argument: type) -> type' lines and nothing else")
    return Entry(name=functions[0].name, signatures=tuple(_signature(node, method=False) for node in functions))


def _with_bodies(text: str) -> str:
    """Give each one-line ``def`` a body, so that authors may leave ``: ...`` out."""
    lines = []
    for line in text.splitlines():
        found = _DEF_LINE.match(line)
        lines.append(f"{found['head']}: ..." if found and not line.rstrip().endswith(("(", ",")) else line)
    return "\n".join(lines)


def _class_entry(tree: ast.Module) -> Entry:
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.ClassDef):
        raise EntryError("kind: class needs one 'class Name:' with 'def __init__(self, ...)' and its methods")
    node = tree.body[0]
    methods = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
    if not methods or methods[0].name != "__init__":
        raise EntryError("write 'def __init__(self, ...) -> None' as the first method, also when it takes nothing")
    return Entry(name=node.name, signatures=tuple(_signature(item, method=True) for item in methods))


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef, *, method: bool) -> Signature:
    arguments = node.args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
        raise EntryError(f"{node.name}: only plain positional parameters; write each one out")
    plain = arguments.args[1:] if method else arguments.args
    defaults: list[str | None] = [None] * len(plain)
    for index, default in enumerate(reversed(arguments.defaults)):
        defaults[len(plain) - 1 - index] = ast.unparse(default)
    for parameter in plain:
        if parameter.annotation is None:
            raise EntryError(
                f"{node.name}: parameter {parameter.arg} has no type; write '{parameter.arg}: int' or the like"
            )
    if node.returns is None:
        raise EntryError(f"{node.name}: no return type; write '-> int' or the like after the parameters")
    return Signature(
        name=node.name,
        parameters=tuple(
            Parameter(name=item.arg, annotation=ast.unparse(item.annotation), default=default)
            for item, default in zip(plain, defaults, strict=True)
            if item.annotation is not None
        ),
        returns=ast.unparse(node.returns),
        is_async=isinstance(node, ast.AsyncFunctionDef),
    )


def defined_names(source: str) -> set[str]:
    """Names that a module binds at its top level by def, class, import or assignment. Raises SyntaxError."""
    names: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names.update(item.id for target in targets for item in ast.walk(target) if isinstance(item, ast.Name))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
    return names
