"""The front matter of a problem as a model: what authors may write, and the JSON Schema that editors check it with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from greenroom_problems.errors import Finding
from greenroom_problems.problem import Difficulty, Kind, Match, Reveal
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, Field(min_length=1, max_length=500)]

HINTS = 4


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ComparisonMatter(_Strict):
    """How actual values are compared; ``comparison: exact`` is short for ``comparison: {match: exact}``."""

    match: Match = Match.EXACT
    relative: Annotated[float, Field(ge=0, le=0.1)] = 1e-9
    absolute: Annotated[float, Field(ge=0, le=0.1)] = 1e-9
    checker: Annotated[str, Field(description="Name of the function in the tests cell; only with match: checker")] = ""
    mutated: Annotated[
        tuple[str, ...], Field(description="Names of parameters that are compared after the call as well")
    ] = ()
    result: Annotated[bool, Field(description="false: only the mutated arguments count, not what is returned")] = True

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.match is Match.CHECKER) != bool(self.checker):
            msg = "match: checker and checker: <function name> belong together; write both or neither"
            raise ValueError(msg)
        if not self.result and not self.mutated:
            msg = "result: false leaves nothing to compare; name the parameters under mutated"
            raise ValueError(msg)
        return self


class LimitsMatter(_Strict):
    """What one submission may use."""

    cpu_seconds: Annotated[float, Field(gt=0, le=20, description="CPU seconds of one case")] = 2.0
    memory_mb: Annotated[int, Field(ge=64, le=2048)] = 256
    output_kb: Annotated[int, Field(ge=1, le=1024)] = 64


class EquivalentMatter(_Strict):
    """A mutant of the reference that no test can kill."""

    line: Annotated[str, Field(min_length=1, description="The mutant's line, as `greenroom check` printed it")]
    reason: Line


class ProblemMatter(_Strict):
    """Everything under ``greenroom:`` in the front matter of a problem."""

    id: Annotated[Slug, Field(description="The file's name without .md; never changes once published")]
    title: Annotated[str, Field(min_length=3, max_length=80)]
    difficulty: Difficulty
    topics: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=6)]
    kind: Kind
    entry: Annotated[
        str, Field(description="`def` lines of the functions, or the class with `__init__` and its methods")
    ] = ""
    comparison: ComparisonMatter = ComparisonMatter()
    limits: LimitsMatter = LimitsMatter()
    complexity: Annotated[str, Field(description="Target growth in n, e.g. `n log n`; empty when it says nothing")] = ""
    hints: Annotated[tuple[Line, ...], Field(max_length=HINTS, description="Four, from a question to an outline")] = ()
    source: Annotated[str, Field(min_length=1, description="Where the idea comes from")] = "own work"
    license: Annotated[str, Field(min_length=1, description="SPDX identifier")] = "Apache-2.0"
    reveal: Reveal = Reveal.ALL
    zygote: Annotated[str, Field(pattern="^(plain|data)$", description="`data` has numpy and pandas")] = "plain"
    equivalent: tuple[EquivalentMatter, ...] = ()

    @field_validator("comparison", mode="before")
    @classmethod
    def _short_comparison(cls, value: object) -> object:
        return {"match": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _entry_fits_kind(self) -> Self:
        if (self.kind is Kind.CELLS) == bool(self.entry):
            msg = "entry: functions and classes name what students write, e.g. 'def f(x: int) -> int'; cells have none"
            raise ValueError(msg)
        return self


class WrongMatter(_Strict):
    """Metadata ``greenroom:`` of a cell tagged ``wrong``."""

    verdict: Verdict
    name: Annotated[str, Field(max_length=80)] = ""
    why: Annotated[str, Field(max_length=500)] = ""

    @field_validator("verdict")
    @classmethod
    def _not_accepted(cls, value: Verdict) -> Verdict:
        if value in {Verdict.ACCEPTED, Verdict.INTERNAL_ERROR}:
            allowed = [item.value for item in Verdict if item not in {Verdict.ACCEPTED, Verdict.INTERNAL_ERROR}]
            msg = f"a wrong solution must get one of {', '.join(allowed)}"
            raise ValueError(msg)
        return value


class AssertMatter(_Strict):
    """Metadata ``greenroom:`` of a cell tagged ``assert``, for problems of kind cells."""

    grade_id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=80)]
    points: Annotated[float, Field(ge=0, le=1000)] = 1.0
    hidden: bool = False


def findings_of(error: ValidationError, *, file: str, place: str, root: str) -> list[Finding]:
    """Say each fault that pydantic found in an author's words. ``root`` names the mapping, e.g. ``greenroom``."""
    return [
        Finding(
            file=file,
            place=place,
            message=f"{_name(root, fault)}: {_message(fault)}".removeprefix(": "),
            fix=_fix(fault),
        )
        for fault in error.errors(include_url=False)
    ]


def _name(root: str, fault: ErrorDetails) -> str:
    return ".".join([root, *(str(part) for part in fault["loc"])]).strip(".")


def _message(fault: ErrorDetails) -> str:
    kind = fault["type"]
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return "is not a key of this format"
    text = fault["msg"].removeprefix("Value error, ")
    shown = fault.get("input")
    if isinstance(shown, str | int | float | bool) and kind != "value_error":
        return f"{text} (found {shown!r:.80})"
    return text


def _fix(fault: ErrorDetails) -> str:
    kind = fault["type"]
    if kind == "extra_forbidden":
        return "delete it or correct its spelling"
    if kind == "missing":
        return f"write '{fault['loc'][-1]}: ...' there"
    if kind == "string_pattern_mismatch" and fault["loc"] and fault["loc"][0] in {"id", "topics"}:
        return "write lower-case words joined by hyphens, e.g. two-sum"
    return ""


def schema() -> dict[str, Any]:
    """JSON Schema of a problem's whole front matter (draft 2020-12)."""
    inner = ProblemMatter.model_json_schema(mode="validation", by_alias=True)
    definitions = inner.pop("$defs", {})
    # ``comparison`` may be written as the bare name of a match.
    properties: dict[str, Any] = inner["properties"]
    properties["comparison"] = {"anyOf": [{"$ref": "#/$defs/Match"}, {"$ref": "#/$defs/ComparisonMatter"}]}
    definitions["ProblemMatter"] = inner
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of a Greenroom problem",
        "type": "object",
        "required": ["jupytext", "greenroom"],
        "properties": {"jupytext": _JUPYTEXT, "greenroom": {"$ref": "#/$defs/ProblemMatter"}},
        "$defs": definitions,
    }


_JUPYTEXT: Mapping[str, Any] = {
    "type": "object",
    "required": ["notebook_metadata_filter"],
    "properties": {
        "notebook_metadata_filter": {
            "type": "string",
            "pattern": "greenroom|all",
            "description": "Without it, saving in JupyterLab drops the problem's front matter",
        }
    },
}


def schema_text() -> str:
    """The schema as it is checked in at notebooks/problem.schema.json."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"
