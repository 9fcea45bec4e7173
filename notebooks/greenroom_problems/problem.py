"""A problem: the frozen, typed object that a problem notebook is loaded into.

A problem is made of text. Nothing here runs its code: the tests cell and the reference are run by the grader, in a box,
when the problem is published.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from greenroom_problems.verdict import Verdict


class Difficulty(StrEnum):
    """How hard a problem is for the student it is meant for."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Kind(StrEnum):
    """What a student writes."""

    #: One or several functions; a case is one call of one of them.
    FUNCTION = "function"
    #: A class; a case is its construction and a sequence of method calls.
    CLASS = "class"
    #: Notebook cells, graded by assert cells in the manner of nbgrader.
    CELLS = "cells"


class Match(StrEnum):
    """How an actual value is compared with the expected one, always in the trusted process."""

    #: Same type, same value, all the way down; floats bit for bit (NaN equals NaN).
    EXACT = "exact"
    #: The outermost list is a multiset.
    UNORDERED = "unordered"
    #: Every list, at every depth, is a multiset.
    UNORDERED_DEEP = "unordered_deep"
    #: Floats within a relative or absolute tolerance; all else exact.
    TOLERANCE = "tolerance"
    #: The expected value is a list of acceptable answers.
    ANY_OF = "any_of"
    #: A function of the problem's tests cell decides, in a box of its own.
    CHECKER = "checker"


class Reveal(StrEnum):
    """What a failed hidden case may show to the student."""

    #: The call, the expected value and the actual one.
    ALL = "all"
    #: The call and the actual value, not the expected one.
    INPUT = "input"
    #: Only that a hidden case failed, and its verdict.
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of an entry point."""

    name: str
    #: The annotation as written, e.g. ``list[int]`` or ``ListNode | None``.
    annotation: str
    #: Source text of the default, None when there is none.
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A function or method that cases call."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: str
    is_async: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the student's code must define."""

    #: The class for Kind.CLASS, the first function for Kind.FUNCTION, empty for Kind.CELLS.
    name: str
    #: Functions, or ``__init__`` and the methods of the class, in the order they are written.
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How actual values are compared."""

    match: Match = Match.EXACT
    #: Relative and absolute tolerance, for Match.TOLERANCE.
    relative: float = 1e-9
    absolute: float = 1e-9
    #: Name of the checker function in the tests cell, for Match.CHECKER.
    checker: str = ""
    #: Compare the arguments after the call as well (in-place problems). Indices of the parameters.
    mutated: tuple[int, ...] = ()
    #: False when only the mutated arguments count, not what the call returns.
    result: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one submission may use."""

    #: CPU seconds of one case; the wall limit is derived from it, generously.
    cpu_seconds: float = 2.0
    memory_mb: int = 256
    output_kb: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongSolution:
    """A solution of the kind that people really write, and the verdict that it must get."""

    name: str
    source: str
    verdict: Verdict
    #: Why it is wrong, in a sentence.
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertCell:
    """One test cell of a Kind.CELLS problem."""

    grade_id: str
    points: float
    source: str
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalentMutant:
    """A mutant of the reference that the author says no test can kill, and why."""

    #: The line of the mutant's source that differs, stripped.
    line: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Everything an author wrote about one problem."""

    id: str
    title: str
    difficulty: Difficulty
    topics: tuple[str, ...]
    kind: Kind
    entry: Entry
    comparison: Comparison
    limits: Limits
    #: Target complexity as written, e.g. ``n log n``; empty when growth says nothing about this problem.
    complexity: str
    #: Four hints, from a question to an outline.
    hints: tuple[str, str, str, str]
    source: str
    license: str
    statement: str
    starter: str
    #: The reference.
    solution: str
    #: Source of the tests cell: ``examples``, ``hidden``, ``generate``, ``valid``, a checker; see notebooks/README.md.
    tests: str
    wrong: tuple[WrongSolution, ...]
    #: Source of a solution that must hit the time limit; empty where complexity does not matter.
    slow: str
    editorial: str
    interviewer: str
    reveal: Reveal = Reveal.ALL
    #: Code that students get and keep, for example a virtual clock; starter, solution, wrong and slow begin with it.
    given: str = ""
    #: What makes the author's notebook run by hand; never part of a program that is judged.
    setup: str = ""
    #: The zygote that carries what the problem imports: ``plain`` or ``data`` (numpy and pandas).
    zygote: str = "plain"
    #: For Kind.CELLS.
    cells: tuple[AssertCell, ...] = ()
    equivalent: tuple[EquivalentMutant, ...] = ()
    #: SHA-256, hex, of what the file says, whatever its layout: the identity of this version of the problem.
    digest: str = ""
    #: Where it was read from; not part of its identity.
    path: Path | None = field(default=None, compare=False)
