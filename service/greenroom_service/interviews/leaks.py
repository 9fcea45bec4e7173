"""Leaks: whether a reply of the interviewer gives code away. Pure.

Three looks, each at the whole of what was said so far, so that a leak in slices is seen:

1. No code line that the candidate does not have already: in their own buffer, the statement, the starter or a hint that
   they were given. This one finds nearly everything; it needs no knowledge of the reference.
2. A run of the reference's words in their order, for code that is spelled out in prose.
3. An expression of the reference's shape under other names, where it is too short to count as a line of code.

What never leaks: names, literals, calls with literal arguments (test inputs), and complexities such as O(n log n).
"""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Nodes of an expression from which on it is code rather than a way to name something.
_CODE_NODES = 5
#: Nodes from which on an expression's shape says something.
_SHAPE_NODES = 5
#: The reference's words in their order that make a run, and how many names must be among them.
_RUN = 7
_RUN_NAMES = 3
#: Letters without a blank that nobody says aloud: code in disguise.
_OPAQUE = 48
_FENCE = re.compile(r"^\s*(```|~~~)")
_INLINE = re.compile(r"`([^`\n]+)`")
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_BLANKS = re.compile(r"\s+")
_COMPLEXITY = re.compile(r"^(O|Θ|Ω|Theta|Omega)\(.*\)$")
_OPAQUE_WORD = re.compile(rf"[A-Za-z0-9+/=_-]{{{_OPAQUE},}}")
#: "n = 0" in prose names an input.
_INPUT = re.compile(
    r"""^\w+(?:==|=|<|>|<=|>=)(?:-?[\d_.]+\b|None\b|True\b|False\b|\[[^\]A-Za-z]*\]|'[^']*'|"[^"]*")(?![-+*/%(\[])"""
)
_SPACED_OUT = re.compile(r"(?:(?<=\s)|^)(?:\S[ \t]){11,}\S")
#: Code of any language in the middle of prose.
_BARE = (
    re.compile(r"\bdef\s+\w+\s*\(.*"),
    re.compile(r"\bclass\s+\w+\s*[(:].*"),
    re.compile(r"\b(?:for|async for)\s+\w+(?:\s*,\s*\w+)*\s+in\s+[^?]*?:\s*(?:$|\S+\s*[=(.].*)"),
    re.compile(r"\b(?:if|elif|while)\s+[^?!.,]*(?:[<>=!]=|[<>\[\](]|\bnot in\b)[^?!]*?:(?:\s|$)"),
    re.compile(r"\breturn\s+[\[({]?\w*(?:[\[(+*/%]|\.\w)[^?]*"),
    re.compile(r"\b(?:if|elif|while)\s+[\w.\[\]]+\s+is\s+(?:not\s+)?None:"),
    re.compile(r"\b(?:SELECT|GROUP BY|PARTITION BY|ORDER BY|LEFT JOIN|INNER JOIN|UNION ALL)\s+\w+[\w., ()]*"),
    re.compile(r"\bWITH\s+(?:RECURSIVE\s+)?\w+\s+AS\b"),
    re.compile(r"\b(?:WHERE|ON|HAVING|FROM)\s+\w+(?:\.\w+)?\s*(?:=|<|>|IS\b|IN\b|JOIN\b)"),
    re.compile(
        r"(?<![=<>!\w.])[A-Za-z_]\w*(?:\.\w+|\[[^\]\n]*\])*(?:\s*,\s*\w+(?:\[[^\]\n]*\])*)*\s*(?:[-+*/|&^%]|//|\*\*|<<|>>|:)?=(?!=)\s*[^\s=][^?\n]*"
    ),
    re.compile(r"\b\w+(?:\.\w+)+\((?=[^)\s])[^)\n]*\)"),
    re.compile(r"\b\w+(?:\.\w+)*\((?:[^()\n]|\([^()\n]*\))+\)"),
    re.compile(r"\b\w+\[[^\]\n]*[-+*/%][^\]\n]*\]"),
    re.compile(r"\[[^\]\n]+\bfor\s+\w+(?:\s*,\s*\w+)*\s+in\s[^\]\n]+\]"),
    re.compile(r"\blambda\b[^:?\n]*:"),
    re.compile(r"^\s*(?:let|const|var|int|auto|func|fn|function|public|private)\s+\w+.*[{;(=]"),
    re.compile(r"\bfor\s*\([^)]*;[^)]*;[^)]*\)"),
    re.compile(r"[;{]\s*$"),
    re.compile(r"\b(?:select|with)\s+.{1,200}\s+from\s+\w+.*\b(?:where|join|group by|order by|over)\b", re.IGNORECASE),
)


