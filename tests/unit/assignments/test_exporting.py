"""Cases of a package as asserts: source that holds for the right answers and for no others."""

from __future__ import annotations

from typing import Any

import pytest

from greenroom_grader.assignments.exporting import asserts_of
from greenroom_grader.package import Answer, Case, Package, Step
from greenroom_grader.sandbox.interface import Generated
from greenroom_problems.entry import parse_entry
from greenroom_problems.problem import Comparison, Kind, Limits, Match, Reveal


def package(
    entry: str, *cases: tuple[bool, list[tuple[Any, ...]], list[Answer]], kind: Kind = Kind.FUNCTION, **comparison: Any
) -> Package:
    return Package(
        problem="p",
        digest="d",
        kind=kind,
        entry=parse_entry(entry, kind),
        comparison=Comparison(**comparison),
        limits=Limits(),
        reveal=Reveal.ALL,
        zygote="plain",
        complexity="",
        cases=tuple(
            Case(
                name=f"case {number}",
                visible=visible,
                reveal=Reveal.ALL,
                steps=tuple(Step(name=step[0], arguments=step[1:]) for step in steps),
                answers=tuple(answers),
            )
            for number, (visible, steps, answers) in enumerate(cases)
        ),
        tests="",
        reference="",
    )


def holds(found: Package, **names: Any) -> bool:
    tests, _ = asserts_of(found)
    assert tests
    try:
        for test in tests:
            exec(test.source, dict(names))  # noqa: S102 - our own text
    except AssertionError:
        return False
    return True


def fail(_x: object) -> None:
    raise ValueError


F = "def f(x: int) -> int"
FORMS: dict[str, tuple[Package, Any, Any]] = {
    "exact": (
        package(F, (True, [("f", 1)], [Answer(value=[1, {"a": (2,)}])])),
        lambda x: [x, {"a": (2,)}],
        lambda x: [x],
    ),
    "none": (package(F, (True, [("f", 1)], [Answer()])), lambda _x: None, lambda _x: 0),
    "true": (package(F, (True, [("f", 1)], [Answer(value=True)])), lambda _x: True, lambda _x: 1),
    "hidden": (package(F, (False, [("f", 3)], [Answer(value=4)])), lambda x: x + 1, lambda x: x),
    "raises": (package(F, (True, [("f", 1)], [Answer(raised="ValueError")])), fail, lambda x: x),
    "any of": (
        package(F, (True, [("f", 1)], [Answer(value=[1, 2])]), match=Match.ANY_OF),
        lambda x: x + 1,
        lambda x: x + 2,
    ),
    "unordered": (
        package(F, (True, [("f", 1)], [Answer(value=[1, 2])]), match=Match.UNORDERED),
        lambda _x: [2, 1],
        lambda _x: [2, 2],
    ),
    "tolerance": (
        package(F, (True, [("f", 1)], [Answer(value=0.1)]), match=Match.TOLERANCE),
        lambda _x: 0.1 + 1e-12,
        lambda _x: 0.11,
    ),
    "generated": (
        package(F, (True, [("f", 2)], [Answer(value=Generated((0, 1)))])),
        lambda x: iter(range(x)),
        lambda _x: iter(()),
    ),
    "in place": (
        package(
            "def f(x: list[int]) -> None",
            (True, [("f", [2, 1])], [Answer(arguments=([1, 2],))]),
            mutated=(0,),
            result=False,
        ),
        lambda x: x.sort(),
        lambda _x: None,
    ),
}


@pytest.mark.parametrize(("found", "right", "wrong"), FORMS.values(), ids=FORMS)
def test_asserts_tell_right_from_wrong(found: Package, right: Any, wrong: Any) -> None:
    assert holds(found, f=right)
    assert not holds(found, f=wrong)


def test_a_class_is_a_sequence_of_calls() -> None:
    methods = ("__init__(self) -> None", "pop(self) -> int", "push(self, x: int) -> None")
    entry = "\n".join(["class Pile:", *(f"    def {method}: ..." for method in methods)])
    steps = [("Pile",), ("push", 3), ("pop",), ("pop",)]
    answers = [Answer(), Answer(), Answer(value=3), Answer(raised="IndexError")]

    class Pile(list[int]):
        push = list.append

    class Queue(Pile):
        def pop(self, _at: Any = 0) -> int:
            return super().pop() + 1

    found = package(entry, (True, steps, answers), kind=Kind.CLASS)
    assert holds(found, Pile=Pile)
    assert not holds(found, Pile=Queue)


def test_hidden_cases_stand_in_a_region_of_their_own_cell() -> None:
    tests, _ = asserts_of(package(F, (True, [("f", 1)], [Answer(value=2)]), (False, [("f", 77)], [Answer(value=78)])))
    assert [test.grade_id for test in tests] == ["p-examples", "p-hidden"]
    assert "77" not in tests[1].visible
    assert "f(77) == 78" in tests[1].hidden


LEFT = {
    "a checker": (package(F, (True, [("f", 1)], [Answer(value=1)]), match=Match.CHECKER, checker="check"), "checker"),
    "nodes": (package("def f(x: ListNode | None) -> int", (True, [("f", [1])], [Answer(value=1)])), "ListNode"),
    "a long value": (
        package(F, (True, [("f", "a" * 20_000)], [Answer(value=1)])),
        "case 0: not carried: a value is longer",
    ),
    "no source": (package(F, (True, [("f", 1)], [Answer(value=float("inf"))])), "no plain form"),
    "types": (package(F, (True, [("f", 1)], [Answer(value=1)])), "does not compare types"),
}


@pytest.mark.parametrize(("found", "told"), LEFT.values(), ids=LEFT)
def test_what_no_assert_can_say_is_said(found: Package, told: str) -> None:
    _, notes = asserts_of(found)
    assert told in "\n".join(map(str, notes))
