"""What a student is told about the difference of two values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from plain_values import VALUES

from greenroom_grader.difference import diff, why_not
from greenroom_grader.sandbox import LinkedList, Opaque
from greenroom_problems.problem import Comparison, Match

EXACT = Comparison()


@pytest.mark.parametrize(
    ("expected", "actual", "sentence"),
    [
        ([1], None, "The result is None, it should be a list; perhaps a return is missing."),
        (1, True, "The result is a bool, it should be an int."),
        (2, 2.0, "The result is a float, it should be an int."),
        (LinkedList((1,)), [1], "The result is a list, it should be a linked list."),
        (1, Opaque("Dog"), "The result is an object of type Dog; only plain values can be compared."),
        ([1], [Opaque("Dog")], "The result holds an object that is not plain data; only plain values can be compared."),
        ([1, 2], [2, 1], "The result has the right items in another order."),
        ([1, 2], [1], "The result has 1 items, it should have 2."),
        ([1, 2], [1, 3], "Item 1 of the result is the first that differs."),
        ([1, 2], [1, "2"], "Item 1 of the result is a str, it should be an int."),
        (0.0, -0.0, "The result has the wrong sign of zero."),
        (3, 4, ""),
    ],
)
def test_the_most_telling_difference_is_said(expected: Any, actual: Any, sentence: str) -> None:
    assert why_not(expected, actual, EXACT) == sentence


def test_any_of_is_explained_by_the_kind_of_its_options() -> None:
    any_of = Comparison(match=Match.ANY_OF)
    assert why_not([[1], [2]], 1, any_of) == "The result is an int, it should be a list."


@given(VALUES)
def test_no_expected_value_is_told(actual: Any) -> None:
    assert "918273645" not in why_not([918273645, {"918273645": 918273645}], actual, EXACT)


@pytest.mark.parametrize(
    ("expected", "actual", "text"),
    [
        ("hello world", "hello there", "- hello world\n+ hello there\n        ^"),
        ("a\nb\nc", "a\nx\nc", "  a\n- b\n+ x\n  c"),
        ("tab\there", "tab\nhere", "- tab·here\n+ tab\n+ here"),
        ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 9, 6], "from index 1:\n  2\n  3\n  4\n- 5\n+ 9\n  6"),
        ([[1, 2], [3, 4], [5, 6]], [[1, 2], [3, 4]], "  [1, 2]\n  [3, 4]\n- [5, 6]"),
        ([[1, 2], [3, 4]], [[1, 2]], None),
        (["ab", "cd"], ["ab", "ce"], "  'ab'\n- 'cd'\n+ 'ce'"),
        ("ab", "ac", None),
        ([1, 2], [1, 3], None),
        (1, 2, None),
        ("text", 1, None),
    ],
)
def test_diffs_of_texts_lists_and_grids(expected: Any, actual: Any, text: str | None) -> None:
    assert diff(expected, actual) == text


def test_of_long_texts_the_part_around_the_first_difference_is_shown() -> None:
    shown = diff("x" * 200 + "a", "x" * 200 + "b")
    assert shown is not None
    ours, theirs, caret = shown.splitlines()
    assert ours.startswith("- …xxx")
    assert caret.index("^") == theirs.index("b")


@given(VALUES, VALUES)
def test_a_diff_holds_nothing_that_a_terminal_obeys(expected: Any, actual: Any) -> None:
    text = diff(["a", "b", expected], ["a", "c", actual]) or ""
    assert all(letter.isprintable() for letter in text.replace("\n", ""))


@given(VALUES, VALUES)
def test_a_diff_of_anything_is_short_text_or_nothing(expected: Any, actual: Any) -> None:
    text = diff(expected, actual)
    assert text is None or 0 < len(text) < 60_000
