"""Naming growth: exact points of each class, noise, and what must stay unclear."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom_grader import fit
from greenroom_grader.growth import judge_growth, next_size
from greenroom_grader.report import GrowthPoint

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

SIZES = [round(8 * 2 ** (step / 2)) for step in range(20)]
SHAPES: dict[str, Callable[[float], float]] = {
    "1": lambda _n: 1.0,
    "log n": math.log,
    "n": lambda n: n,
    "n log n": lambda n: n * math.log(n),
    "n^2": lambda n: n**2,
    "n^2 log n": lambda n: n**2 * math.log(n),
    "n^3": lambda n: n**3,
}


@pytest.mark.parametrize("name", SHAPES)
@given(st.floats(1e-9, 1e3))
def test_each_class_is_named_whatever_the_constant(name: str, constant: float) -> None:
    assert fit.fit([(n, constant * SHAPES[name](n)) for n in SIZES]).label == name


@pytest.mark.parametrize("name", ["1", "n", "n^2", "n^3"])
@given(st.randoms(use_true_random=False))
def test_a_few_percent_of_noise_change_nothing(name: str, noise: random.Random) -> None:
    points = [(n, SHAPES[name](n) * noise.uniform(0.97, 1.03)) for n in SIZES]
    assert fit.fit(points).label == name


@given(st.floats(1.3, 3.0))
def test_exponential_growth_is_named_whatever_the_base(base: float) -> None:
    step = max(1, round(math.log(4) / math.log(base)))
    points = [(n, base**n) for n in range(8, 8 + 9 * step, step)]
    assert fit.fit(points).label == fit.EXPONENTIAL


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(n, float(n)) for n in SIZES[:4]],
        [(100 + n, 100.0 + n) for n in range(20)],
        [(n, n**1.5) for n in SIZES],
        [(n, (n % 3 + 1) ** 3 * float(n)) for n in SIZES],
        [(n, 0.0) for n in SIZES],
        [(n, math.nan) for n in SIZES],
    ],
    ids=["none", "too few", "too narrow", "between two classes", "erratic", "zero", "not a number"],
)
def test_what_does_not_separate_is_unclear(points: list[tuple[float, float]]) -> None:
    assert fit.fit(points).label == fit.UNCLEAR


def measured(own: Callable[[float], float], reference: Callable[[float], float]) -> tuple[GrowthPoint, ...]:
    return tuple(GrowthPoint(size=n, cpu_ms=own(n) / 100, reference_ms=reference(n) / 100) for n in SIZES)


def test_the_sentence_names_both_growth_and_target() -> None:
    growth = judge_growth(measured(SHAPES["n^2"], SHAPES["n log n"]), "n log n")
    assert (growth.label, growth.message) == ("n^2", "about n^2, target n log n")


def test_a_machine_that_slows_down_with_size_is_divided_out() -> None:
    def cache(n: float) -> float:
        return 1.0 if n < 500 else 2.5

    points = measured(lambda n: n * cache(n), lambda n: n * cache(n))
    assert judge_growth(points, "n").label == "n"
    assert fit.fit([(p.size, p.cpu_ms) for p in points]).label != "n"


def test_a_reference_that_is_not_what_its_author_claims_is_not_trusted() -> None:
    points = measured(SHAPES["n"], SHAPES["n^3"])
    assert judge_growth(points, "n").label == "n"


def test_an_unclear_growth_names_its_neighbours_where_they_are_near() -> None:
    growth = judge_growth(measured(lambda n: n * math.log(n) ** 0.5, lambda n: n), "")
    assert growth.label == fit.UNCLEAR
    assert growth.message == "unclear between n and n log n"


def test_sizes_grow_by_the_square_root_of_two() -> None:
    assert next_size([GrowthPoint(size=100, cpu_ms=1, reference_ms=1)]) == 141


def test_steep_growth_is_followed_in_small_steps() -> None:
    points = [GrowthPoint(size=size, cpu_ms=0.02 * 2.0**size, reference_ms=0.01) for size in (20, 24)]
    assert next_size(points) == 26
    steeper = [GrowthPoint(size=size, cpu_ms=0.02 * 9.0**size, reference_ms=0.01) for size in (20, 24)]
    assert next_size(steeper) == 25
