"""Right or wrong: one case's outcomes against the answers of the reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from greenroom_grader.authored import Authored, explain
from greenroom_grader.compare import contains_opaque, matches
from greenroom_grader.difference import why_not
from greenroom_grader.errors import PublishError, SandboxError
from greenroom_grader.package import Answer, judged
from greenroom_grader.sandbox.interface import Ending, Generated, LinkedList, Tree
from greenroom_grader.session import ALIVE, answer_of
from greenroom_grader.show import exception_name
from greenroom_problems.problem import Kind, Match
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from types import TracebackType

    from greenroom_grader.package import Case, Package
    from greenroom_grader.sandbox.interface import Outcome, Sandbox
    from greenroom_grader.session import Played, Session

_LIMITS: Final = {
    Ending.CPU_LIMIT: Verdict.TIME_LIMIT,
    Ending.WALL_LIMIT: Verdict.TIME_LIMIT,
    Ending.MEMORY_LIMIT: Verdict.MEMORY_LIMIT,
    Ending.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT,
    Ending.DIED: Verdict.RUNTIME_ERROR,
    Ending.PROTOCOL: Verdict.RUNTIME_ERROR,
    Ending.SYNTAX: Verdict.SYNTAX_ERROR,
}
_CHAINED: Final = (LinkedList, Tree, Generated)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether answers are right, and in a sentence why not."""

    right: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What became of one case; nothing is hidden yet."""

    case: Case
    verdict: Verdict
    played: Played
    #: Index of the step that decided.
    step: int
    why: str = ""

    @property
    def outcome(self) -> Outcome:
        """The outcome that decided."""
        return self.played.last

    @property
    def expected(self) -> Answer | None:
        """What the deciding step should have done; None where no step was reached."""
        return self.case.answers[self.step] if self.step < len(self.case.answers) else None


def failure_of(outcome: Outcome) -> Verdict | None:
    """The verdict of an outcome that needs no comparison; None when it returned."""
    if outcome.ending is Ending.RAISED:
        out_of_memory = outcome.raised is not None and outcome.raised.type_name == "MemoryError"
        return Verdict.MEMORY_LIMIT if out_of_memory else Verdict.RUNTIME_ERROR
    return _LIMITS.get(outcome.ending)


class Decider:
    """Compares answers; asks the problem's checker, in one box per Decider, where there is one. Not thread-safe."""

    def __init__(self, sandbox: Sandbox, package: Package) -> None:
        self._sandbox = sandbox
        self._package = package
        self._checker: Authored | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the checker's box back."""
        if self._checker is not None:
            self._checker.close()
            self._checker = None

    def play(self, session: Session, case: Case) -> CaseResult:
        """Play one case and judge it.

        Raises:
            SandboxError: a box of ours failed.
            ValueError: an argument does not fit its annotation (never for published cases).
        """
        last = len(case.answers) - 1

        def go_on(number: int, outcome: Outcome) -> bool:
            return number < last and self._step_right(case.answers[number], outcome)

        played = session.play(case.steps, go_on)
        return self._result(case, played)

    def answers(self, case: Case, answers: tuple[Answer, ...]) -> Ruling:
        """Judge a whole case's answers, by comparison or by the checker."""
        for expected, actual in zip(case.answers, answers, strict=False):
            if expected.raised != actual.raised:
                return Ruling(False, _raise_why(expected, actual))
        if self._package.comparison.match is Match.CHECKER:
            return self._ask_checker(case, answers)
        for expected, actual in zip(case.answers, answers, strict=False):
            ruling = self._compare(expected, actual)
            if not ruling.right:
                return ruling
        return Ruling(len(answers) == len(case.answers))

    def _step_right(self, expected: Answer, outcome: Outcome) -> bool:
        if outcome.ending not in ALIVE:
            return False
        actual = answer_of(self._package, outcome)
        if self._package.comparison.match is Match.CHECKER:
            return expected.raised == actual.raised  # values are the checker's, when all of them are there
        return self._compare(expected, actual).right

    def _result(self, case: Case, played: Played) -> CaseResult:
        step = len(played.outcomes) - 1
        outcome = played.last
        if outcome.ending not in {Ending.RETURNED, Ending.RAISED} or not played.loaded:
            verdict = failure_of(outcome) or Verdict.RUNTIME_ERROR
            return CaseResult(case=case, verdict=verdict, played=played, step=step)
        expected = case.answers[step]
        actual = answer_of(self._package, outcome)
        if actual.raised and not expected.raised:
            verdict = failure_of(outcome) or Verdict.RUNTIME_ERROR
            return CaseResult(case=case, verdict=verdict, played=played, step=step)
        if self._package.comparison.match is Match.CHECKER:
            ruling = self.answers(case, tuple(answer_of(self._package, item) for item in played.outcomes))
        else:
            ruling = self._compare(expected, actual)
        verdict = Verdict.ACCEPTED if ruling.right else Verdict.WRONG_ANSWER
        return CaseResult(case=case, verdict=verdict, played=played, step=step, why=ruling.why)

    def _compare(self, expected: Answer, actual: Answer) -> Ruling:
        if expected.raised or actual.raised:
            return Ruling(expected.raised == actual.raised, _raise_why(expected, actual))
        comparison = self._package.comparison
        if comparison.result and not matches(expected.value, actual.value, comparison):
            return Ruling(False, why_not(expected.value, actual.value, comparison))
        if len(expected.arguments) != len(actual.arguments):
            return Ruling(False)
        for ours, theirs in zip(expected.arguments, actual.arguments, strict=True):
            if not matches(ours, theirs, comparison):
                return Ruling(False, why_not(ours, theirs, comparison, place="the argument after the call"))
        return Ruling(True)

    def _ask_checker(self, case: Case, answers: tuple[Answer, ...]) -> Ruling:
        comparison = self._package.comparison
        expected = [judged(comparison, item.value, item.arguments) for item in case.answers]
        actual = [judged(comparison, item.value, item.arguments) for item in answers]
        for ours, theirs in zip(expected, actual, strict=False):
            # Both are plain lists for the checker, so that the difference must be seen here.
            if contains_opaque(theirs) or (
                isinstance(ours, _CHAINED) and theirs is not None and type(ours) is not type(theirs)
            ):
                return Ruling(False, why_not(ours, theirs, comparison))
        if self._package.kind is Kind.CLASS:
            return self._checked(case, expected, actual)
        return self._checked(case, expected[0], actual[0])

    def _checked(self, case: Case, expected: object, actual: object) -> Ruling:
        name = self._package.comparison.checker
        outcome = self._authored().check(name, case.steps, expected, actual)
        if outcome.ending is Ending.RETURNED and isinstance(outcome.value, bool):
            return Ruling(outcome.value)
        if outcome.ending is Ending.RETURNED and isinstance(outcome.value, str):
            return Ruling(False, outcome.value)
        if outcome.ending is Ending.RAISED:
            # It takes the reference's answers (publishing made sure), so this answer has another form.
            return Ruling(False, "the answer does not have the form that is asked for")
        self.close()
        if type(expected) is not type(actual):
            return Ruling(False, "the answer does not have the form that is asked for")
        raise SandboxError(f"the checker of {self._package.problem}: {explain(outcome)}")

    def _authored(self) -> Authored:
        if self._checker is None:
            package = self._package
            try:
                self._checker = Authored(
                    self._sandbox, tests=package.tests, kind=package.kind, entry=package.entry, zygote=package.zygote
                )
            except PublishError as error:
                raise SandboxError(f"{package.problem}: {error}") from error
        return self._checker


def _raise_why(expected: Answer, actual: Answer) -> str:
    if expected.raised == actual.raised:
        return ""
    if not expected.raised:
        return f"It raised {exception_name(actual.raised)} where it should return."
    wanted = exception_name(expected.raised)
    if not actual.raised:
        return f"It returned where it should raise {wanted}."
    return f"It raised {exception_name(actual.raised)} where it should raise {wanted}."
