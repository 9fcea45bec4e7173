"""Mutants of a reference: one small mistake each, and only where a mistake can be one."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom_grader.gate.mutate import mutants


def lines_of(source: str, **options: str) -> set[str]:
    return {mutant.after for mutant in mutants(source, **options)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("return a < b", {"return a <= b", "return a >= b", "return None"}),
        ("return a >= b", {"return a > b", "return a < b", "return None"}),
        ("return a == b", {"return a != b", "return None"}),
        ("return a in b", {"return a not in b", "return None"}),
        ("return a is None", {"return a is not None", "return None"}),
        ("return a + b", {"return a - b", "return None"}),
        ("return a * b", {"return a + b", "return None"}),
        ("return a // b", {"return a * b", "return None"}),
        ("return a % b", {"return a // b", "return None"}),
        ("return a & b", {"return a | b", "return None"}),
        ("return a << b", {"return a >> b", "return None"}),
        ("return a and b", {"return a or b", "return None"}),
        ("return not a", {"return a", "return None"}),
        ("return -a", {"return a", "return None"}),
        ("return True", {"return False", "return None"}),
        ("return 7", {"return 8", "return 6", "return None"}),
        ("return 0.5", {"return 1.5", "return None"}),
        ("return min(a, b)", {"return max(a, b)", "return None"}),
        ("return any(a)", {"return all(a)", "return None"}),
        ("return sorted(a)", {"return a", "return None"}),
        ("return a[b]", {"return a[b + 1]", "return None"}),
        ("return a[b:]", {"return a[:]", "return a[b + 1:]", "return None"}),
        ("return a if b else c", {"return a", "return a if not (b) else c", "return None"}),
        ("a += b", {"a -= b", "pass"}),
        ("a.append(b)", {"pass"}),
        ("raise ValueError(a)", {"pass"}),
        ("return None", set()),
        ("pass", set()),
        ('"""Text."""', set()),
        ("return f'{a + b}'", {"return None"}),
    ],
)
def test_operators(line: str, expected: set[str]) -> None:
    assert lines_of(f"def f(a, b, c):\n    {line}\n") == expected


def test_loops_and_conditions() -> None:
    source = "def f(a):\n    for item in a:\n        if item.ok:\n            break\n        continue\n"
    assert lines_of(source) == {"if not (item.ok):", "continue", "break"}


def test_conditions_of_comprehensions() -> None:
    assert "return [x for x in a if not (x.ok)]" in lines_of("def f(a):\n    return [x for x in a if x.ok]\n")


def test_a_statement_is_left_out_only_where_its_name_keeps_a_value() -> None:
    once = "def f(a):\n    b = g(a)\n    return b\n"
    twice = "def f(a):\n    b = None\n    b = g(a)\n    return b\n"
    assert "pass" not in lines_of(once)
    assert [mutant.line for mutant in mutants(twice) if mutant.after == "pass"] == [2, 3]


def meanings(source: str) -> set[str]:
    """The last lines of all mutants, without parentheses that change nothing."""
    return {ast.unparse(ast.parse(mutant.source)).splitlines()[-1].strip() for mutant in mutants(source)}


def test_a_replaced_expression_keeps_its_place() -> None:
    expected = {"return (a - b) * c", "return a + b + c", "return None"}
    assert meanings("def f(a, b, c):\n    return (a + b) * c\n") == expected


def test_letters_of_several_bytes_do_not_move_the_change() -> None:
    assert "return ('äöü😀', a - b)" in meanings('def f(a, b):\n    return "äöü😀", a + b\n')


def test_what_is_given_is_left_alone() -> None:
    given_text = "LIMIT = 3\n\n\n"
    source = given_text + "def f(a):\n    return a < LIMIT\n"
    assert {mutant.line for mutant in mutants(source, skip=given_text)} == {5}
    assert {mutant.line for mutant in mutants(source)} == {1, 5}


def test_annotations_imports_and_documentation_are_left_alone() -> None:
    head = '"""A module of 1."""\nfrom math import sqrt\n\n\n'
    source = head + 'def f(a: list[1]) -> list[2]:\n    """Return 3."""\n    b: int\n'
    assert mutants(source) == []


def test_a_mutant_says_what_it_changed() -> None:
    (mutant,) = [item for item in mutants("def f(a, b):\n    return a < b\n") if item.operator == "boundary"]
    assert str(mutant) == "line 2: 'return a < b' became 'return a <= b' (boundary)"


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Small functions with everything that is mutated."""
    names = st.sampled_from(["a", "b", "a[b]", "-1", "0", "len(a)", "min(a, b)", "a[1:]"])
    operators = st.sampled_from(["+", "-", "*", "//", "%", "<", "<=", "==", "in", "and", "or"])
    lines = draw(
        st.lists(
            st.one_of(
                st.builds("    a = {} {} {}".format, names, operators, names),
                st.builds("    if {} {} {}: return {}".format, names, operators, names, names),
                st.builds("    while {} {} {}: a += {}".format, names, operators, names, names),
            ),
            min_size=1,
            max_size=5,
        )
    )
    return "\n".join(["def f(a, b):", *lines, ""])


@given(programs())
def test_every_mutant_compiles_and_differs_from_all_others(source: str) -> None:
    forms = [ast.dump(ast.parse(source)), *(ast.dump(ast.parse(mutant.source)) for mutant in mutants(source))]
    assert len(set(forms)) == len(forms) > 1
    for mutant in mutants(source):
        before, after = source.split("\n"), mutant.source.split("\n")
        assert before[: mutant.line - 1] == after[: mutant.line - 1]
        assert (before[mutant.line - 1].strip(), after[mutant.line - 1].strip()) == (mutant.before, mutant.after)
