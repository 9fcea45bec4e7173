"""The sums in interview scenarios are right: every calculation that an interviewer may quote is done again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from greenroom_problems import PHASES, ScenarioKind, load_scenario
from greenroom_problems.folder import notebooks_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from greenroom_problems import Scenario

PREFIXES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "ms": 1e-3, "us": 1e-6, "%": 1e-2}
PREFIXES |= {
    f"{letter}{unit}": 10.0**power
    for letter, power in zip("KMGTP", (3, 6, 9, 12, 15), strict=True)
    for unit in ("B", "bit")
}
NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?(?:\^\d+)?"
#: A number with the words behind it: '1.5 MB/s', '$3', '40 % of users'.
TERM = rf"\(*\$?{NUMBER}(?: ?%)?(?:[ -](?!x\b|about\b)[A-Za-z][A-Za-z/'-]*)*\)*"
CALCULATION = re.compile(rf"(?<![\d.,^])({TERM}(?: [x/+-] {TERM})*) = (?:about |some )?({TERM})")
#: Sums are written rounded.
TOLERANCE = 0.03
FILES = sorted((notebooks_folder() / "scenarios").glob("*.md"))


def value(expression: str) -> float:
    """The value of an expression of numbers with units, in base units."""

    def base(term: re.Match[str]) -> str:
        words = term["words"].replace("/", " ").split()
        return f"({term['number'].replace(',', '').replace('^', '**')}*{PREFIXES.get(words[0], 1) if words else 1})"

    pattern = rf"\$?(?P<number>{NUMBER})(?P<words>(?: ?%)?(?:[ -](?!x\b)[A-Za-z][A-Za-z/'-]*)*)"
    code = re.sub(pattern, base, expression).replace(" x ", " * ")
    assert re.fullmatch(r"[\d.e*+/() -]+", code), code
    return float(eval(code))  # noqa: S307 - digits and operators only, and a file of this repository


def calculations(text: str) -> list[tuple[str, float, float]]:
    """What stands on the left of each '=', its value, and the value that is written on the right."""
    return [(found[0], value(found[1]), value(found[2])) for found in CALCULATION.finditer(text)]


def prose(scenario: Scenario) -> Iterator[str]:
    """Every text of a scenario that an interviewer reads."""
    yield scenario.brief
    for item in (*scenario.phases, *scenario.facts, *scenario.criteria, *scenario.follow_ups, *scenario.weak_answers):
        for field in item.model_dump().values():
            yield from field if isinstance(field, tuple) else [str(field)]


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("so 3,000 readers x 4 KB / 8 s = 1.5 MB/s", 1.5e6, 1.5e6),
        ("62^6 = 5.7e10 codes", 62**6, 5.7e10),
        ("40 % x 200 million users = 80 million", 8e7, 8e7),
        ("(200 ms + 50 ms) x 4 = 2 s", 1.0, 2.0),
        ("$3 x 2 = about $7", 6, 7),
    ],
)
def test_a_calculation_is_done_again(text: str, left: float, right: float) -> None:
    [(_, computed, written)] = calculations(text)
    assert (computed, written) == pytest.approx((left, right))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_sums_of_a_scenario_are_right(path: Path) -> None:
    scenario = load_scenario(path)
    done = [item for text in prose(scenario) for item in calculations(text)]
    wrong = [f"{text}: is {left:.4g}" for text, left, right in done if left != pytest.approx(right, rel=TOLERANCE)]
    assert wrong == []
    if scenario.kind is ScenarioKind.SYSTEM_DESIGN:
        assert len(done) >= len(PHASES[scenario.kind]) // 2


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_calculation_is_written_so_that_nobody_checks_it(path: Path) -> None:
    for item in load_scenario(path).follow_ups:
        assert item.numbers.count("=") == len(calculations(item.numbers)), item.numbers
