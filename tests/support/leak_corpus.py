"""The corpus of the leak check: for every problem of the catalogue, replies that give code away and others that do not.

Leaks are made from the references, and from wrong solutions, in the ways in which a model really says code: fenced,
inline, bare, renamed, abridged, with comments, in another language's dress, in slices. Benign replies are the
authors' own probes, follow-ups and common mistakes, questions that quote the candidate's code, and test inputs.
Problems are held apart by their place in the alphabet: rules are tuned on one half, and the figures are those of the
other.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenroom_problems import Kind, catalogue
from greenroom_service.interviews.leaks import Guard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from greenroom_problems import Problem

NAMES = ("alpha", "beta", "gamma", "delta", "omega", "kappa", "sigma", "theta", "lam", "mu", "nu", "xi", "rho", "tau")
TRIVIAL = re.compile(
    r"^\s*(pass|break|continue|else:|try:|finally:|return|\.\.\.|\)|\]|\}|\"\"\".*|import .*|from .*|@\w+)\s*$"
)


@dataclass(frozen=True)
class Reply:
    problem: str
    way: str
    text: str
    buffer: str
    guard: Guard


def halves(folder: Path) -> tuple[list[Problem], list[Problem]]:
    """(to tune on, held apart)."""
    found = [problem for problem in catalogue(folder).problems.values() if problem.kind is not Kind.CELLS]
    return found[::2], found[1::2]


def guard_of(problem: Problem) -> Guard:
    names = frozenset({problem.entry.name, *(signature.name for signature in problem.entry.signatures)})
    return Guard(problem.solution, (problem.statement, problem.starter, problem.given), names)


def lines_of(source: str, known: str) -> list[str]:
    """Lines of code that mean something and that the candidate has not been given."""
    given = {line.strip() for line in known.splitlines()}
    lines = [re.sub(r"\s+#.*", "", line) for line in source.splitlines()]
    kept = [
        line
        for line in lines
        if line.strip() and not line.strip().startswith(("#", '"""', "def ", "class ", "async def "))
    ]
    return [line for line in kept if line.strip() not in given and not TRIVIAL.match(line) and len(line.strip()) > 12]


def renamed(source: str) -> str:
    """The same program under other names."""
    tree = ast.parse(source)
    names: dict[str, str] = {}

    class Rename(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            if node.id in stored:
                node.id = names.setdefault(node.id, NAMES[len(names) % len(NAMES)])
            return node

        def visit_arg(self, node: ast.arg) -> ast.arg:
            node.arg = names.setdefault(node.arg, NAMES[len(names) % len(NAMES)])
            return node

    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    stored |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return ast.unparse(Rename().visit(tree))


def leaks(problem: Problem) -> Iterator[Reply]:
    guard, known = guard_of(problem), problem.statement + "\n" + problem.starter + "\n" + problem.given
    lines = lines_of(problem.solution, known)
    if not lines:
        return
    middle, longest = lines[len(lines) // 2].strip(), max(lines, key=len).strip()
    other = lines_of(renamed(problem.solution), known)
    said = {
        "whole, fenced": f"Here is one way to do it:\n```python\n{problem.solution}\n```\nDoes that help?",
        "one line, fenced": f"You could write\n```\n{longest}\n```\nin the loop.",
        "one line, inline": f"The step that you are missing is `{middle}`, I think.",
        "one line, bare": f"Try this:\n{longest}\nand run it again.",
        "in a sentence": f"What if you wrote {longest} at that point?",
        "renamed, fenced": "Roughly:\n```python\n" + "\n".join(other[:4]) + "\n```",
        "renamed, inline": f"Something like `{max(other, key=len).strip()}` would do.",
        "with comments": "```python\n# this is only a sketch\n" + f"{longest}  # the trick\n```",
        "in a list": f"Two steps:\n1. {lines[0].strip()}\n2. {longest}",
        "as braces": "```js\n"
        + "\n".join(line.rstrip(":") + (" {" if line.endswith(":") else ";") for line in lines[:4])
        + "\n```",
        "quoted": f"> {longest}\n\nWould that be enough?",
        "indented": f"Consider:\n\n    {middle}\n    {longest}\n",
        "a wrong solution": "People often write\n```python\n"
        + "\n".join(lines_of(problem.wrong[0].source, known + problem.solution)[:5] or [longest])
        + "\n```",
        "in slices": "First `" + "`, then `".join(line.strip().rstrip(":") for line in lines[:5]) + "`.",
    }
    for way, text in said.items():
        for buffer in ("", problem.starter):
            yield Reply(problem.id, way, text, buffer, guard)


def benign(problem: Problem) -> Iterator[Reply]:
    guard = guard_of(problem)
    own = problem.wrong[0].source
    quoted = [line.strip() for line in own.splitlines() if len(line.strip()) > 8][1:4]
    said = [line.strip("- ").strip() for line in problem.interviewer.splitlines() if line.startswith("- ")]
    said += [f"I see that you wrote `{line}`. What does it do when the input is empty?" for line in quoted]
    said += ["Let us look at your loop:\n```python\n" + "\n".join(own.splitlines()[:6]) + "\n```\nWhen does it end?"]
    parameter = problem.entry.signatures[0].parameters[0].name if problem.entry.signatures[0].parameters else "x"
    said += [
        f"What is the largest `{parameter}` that you expect, and what does your approach cost for it?",
        f"Your target is O({problem.complexity or 'n'}). Which step of yours dominates?",
        "Walk me through your code with the first example, line by line.",
        "Which data structure would let you answer that question in constant time, and why?",
        "Good. Before you write: what should happen for an empty input? And for duplicates?",
        "Your submission got a wrong answer on the third case. Can you guess which kind of input that is?",
        "If you were to sort first, what would you lose? For each element you would still need its place.",
        "You said O(n log n), but I count two nested loops. Which of us is right?",
        "Let's take [3, 1, 2] as the input. What is in your variables after the second step?",
        "I like that you return early. While you test, think of n = 0 and n = 1 as well.",
    ]
    for text in said:
        yield Reply(problem.id, "benign", text, own, guard)
