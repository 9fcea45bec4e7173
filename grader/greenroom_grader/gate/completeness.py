"""What a problem must have before it is worth running: pure rules over the loaded text."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from greenroom_problems import Difficulty, Finding, Kind, authoring
from greenroom_problems.entry import defined_names
from greenroom_problems.statement import StatementError, statement_examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenroom_problems import Problem

HINTS: Final = 4
MINIMUM_WRONG: Final = 2
MINIMUM_EXAMPLES: Final = 2
MINIMUM_HIDDEN: Final = 10
#: Heading of the interviewer's notes and the least number of list items below it.
NOTES: Final = {"Probe": 3, "Follow-ups": 2, "Common mistakes": 2}
#: Growth worse than linear that a tighter bound exists for: such problems need a slow solution.
_EDITORIAL_PARTS: Final = ("**Idea.**", "**Cost.**")
COMPLEXITIES: Final = ("1", "log n", "n", "n log n", "n^2", "n^3", "2^n")

_HEADING = re.compile(r"^##\s+(?P<title>.+?)\s*$", re.MULTILINE)
_ITEM = re.compile(r"^[-*]\s+\S", re.MULTILINE)


def completeness(problem: Problem) -> list[Finding]:
    """Findings for what is missing or too thin."""
    file = problem.path.name if problem.path is not None else problem.id
    return [Finding(file=file, place=place, message=message, fix=fix) for place, message, fix in _missing(problem)]


def _missing(problem: Problem) -> Iterator[tuple[str, str, str]]:
    yield from _hints(problem)
    yield from _editorial(problem)
    yield from _notes(problem)
    if len(problem.wrong) < MINIMUM_WRONG:
        message = f"{len(problem.wrong)} of at least {MINIMUM_WRONG} wrong solutions"
        yield "", message, "add code cells tagged 'wrong' with the verdict that each must get"
    for wrong in problem.wrong:
        if not wrong.why or wrong.name.startswith("wrong in cell"):
            yield f"wrong solution {wrong.name!r}", "no name or no why", "say in a sentence what is wrong with it"
    yield from _examples(problem)
    yield from _growth(problem)
    yield from _setup(problem)


def _hints(problem: Problem) -> Iterator[tuple[str, str, str]]:
    given = [hint for hint in problem.hints if hint]
    if len(given) < HINTS:
        yield "front matter", f"{len(given)} of {HINTS} hints", "write a ladder from a question to an outline"
    elif len(set(given)) < HINTS:
        yield "front matter", "two hints are the same", "make each a step of its own"


def _editorial(problem: Problem) -> Iterator[tuple[str, str, str]]:
    if not problem.editorial:
        yield "", "no editorial", "add a Markdown cell tagged 'editorial' that explains the idea and its cost"
        return
    for part in _EDITORIAL_PARTS:
        if part not in problem.editorial:
            yield "editorial", f"no paragraph that begins {part}", "see 'Editorial' in notebooks/README.md"


def _notes(problem: Problem) -> Iterator[tuple[str, str, str]]:
    if not problem.interviewer:
        yield "", "no interviewer notes", f"add a Markdown cell tagged 'interviewer' with {', '.join(NOTES)}"
        return
    items = notes_items(problem.interviewer)
    for title, least in NOTES.items():
        if items.get(title, 0) < least:
            message = f"'## {title}' has {items.get(title, 0)} of at least {least} items"
            yield "interviewer", message, "write them as a list, one per line with '- '"


def notes_items(text: str) -> dict[str, int]:
    """How many list items stand below each second-level heading."""
    headings = list(_HEADING.finditer(text))
    ends = [*(item.start() for item in headings[1:]), len(text)]
    return {item["title"]: len(_ITEM.findall(text[item.end() : end])) for item, end in zip(headings, ends, strict=True)}


def _examples(problem: Problem) -> Iterator[tuple[str, str, str]]:
    if problem.kind is Kind.CELLS:
        return
    try:
        shown = [item for item in statement_examples(problem.statement) if item.want or item.raises]
    except StatementError as error:
        yield "statement", f"the example cannot be read: {error}", "write it as a doctest with '>>> ' prompts"
        return
    if len(shown) < MINIMUM_EXAMPLES:
        message = f"{len(shown)} of at least {MINIMUM_EXAMPLES} examples"
        yield "statement", message, "write them in a ```python block with '>>> ' and the result below"


def _growth(problem: Problem) -> Iterator[tuple[str, str, str]]:
    if not problem.complexity:
        return
    if problem.complexity not in COMPLEXITIES:
        yield (
            "front matter",
            f"complexity {problem.complexity!r} is not known",
            f"write one of {', '.join(COMPLEXITIES)}",
        )
    if not _defines(problem.tests, "generate"):
        fix = "add 'def generate(rng, size)', or leave complexity out"
        yield "tests", "a complexity and no generator", fix
    if not problem.slow and problem.difficulty is not Difficulty.EASY:
        fix = "add a correct one that is too slow, or leave complexity out"
        yield "", "a complexity and no slow solution", fix


def _setup(problem: Problem) -> Iterator[tuple[str, str, str]]:
    """Boxes have these names already; a notebook that is run by hand has them from its setup cell."""
    sources = [problem.given, problem.starter, problem.solution, problem.tests, problem.slow]
    sources += [wrong.source for wrong in problem.wrong]
    used = {
        node.id
        for source in sources
        for node in _nodes(source)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    imported = {
        alias.name
        for node in _nodes(problem.setup)
        if isinstance(node, ast.ImportFrom) and node.module == authoring.__name__
        for alias in node.names
    }
    if "*" in imported:
        return
    missing = sorted((used & set(authoring.__all__)) - imported - _bound(sources))
    if missing:
        names = ", ".join(missing)
        fix = f"put a code cell tagged 'setup' below the statement: from greenroom_problems.authoring import {names}"
        yield "", f"the notebook does not run by hand: {names} is not imported", fix


def _nodes(source: str) -> Iterator[ast.AST]:
    try:
        yield from ast.walk(ast.parse(source))
    except SyntaxError:
        return


def _bound(sources: list[str]) -> set[str]:
    """Names that cells bind themselves, as a problem may that brings its own ``ListNode``."""
    return {name for source in sources for name in authoring.__all__ if _defines(source, name)}


def _defines(source: str, name: str) -> bool:
    try:
        return name in defined_names(source)
    except SyntaxError:
        return False


def visible_calls(problem: Problem) -> list[tuple[object, ...]]:
    """Argument tuples of calls of the first function, with literal arguments, in the statement's examples."""
    calls: list[tuple[object, ...]] = []
    try:
        examples = statement_examples(problem.statement)
    except StatementError:
        return calls
    for example in examples:
        for node in ast.walk(ast.parse(example.source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == problem.entry.name:
                try:
                    calls.append(tuple(ast.literal_eval(argument) for argument in node.args))
                except (ValueError, TypeError):
                    continue
    return calls
