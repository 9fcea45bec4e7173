"""The rules of equality, on values of every kind."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_values import VALUES

from greenroom_grader.compare import canonical, contains_opaque, equal, matches, plain
from greenroom_grader.sandbox import Array, Generated, LinkedList, Opaque, Scalar, Tree
from greenroom_problems.problem import Comparison, Match

UNORDERED = Comparison(match=Match.UNORDERED)
DEEP = Comparison(match=Match.UNORDERED_DEEP)
TOLERANCE = Comparison(match=Match.TOLERANCE, relative=1e-6, absolute=1e-9)
EXACT = Comparison()


@given(VALUES)
def test_a_copy_equals_its_original_under_every_comparison(value: Any) -> None:
    other = copy.deepcopy(value)
    assert all(matches(value, other, comparison) for comparison in (EXACT, UNORDERED, DEEP, TOLERANCE))


@given(VALUES, VALUES)
def test_equality_is_symmetric_and_never_looser_than_pythons(one: Any, two: Any) -> None:
    assert equal(one, two) == equal(two, one)
    if equal(one, two):
        assert type(one) is type(two)
        # Python's == cannot see a NaN in two places as the same; repr can.
        assert one == two or "nan" in repr(one)


@given(VALUES, VALUES)
def test_what_is_exactly_equal_is_equal_under_the_weaker_comparisons(one: Any, two: Any) -> None:
    if equal(one, two):
        assert matches(one, two, UNORDERED)
        assert matches(one, two, TOLERANCE)
    if matches(one, two, UNORDERED):
        assert matches(one, two, DEEP)


@given(st.lists(VALUES, max_size=5), st.randoms(use_true_random=False))
def test_any_order_of_the_same_items_is_the_same_multiset(items: list[Any], random: Any) -> None:
    shuffled = random.sample(items, len(items))
    assert matches(items, shuffled, UNORDERED)
    assert matches([items], [shuffled], DEEP)


@given(st.lists(st.integers(0, 3)), st.lists(st.integers(0, 3)))
def test_multisets_count(one: list[int], two: list[int]) -> None:
    assert matches(one, two, UNORDERED) == (sorted(one) == sorted(two))
    assert matches([one], [two], UNORDERED) == (one == two)


@given(st.lists(st.integers() | st.booleans() | st.none(), max_size=6), st.data())
def test_a_flat_list_is_told_from_one_with_an_item_of_another_type(items: list[Any], data: st.DataObject) -> None:
    if not items:
        return
    index = data.draw(st.integers(0, len(items) - 1))
    other = list(items)
    other[index] = float(items[index]) if items[index] in (0, 1) else "other"
    assert not equal(items, other)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(0, 1e-7))
def test_tolerance_is_relative_or_absolute(value: float, error: float) -> None:
    near = value * (1 + error)
    assert matches([value], [near], TOLERANCE) or not math.isfinite(near)
    assert matches(value, value + 1e-10, TOLERANCE)


@given(st.floats(1e-3, 1e6))
def test_tolerance_ends(value: float) -> None:
    assert not matches(value, value * 1.001, TOLERANCE)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (1, True),
        ([1], (1,)),
        ({1}, frozenset({1})),
        (LinkedList((1,)), [1]),
        (LinkedList((1, 2), 0), LinkedList((1, 2), 1)),
        (Tree((1,)), LinkedList((1,))),
        (Generated((1,)), [1]),
        (Scalar("<i8", 3), 3),
        (Scalar("<i8", 3), Scalar("<i4", 3)),
        (Array("<i8", (2,), (1, 2)), Array("<i8", (2, 1), (1, 2))),
        ({1: 2}, {True: 2}),
        ([b"ab", b"c"], [b"a", b"bc"]),
        (["1:s", "2"], ["1", ":s2"]),
        (bytearray(b"a"), b"a"),
    ],
)
def test_values_that_look_alike_differ(one: Any, two: Any) -> None:
    assert not equal(one, two)
    assert not matches(one, two, DEEP)
    assert not matches(one, two, TOLERANCE)


def test_what_may_not_cross_equals_nothing_not_even_itself() -> None:
    for value in (Opaque("T"), [1, Opaque("T")], {"a": Opaque("T")}, (Opaque("T"),)):
        assert contains_opaque(value)
        assert not equal(value, value)
        assert not any(matches(value, value, comparison) for comparison in (EXACT, UNORDERED, DEEP, TOLERANCE))


def test_tolerance_reaches_into_sets_dicts_chains_and_trees() -> None:
    near = 1.0 + 1e-8
    for make in (
        lambda x: {x, 2.0},
        lambda x: {"a": [x]},
        lambda x: LinkedList((x,)),
        lambda x: Tree((x, None, 2)),
        lambda x: complex(x, 1),
    ):
        assert matches(make(1.0), make(near), TOLERANCE)
        assert not matches(make(1.0), make(1.1), TOLERANCE)


def test_one_of_several_answers_is_enough() -> None:
    any_of = Comparison(match=Match.ANY_OF)
    assert matches([[1], [2]], [2], any_of)
    assert not matches([[1], [2]], [3], any_of)
    assert not matches([[1], [2]], [[1], [2]], any_of)
    assert not matches([], 1, any_of)


def test_a_checker_is_not_decided_here() -> None:
    with pytest.raises(ValueError, match="a checker decides"):
        matches(1, 1, Comparison(match=Match.CHECKER, checker="check"))


@given(st.lists(st.sets(st.integers(0, 50)), min_size=1, max_size=3))
def test_the_canonical_form_does_not_depend_on_hash_order(sets: list[set[int]]) -> None:
    rebuilt = [{item for item in range(50, -1, -1) if item in members} for members in sets]
    assert canonical(sets) == canonical(rebuilt)


def test_checkers_see_chains_and_trees_as_lists() -> None:
    value = [LinkedList((1, 2)), (Tree((3, None)),), {"a": Generated((4,))}]
    assert plain(value) == [[1, 2], ([3, None],), {"a": [4]}]
