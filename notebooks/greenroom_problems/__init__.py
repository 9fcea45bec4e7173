"""The problem format: load, validate, release. Pure; no I/O beyond files."""

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
from greenroom_problems.verdict import Verdict

__all__ = [
    "AssertCell",
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
    "Problem",
    "ProblemError",
    "Reveal",
    "ScenarioError",
    "SheetError",
    "Signature",
    "Verdict",
    "WrongSolution",
    "load",
    "load_text",
]
