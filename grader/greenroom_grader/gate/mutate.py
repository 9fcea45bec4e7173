"""Mutants of a reference: the same program with one small mistake. Pure; nothing is run here.

The operators are those of classic mutation testing (comparison, boundary, arithmetic, boolean, constant, return, jump,
condition, index, slice, statement deletion; see Jia and Harman, "An Analysis and Survey of the Development of Mutation
Testing", 2011). A query in SQL, where it stands in the program as one text, is changed as well. A mutant replaces the
text of one node, so that its lines are those that the author wrote.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from greenroom_grader.gate.mutate_sql import is_query, sql_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMPARISONS: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
_CALLS: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
#: Calls whose first argument may stand for the whole.
_WRAPPERS: Final = frozenset({"sorted", "reversed", "abs", "set", "frozenset", "int", "round"})
#: A replaced expression inside one of these needs no parentheses.
_LOOSE: Final = (ast.Call, ast.keyword, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Subscript, ast.Slice, ast.stmt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """The reference with one change."""

    source: str
    #: 1-based line of the source that differs first.
    line: int
    #: That line before and after, stripped.
    before: str
    after: str
    #: Kind of change, e.g. ``comparison``.
    operator: str

    def __str__(self) -> str:
        """How survivors are listed."""
        return f"line {self.line}: {self.before!r} became {self.after!r} ({self.operator})"


@dataclass(frozen=True, slots=True)
class _Change:
    node: ast.AST
    text: str
    operator: str


def mutants(source: str, *, skip: str = "") -> list[Mutant]:
    """Every mutant of a module that compiles and differs from it, in the order of the text.

    ``skip`` is a prefix of the source that is left alone (what students are given).

    Raises:
        SyntaxError: the source is not Python.

    """
    tree = ast.parse(source)
    known = {ast.dump(tree)}
    first_line = skip.count("\n") + 1 if skip else 1
    text = source.encode()
    starts = _line_starts(text)
    found = []
    for change in (*_Walk(first_line, tree).changes(tree), *_queries(tree, source, first_line)):
        mutated = _replace(text, starts, change)
        try:
            form = ast.dump(ast.parse(mutated))
            compile(mutated, "mutant", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        if form not in known:
            known.add(form)
            found.append(_mutant(source, mutated, change.operator))
    return found


def _queries(tree: ast.AST, source: str, first_line: int) -> Iterator[_Change]:
    """Changes of SQL that stands in the program as a text; of one with escapes, places would not be reliable."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.lineno >= first_line):
            continue
        text = ast.get_source_segment(source, node)
        if text is None or "\\" in text or not is_query(node.value):
            continue
        before = text.find(node.value)  # the quotes; -1 where several texts stand one after another
        if before < 0:
            continue
        for begin, end, replacement, kind in sql_changes(node.value):
            yield _Change(node, f"{text[: before + begin]}{replacement}{text[before + end :]}", f"sql {kind}")


def _line_starts(text: bytes) -> list[int]:
    starts = [0]
    for line in text.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _replace(text: bytes, starts: list[int], change: _Change) -> str:
    node = change.node
    begin = starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]  # every changed node has a place
    end = starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]  # same
    return (text[:begin] + change.text.encode() + text[end:]).decode()


def _mutant(source: str, mutated: str, operator: str) -> Mutant:
    before, after = source.split("\n"), mutated.split("\n")
    line = next(
        (number for number, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), len(after) - 1
    )
    return Mutant(
        source=mutated, line=line + 1, before=before[line].strip(), after=after[line].strip(), operator=operator
    )


class _Walk:
    """Goes through a tree and names the changes to make."""

    def __init__(self, first_line: int, tree: ast.AST) -> None:
        self._first_line = first_line
        self._bound = Counter(
            node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        )
        self._bound.update(node.arg for node in ast.walk(tree) if isinstance(node, ast.arg))

    def changes(self, node: ast.AST, parent: ast.AST | None = None) -> Iterator[_Change]:
        """All changes below a node, outer ones first."""
        if _is_left_alone(node, parent):
            return
        if getattr(node, "lineno", self._first_line) >= self._first_line:
            yield from self._of(node, parent)
        for child in _children(node):
            yield from self.changes(child, node)

    def _of(self, node: ast.AST, parent: ast.AST | None) -> Iterator[_Change]:
        if isinstance(node, ast.expr):
            for operator, new in _expressions(node, parent):
                yield _Change(node, _text(new, parent), operator)
            test = _tested(parent, node)
            if test and not isinstance(node, ast.Compare | ast.Constant):
                yield _Change(node, f"not ({ast.unparse(node)})", "condition")
        elif isinstance(node, ast.stmt):
            for operator, text in _statements(node):
                yield _Change(node, text, operator)
            if self._removable(node):
                yield _Change(node, "pass", "statement")

    def _removable(self, node: ast.stmt) -> bool:
        """Whether the program may still mean something without it; the only binding of a name would just be missed."""
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            return all(self._bound[name] > 1 for name in names)
        return isinstance(node, ast.Expr | ast.AugAssign | ast.Raise | ast.Delete)


