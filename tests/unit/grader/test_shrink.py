"""Making a failing input smaller."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_values import VALUES

from greenroom_grader.compare import canonical, equal
from greenroom_grader.package import Step
from greenroom_grader.sandbox import LinkedList
from greenroom_grader.shrink import shrink, simpler, simpler_case

NEVER = math.inf


def call(name: str, *arguments: object) -> Step:
    return Step(name=name, arguments=arguments)


@given(st.lists(st.integers(-1000, 1000), max_size=30), st.integers(1, 100))
def test_the_smallest_list_with_a_large_number_is_that_number(items: list[int], bound: int) -> None:
    if not any(item >= bound for item in items):
        return
    assert shrink(items, simpler, lambda found: any(item >= bound for item in found), deadline=NEVER) == [bound]


@given(st.text(alphabet="abc()", max_size=20))
def test_what_is_found_still_fails_and_nothing_simpler_does(text: str) -> None:
    def fails(found: str) -> bool:
        return found.count("(") != found.count(")")

    if fails(text):
        assert shrink(text, simpler, fails, deadline=NEVER) in {"(", ")"}


@given(VALUES)
def test_simpler_values_keep_their_type_and_are_not_the_value_itself(value: Any) -> None:
    for number, candidate in enumerate(simpler(value)):
        assert type(candidate) is type(value)
        assert not equal(candidate, value)
        if number > 50:
            break


@given(VALUES)
def test_shrinking_ends_even_when_everything_fails(value: Any) -> None:
    smallest = shrink(value, simpler, lambda _: True, deadline=NEVER)
    assert list(simpler(smallest)) == []
    assert len(canonical(smallest)) <= len(canonical(value)) + 16  # 0.0 is not shorter than inf


def test_time_ends_the_search_with_the_best_so_far() -> None:
    asked = []

    def fails(found: list[int]) -> bool:
        asked.append(found)
        return True

    assert shrink([5] * 50, simpler, fails, deadline=time.monotonic() - 1) == [5] * 50
    assert asked == []


def test_calls_are_left_out_but_never_the_construction() -> None:
    steps = (call("Pile"), *(call("push", n) for n in range(6)), call("pop"))

    def fails(found: tuple[Step, ...]) -> bool:
        return any(step.name == "pop" for step in found)

    assert shrink(steps, simpler_case, fails, deadline=NEVER) == (call("Pile"), call("pop"))


def test_two_equal_values_are_made_smaller_together() -> None:
    steps = (call("f", [7, 7], {"key": 7}),)

    def fails(found: tuple[Step, ...]) -> bool:
        items, table = found[0].arguments
        assert isinstance(items, list)
        assert isinstance(table, dict)
        return len(items) == 2 and items[0] == items[1] == table.get("key")

    assert shrink(steps, simpler_case, fails, deadline=NEVER) == (call("f", [0, 0], {"key": 0}),)


def test_a_pair_far_apart_is_left_out_together() -> None:
    def fails(text: str) -> bool:
        return "x" in text and text.count("(") == text.count(")")

    assert shrink("(abcx)", simpler, fails, deadline=NEVER) == "x"


def test_a_grid_loses_columns() -> None:
    grid = [[0, 1, 2], [0, 5, 2]]

    def fails(rows: list[list[int]]) -> bool:
        widths = {len(row) for row in rows}
        return len(rows) == 2 and len(widths) == 1 and rows[1][-1:] != rows[0][-1:] and widths != {0}

    smaller = shrink([[*row, row[1]] for row in grid], simpler, fails, deadline=NEVER)
    assert [len(row) for row in smaller] == [1, 1]


@pytest.mark.parametrize("value", [None, 0, False, "", [], (), {}, set(), 0.0, b"", LinkedList(())])
def test_the_simplest_values_have_nothing_simpler(value: Any) -> None:
    assert list(simpler(value)) == []


def test_a_chain_keeps_its_cycle() -> None:
    assert all(chain.cycle < len(chain.values) for chain in simpler(LinkedList((1, 2, 3), 1)))  # type: ignore[attr-defined]


def test_huge_integers_become_small_in_few_steps() -> None:
    tried = []

    def fails(found: int) -> bool:
        tried.append(found)
        return found >= 1000

    assert shrink(10**60, simpler, fails, deadline=NEVER) == 1000
    assert len(tried) < 20_000
