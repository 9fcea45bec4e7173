"""Checks of what a tests cell makes and allows: generator, ``valid``, checker. In boxes, like all authors' code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from greenroom_grader.authored import LIMITS, Authored, explain
from greenroom_grader.compare import equal
from greenroom_grader.errors import PublishError, SandboxError
from greenroom_grader.package import judged
from greenroom_grader.sandbox.interface import Ending
from greenroom_grader.session import Session, box_limits
from greenroom_problems import Finding, Kind, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenroom_grader.package import Package, Step
    from greenroom_grader.sandbox.interface import Sandbox
    from greenroom_problems import Problem

#: Seed and size of the inputs that are generated twice.
DRAWS: Final = ((1, 1), (2, 2), (3, 3), (4, 5), (5, 8), (6, 20), (7, 60))

#: Inputs of these sizes are drawn at once by a generator that is of use; the author's cell itself may take as long.
GENERATOR_LIMITS: Final = replace(LIMITS, cpu_seconds=5.0, wall_seconds=30.0)

#: What a careless program returns; no checker may accept these or fall over them.
JUNK: Final[tuple[object, ...]] = (None, "", 0, -1.5, [], [None], ["a", 1, None], {}, (), [[]])


def check_inputs(sandbox: Sandbox, problem: Problem, package: Package) -> list[Finding]:
    """Findings about generator, ``valid`` and checker.

    Raises:
        SandboxError: no box could be had.
    """
    if problem.kind is Kind.CELLS:
        return []
    file = problem.path.name if problem.path is not None else problem.id
    return [
        Finding(file=file, place="tests", message=message, fix=fix)
        for message, fix in _Inputs(sandbox, problem, package).findings()
    ]


class _Inputs:
    def __init__(self, sandbox: Sandbox, problem: Problem, package: Package) -> None:
        self._sandbox = sandbox
        self._problem = problem
        self._package = package

    def findings(self) -> Iterator[tuple[str, str]]:
        if "generate" in self._package.helpers:
            yield from self._generator()
        if "valid" in self._package.helpers:
            yield from self._cases_valid()
        else:
            yield "does not define valid", "write 'def valid(...)', which says whether an input is allowed"
        if self._package.comparison.match is Match.CHECKER:
            yield from self._checker()

    def _authored(self) -> Authored:
        problem = self._problem
        return Authored(
            self._sandbox,
            tests=problem.tests,
            kind=problem.kind,
            entry=problem.entry,
            zygote=problem.zygote,
            limits=GENERATOR_LIMITS,
        )

    def _draw(self, draws: tuple[tuple[int, int], ...]) -> dict[tuple[int, int], tuple[Step, ...]]:
        with self._authored() as authored:
            drawn = {}
            for seed, size in draws:
                try:
                    drawn[seed, size] = authored.generate(seed, size).steps
                except PublishError as error:
                    raise PublishError(f"generate(rng, {size}) fails: {error}") from error
        return drawn

    def _generator(self) -> Iterator[tuple[str, str]]:
        try:
            # In another order the second time: state that is kept between calls shows as well.
            first, second = self._draw(DRAWS), self._draw(DRAWS[::-1])
        except PublishError as error:
            yield str(error), "make it finish, quickly, for every size from 1"
            return
        for (seed, size), steps in first.items():
            if not _same(steps, second[seed, size]):
                yield (
                    f"generate(rng, {size}) is not deterministic",
                    "use nothing but rng: no random module, no set order, no clock",
                )
                return
        yield from self._generated_valid(first)
        yield from self._generated_answered(first)

    def _generated_valid(self, drawn: dict[tuple[int, int], tuple[Step, ...]]) -> Iterator[tuple[str, str]]:
        if "valid" not in self._package.helpers:
            return
        with self._authored() as authored:
            for (_, size), steps in drawn.items():
                if not _valid(authored, steps):
                    yield f"generate(rng, {size}) gives an input that valid refuses", "correct one of the two"
                    return

    def _generated_answered(self, drawn: dict[tuple[int, int], tuple[Step, ...]]) -> Iterator[tuple[str, str]]:
        """The reference must survive what the stress test will send."""
        limits = box_limits(self._package.limits)
        with Session(self._sandbox, self._package, self._package.reference, limits=limits) as session:
            for (_, size), steps in drawn.items():
                try:
                    last = session.play(steps, lambda _number, _outcome: True).last
                except ValueError as error:
                    yield f"generate(rng, {size}) gives what the entry cannot take: {error}", ""
                    return
                if last.ending not in {Ending.RETURNED, Ending.RAISED}:
                    yield f"the reference does not answer generate(rng, {size}): {explain(last)}", "make inputs smaller"
                    return

    def _cases_valid(self) -> Iterator[tuple[str, str]]:
        with self._authored() as authored:
            for case in self._package.cases:
                if not _valid(authored, case.steps):
                    yield f"{case.name} is an input that valid refuses", "correct one of the two"

    def _checker(self) -> Iterator[tuple[str, str]]:
        """The checker meets junk on the first case; it must refuse it in its own words, not by falling over."""
        comparison = self._package.comparison
        case = self._package.cases[0]
        expected: object = [judged(comparison, item.value, item.arguments) for item in case.answers]
        if self._package.kind is not Kind.CLASS:
            expected = judged(comparison, case.answers[0].value, case.answers[0].arguments)
        with self._authored() as authored:
            for junk in JUNK:
                outcome = authored.check(comparison.checker, case.steps, expected, junk)
                name = f"{comparison.checker}(args, expected, {junk!r})"
                if outcome.ending is Ending.RETURNED and outcome.value is True and equal(expected, junk):
                    continue
                if outcome.ending is not Ending.RETURNED:
                    yield f"{name} fails: {explain(outcome)}", "look at the type before you use the answer"
                    return
                if outcome.value is True and not equal(expected, junk):
                    yield f"{name} accepts that for {case.name}", "return False or a sentence"
                    return


def _valid(authored: Authored, steps: tuple[Step, ...]) -> bool:
    try:
        return authored.valid(steps)
    except SandboxError as error:
        raise PublishError(str(error)) from error


def _same(one: tuple[Step, ...], other: tuple[Step, ...]) -> bool:
    return len(one) == len(other) and all(
        left.name == right.name and equal(left.arguments, right.arguments)
        for left, right in zip(one, other, strict=True)
    )
