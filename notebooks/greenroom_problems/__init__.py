"""The problem format: load, validate, release. Pure; no I/O beyond files."""

from greenroom_problems.catalogue import Catalogue, catalogue
from greenroom_problems.errors import (
    ConversionError,
    Finding,
    FindingsError,
    GreenroomProblemsError,
    ProblemError,
    ScenarioError,
    SheetError,
)
from greenroom_problems.load import load, load_text
from greenroom_problems.problem import (
    AssertCell,
    Comparison,
    Difficulty,
    Entry,
    EquivalentMutant,
    Kind,
    Limits,
    Match,
    Parameter,
    Problem,
    Reveal,
    Signature,
    WrongSolution,
)
from greenroom_problems.release import release, release_text
from greenroom_problems.scenarios import PHASES, PhaseId, Scenario, ScenarioKind, Scenarios, load_scenario, scenarios
from greenroom_problems.sheets import Sheet, SheetEntry, Sheets, load_sheet, sheets
from greenroom_problems.verdict import Verdict

__all__ = [
    "PHASES",
    "AssertCell",
    "Catalogue",
    "Comparison",
    "ConversionError",
    "Difficulty",
    "Entry",
    "EquivalentMutant",
    "Finding",
    "FindingsError",
    "GreenroomProblemsError",
    "Kind",
    "Limits",
    "Match",
    "Parameter",
    "PhaseId",
    "Problem",
    "ProblemError",
    "Reveal",
    "Scenario",
    "ScenarioError",
    "ScenarioKind",
    "Scenarios",
    "Sheet",
    "SheetEntry",
    "SheetError",
    "Sheets",
    "Signature",
    "Verdict",
    "WrongSolution",
    "catalogue",
    "load",
    "load_scenario",
    "load_sheet",
    "load_text",
    "release",
    "release_text",
    "scenarios",
    "sheets",
]
