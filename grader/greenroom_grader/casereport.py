"""One case as the student may see it: what it reveals, and one helpful sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenroom_grader.difference import diff
from greenroom_grader.package import judged
from greenroom_grader.report import CaseReport
from greenroom_grader.sandbox.interface import Ending, LinkedList, Tree
from greenroom_grader.session import answer_of
from greenroom_grader.show import clip, exception_name, show
from greenroom_problems.problem import Kind, Match, Reveal
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from greenroom_grader.deciding import CaseResult
    from greenroom_grader.package import Answer, Package, Step
    from greenroom_grader.sandbox.interface import Outcome, Raised
    from greenroom_problems.problem import Limits

#: Characters of a call, and of one argument in it.
_CALL: Final = 4000
_STDOUT: Final = 8000
_TRACEBACK: Final = 6000
#: Calls of a class case that are shown before the one that decided.
_CALLS: Final = 60


def report_case(package: Package, index: int, result: CaseResult, *, explained: bool) -> CaseReport:
    """The report of one case.

    Args:
        package: The problem.
        index: Position of the case, from 0.
        result: What became of it.
        explained: Whether a hidden case may show what its reveal allows; a hidden case that is not explained shows its
            verdict alone, so that one wrong submission does not hand out all hidden cases.
    """
    case = result.case
    reveal = Reveal.ALL if case.visible else case.reveal
    if not case.visible and (not explained or reveal is Reveal.NOTHING):
        return _silent(index, result)
    outcome, expected = result.outcome, result.expected
    full = reveal is Reveal.ALL and outcome.ending is not Ending.SYNTAX
    right = result.verdict is Verdict.ACCEPTED
    return CaseReport(
        index=index,
        name=case.name,
        visible=case.visible,
        verdict=result.verdict,
        cpu_ms=round(result.played.cpu_ms, 3),
        wall_ms=round(result.played.wall_ms, 3),
        call=call_text(package, case.steps[: result.step + 1]),
        expected=answer_text(package, expected) if full and expected is not None else None,
        actual=actual_text(package, outcome),
        diff=_diff(package, expected, outcome) if full and expected is not None and not right else None,
        stdout=clip(result.played.stdout, _STDOUT),
        traceback=clip(outcome.raised.traceback, _TRACEBACK) if outcome.raised is not None and not right else "",
        message="" if right else message_of(package, result, revealed=full),
    )


def _silent(index: int, result: CaseResult) -> CaseReport:
    passed = result.verdict is Verdict.ACCEPTED
    return CaseReport(
        index=index,
        name=result.case.name,
        visible=False,
        verdict=result.verdict,
        cpu_ms=round(result.played.cpu_ms, 3),
        wall_ms=round(result.played.wall_ms, 3),
        message="" if passed else f"A hidden case fails: {_SILENT.get(result.verdict, 'it is not accepted')}.",
    )


_SILENT: Final = {
    Verdict.WRONG_ANSWER: "the answer is wrong",
    Verdict.TIME_LIMIT: "it takes too long",
    Verdict.MEMORY_LIMIT: "it needs too much memory",
    Verdict.OUTPUT_LIMIT: "it prints or returns too much",
    Verdict.RUNTIME_ERROR: "an exception is raised",
    Verdict.SYNTAX_ERROR: "the code does not compile",
}


def call_text(package: Package, steps: tuple[Step, ...]) -> str:
    """The call, or the calls of a class case one per line, as Python source."""
    if package.kind is not Kind.CLASS:
        step = steps[0]
        call = f"{step.name}({_arguments(step)})"
        signature = package.signature(step.name)
        return f"asyncio.run({call})" if signature is not None and signature.is_async else call
    name = _instance_name(package.entry.name)
    lines = [f"{name} = {steps[0].name}({_arguments(steps[0])})"]
    left_out = max(0, len(steps) - 1 - _CALLS)
    if left_out:
        lines.append(f"# {left_out} more calls")
    lines += [f"{name}.{step.name}({_arguments(step)})" for step in steps[1 + left_out :]]
    return clip("\n".join(lines), _CALL)


def _instance_name(class_name: str) -> str:
    """``MinStack`` -> ``min_stack``."""
    pieces = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in class_name)
    return pieces.strip("_") or "instance"


def _arguments(step: Step) -> str:
    share = max(200, _CALL // max(1, len(step.arguments)))
    return ", ".join(show(argument, share) for argument in step.arguments)


def answer_text(package: Package, answer: Answer) -> str:
    """An expected answer: the value, the arguments after the call where they count, or what is raised."""
    if answer.raised:
        return f"raises {exception_name(answer.raised)}"
    comparison = package.comparison
    if comparison.match is Match.ANY_OF and isinstance(answer.value, list) and answer.value:
        options = [show(option, 400) for option in answer.value[:5]]
        more = f", or one of {len(answer.value) - 5} more" if len(answer.value) > 5 else ""
        return f"any of {', '.join(options)}{more}"
    return _value_text(package, answer.value, answer.arguments)


def actual_text(package: Package, outcome: Outcome) -> str | None:
    """What the student's code gave; None when it gave nothing that compares."""
    if outcome.ending is Ending.RAISED and outcome.raised is not None:
        return f"raises {_raised_text(outcome.raised)}"
    if outcome.ending is not Ending.RETURNED:
        return None
    answer = answer_of(package, outcome)
    return _value_text(package, answer.value, answer.arguments)


