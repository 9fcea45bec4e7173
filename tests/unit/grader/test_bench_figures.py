"""Figures of the benchmark: what counts as reached, and the clocks behind them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom_grader.bench import workload
from greenroom_grader.bench.measure import Figure, Stopwatch, median, percentile


@pytest.mark.parametrize(
    ("value", "target", "at_most", "met"),
    [(8, 8, True, True), (8.1, 8, True, False), (60, 60, False, True), (59, 60, False, False), (1, None, True, None)],
)
def test_a_figure_knows_whether_it_is_reached(
    value: float, target: float | None, at_most: bool, met: bool | None
) -> None:
    figure = Figure(name="n", value=value, unit="ms", target=target, at_most=at_most)
    assert figure.met is met
    assert figure.to_dict()["met"] is met


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_a_measured_value_that_enough_do_not_exceed(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


def test_the_median_of_an_odd_number_is_the_middle() -> None:
    assert median([5, 1, 3]) == 3


def test_the_stopwatch_counts_the_cpu_time_of_children() -> None:
    code = "import time\nwhile time.process_time() < 0.3: pass"
    with Stopwatch() as watch:
        subprocess.run([sys.executable, "-c", code], check=True)
    assert watch.spent.cpu_seconds >= 0.28
    assert watch.spent.wall_seconds > 0


def test_the_stopwatch_counts_children_that_still_run() -> None:
    code = (
        "import sys, time\nwhile time.process_time() < 0.3: pass\nprint('busy')\nsys.stdout.flush()\nsys.stdin.read()"
    )
    with Stopwatch() as watch:
        child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert child.stdout is not None
        assert child.stdout.readline() == b"busy\n"
    child.communicate()
    assert watch.spent.cpu_seconds >= 0.28


def test_the_reference_of_the_workload_does_what_its_tests_say() -> None:
    names: dict[str, object] = {}
    for cell in workload.notebook(source=False)["cells"]:
        exec(cell["source"], names)  # noqa: S102 - our own text
    answers: dict[str, object] = {}
    for cell in workload.assignment()["cells"]:
        exec(cell["source"], answers)  # noqa: S102 - our own text


def test_what_students_hand_in_holds_no_hidden_test() -> None:
    for number in range(4):
        text = repr(workload.answered(number))
        assert "HIDDEN" not in text
        assert "SOLUTION" not in text
