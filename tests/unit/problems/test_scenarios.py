"""Interview scenarios: text with front matter, and a line for each fault."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from greenroom_problems import ScenarioError, ScenarioKind, load_scenario, scenarios

if TYPE_CHECKING:
    from pathlib import Path

TALK = ("story_1", "probes_1", "story_2", "probes_2", "wrap")

SCENARIO = """\
---
id: a-queue
title: A queue for the canteen
kind: system_design
minutes: 30
topics: [services]
phases:
  - {id: requirements, title: Clarify, minutes: 3, ask: "For whom?", goal: Asks how many.}
  - {id: estimates, title: Count, minutes: 3, ask: "How many?", goal: Counts.}
  - {id: api_and_data, title: Data, minutes: 4, ask: "What is kept?", goal: Names the table.}
  - {id: high_level, title: Design, minutes: 5, ask: "What runs?", goal: Draws it.}
  - {id: deep_dive_1, title: Numbers, minutes: 4, ask: "Who hands out numbers?", goal: One counter.}
  - {id: deep_dive_2, title: Screen, minutes: 4, ask: "Who shows them?", goal: One screen.}
  - {id: failures, title: Break, minutes: 4, ask: "What breaks?", goal: Breaks it.}
  - {id: wrap, title: End, minutes: 3, ask: "What is left?", goal: Says what is left.}
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
  - {phase: estimates, ask: "What if it rains?", listen_for: More guests.}
  - {phase: estimates, ask: "What if a cook is ill?", listen_for: A longer queue., numbers: Five sixths.}
  - {phase: failures, ask: "What if the power fails?", listen_for: A log.}
  - {phase: failures, ask: "What if the log fails?", listen_for: Paper.}
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
        ("{id: wrap,", "{id: goodbye,", "phases.7.id: Input should be 'requirements', 'estimates'"),
        (
            "{id: wrap,",
            "{id: change,",
            "phases: write those of a system_design, in this order: requirements, estimates,",
        ),
        (
            "{phase: estimates, ask",
            "{phase: story_1, ask",
            "follow_ups: a system_design has no phase 'story_1'; take one of",
        ),
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
    start, end = text.index("phases:"), text.index("criteria:")
    phases = [f"  - {{id: {phase}, title: A story, minutes: 5, ask: Tell., goal: Told.}}\n" for phase in TALK]
    text = text[:start] + "phases:\n" + "".join(phases) + text[end:]
    text = re.sub("phase: (estimates|failures)", "phase: probes_1", text)
    assert said(tmp_path, text) == []


def test_a_broken_scenario_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_text("no front matter", encoding="utf-8")
    assert len(said(tmp_path, SCENARIO)) == 1
    assert list(scenarios(tmp_path).scenarios) == ["a-queue"]
    with pytest.raises(ScenarioError, match=r"broken\.md: line 1: no front matter"):
        load_scenario(tmp_path / "broken.md")


def test_the_shipped_scenarios_load(problems_folder: Path) -> None:
    shipped = scenarios(problems_folder.parent / "scenarios")
    assert [str(finding) for finding in shipped.findings] == []
    assert Counter(scenario.kind for scenario in shipped.scenarios.values()) == {
        ScenarioKind.SYSTEM_DESIGN: 12,
        ScenarioKind.PROJECT_DEFENCE: 8,
        ScenarioKind.BEHAVIOURAL: 10,
    }
