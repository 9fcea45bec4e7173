"""Publishing: a problem becomes a package, with the answers of its reference.

The tests cell says what is asked, the reference says what is right. Both run in boxes. The reference runs twice, the
second time in another box and from the last case to the first: an answer that depends on chance, on time or on earlier
calls is found here and not by a student.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from greenroom_grader.authored import Authored, WrittenCase, explain
from greenroom_grader.casereport import undefined
from greenroom_grader.compare import contains_opaque, equal
from greenroom_grader.deciding import Decider
from greenroom_grader.errors import PublishError, SandboxError
from greenroom_grader.package import Answer, Case, Package, judged
from greenroom_grader.sandbox.interface import Ending
from greenroom_grader.session import ALIVE, Session, answer_of, box_limits
from greenroom_grader.show import show
from greenroom_problems.problem import Kind, Match, Reveal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from greenroom_grader.sandbox.interface import Outcome, Sandbox
    from greenroom_problems.problem import Problem

#: The reference may take longer here than a student may: whether it keeps its margin is the gate's question.
_CPU_FACTOR = 4.0
_HELPERS = frozenset({"generate", "valid"})


def publish(sandbox: Sandbox, problem: Problem) -> Package:
    """Make the package of a problem.

    Raises:
        PublishError: naming the problem, the cell, the case, and what to do.
        SandboxError: no box could be had.
    """
    try:
        return _Publisher(sandbox, problem).package()
    except PublishError as error:
        raise PublishError(f"{problem.id}: {error}") from error


class _Publisher:
    def __init__(self, sandbox: Sandbox, problem: Problem) -> None:
        self._sandbox = sandbox
        self._problem = problem

    def package(self) -> Package:
        if self._problem.kind is Kind.CELLS:
            return self._bare(cases=(), helpers=frozenset())
        cases, defined = self._written()
        self._check_helpers(defined)
        package = self._bare(cases=cases, helpers=defined & _HELPERS)
        first = self._answers(package, range(len(cases)))
        second = self._answers(package, reversed(range(len(cases))))
        for index, case in enumerate(cases):
            self._same_twice(case, first[index], second[index])
        answered = tuple(replace(case, answers=first[index]) for index, case in enumerate(cases))
        package = replace(package, cases=answered)
        self._check_checker(package)
        return package

    def _bare(self, *, cases: tuple[Case, ...], helpers: frozenset[str]) -> Package:
        problem = self._problem
        return Package(
            problem=problem.id,
            digest=problem.digest,
            kind=problem.kind,
            entry=problem.entry,
            comparison=problem.comparison,
            limits=problem.limits,
            reveal=problem.reveal,
            zygote=problem.zygote,
            complexity=problem.complexity,
            cases=cases,
            tests=problem.tests,
            reference=problem.solution,
            helpers=helpers,
            cells=problem.cells,
        )

    def _authored(self) -> Authored:
        problem = self._problem
        return Authored(
            self._sandbox, tests=problem.tests, kind=problem.kind, entry=problem.entry, zygote=problem.zygote
        )

    def _written(self) -> tuple[tuple[Case, ...], frozenset[str]]:
        cases: list[Case] = []
        with self._authored() as authored:
            for group in ("examples", "hidden"):
                count = authored.count(group)
                if count < 0:
                    raise PublishError(f"cell tests: it must define {group}, a list of cases")
                for index in range(count):
                    try:
                        written = authored.case(group, index)
                    except PublishError as error:
                        raise PublishError(f"cell tests: {group}[{index}]: {error}") from error
                    cases.append(self._case(written, group, index))
            defined = authored.defined()
        if not cases:
            raise PublishError("cell tests: examples and hidden are both empty; write at least one case")
        return tuple(cases), defined

    def _case(self, written: WrittenCase, group: str, index: int) -> Case:
        visible = group == "examples"
        try:
            reveal = Reveal(written.reveal) if written.reveal is not None else self._problem.reveal
        except ValueError as error:
            known = ", ".join(Reveal)
            raise PublishError(f"cell tests: {group}[{index}]: reveal={written.reveal!r} is none of {known}") from error
        number = index + 1
        name = written.name or (f"example {number}" if visible else f"hidden case {number}")
        case = Case(
            name=name, visible=visible, reveal=Reveal.ALL if visible else reveal, steps=written.steps, answers=()
        )
        if any(contains_opaque(step.arguments) for step in case.steps):
            raise PublishError(
                f"cell tests: {group}[{index}]: an argument is not plain data; only plain values can cross"
            )
        return case

    def _check_helpers(self, defined: frozenset[str]) -> None:
        checker = self._problem.comparison.checker
        if self._problem.comparison.match is Match.CHECKER and checker not in defined:
            raise PublishError(f"cell tests: it must define the checker {checker}(args, expected, actual)")

    def _answers(self, package: Package, order: Iterable[int]) -> dict[int, tuple[Answer, ...]]:
        answers: dict[int, tuple[Answer, ...]] = {}
        limits = box_limits(package.limits, cpu_factor=_CPU_FACTOR)
        limits = replace(limits, answer_bytes=64_000_000)
        with Session(self._sandbox, package, package.reference, limits=limits, filename="reference") as session:
            loaded = session.load()
            if loaded.ending is not Ending.RETURNED:
                raise PublishError(f"cell solution: it does not run: {explain(loaded)}")
            for index in order:
                answers[index] = self._play(package, session, package.cases[index])
        return answers

    def _play(self, package: Package, session: Session, case: Case) -> tuple[Answer, ...]:
        def go_on(number: int, outcome: Outcome) -> bool:
            # Without an instance there is nothing to call methods of.
            return not (package.kind is Kind.CLASS and number == 0 and outcome.ending is Ending.RAISED)

        try:
            played = session.play(case.steps, go_on)
        except ValueError as error:
            raise PublishError(f"cell tests: {case.name}: {error}") from error
        if played.last.ending not in ALIVE:
            raise PublishError(f"cell solution: {case.name}: the reference does not answer: {explain(played.last)}")
        for outcome in played.outcomes:
            if undefined(outcome) and outcome.raised is not None:
                raise PublishError(f"cell solution: {outcome.raised.message}; define what the entry names")
        answers = tuple(answer_of(package, outcome) for outcome in played.outcomes)
        for answer in answers:
            if contains_opaque(answer.value) or contains_opaque(answer.arguments):
                shown = show(answer.value, 100)
                raise PublishError(f"cell solution: {case.name}: the reference gives {shown}, which is not plain data")
        return answers

    def _same_twice(self, case: Case, first: tuple[Answer, ...], second: tuple[Answer, ...]) -> None:
        same = len(first) == len(second) and all(
            one.raised == two.raised and equal(one.value, two.value) and equal(one.arguments, two.arguments)
            for one, two in zip(first, second, strict=False)
        )
        if not same:
            raise PublishError(
                f"cell solution: {case.name}: the reference answers differently when run twice; "
                "make it depend on its arguments alone (no chance, no clock, no state kept between calls)"
            )

    def _check_checker(self, package: Package) -> None:
        """The checker must take the reference's own answers."""
        if package.comparison.match is not Match.CHECKER:
            return
        with Decider(self._sandbox, package) as decider:
            for case in package.cases:
                try:
                    ruling = decider.answers(case, case.answers)
                except SandboxError:
                    self._check_checker_runs(package, case)
                    raise
                if not ruling.right:
                    self._check_checker_runs(package, case)
                    raise PublishError(
                        f"cell tests: {case.name}: the checker refuses the reference's own answer"
                        f"{': ' if ruling.why else ''}{ruling.why}"
                    )

    def _check_checker_runs(self, package: Package, case: Case) -> None:
        """A checker that raises refuses whatever it sees; its author wants to know where it does."""
        comparison = package.comparison
        expected = [judged(comparison, answer.value, answer.arguments) for answer in case.answers]
        answer: object = expected if package.kind is Kind.CLASS else expected[0]
        with self._authored() as authored:
            outcome = authored.check(comparison.checker, case.steps, answer, answer)
        if outcome.ending is not Ending.RETURNED:
            raise PublishError(
                f"cell tests: {case.name}: the checker fails on the reference's own answer: {explain(outcome)}"
            )
        if not isinstance(outcome.value, bool | str):
            raise PublishError(
                f"cell tests: {case.name}: the checker returns {show(outcome.value, 60)}; "
                "return True, False, or a sentence that says why not"
            )
