"""Custom runs and stress: inputs of the student's own, or random ones, answered by their code and by the reference."""

from __future__ import annotations

import ast
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from greenroom_grader.authored import steps_of
from greenroom_grader.casereport import actual_text, answer_text, call_text, message_of, report_case
from greenroom_grader.errors import InputError, PublishError, UnsupportedError
from greenroom_grader.explain import Oracle
from greenroom_grader.package import Case
from greenroom_grader.sandbox.interface import Ending
from greenroom_grader.session import box_limits
from greenroom_grader.show import clip
from greenroom_grader.shrink import shrink, simpler_case
from greenroom_problems.problem import Kind, Reveal
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenroom_grader.deciding import CaseResult
    from greenroom_grader.package import Answer, Package, Step
    from greenroom_grader.report import CaseReport
    from greenroom_grader.sandbox.interface import Sandbox

#: Inputs of one run, and characters of one input.
MAX_INPUTS: Final = 20
MAX_CHARACTERS: Final = 50_000
#: Boxes that may die in one run.
_DEATHS: Final = 3
#: Sizes of stress inputs go round from 1 to this.
_STRESS_SIZE: Final = 10
_MAX_STRESS_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a student's code and the reference make of one input."""

    #: The call as Python source, or the input as typed where it cannot be read.
    call: str
    #: None where the code gave nothing that compares.
    actual: str | None = None
    #: None where the input is not allowed, or the reference does not answer it.
    expected: str | None = None
    #: None where there is nothing to judge by.
    verdict: Verdict | None = None
    stdout: str = ""
    traceback: str = ""
    message: str = ""
    cpu_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StressReport:
    """Whether random inputs told the submission from the reference."""

    found: bool
    #: Inputs that were tried.
    tried: int
    #: The first input on which they differ, made smaller; None when none was found.
    case: CaseReport | None = None
    message: str = ""


def run(sandbox: Sandbox, package: Package, source: str, inputs: Sequence[str]) -> tuple[RunReport, ...]:
    """Answer each input by the student's code and by the reference, under the limits of a submission.

    An input that cannot be read gets a report that says so; the others are run.

    Args:
        sandbox: Where boxes come from.
        package: The problem, of kind function or class.
        source: The student's code.
        inputs: For a function, Python literals: ``[2, 7], 9`` or ``two_sum([2, 7], 9)``; for a class, the calls:
            ``[("MinStack",), ("push", 3)]``. At most MAX_INPUTS.

    Raises:
        InputError: too many inputs.
        UnsupportedError: the problem is of kind cells.
        SandboxError: no box could be had.
    """
    if package.kind is Kind.CELLS:
        raise UnsupportedError(f"{package.problem}: a notebook problem has no inputs to run")
    if len(inputs) > MAX_INPUTS:
        raise InputError(f"{len(inputs)} inputs are too many; run at most {MAX_INPUTS} at once")
    reports = []
    with Oracle(sandbox, package, source) as oracle:
        for text in inputs:
            try:
                steps = parse_input(package, text)
            except InputError as error:
                reports.append(RunReport(call=clip(text.strip(), 400), message=str(error)))
                continue
            reports.append(_run_one(package, oracle, steps))
    return tuple(reports)


def _run_one(package: Package, oracle: Oracle, steps: tuple[Step, ...]) -> RunReport:
    call = call_text(package, steps)
    if oracle.student.deaths >= _DEATHS:
        return RunReport(call=call, message=f"Not run: {_DEATHS} inputs before it already ended the program.")
    try:
        for step in steps:
            package.arguments(step)
    except ValueError as error:
        return RunReport(call=call, message=f"This input does not fit: {error}.")
    allowed = oracle.valid(steps)
    answers = oracle.expected(steps) if allowed else None
    if answers is None:
        return _unanswered(package, oracle, steps, call, allowed=allowed)
    result = oracle.judge(_case(steps, answers))
    return _report(package, result, call_text(package, steps[: result.step + 1]))


def _unanswered(package: Package, oracle: Oracle, steps: tuple[Step, ...], call: str, *, allowed: bool) -> RunReport:
    """The student's code alone, on an input that the reference does not answer."""
    played = oracle.student.play(steps, lambda _number, outcome: outcome.ending is Ending.RETURNED)
    why = "The reference does not answer this input." if allowed else "The problem does not allow this input."
    return RunReport(
        call=call,
        actual=actual_text(package, played.last),
        stdout=clip(played.stdout, 8000),
        traceback=clip(played.last.raised.traceback, 6000) if played.last.raised is not None else "",
        message=why,
        cpu_ms=round(played.cpu_ms, 3),
    )


