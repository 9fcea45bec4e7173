"""The gate: small broken problems, each with the finding that its author must get."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greenroom_grader.gate.inspection import Inspection, inspect
from greenroom_problems import load_text
from greenroom_problems.scaffold import scaffold_text

if TYPE_CHECKING:
    from greenroom_grader.sandbox import Sandbox

pytestmark = pytest.mark.sandbox

CODE = "```{code-cell} ipython3\n"


def _base() -> str:
    """What ``greenroom new`` makes, without its slow solution, whose whole time limit would be waited for."""
    text = scaffold_text("water-rises")
    start = text.index(f"{CODE}:tags: [slow]")
    return text[:start] + text[text.index("+++", start) :]


SOUND = _base()
SLOW = scaffold_text("water-rises")
#: As a checker problem; the checker is what a case below makes of it.
CHECKED = SOUND.replace("comparison: exact", "comparison: {match: checker, checker: check}")


def checked_by(body: str) -> str:
    return CHECKED.replace("def valid(", f"def check(args, expected, actual):\n    {body}\n\n\ndef valid(")


def check(boxes: Sandbox, text: str) -> Inspection:
    return inspect(boxes, load_text(text))


def test_a_sound_problem_passes(boxes: Sandbox) -> None:
    found = check(boxes, SOUND)
    assert found.findings == ()
    assert found.mutants == found.killed > 0
    assert found.survivors == ()
    assert 0 < found.reference_ms <= found.limit_ms / 5


def test_a_slow_solution_hits_the_limit(boxes: Sandbox) -> None:
    assert check(boxes, SLOW).findings == ()


def test_a_sound_checker_passes(boxes: Sandbox) -> None:
    assert check(boxes, checked_by("return type(actual) is int and actual == expected")).findings == ()


REFERENCE = (
    "    for before, after in zip(readings, readings[1:]):\n        if after > before:\n            rises += 1\n"
)
BROKEN = {
    "the reference raises what nobody asked for": (
        SOUND.replace("    rises = 0\n    for", "    rises = 0 // (len(readings) - 1)\n    for", 1),
        "solution: the reference raises ZeroDivisionError in hidden case 1: water_rises",
    ),
    "the tests cell crashes": (
        SOUND.replace("hidden = [", "1 / 0\nhidden = ["),
        "water-rises: the tests cell does not run: ZeroDivisionError: division by zero (line 12)",
    ),
    "a case is not a tuple": (
        SOUND.replace("    ([7],),\n", "    [7],\n"),
        "water-rises: cell tests: hidden[0]: a case is the tuple of its arguments; write (numbers, 3)",
    ),
    "a case has too many arguments": (
        SOUND.replace("    ([7],),\n", "    ([7], 1),\n"),
        "water-rises: cell tests: hidden[0]: water_rises takes 1 arguments, here it gets 2",
    ),
    "an argument is not plain data": (
        SOUND.replace("    ([7],),\n", "    ([lambda: 7],),\n"),
        "water-rises: cell tests: hidden[0]: an argument is not plain data",
    ),
    "too few hidden cases": (
        SOUND.replace("    ([7],),\n    ([7, 7],),\n    ([7, 8],),\n", ""),
        "water-rises: tests: 9 of at least 10 hidden cases",
    ),
    "the reference crashes": (
        SOUND.replace("    rises = 0\n    for", "    rises = readings[0]\n    for", 1),
        "water-rises: statement: water_rises([]) gives IndexError: list index out of range, the statement says 0",
    ),
    "the reference depends on chance": (
        SOUND.replace("    rises = 0\n    for", "    rises = __import__('os').urandom(8)[0]\n    for", 1),
        "water-rises: cell solution: example 1: the reference answers differently when run twice",
    ),
    "the reference keeps a memory": (
        SOUND.replace("    rises = 0\n    for", "    known.append(1)\n    rises = len(known)\n    for", 1).replace(
            "\ndef water_rises(readings: list[int]) -> int:\n    known",
            "\nknown = []\n\n\ndef water_rises(readings: list[int]) -> int:\n    known",
        ),
        "water-rises: cell solution: example 1: the reference answers differently when run twice",
    ),
    "the reference gives what cannot be compared": (
        SOUND.replace("    return rises\n", "    return iter\n", 1),
        "water-rises: cell solution: example 1: the reference gives",
    ),
    "the reference keeps no margin": (
        SOUND.replace("{cpu_seconds: 1}", "{cpu_seconds: 0.1}").replace(
            "    rises = 0\n    for", "    rises = 0 if readings else 0 * sum(range(3_000_000))\n    for", 1
        ),
        "ms in example 2, more than a fifth of the limit; make the largest case smaller or limits.cpu_seconds larger",
    ),
    "the reference does not answer": (
        SOUND.replace("{cpu_seconds: 1}", "{cpu_seconds: 0.1}").replace(
            "    rises = 0\n    for", "    rises = 0\n    while not readings:\n        pass\n    for", 1
        ),
        "water-rises: cell solution: example 2: the reference does not answer: it used more CPU time than it may",
    ),
    "an example is wrong": (
        SOUND.replace("15])\n2\n", "15])\n3\n"),
        "water-rises: statement: water_rises([10, 12, 12, 15]) gives 2, the statement says 3",
    ),
    "an example is no visible case": (
        SOUND.replace("examples = [([10, 12, 12, 15],), ([],)]", "examples = [([10, 12, 12, 15],)]"),
        "water-rises: statement: the example water_rises([]) is no visible case; add its arguments to examples",
    ),
    "a wrong solution is right": (
        SOUND.replace("after >= before", "after > before"),
        "water-rises: wrong solution 'counts equal readings': got accepted; must get wrong_answer; add a case",
    ),
    "a wrong solution fails otherwise": (
        SOUND.replace("after >= before", "after >= nothing"),
        "water-rises: wrong solution 'counts equal readings': got runtime_error in example 1: NameError",
    ),
    "the slow solution is fast enough": (
        SLOW.replace("range(50_000)", "range(50)"),
        "water-rises: slow solution: got accepted; must get time_limit; add a larger hidden case",
    ),
    "the starter is the solution": (
        SOUND.replace("    ...\n", "    return sum(b > a for a, b in zip(readings, readings[1:]))\n", 1),
        "water-rises: starter: the starter is accepted; leave the work to the student",
    ),
    "the generator crashes": (
        SOUND.replace("rng.randrange(-20, 200)", "rng.randrange(0)"),
        "water-rises: tests: generate(rng, 1) fails: ValueError: empty range for randrange() (line 5); make it finish",
    ),
    "the generator loops": (
        SOUND.replace("    return ([rng.randrange", "    while size > 2:\n        pass\n    return ([rng.randrange"),
        "water-rises: tests: generate(rng, 3) fails: it used more CPU time than it may; make it finish, quickly",
    ),
    "the generator has a generator of its own": (
        SOUND.replace("rng.randrange(-20, 200)", "__import__('random').randrange(-2000, 2000)"),
        "is not deterministic; use nothing but rng: no random module, no set order, no clock",
    ),
    "the generator remembers": (
        SOUND.replace("def generate(", "drawn = []\n\n\ndef generate(").replace(
            "    return ([rng", "    drawn.append(size)\n    return ([len(drawn)] + [rng"
        ),
        "is not deterministic; use nothing but rng",
    ),
    "the generator makes no case": (
        SOUND.replace("    return ([rng.randrange(-20, 200) for _ in range(size)],)", "    return [rng.randrange(9)]"),
        "water-rises: tests: generate(rng, 1) fails: a case is the tuple of its arguments",
    ),
    "the generator makes what is not allowed": (
        SOUND.replace("return len(readings) <= 50_000", "return len(readings) <= 50_000 and len(readings) != 5"),
        "water-rises: tests: generate(rng, 5) gives an input that valid refuses; correct one of the two",
    ),
    "a case is not allowed": (
        SOUND.replace("return len(readings) <= 50_000", "return len(readings) < 50_000"),
        "water-rises: tests: hidden case 12 is an input that valid refuses; correct one of the two",
    ),
    "valid is missing": (
        SOUND.replace("def valid(", "def allowed("),
        "water-rises: tests: does not define valid; write 'def valid(...)', which says whether an input is allowed",
    ),
    "the checker raises": (
        checked_by("return actual[0] == expected"),
        "water-rises: cell tests: example 1: the checker fails on the reference's own answer: TypeError",
    ),
    "the checker refuses the reference": (
        checked_by("return 'never'"),
        "water-rises: cell tests: example 1: the checker refuses the reference's own answer: never",
    ),
    "the checker answers no question": (
        checked_by("return None"),
        "water-rises: cell tests: example 1: the checker returns None; return True, False, or a sentence",
    ),
    "the checker falls over junk": (
        checked_by("return actual - expected == 0"),
        "water-rises: tests: check(args, expected, None) fails: TypeError",
    ),
    "the checker accepts junk": (
        checked_by("return actual is None or actual == expected"),
        "water-rises: tests: check(args, expected, None) accepts that for example 1; return False or a sentence",
    ),
    "the cases are too weak": (
        SOUND.replace("    rises = 0\n    for", "    rises = 0\n    if len(readings) > 77 and readings[76] < 9:\n"
                      "        return 5\n    for", 1).replace("list(range(50_000))", "list(range(60))"),
        "mutants of the reference are killed, less than 90%; add cases that the survivors fail",
    ),
    "an equivalent mutant is none": (
        SOUND.replace("  source:", '  equivalent:\n    - {line: "if after >= before:", reason: a tie}\n  source:'),
        "water-rises: front matter: equivalent: no mutant with the line 'if after >= before:' survives; delete it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_problem_gets_its_finding(boxes: Sandbox, name: str) -> None:
    text, expected = BROKEN[name]
    assert text not in {SOUND, SLOW, CHECKED}
    found = [str(finding) for finding in check(boxes, text).findings]
    assert any(expected in line for line in found), found
    assert not any("\n" in line for line in found)


def test_survivors_are_listed_and_can_be_declared(boxes: Sandbox) -> None:
    """``rises`` is 0 anyway, so that no case can tell whether it is set once more."""
    idle = SOUND.replace("    rises = 0\n    for", "    rises = 0\n    rises += 0\n    for", 1)
    found = check(boxes, idle)
    assert "pass" in {mutant.after for mutant in found.survivors}
    assert all(mutant.before == "rises += 0" for mutant in found.survivors)
    lines = "".join(
        f'    - {{line: "{mutant.after}", reason: nothing is added or taken away}}\n' for mutant in found.survivors
    )
    declared = check(boxes, idle.replace("  source: own work", f"  equivalent:\n{lines}  source: own work"))
    assert declared.findings == ()
    assert declared.survivors == ()
    assert declared.equivalent == len(found.survivors)
    assert declared.score == 1.0


def test_an_endless_mutant_is_killed_by_the_reference_s_time(boxes: Sandbox) -> None:
    """A limit of 20 s for each endless loop would make this test last minutes."""
    loop = (
        "    rises = 0\n    hour = 1\n    while hour < len(readings):\n"
        "        rises += readings[hour] > readings[hour - 1]\n        hour += 1\n"
    )
    text = SOUND.replace("{cpu_seconds: 1}", "{cpu_seconds: 20}").replace("    rises = 0\n" + REFERENCE, loop)
    found = check(boxes, text)
    assert found.mutants >= 10
    assert found.killed >= 0.9 * found.mutants


CELLS = f"""\
---
jupytext: {{notebook_metadata_filter: greenroom, text_representation: {{extension: .md, format_name: myst}}}}
greenroom:
  id: double-it
  title: Double it
  difficulty: easy
  topics: [math]
  kind: cells
  limits: {{cpu_seconds: 1}}
  hints: ["What is twice?", Adding a number to itself., An operator., Return the sum.]
