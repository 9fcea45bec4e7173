"""Reports: what the judge says about one submission. Plain frozen data; every field can be stored as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from greenroom_problems.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport:
    """One case of a submission, already cut to what the student may see."""

    index: int
    name: str
    visible: bool
    verdict: Verdict
    cpu_ms: float
    wall_ms: float
    #: The call as Python source, e.g. ``two_sum([2, 7], 9)``; None where the problem does not reveal it.
    call: str | None = None
    #: repr of the expected value; None where the problem does not reveal it.
    expected: str | None = None
    #: repr of what the student's code returned; None when it returned nothing comparable.
    actual: str | None = None
    #: Unified or grid diff of expected and actual, where one helps.
    diff: str | None = None
    #: What the student's code printed during this case, cut to the output limit.
    stdout: str = ""
    #: The student's traceback, cut to their own frames; empty when nothing was raised.
    traceback: str = ""
    #: One sentence: what happened and what to look at.
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthPoint:
    """One measured size: CPU milliseconds of the submission and of the reference."""

    size: int
    cpu_ms: float
    reference_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How the running time grows with the size of the input."""

    #: The fitted class, e.g. ``n^2``; ``unclear`` when the fit does not separate.
    label: str
    target: str
    #: ``about n^2, target n log n``.
    message: str
    points: tuple[GrowthPoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The verdict on one submission, and everything that explains it."""

    problem: str
    verdict: Verdict
    score: float
    max_score: float
    passed: int
    total: int
    cpu_ms: float
    wall_ms: float
    memory_kb: int
    #: The sandbox level it ran under, e.g. ``bwrap+clone+seccomp+cgroup``.
    isolation: str
    cases: tuple[CaseReport, ...]
    #: One sentence for the student.
    message: str = ""
    #: The smallest failing case that was found, shrunk from the first failing one; None when accepted.
    failing: CaseReport | None = None
    growth: Growth | None = None
    #: Digest of the problem version that was judged.
    digest: str = ""
