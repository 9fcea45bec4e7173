"""Values as short text that students read."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_values import VALUES

from greenroom_grader.compare import equal
from greenroom_grader.sandbox import Array, Frame, Generated, LinkedList, Opaque, Scalar, Series, Tree
from greenroom_grader.show import clip, show


@given(VALUES)
def test_plain_data_reads_back_as_the_same_value(value: Any) -> None:
    text = show(value, 10**6)
    if "nan" not in text and "inf" not in text and "frozenset" not in text and "set()" not in text:
        assert equal(ast.literal_eval(text), value)


@given(VALUES, st.integers(5, 60))
def test_no_text_is_longer_than_it_may_be(value: Any, limit: int) -> None:
    assert len(show(value, limit)) <= limit


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (LinkedList((1, 2)), "[1, 2]"),
        (LinkedList((1, 2), 0), "[1, 2] (the tail points back to index 0)"),
        (Tree((1, None, 2)), "[1, None, 2]"),
        (Generated(("a",)), "['a']"),
        (Scalar("<f8", 1.5), "np.f8(1.5)"),
        (Array("<i8", (2, 2), (1, 2, 3, 4)), "array([[1, 2], [3, 4]], dtype='<i8')"),
        (
            Series("price", Array("<i8", (1,), (0,)), Array("<i8", (1,), (5,))),
            "Series([5], name='price', index=[0])",
        ),
        (
            Frame(("a",), Array("<i8", (1,), (0,)), (Array("<i8", (1,), (5,)),)),
            "DataFrame({'a': [5]}, index=[0])",
        ),
        (Opaque("Dog", "a dog"), "<Dog: a dog>"),
        ({3, 1, 2}, "{1, 2, 3}"),
        (frozenset({"b", "a"}), "frozenset({'a', 'b'})"),
        ((), "()"),
        ((1,), "(1,)"),
        (2**9000, "<int of 9001 bits>"),
    ],
)
def test_each_kind_of_value_has_its_form(value: object, text: str) -> None:
    assert show(value) == text


def test_a_huge_text_is_cut_before_it_is_formatted() -> None:
    assert show("x" * 10**7, 10) == "'xxxxxxxx…"
    assert clip("abcdef", 4) == "abc…"