def _value_text(package: Package, value: object, arguments: tuple[object, ...]) -> str:
    comparison = package.comparison
    if not arguments:
        return show(value)
    signature = package.entry.signatures[0]
    names = [signature.parameters[index].name for index in comparison.mutated if index < len(signature.parameters)]
    parts = [f"{name} = {show(item)}" for name, item in zip(names, arguments, strict=False)]
    return "; ".join([f"returns {show(value)}", *parts] if comparison.result else parts)


def _raised_text(raised: Raised) -> str:
    message = " ".join(raised.message.split())
    name = exception_name(raised.type_name)
    return clip(f"{name}: {message}" if message else name, 400)


def _diff(package: Package, expected: Answer, outcome: Outcome) -> str | None:
    comparison = package.comparison
    if expected.raised or outcome.ending is not Ending.RETURNED or comparison.match in {Match.ANY_OF, Match.CHECKER}:
        return None
    actual = answer_of(package, outcome)
    if comparison.result and expected.arguments:
        return None
    ours = judged(comparison, expected.value, expected.arguments)
    theirs = judged(comparison, actual.value, actual.arguments)
    if type(ours) is not type(theirs) or isinstance(ours, Tree):
        return None
    text = diff(ours.values, theirs.values) if isinstance(ours, LinkedList) and isinstance(theirs, LinkedList) else None
    return text or diff(ours, theirs)


def message_of(package: Package, result: CaseResult, *, revealed: bool) -> str:
    """One sentence: what happened, and what to look at."""
    if result.verdict is Verdict.WRONG_ANSWER:
        telling = revealed or _types_differ(package, result)
        return (telling and clip(result.why, 400)) or "The answer is not the expected one."
    if result.verdict is Verdict.SYNTAX_ERROR:
        return syntax_message(result.outcome.raised)
    return _limit_message(package.limits, result) or runtime_message(result.outcome)


def _limit_message(limits: Limits, result: CaseResult) -> str:
    """Which limit was met; empty where none was."""
    match result.verdict:
        case Verdict.TIME_LIMIT if result.outcome.ending is Ending.WALL_LIMIT:
            return "It took far too long without computing: look for a sleep, or for waiting on input or a lock."
        case Verdict.TIME_LIMIT:
            return (
                f"It used more than {limits.cpu_seconds:g} s of CPU time: look for a loop that does not end, "
                "or for work that grows faster than the input."
            )
        case Verdict.MEMORY_LIMIT:
            return f"It needed more than {limits.memory_mb} MB of memory: look for something that grows without bound."
        case Verdict.OUTPUT_LIMIT:
            return (
                f"It printed or returned more than allowed ({limits.output_kb} kB of output): remove debugging prints."
            )
        case _:
            return ""


def _types_differ(package: Package, result: CaseResult) -> bool:
    if result.expected is None or result.outcome.ending is not Ending.RETURNED or result.expected.raised:
        return False
    actual = answer_of(package, result.outcome)
    return type(actual.value) is not type(result.expected.value)


def syntax_message(raised: Raised | None) -> str:
    """Where the source does not compile, and why."""
    if raised is None:
        return "The code does not compile."
    where = f"Line {raised.line}, column {raised.column}: " if raised.line else ""
    return clip(f"{where}{' '.join(raised.message.split())}.", 400)


def undefined(outcome: Outcome) -> bool:
    """Whether the call found nothing to call: a NameError that no frame of the student's raised."""
    raised = outcome.raised
    return raised is not None and raised.type_name == "NameError" and not raised.traceback.startswith("Traceback")


def runtime_message(outcome: Outcome) -> str:
    """What was raised, or how the process ended."""
    if outcome.ending is Ending.DIED:
        return "The process ended without an answer: look for os._exit, a signal, or a crash inside a library."
    if outcome.ending is Ending.PROTOCOL:
        return "The code wrote to the grader's own channel, so this answer does not count."
    raised = outcome.raised
    if raised is None:
        return "The code stopped without an answer."
    advice = _ADVICE.get(raised.type_name, "")
    return f"It raised {_raised_text(raised)}.{advice}"


_ADVICE: Final = {
    "RecursionError": " Look at the case that should end the recursion.",
    "SystemExit": " Return the answer instead of ending the program.",
    "EOFError": " Take the input from the parameters, not from input().",
    "ModuleNotFoundError": " Only the standard library and what the problem names can be imported.",
}
