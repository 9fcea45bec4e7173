"""Runs the examples of a statement against the reference, in a box, as doctest would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenroom_grader.authored import explain
from greenroom_grader.sandbox.interface import Ending
from greenroom_grader.session import box_limits
from greenroom_problems import Finding, Kind
from greenroom_problems.statement import StatementError, statement_examples

if TYPE_CHECKING:
    from greenroom_grader.sandbox.interface import Sandbox
    from greenroom_problems import Problem

#: Travels into the box as source. Chains and trees are written and shown as plain lists.
_RUNNER: Final = """\
def __greenroom_examples(examples, nodes):
    import contextlib
    import doctest
    import io
    import sys
    import traceback

    def chain(values):
        head = None
        for value in reversed(values):
            head = ListNode(value, head)
        return head

    def tree(values):
        if not values:
            return None
        made = [None if value is None else TreeNode(value) for value in values]
        children = iter(made[1:])
        for node in made:
            if node is not None:
                node.left = next(children, None)
                node.right = next(children, None)
        return made[0]

    def inside(value, annotation):
        if not isinstance(value, list) or "Node" not in annotation:
            return value
        if annotation.startswith("list["):
            return [inside(item, annotation[5:-1]) for item in value]
        return chain(value) if "ListNode" in annotation else tree(value)

    def outside(value, annotation):
        if value is None and "Node" in annotation and not annotation.startswith("list["):
            return []
        if isinstance(value, ListNode):
            values = []
            while value is not None:
                values.append(value.val)
                value = value.next
            return values
        if isinstance(value, TreeNode):
            values, level = [], [value]
            while level:
                node = level.pop(0)
                values.append(None if node is None else node.val)
                if node is not None:
                    level += [node.left, node.right]
            while values and values[-1] is None:
                values.pop()
            return values
        return [outside(item, annotation[5:-1]) for item in value] if isinstance(value, list) else value

    def wrapped(function, parameters, returns):
        def call(*arguments):
            given = [inside(value, kind) for value, kind in zip(arguments, parameters)]
            return outside(function(*given), returns)

        return call

    def scope():
        import asyncio

        names = dict(globals())
        names.setdefault("asyncio", asyncio)
        for name, parameters, returns in nodes:
            names[name] = wrapped(names[name], parameters, returns)
        return names

    def displayed(value):
        if value is not None:
            print(repr(value))

    checker = doctest.OutputChecker()
    failures = []
    block, names = None, None
    for index, (source, want, raises, number) in enumerate(examples):
        if number != block:
            block, names = number, scope()
        got = io.StringIO()
        raised = None
        before, sys.displayhook = sys.displayhook, displayed
        try:
            with contextlib.redirect_stdout(got):
                exec(compile(source, "example", "single"), names)
        except Exception as error:
            raised = "".join(traceback.format_exception_only(type(error), error))
        finally:
            sys.displayhook = before
        if raised is not None and raises is None:
            failures.append((index, raised.strip()))
        elif raises is not None and (raised is None or raised.strip() != raises.strip()):
            failures.append((index, (raised or got.getvalue() or "nothing").strip()))
        elif raises is None and not checker.check_output(want, got.getvalue(), doctest.NORMALIZE_WHITESPACE):
            failures.append((index, got.getvalue().strip() or "nothing"))
    return failures
"""


def run_examples(sandbox: Sandbox, problem: Problem) -> list[Finding]:
    """Findings for examples that do not print what the statement says.

    Raises:
        SandboxError: no box could be had.
    """
    file = problem.path.name if problem.path is not None else problem.id
    if problem.kind is Kind.CELLS:
        return []
    try:
        examples = statement_examples(problem.statement)
    except StatementError:
        return []  # said by completeness()
    form = [(item.source, item.want, item.raises, item.block) for item in examples]
    with sandbox.box(problem.zygote, box_limits(problem.limits, cpu_factor=4.0)) as box:
        box.load(problem.solution, filename="solution")
        box.load(_RUNNER, filename="examples")
        outcome = box.call("__greenroom_examples", (form, _nodes(problem)))
    if outcome.ending is not Ending.RETURNED or not isinstance(outcome.value, list):
        message = f"the examples cannot be run: {explain(outcome)}"
        return [Finding(file=file, place="statement", message=message)]
    findings = []
    for failure in outcome.value:
        index, got = failure
        example = examples[index]
        wanted = (example.raises or example.want).strip() or "nothing"
        message = f"{_short(example.source)} gives {_short(got)}, the statement says {_short(wanted)}"
        findings.append(Finding(file=file, place="statement", message=message))
    return findings


def _nodes(problem: Problem) -> list[tuple[str, list[str], str]]:
    """Functions that take or give chains or trees: name, annotations of the parameters, annotation of the result."""
    if problem.kind is not Kind.FUNCTION:
        return []
    return [
        (signature.name, [parameter.annotation for parameter in signature.parameters], signature.returns)
        for signature in problem.entry.signatures
        if "Node" in signature.returns or any("Node" in parameter.annotation for parameter in signature.parameters)
    ]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else f"{line[:87]}..."