def _report(package: Package, result: CaseResult, call: str) -> RunReport:
    right = result.verdict is Verdict.ACCEPTED
    raised = result.outcome.raised
    return RunReport(
        call=call,
        actual=actual_text(package, result.outcome) if result.played.loaded else None,
        expected=answer_text(package, result.expected) if result.expected is not None else None,
        verdict=result.verdict,
        stdout=clip(result.played.stdout, 8000),
        traceback=clip(raised.traceback, 6000) if raised is not None and not right else "",
        message="" if right else message_of(package, result, revealed=True),
        cpu_ms=round(result.played.cpu_ms, 3),
    )


def _case(steps: tuple[Step, ...], answers: tuple[Answer, ...], name: str = "your input") -> Case:
    return Case(name=name, visible=True, reveal=Reveal.ALL, steps=steps, answers=answers)


def parse_input(package: Package, text: str) -> tuple[Step, ...]:
    """The calls that a typed input stands for.

    Raises:
        InputError: in one line, what is wrong and what to write.
    """
    calls, function = _literal(package, text)
    if package.kind is Kind.FUNCTION:
        calls = _as_arguments(package, calls, function)
    try:
        return steps_of(calls, package.kind, package.entry, function=function)
    except PublishError as error:
        raise InputError(f"This input does not fit: {error}.") from error


def _literal(package: Package, text: str) -> tuple[object, str | None]:
    """The value of the text, and the function that it names where it is written as a call."""
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"This input has {len(text)} characters; at most {MAX_CHARACTERS} can be run.")
    try:
        node = ast.parse(text.strip(), mode="eval").body
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and package.kind is Kind.FUNCTION:
            if node.func.id not in {item.name for item in package.entry.signatures} or node.keywords:
                raise InputError(f"Write the arguments alone, or a plain call such as {package.entry.name}(...).")
            return tuple(ast.literal_eval(argument) for argument in node.args), node.func.id
        return ast.literal_eval(node), None
    except SyntaxError as error:
        raise InputError(f"This input is not Python: {error.msg} (column {error.offset or 1}).") from error
    except (ValueError, TypeError, MemoryError, RecursionError) as error:
        raise InputError(
            "This input is not made of plain values; "
            "write numbers, texts in quotes, lists, tuples, dicts, sets, True, False, None."
        ) from error


def _as_arguments(package: Package, value: object, function: str | None) -> object:
    """One argument may be written without the comma that makes it a tuple."""
    signature = package.signature(function or package.entry.name)
    if function is not None or signature is None or len(signature.parameters) != 1:
        return value if isinstance(value, tuple) else (value,)
    wants_tuple = signature.parameters[0].annotation.startswith(("tuple", "Tuple"))
    if not isinstance(value, tuple) or (wants_tuple and not (len(value) == 1 and isinstance(value[0], tuple))):
        return (value,)
    return value


def stress(sandbox: Sandbox, package: Package, source: str, seconds: float) -> StressReport:
    """Seeded random inputs of the problem's generator until the submission and the reference differ.

    The same submission meets the same inputs each time. A difference is made smaller where the problem has ``valid``.

    Raises:
        UnsupportedError: the problem has no generator, or reveals nothing.
        SandboxError: no box could be had.
    """
    if "generate" not in package.helpers:
        raise UnsupportedError(f"{package.problem} has no generator, so there are no random inputs")
    if package.reveal is Reveal.NOTHING:
        raise UnsupportedError(f"{package.problem} does not show cases, so it offers no stress test")
    deadline = time.monotonic() + min(seconds, _MAX_STRESS_SECONDS)
    tried = 0
    with Oracle(sandbox, package, source, limits=box_limits(package.limits)) as oracle:
        while time.monotonic() < deadline:
            steps = oracle.generated(tried, 1 + tried % _STRESS_SIZE)
            tried += 1
            answers = oracle.expected(steps) if steps is not None else None
            if steps is None or answers is None:
                continue
            result = oracle.judge(_case(steps, answers, f"random input {tried}"))
            if result.verdict is not Verdict.ACCEPTED:
                smaller = _smaller(package, oracle, result, deadline + 1.0)
                report = report_case(package, tried - 1, smaller, explained=True)
                return StressReport(
                    found=True, tried=tried, case=report, message=f"Input {tried} tells your code from the reference."
                )
    return StressReport(found=False, tried=tried, message=f"{tried} random inputs gave the same answers.")


def _smaller(package: Package, oracle: Oracle, result: CaseResult, deadline: float) -> CaseResult:
    best = result

    def fails(steps: tuple[Step, ...]) -> bool:
        nonlocal best
        answers = oracle.expected(steps) if oracle.valid(steps) else None
        if answers is None:
            return False
        again = oracle.judge(replace(result.case, steps=steps, answers=answers))
        if again.verdict is result.verdict:
            best = again
            return True
        return False

    if (
        "valid" in package.helpers
        and result.verdict in {Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR}
        and result.played.loaded
    ):
        shrink(result.case.steps[: result.step + 1], simpler_case, fails, deadline=deadline)
    return best