#: Calls that change something are steps of an algorithm, however short.
_CHANGES = frozenset(
    {
        *("append", "appendleft", "add", "extend", "insert", "push", "update", "setdefault"),
        *("pop", "popleft", "remove", "discard", "heappush", "heappop"),
    }
)


class Leak(StrEnum):
    """What was found."""

    CODE = "a line of code that the candidate does not have"
    WORDS = "the reference, spelled out"
    SHAPE = "an expression of the reference"
    OPAQUE = "text that nobody can read"


@dataclass(frozen=True)
class Guard:
    """Checks replies about one problem.

    Args:
        reference: the solution; empty where there is none (designs, stories).
        known: texts that the candidate may be shown: statement, starter, hints that were given.
        names: functions or classes whose calls with literals are test inputs.
    """

    reference: str = ""
    known: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()

    def check(self, reply: str, buffer: str) -> Leak | None:
        """What a reply gives away, None when nothing.

        Args:
            reply: everything that would have been said so far in this reply, in Markdown.
            buffer: the candidate's code as the server last saw it.
        """
        if _OPAQUE_WORD.search(reply) or _SPACED_OUT.search(reply):
            return Leak.OPAQUE
        allowed = self._known + _Known.of((buffer,))
        for piece, sure in pieces(reply):
            found = self._judge(piece, allowed, sure=sure)
            if found is not None:
                return found
        return Leak.WORDS if self._speaks_the_reference(reply, buffer) else None

    def _judge(self, piece: str, allowed: _Known, *, sure: bool) -> Leak | None:
        line = normal(piece)
        if not line or _COMPLEXITY.match(line) or allowed.has(line):
            return None
        if not sure and _INPUT.match(line):
            return None
        tree = parsed(line)
        if tree is None:
            return Leak.CODE if _looks_like_code(line, sure=sure) else None
        if self._harmless(tree, allowed):
            return None
        if _is_code(tree):
            return Leak.CODE
        shape = shape_of(tree)
        return Leak.SHAPE if weight(tree) >= _SHAPE_NODES and shape in self._shapes else None

    def _harmless(self, tree: ast.Module, allowed: _Known) -> bool:
        """Names, literals, test inputs; all that one says to ask about something."""
        if len(tree.body) != 1:
            return all(self._harmless(ast.Module([one], []), allowed) for one in tree.body)
        statement = tree.body[0]
        if isinstance(statement, ast.Expr):
            return self._plain(statement.value)
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            named = all(isinstance(one, ast.Name) and one.id in allowed.words for one in targets)
            return named and statement.value is not None and _literal(statement.value)
        return isinstance(statement, ast.Pass | ast.Break | ast.Continue | ast.Import | ast.ImportFrom) or (
            isinstance(statement, ast.Return) and (statement.value is None or _literal(statement.value))
        )

    def _plain(self, node: ast.expr) -> bool:
        if _literal(node) or isinstance(node, ast.Name):
            return True
        if isinstance(node, ast.Attribute):
            return self._plain(node.value)
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            return any(_literal(side) for side in sides) and all(self._plain(side) for side in sides)
        if isinstance(node, ast.Call):
            inputs = all(_literal(value) for value in [*node.args, *(one.value for one in node.keywords)])
            changes = isinstance(node.func, ast.Attribute | ast.Name) and _name_of(node.func) in _CHANGES and not inputs
            return (
                self._plain(node.func)
                and not changes
                and (inputs or (weight(node) <= _CODE_NODES and len(node.args) <= 1))
            )
        return False

    @cached_property
    def _known(self) -> _Known:
        return _Known.of(self.known)

    @cached_property
    def _shapes(self) -> frozenset[str]:
        tree = parsed(self.reference)
        if tree is None:
            return frozenset()
        found = (node for node in ast.walk(tree) if isinstance(node, ast.expr))
        return frozenset(shape_of(node) for node in found if weight(node) >= _SHAPE_NODES)

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(_code_words(self.reference))

    def _speaks_the_reference(self, reply: str, buffer: str) -> bool:
        vocabulary = set(self._words)
        if not vocabulary:
            return False
        runs = _windows(self._words)
        said = [word for word in _WORD.findall(reply) if word in vocabulary]
        own = _windows([word for text in (buffer, *self.known) for word in _WORD.findall(text) if word in vocabulary])
        return any(window in runs and window not in own for window in _windows(said))