def _text(node: ast.expr, parent: ast.AST | None) -> str:
    text = ast.unparse(node)
    simple = isinstance(node, ast.Constant | ast.Name | ast.Call | ast.Subscript)
    return text if simple or isinstance(parent, _LOOSE) or parent is None else f"({text})"


def _is_left_alone(node: ast.AST, parent: ast.AST | None) -> bool:
    """Text that no test should look at, and f-strings, whose parts have no reliable place before Python 3.12."""
    if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom | ast.Global | ast.Nonlocal | ast.arguments):
        return not isinstance(node, ast.arguments) or not (node.defaults or node.kw_defaults)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(parent, ast.keyword) and parent.arg == "strict":
        return True  # zip's own assertion
    return isinstance(node, ast.Constant) and isinstance(parent, ast.Raise)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params", "ctx", "bases"}:
            continue
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            continue  # the exception's arguments are its message
        items = value if isinstance(value, list) else [value]
        yield from (item for item in items if isinstance(item, ast.AST))


def _tested(parent: ast.AST | None, node: ast.expr) -> bool:
    """Whether the expression decides which way to go."""
    if isinstance(parent, ast.If | ast.While | ast.IfExp):
        return parent.test is node
    return isinstance(parent, ast.comprehension) and node in parent.ifs


def _expressions(node: ast.expr, parent: ast.AST | None) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Compare):
        yield from _comparisons(node)
    elif isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        yield "arithmetic", ast.BinOp(left=node.left, op=_ARITHMETIC[type(node.op)](), right=node.right)
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "boolean", ast.BoolOp(op=other, values=node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield ("boolean" if isinstance(node.op, ast.Not) else "arithmetic"), node.operand
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield from _indices(node)
    elif isinstance(node, ast.Call):
        yield from _calls(node)
    elif isinstance(node, ast.IfExp) and not isinstance(parent, ast.IfExp):
        yield "condition", node.body


def _comparisons(node: ast.Compare) -> Iterator[tuple[str, ast.expr]]:
    for index, operation in enumerate(node.ops):
        for number, other in enumerate(_COMPARISONS[type(operation)]):
            changed = copy.copy(node)
            changed.ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
            boundary = number == 0 and isinstance(operation, ast.Lt | ast.LtE | ast.Gt | ast.GtE)
            yield ("boundary" if boundary else "comparison"), changed


def _constants(node: ast.Constant) -> Iterator[tuple[str, ast.expr]]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(value=not value)
    elif isinstance(value, int):
        yield "constant", ast.Constant(value=value + 1)
        yield "constant", ast.Constant(value=value - 1)
    elif isinstance(value, float) and abs(value) < 1e300:
        yield "constant", ast.Constant(value=value + 1.0)


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in _CALLS:
        swapped = ast.Name(id=_CALLS[name], ctx=ast.Load())
        yield "call", ast.Call(func=swapped, args=node.args, keywords=node.keywords)
    if name in _WRAPPERS and len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
        yield "call", node.args[0]
    for index, keyword in enumerate(node.keywords):
        if keyword.arg in {"key", "reverse", "default", "start", "maxsplit"}:
            rest = [*node.keywords[:index], *node.keywords[index + 1 :]]
            yield "call", ast.Call(func=node.func, args=node.args, keywords=rest)


def _indices(node: ast.Subscript) -> Iterator[tuple[str, ast.expr]]:
    index = node.slice
    if isinstance(index, ast.Slice):
        for name in ("lower", "upper", "step"):
            if getattr(index, name) is not None:
                changed = copy.copy(index)
                setattr(changed, name, None)
                yield "slice", ast.Subscript(value=node.value, slice=changed, ctx=ast.Load())
        for name in ("lower", "upper"):
            bound = getattr(index, name)
            if bound is not None and not isinstance(bound, ast.Constant | ast.UnaryOp | ast.BinOp):
                changed = copy.copy(index)
                setattr(changed, name, _plus_one(bound))
                yield "slice", ast.Subscript(value=node.value, slice=changed, ctx=ast.Load())
    elif isinstance(index, ast.Name):
        yield "index", ast.Subscript(value=node.value, slice=_plus_one(index), ctx=ast.Load())


def _plus_one(node: ast.expr) -> ast.expr:
    return ast.BinOp(left=node, op=ast.Add(), right=ast.Constant(value=1))


def _statements(node: ast.stmt) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return", "return None"
    elif isinstance(node, ast.Break):
        yield "jump", "continue"
    elif isinstance(node, ast.Continue):
        yield "jump", "break"
    elif isinstance(node, ast.AugAssign) and type(node.op) in _ARITHMETIC:
        changed = copy.copy(node)
        changed.op = _ARITHMETIC[type(node.op)]()
        yield "arithmetic", ast.unparse(changed)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
