"""What a problem must have before it is worth running."""

from __future__ import annotations

import pytest

from greenroom_grader.gate.completeness import completeness, visible_calls
from greenroom_problems import load_text
from greenroom_problems.scaffold import scaffold_text

SOUND = scaffold_text("water-rises")


def said(text: str) -> list[str]:
    return [str(finding) for finding in completeness(load_text(text))]


def without(text: str, begin: str, end: str) -> str:
    start = text.index(begin)
    return text[:start] + text[text.index(end, start) :]


def test_a_complete_problem_has_no_finding() -> None:
    assert said(SOUND) == []


SLOW = "```{code-cell} ipython3\n:tags: [slow]"
WRONG = "```{code-cell} ipython3\n---\ntags: [wrong]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            without(SOUND, '    - "Pair each reading', "  source:"),
            "front matter: 3 of 4 hints; write a ladder from a question to an outline",
        ),
        (
            SOUND.replace(
                '"Only neighbours matter. How many pairs of neighbours are there?"',
                '"Which two readings do you have to look at to know whether the water rose?"',
            ),
            "front matter: two hints are the same; make each a step of its own",
        ),
        (
            without(SOUND, WRONG, SLOW),
            "0 of at least 2 wrong solutions; add code cells tagged 'wrong'",
        ),
        (
            SOUND.replace('  name: "counts equal readings"\n', ""),
            "wrong solution 'wrong in cell 5': no name or no why; say in a sentence what is wrong",
        ),
        (
            without(SOUND, '+++ {"tags": ["editorial"]}', '+++ {"tags": ["interviewer"]}'),
            "no editorial; add a Markdown cell tagged 'editorial'",
        ),
        (SOUND.replace("**Cost.**", "**Price.**"), "editorial: no paragraph that begins **Cost.**"),
        (
            without(SOUND, '+++ {"tags": ["interviewer"]}', "## Probe").replace("## Probe", ""),
            "no interviewer notes; add a Markdown cell tagged 'interviewer' with Probe, Follow-ups, Common mistakes",
        ),
        (
            SOUND.replace("- What does your solution copy?\n", ""),
            "interviewer: '## Probe' has 2 of at least 3 items; write them as a list",
        ),
        (
            SOUND.replace("## Follow-ups", "## Further"),
            "interviewer: '## Follow-ups' has 0 of at least 2 items",
        ),
        (
            SOUND.replace(">>> water_rises([])\n0\n", ""),
            "statement: 1 of at least 2 examples; write them in a ```python block",
        ),
        (
            SOUND.replace(">>> water_rises([])\n0\n", ">>> water_rises([])\n  0\n>>>broken\n"),
            "statement: the example cannot be read",
        ),
        (SOUND.replace("complexity: n\n", "complexity: n^4\n"), "front matter: complexity 'n^4' is not known"),
        (
            SOUND.replace("def generate(rng, size)", "def generated(rng, size)"),
            "tests: a complexity and no generator; add 'def generate(rng, size)', or leave complexity out",
        ),
        (
            without(SOUND, SLOW, "+++").replace("difficulty: easy", "difficulty: medium"),
            "a complexity and no slow solution; add a correct one that is too slow",
        ),
        (
            SOUND.replace("    ([7],),\n", "    case([7]),\n"),
            "the notebook does not run by hand: case is not imported; put a code cell tagged 'setup'",
        ),
        (
            SOUND.replace("    rises = 0\n    for before", "    rises = ListNode().val\n    for before", 1),
            "the notebook does not run by hand: ListNode is not imported; put a code cell tagged 'setup'",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_with_what_to_write(text: str, expected: str) -> None:
    assert text != SOUND
    lines = said(text)
    assert len(lines) == 1, lines
    assert lines[0].startswith(f"water-rises: {expected}")


@pytest.mark.parametrize("names", ["case", "*"])
def test_a_setup_cell_brings_what_boxes_have(names: str) -> None:
    setup = f"```{{code-cell}} ipython3\n:tags: [setup]\n\nfrom greenroom_problems.authoring import {names}\n```\n\n"
    starter = "```{code-cell} ipython3\n:tags: [starter]"
    assert said(SOUND.replace("    ([7],),\n", "    case([7]),\n").replace(starter, setup + starter)) == []


def test_a_problem_may_bring_its_own_node() -> None:
    own = "class ListNode:\n    val = 0\n\n\ndef water_rises"
    text = SOUND.replace("\ndef water_rises", f"\n{own}").replace("    rises = 0\n", "    rises = ListNode().val\n")
    assert said(text) == []


def test_an_easy_problem_needs_no_slow_solution() -> None:
    assert said(without(SOUND, SLOW, "+++")) == []


def test_calls_of_the_statement() -> None:
    assert visible_calls(load_text(SOUND)) == [([10, 12, 12, 15],), ([],)]