@dataclass(frozen=True)
class _Known:
    """Lines and words that the candidate has."""

    lines: frozenset[str]
    joined: str
    words: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> _Known:
        lines = [normal(line) for text in texts for line in text.splitlines()]
        kept = [line for line in lines if line]
        return cls(frozenset(kept), "\n".join(kept), frozenset(_WORD.findall("\n".join(kept))))

    def __add__(self, other: _Known) -> _Known:
        return _Known(self.lines | other.lines, f"{self.joined}\n{other.joined}", self.words | other.words)

    def has(self, line: str) -> bool:
        """Whether a line, or a part of one that begins and ends with a word, stands there."""
        if line in self.lines or line.rstrip(":") in self.lines:
            return True
        at = self.joined.find(line)
        if at < 0 or len(line) < 2:
            return False
        before, after = self.joined[at - 1 : at], self.joined[at + len(line) : at + len(line) + 1]
        return not (before.isalnum() and line[0].isalnum()) and not (after.isalnum() and line[-1].isalnum())


def pieces(reply: str) -> Iterator[tuple[str, bool]]:
    """The parts of a reply that may be code, and whether they are marked as code."""
    fenced = False
    block: list[str] = []
    for line in reply.splitlines():
        if _FENCE.match(line):
            if fenced:
                yield from ((one, True) for one in _lines_of(block))
                block = []
            fenced = not fenced
        elif fenced:
            block.append(line)
        else:
            yield from ((span, True) for span in _INLINE.findall(line))
            prose = _INLINE.sub(" … ", line)
            yield from ((found[0], False) for pattern in _BARE for found in pattern.finditer(prose))
            if line.startswith(("    ", "\t")):
                yield line, True
    yield from ((one, True) for one in _lines_of(block))


def _lines_of(block: Sequence[str]) -> Iterator[str]:
    yield from (line for line in block if line.strip())


def normal(line: str) -> str:
    """A line without comment, prompt, indentation and needless blanks."""
    text = re.sub(r"\s+#.*$|^#.*$", "", line.strip())
    text = re.sub(r"^(?:>>>|\.\.\.|[-*•]|\d+[.)])\s+", "", text)
    text = _BLANKS.sub(" ", text).strip()
    return re.sub(r"\s*([-+*/%=<>!,:()\[\]{}|&^])\s*", r"\1", text).rstrip(".;")


def parsed(line: str) -> ast.Module | None:
    """A line as Python, completed where it is the head of a block; None when it is none."""
    heads = (
        line,
        f"{line.rstrip(':')}:\n pass",
        f"if True:\n pass\n{line.rstrip(':')}:\n pass",
        f"try:\n pass\n{line.rstrip(':')}:\n pass",
    )
    for text in heads:
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _looks_like_code(line: str, *, sure: bool) -> bool:
    if not sure:
        return True  # a pattern of _BARE found it
    return any(pattern.search(line) for pattern in _BARE) or bool(re.search(r"[{;]$|=>|:=|←|->|\+\+|--|&&|\|\|", line))


def _name_of(node: ast.Attribute | ast.Name) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id


def _is_code(tree: ast.Module) -> bool:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    if any(isinstance(called, ast.Attribute | ast.Name) and _name_of(called) in _CHANGES for called in calls):
        return True
    if any(not isinstance(statement, ast.Expr) for statement in tree.body):
        return True
    return weight(tree) > _CODE_NODES or any(
        isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda | ast.NamedExpr)
        for node in ast.walk(tree)
    )


def weight(tree: ast.AST) -> int:
    """Nodes that say something: names, constants, operations."""
    silent = (ast.expr_context, ast.Module, ast.Expr, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
    return sum(not isinstance(node, silent) for node in ast.walk(tree))


def shape_of(tree: ast.AST) -> str:
    """The tree with all names alike."""
    body = tree.body[0] if isinstance(tree, ast.Module) and len(tree.body) == 1 else tree
    node = body.value if isinstance(body, ast.Expr) else body
    text = ast.dump(node)
    return re.sub(r"ctx=\w+\(\)", "", re.sub(r"id='\w+'|arg='\w+'", "id", text))


def _literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return isinstance(node, ast.BinOp) and _literal(node.left) and _literal(node.right)
    return True


def _code_words(source: str) -> Iterator[str]:
    """Names and keywords of a program in their order, without comments and texts."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.NAME:
                yield token.string
    except (tokenize.TokenError, SyntaxError):
        return


def _windows(words: Sequence[str]) -> set[tuple[str, ...]]:
    found = (tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
    return {window for window in found if len({word for word in window if not keyword.iskeyword(word)}) >= _RUN_NAMES}
