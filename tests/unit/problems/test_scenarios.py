"""Interview scenarios: text with front matter, and a line for each fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greenroom_problems import ScenarioError, ScenarioKind, load_scenario, scenarios

if TYPE_CHECKING:
    from pathlib import Path

SCENARIO = """\
---
id: a-queue
title: A queue for the canteen
kind: system_design
minutes: 30
topics: [services]
phases:
  - {id: clarify, title: Clarify, minutes: 5, goal: Asks how many.}
  - {id: design, title: Design, minutes: 15, goal: Draws it.}
  - {id: scale, title: Scale, minutes: 10, goal: Breaks it.}
facts:
  - {about: load, fact: 300 guests at noon.}
  - {about: peak, fact: Forty in one minute.}
  - {about: loss, fact: No order may be lost.}
  - {about: staff, fact: Six cooks.}
  - {about: budget, fact: One small machine.}
criteria:
  - {id: data, title: The data, levels: {1: None named., 2: One table., 3: Keys and indexes., 4: And their growth.}}
  - {id: load, title: The load, levels: {1: No number., 2: A guess., 3: Computed., 4: And checked.}}
  - {id: failure, title: Failure, levels: {1: Ignored., 2: Noticed., 3: Handled., 4: And tested.}}
follow_ups:
  - {ask: "What if it rains?", listen_for: More guests.}
  - {ask: "What if a cook is ill?", listen_for: A longer queue., numbers: Five sixths.}
  - {ask: "What if the power fails?", listen_for: A log.}
  - {ask: "What if the log fails?", listen_for: Paper.}
weak_answers:
  - {answer: Put a cache in front., why: It does not say of what.}
  - {answer: Use more machines., why: There is one.}
  - {answer: It will not happen., why: It did.}
---
Guests of a canteen order at a screen and wait for a number. Design what stands behind the screen.
"""


def said(folder: Path, text: str) -> list[str]:
    (folder / "a-queue.md").write_text(text, encoding="utf-8")
    return [str(finding) for finding in scenarios(folder).findings]


def test_a_scenario_loads(tmp_path: Path) -> None:
    assert said(tmp_path, SCENARIO) == []
    scenario = load_scenario(tmp_path / "a-queue.md")
    assert scenario.kind is ScenarioKind.SYSTEM_DESIGN
    assert scenario.criteria[0].levels == ("None named.", "One table.", "Keys and indexes.", "And their growth.")
    assert scenario.follow_ups[1].numbers == "Five sixths."
    assert scenario.brief.startswith("Guests of a canteen")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: system_design", "kind: quiz", "kind: Input should be 'system_design', 'project_defence' or"),
        ("minutes: 30", "minutes: 20", "phases take longer than the 20 minutes"),
        (", 4: And tested.}", "}", "criteria.2.levels: write a mapping with the keys 1, 2, 3 and 4"),
        ("  - {about: load, fact: 300 guests at noon.}\n", "", "facts: 4 of at least 5"),
        ("{id: load, title: The load", "{id: data, title: The load", "criteria: two have one id"),
        ("follow_ups:", "followups:", "followups: is not a key of this format"),
        ("id: a-queue", "id: b-queue", "id: 'b-queue' is not the name of the file"),
        ("title: A queue", "title: A: queue", "not valid YAML"),
        ("topics: [services]", "topics: [services]\nbrief: no", "brief: is not a key; write it as the text below"),
    ],
)
def test_a_fault_names_the_place_and_what_to_write(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in SCENARIO
    lines = said(tmp_path, SCENARIO.replace(old, new, 1))
    assert any(line.startswith("a-queue.md: ") and expected in line for line in lines), lines


def test_behavioural_interviews_need_no_facts(tmp_path: Path) -> None:
    start, end = SCENARIO.index("facts:"), SCENARIO.index("criteria:")
    text = (SCENARIO[:start] + SCENARIO[end:]).replace("system_design", "behavioural")
    assert said(tmp_path, text) == []


def test_a_broken_scenario_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_text("no front matter", encoding="utf-8")
    assert len(said(tmp_path, SCENARIO)) == 1
    assert list(scenarios(tmp_path).scenarios) == ["a-queue"]
    with pytest.raises(ScenarioError, match=r"broken\.md: line 1: no front matter"):
        load_scenario(tmp_path / "broken.md")


def test_the_shipped_scenarios_load(problems_folder: Path) -> None:
    assert [str(finding) for finding in scenarios(problems_folder.parent / "scenarios").findings] == []
