"""The cases of a function or class problem written as asserts, for an nbgrader notebook. Pure."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from greenroom_grader.sandbox.interface import Generated
from greenroom_grader.show import exception_name, show
from greenroom_problems.exchange.draft import note
from greenroom_problems.exchange.nbgrader import ExportedTest
from greenroom_problems.problem import Kind, Match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenroom_grader.package import Answer, Case, Package, Step
    from greenroom_problems.errors import Finding

#: Characters of one value: a larger one would make a notebook that nobody can open.
_LONGEST: Final = 10_000
_NODES: Final = ("ListNode", "TreeNode")


class _CannotWriteError(Exception):
    """A case has no form as an assert; the message says why."""


def asserts_of(package: Package) -> tuple[list[ExportedTest], list[Finding]]:
    """Two test cells, one with the examples and one with the hidden cases, and a finding per case left out."""
    reason = _why_none(package)
    if reason:
        return [], [note(package.problem, "cases", f"none of {len(package.cases)} is carried: {reason}")]
    findings = [note(package.problem, "cases", "== does not compare types: 1, 1.0 and True are equal")]
    shown: list[str] = []
    hidden: list[str] = []
    for case in package.cases:
        try:
            (shown if case.visible else hidden).append(f"# {case.name}\n{_case(package, case)}")
        except _CannotWriteError as error:
            findings.append(note(package.problem, case.name, f"not carried: {error}"))
    tests = []
    if shown:
        tests.append(ExportedTest(grade_id=f"{package.problem}-examples", visible="\n".join(shown)))
    if hidden:
        visible = "# More cases run when this is graded."
        tests.append(ExportedTest(grade_id=f"{package.problem}-hidden", visible=visible, hidden="\n".join(hidden)))
    return tests, findings


def _why_none(package: Package) -> str:
    """Why no case of the problem can be an assert; empty when they can."""
    match = package.comparison.match
    if match in {Match.CHECKER, Match.UNORDERED_DEEP}:
        return f"answers are compared by {match}, which no assert says"
    annotations = " ".join(
        annotation
        for signature in package.entry.signatures
        for annotation in (signature.returns, *(item.annotation for item in signature.parameters))
    )
    nodes = [name for name in _NODES if name in annotations]
    return f"{nodes[0]} exists only in Greenroom's sandbox" if nodes else ""


def _case(package: Package, case: Case) -> str:
    if package.kind is Kind.CLASS:
        return "\n".join(_class_lines(package, case))
    (step,), (answer,) = case.steps, case.answers
    return "\n".join(_call_lines(package, step, answer))


def _class_lines(package: Package, case: Case) -> list[str]:
    first, *rest = case.steps
    construction = f"{package.entry.name}({_arguments(first)})"
    if case.answers[0].raised:
        return _raising(construction, case.answers[0])
    lines = [f"instance = {construction}"]
    for step, answer in zip(rest, case.answers[1:], strict=False):
        call = f"instance.{step.name}({_arguments(step)})"
        lines += _raising(call, answer) if answer.raised else [_compared(package, call, answer)]
    return lines


def _call_lines(package: Package, step: Step, answer: Answer) -> list[str]:
    signature = package.signature(step.name)
    prefix = "await " if signature is not None and signature.is_async else ""
    if answer.raised:
        return _raising(f"{prefix}{step.name}({_arguments(step)})", answer)
    if not package.comparison.mutated:
        return [_compared(package, f"{prefix}{step.name}({_arguments(step)})", answer)]
    call = f"{prefix}{step.name}(*arguments)"
    lines = [f"arguments = [{_arguments(step)}]"]
    lines.append(_compared(package, call, answer) if package.comparison.result else call)
    pairs = zip(package.comparison.mutated, answer.arguments, strict=False)
    return [*lines, *(f"assert arguments[{index}] == {_source(value)}" for index, value in pairs)]


def _compared(package: Package, call: str, answer: Answer) -> str:
    comparison = package.comparison
    value = answer.value
    if isinstance(value, Generated):
        call, value = f"list({call})", list(value.values)
    expected = _source(value)
    if comparison.match is Match.ANY_OF:
        return f"assert {call} in {expected}"
    if comparison.match is Match.UNORDERED and isinstance(value, list):
        return f"assert sorted({call}, key=repr) == sorted({expected}, key=repr)"
    if comparison.match is Match.TOLERANCE and isinstance(value, float):
        allowed = max(comparison.relative * abs(value), comparison.absolute)
        return f"assert abs({call} - {expected}) <= {allowed!r}"
    if comparison.match is Match.TOLERANCE and not isinstance(value, int | str | None):
        raise _CannotWriteError("floats inside a container are compared within a tolerance")
    if value is None or isinstance(value, bool):
        return f"assert {call} is {expected}"
    return f"assert {call} == {expected}"


def _raising(call: str, answer: Answer) -> list[str]:
    name = exception_name(answer.raised)
    return ["try:", f"    {call}", f"except {name}:", "    pass", "else:", f"    raise AssertionError('no {name}')"]


def _arguments(step: Step) -> str:
    return ", ".join(map(_source, step.arguments))


def _source(value: object) -> str:
    """A value as Python source that makes the same value."""
    text = show(value, _LONGEST)
    if len(text) >= _LONGEST:
        raise _CannotWriteError(f"a value is longer than {_LONGEST} characters")
    try:
        made = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise _CannotWriteError(f"a value has no plain form as source: {text[:60]}") from None
    if not _same(made, value):
        raise _CannotWriteError(f"a value has no plain form as source: {text[:60]}")
    return text


def _same(made: object, value: object) -> bool:
    if type(made) is not type(value) or made != value:
        return False
    if isinstance(made, dict) and isinstance(value, dict):
        return all(map(_same, made.values(), value.values()))
    if isinstance(made, list | tuple) and isinstance(value, list | tuple):
        return _all_same(made, value)
    return True


def _all_same(made: Sequence[object], value: Sequence[object]) -> bool:
    return all(map(_same, made, value))
