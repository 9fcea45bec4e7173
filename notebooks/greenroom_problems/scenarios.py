"""Interview scenarios: system designs, project defences and behavioural interviews, as text with front matter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from greenroom_problems import text as texts
from greenroom_problems.errors import Finding, ScenarioError
from greenroom_problems.frontmatter import Slug, findings_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_Text = Annotated[str, Field(min_length=3, max_length=1200)]

LEVELS = 4


class ScenarioKind(StrEnum):
    """Kinds of interview that need a scenario; a coding interview takes a problem."""

    SYSTEM_DESIGN = "system_design"
    PROJECT_DEFENCE = "project_defence"
    BEHAVIOURAL = "behavioural"


class PhaseId(StrEnum):
    """Stretches of the interviews that need a scenario: a design dives twice, behaviour is shown in two stories."""

    REQUIREMENTS = "requirements"
    ESTIMATES = "estimates"
    API_AND_DATA = "api_and_data"
    HIGH_LEVEL = "high_level"
    DEEP_DIVE_1 = "deep_dive_1"
    DEEP_DIVE_2 = "deep_dive_2"
    FAILURES = "failures"
    WRAP = "wrap"

    PROBLEM = "problem"
    ARCHITECTURE = "architecture"
    CHOICES = "choices"
    HARDEST_BUG = "hardest_bug"
    HUNDREDFOLD = "hundredfold"
    CHANGE = "change"

    STORY_1 = "story_1"
    PROBES_1 = "probes_1"
    STORY_2 = "story_2"
    PROBES_2 = "probes_2"


#: The phases of each kind, in their order; the server's state machine walks exactly these.
PHASES: Mapping[ScenarioKind, tuple[PhaseId, ...]] = MappingProxyType(
    {
        ScenarioKind.SYSTEM_DESIGN: (
            PhaseId.REQUIREMENTS,
            PhaseId.ESTIMATES,
            PhaseId.API_AND_DATA,
            PhaseId.HIGH_LEVEL,
            PhaseId.DEEP_DIVE_1,
            PhaseId.DEEP_DIVE_2,
            PhaseId.FAILURES,
            PhaseId.WRAP,
        ),
        ScenarioKind.PROJECT_DEFENCE: (
            PhaseId.PROBLEM,
            PhaseId.ARCHITECTURE,
            PhaseId.CHOICES,
            PhaseId.HARDEST_BUG,
            PhaseId.HUNDREDFOLD,
            PhaseId.CHANGE,
        ),
        ScenarioKind.BEHAVIOURAL: (
            PhaseId.STORY_1,
            PhaseId.PROBES_1,
            PhaseId.STORY_2,
            PhaseId.PROBES_2,
            PhaseId.WRAP,
        ),
    }
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Phase(_Strict):
    """A stretch of the interview; the server owns the order, the model only proposes to move on."""

    id: PhaseId
    title: Annotated[str, Field(min_length=3, max_length=60)]
    minutes: Annotated[int, Field(ge=1, le=60)]
    #: What the interviewer says to open it.
    ask: _Text
    #: What should have happened when it ends.
    goal: _Text


class Fact(_Strict):
    """Something that the candidate is told only when asking for it."""

    #: What a question must be about.
    about: Annotated[str, Field(min_length=2, max_length=80)]
    fact: _Text


class Criterion(_Strict):
    """One thing that is looked at."""

    id: Slug
    title: Annotated[str, Field(min_length=3, max_length=80)]
    #: What an answer of level 1, 2, 3 and 4 looks like, in this order; written as a mapping from 1 to 4.
    levels: tuple[_Text, ...]

    @field_validator("levels", mode="before")
    @classmethod
    def _from_mapping(cls, value: object) -> object:
        wanted = list(range(1, LEVELS + 1))
        if not isinstance(value, dict) or sorted(value, key=str) != wanted:
            msg = "write a mapping with the keys 1, 2, 3 and 4, each with what such an answer looks like"
            raise ValueError(msg)
        return tuple(value[level] for level in wanted)


class FollowUp(_Strict):
    """A probing question."""

    #: Where in the interview it belongs.
    phase: PhaseId
    ask: _Text
    listen_for: _Text
    #: Numbers that one should know or can work out; empty where there are none.
    numbers: Annotated[str, Field(max_length=600)] = ""


class WeakAnswer(_Strict):
    """An answer that is often heard and carries little."""

    answer: _Text
    why: _Text


class Scenario(_Strict):
    """One scenario."""

    id: Slug
    title: Annotated[str, Field(min_length=3, max_length=100)]
    kind: ScenarioKind
    minutes: Annotated[int, Field(ge=10, le=120)]
    topics: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=8)]
    #: Markdown, as the candidate hears it.
    brief: Annotated[str, Field(min_length=40)]
    #: Those of the kind, in their order: see PHASES.
    phases: tuple[Phase, ...]
    facts: tuple[Fact, ...] = ()
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=3, max_length=8)]
    follow_ups: Annotated[tuple[FollowUp, ...], Field(min_length=4)]
    weak_answers: Annotated[tuple[WeakAnswer, ...], Field(min_length=3)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        wanted = PHASES[self.kind]
        if tuple(phase.id for phase in self.phases) != wanted:
            msg = f"phases: write those of a {self.kind}, in this order: {', '.join(wanted)}"
            raise ValueError(msg)
        if sum(phase.minutes for phase in self.phases) > self.minutes:
            msg = f"phases take longer than the {self.minutes} minutes of the interview; shorten one"
            raise ValueError(msg)
        strays = [item.phase for item in self.follow_ups if item.phase not in wanted]
        if strays:
            msg = f"follow_ups: a {self.kind} has no phase '{strays[0]}'; take one of {', '.join(wanted)}"
            raise ValueError(msg)
        ids = [item.id for item in self.criteria]
        if len(set(ids)) != len(ids):
            msg = "criteria: two have one id; give each its own"
            raise ValueError(msg)
        if self.kind is not ScenarioKind.BEHAVIOURAL and len(self.facts) < MINIMUM_FACTS:
            msg = f"facts: {len(self.facts)} of at least {MINIMUM_FACTS}; write what a candidate can find out by asking"
            raise ValueError(msg)
        return self


MINIMUM_FACTS = 5


@dataclass(frozen=True, slots=True)
class Scenarios:
    """What a folder of scenarios holds."""

    scenarios: Mapping[str, Scenario]
    findings: tuple[Finding, ...]


def load_scenario(path: Path) -> Scenario:
    """Load one scenario. Raises ScenarioError with a finding per fault."""
    file = path.name
    text, findings = texts.read(path, file)
    if findings:
        raise ScenarioError(findings)
    document, findings = texts.split(text, file)
    findings += texts.hidden_characters(text, file)
    if document is None:
        raise ScenarioError(findings)
    if "brief" in document.front:
        fix = "write it as the text below the front matter"
        findings.append(Finding(file=file, place="front matter", message="brief: is not a key", fix=fix))
    try:
        scenario = Scenario.model_validate({**document.front, "brief": document.body})
    except ValidationError as error:
        findings += findings_of(error, file=file, place="front matter", root="")
        raise ScenarioError(findings) from error
    if findings:
        raise ScenarioError(findings)
    return scenario


def scenarios(folder: Path) -> Scenarios:
    """Load every ``*.md`` of a folder. Never raises for what stands in a file."""
    found: dict[str, Scenario] = {}
    findings: list[Finding] = []
    for path in sorted(folder.glob("*.md")):
        try:
            scenario = load_scenario(path)
        except ScenarioError as error:
            findings.extend(error.findings)
            continue
        if scenario.id != path.stem:
            message = f"id: {scenario.id!r} is not the name of the file"
            fix = f"write 'id: {path.stem}', or rename the file to {scenario.id}.md"
            findings.append(Finding(file=path.name, place="front matter", message=message, fix=fix))
        found.setdefault(scenario.id, scenario)
    return Scenarios(MappingProxyType(found), tuple(findings))
