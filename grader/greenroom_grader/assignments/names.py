"""Which names a cell binds and which it reads, by Python's own symbol tables. Pure; nothing is executed."""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

#: Names that IPython gives every cell.
SHELL_NAMES = frozenset({"get_ipython", "display", "In", "Out", "_", "__", "___", "exit", "quit"})
GIVEN = frozenset(dir(builtins)) | SHELL_NAMES | {"__name__", "__file__", "__doc__"}
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the module's namespace that one cell touches."""

    #: Assigned, imported, defined or deleted.
    binds: frozenset[str] = frozenset()
    #: Read at the top level or inside functions.
    loads: frozenset[str] = frozenset()
    #: Bound by an import: the name, and the statement that binds only it.
    imports: dict[str, str] = field(default_factory=dict)
    #: Bound by a class statement: the name, and the special methods that the class has.
    classes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Called directly, ``f(...)``.
    calls: frozenset[str] = frozenset()
    #: ``from x import *``: it may bind anything.
    star: bool = False
    #: Deleted by a ``del`` statement, whether or not they are bound again.
    deletes: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def names_of(source: str) -> Names:
    """The names of one code cell; for one that does not compile, every word counts as read."""
    plain = _compilable(source)
    if plain is None:
        return Names(loads=words_of(source))
    tree, table, has_magics = plain
    binds: set[str] = set()
    # A magic's own code is a string to Python: %time f(1) reads f.
    loads: set[str] = set(words_of(source)) if has_magics else set()
    _collect(table, binds, loads)
    imports: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.update((name, text) for name, text in _imported(node).items() if name in binds)
    star = any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree))
    classes = {node.name: _special_methods(node) for node in tree.body if isinstance(node, ast.ClassDef)}
    called = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    calls = frozenset(function.id for function in called if isinstance(function, ast.Name))
    deletes = frozenset(name for node in ast.walk(tree) if isinstance(node, ast.Delete) for name in _deleted(node))
    return Names(frozenset(binds), frozenset(loads), imports, classes, calls, star, deletes & binds)


def words_of(source: str) -> frozenset[str]:
    """Every word of a text that could be a name."""
    return frozenset(_WORD.findall(source))


def _compilable(source: str) -> tuple[ast.Module, symtable.SymbolTable, bool] | None:
    for transform in (str, _without_magics):
        try:
            text = transform(source)
            return ast.parse(text), symtable.symtable(text, "cell", "exec"), transform is _without_magics
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _without_magics(source: str) -> str:
    """The cell as IPython would compile it: magics and shell lines made into calls."""
    from IPython.core.inputtransformer2 import TransformerManager  # noqa: PLC0415 - slow, and few cells need it

    manager: Any = TransformerManager()  # type: ignore[no-untyped-call]  # IPython does not annotate it
    return str(manager.transform_cell(source))


def _collect(table: symtable.SymbolTable, binds: set[str], loads: set[str]) -> None:
    is_module = table.get_type() == "module"
    for symbol in table.get_symbols():
        if not is_module and not symbol.is_global():
            continue
        if symbol.is_assigned() or symbol.is_imported():
            binds.add(symbol.get_name())
        if symbol.is_referenced():
            loads.add(symbol.get_name())
    for child in table.get_children():
        _collect(child, binds, loads)


def _deleted(node: ast.Delete) -> set[str]:
    return {target.id for target in node.targets if isinstance(target, ast.Name)}


def _special_methods(node: ast.ClassDef) -> tuple[str, ...]:
    functions = (item.name for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef))
    found = {name for name in functions if name.startswith("__") and name.endswith("__")}
    decorators = " ".join(ast.unparse(decorator) for decorator in node.decorator_list)
    if "dataclass" in decorators:
        found |= {"__eq__", "__repr__"}
    if "order=True" in decorators or "total_ordering" in decorators:
        found |= {"__lt__", "__le__", "__gt__", "__ge__"}
    return tuple(sorted(found))


def _imported(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
    found: dict[str, str] = {}
    for alias in node.names:
        if alias.name == "*":
            continue
        one = ast.alias(name=alias.name, asname=alias.asname)
        if isinstance(node, ast.Import):
            statement: ast.stmt = ast.Import(names=[one])
            bound = alias.asname or alias.name.partition(".")[0]
        else:
            statement = ast.ImportFrom(module=node.module, names=[one], level=node.level)
            bound = alias.asname or alias.name
        found[bound] = ast.unparse(ast.fix_missing_locations(statement))
    return found