---

+++ {{"tags": ["statement"]}}

Write `double`, which returns twice a number.

{CODE}:tags: [starter]

def double(number):
    ...
```

{CODE}:tags: [solution]

def double(number):
    return number + number
```

{CODE}---
tags: [assert]
greenroom: {{grade_id: small, points: 1}}
---
assert double(3) == 6
```

{CODE}---
tags: [assert]
greenroom: {{grade_id: text, points: 1, hidden: true}}
---
assert double("ab") == "abab"
```

{CODE}---
tags: [wrong]
greenroom: {{name: a square, verdict: wrong_answer, why: Twice is not squared.}}
---
def double(number):
    return number * number
```

{CODE}---
tags: [wrong]
greenroom: {{name: for numbers only, verdict: runtime_error, why: Text cannot be shifted.}}
---
def double(number):
    return number << 1
```

+++ {{"tags": ["editorial"]}}

**Idea.** A sum. **Cost.** One step.

+++ {{"tags": ["interviewer"]}}

## Probe
- Why?
- How?
- When?

## Follow-ups
- Thrice.
- Half.

## Common mistakes
- **A square**: ask for 3.
- **A shift**: ask for text.
"""


def test_a_problem_of_cells_passes(boxes: Sandbox) -> None:
    found = check(boxes, CELLS)
    assert found.findings == ()
    assert (found.mutants, found.killed) == (2, 2)


def test_a_problem_of_cells_with_weak_cells(boxes: Sandbox) -> None:
    found = [str(item) for item in check(boxes, CELLS.replace('assert double("ab") == "abab"', "double(1)")).findings]
    assert any("'for numbers only': got accepted; must get runtime_error" in line for line in found), found
