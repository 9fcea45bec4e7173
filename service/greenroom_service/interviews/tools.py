"""Tools: what the interviewer may ask of the server, and what becomes of it. Pure.

The four tools propose; nothing that a model writes is believed. Input that does not fit is answered as an error, so
that the model can correct itself, and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from greenroom_service.interviews.phases import REPORT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from greenroom_service.interviews.calls import ToolUse
    from greenroom_service.interviews.phases import Progress


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ProposePhase(_Input):
    """Propose to move on to the next phase. The server decides."""

    phase: str = Field(max_length=40, description="The next phase, as the server names it")
    reason: str = Field(max_length=400, description="What the candidate has shown in the present phase")


class RequestHint(_Input):
    """Ask the server to show the candidate the next authored hint. It lowers the level that can be reached."""

    reason: str = Field(max_length=400, description="What the candidate is stuck on")


class RecordEvidence(_Input):
    """Note something that the candidate said, word by word, for the report."""

    criterion: str = Field(max_length=60, description="Id of the criterion")
    turn: int = Field(ge=0, le=10_000, description="Number of the candidate's turn")
    quote: str = Field(min_length=3, max_length=600, description="The candidate's own words, copied exactly")


class EndInterview(_Input):
    """Propose to end the interview. The server decides."""

    reason: str = Field(max_length=400)


_TOOLS: dict[str, type[_Input]] = {
    "propose_phase": ProposePhase,
    "request_hint": RequestHint,
    "record_evidence": RecordEvidence,
    "end_interview": EndInterview,
}


def _definition(name: str, model: type[_Input]) -> dict[str, Any]:
    schema = model.model_json_schema()
    properties = {
        field: {"type": said["type"], "description": said.get("description", "In a sentence")}
        for field, said in schema["properties"].items()
    }
    return {
        "name": name,
        "description": " ".join((model.__doc__ or "").split()),
        "strict": True,
        "input_schema": {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        },
    }


#: What every request carries, in the same bytes.
DEFINITIONS: tuple[dict[str, Any], ...] = tuple(_definition(name, model) for name, model in _TOOLS.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What tools can see and change: the interview between two sentences."""

    progress: Progress
    at: float
    has_code: bool
    #: What the candidate said, by number of the turn.
    said: Mapping[int, str]
    criteria: frozenset[str]
    #: Authored hints, from a question to an outline; empty where there are none.
    ladder: tuple[str, ...] = ()
    hints: int = 0
    max_hints: int = 4
    #: Whether this turn has had its hint.
    hinted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one use of a tool."""

    table: Table
    #: For the model.
    answer: str
    error: bool = False
    #: Shown to the candidate.
    hint: str = ""
    #: For the record; empty when nothing happened.
    record: Mapping[str, Any] = field(default_factory=dict)


def use(tool: ToolUse, table: Table) -> Outcome:
    """Decide on one use of a tool."""
    model = _TOOLS.get(tool.name)
    if model is None:
        return Outcome(
            table=table, answer=f"There is no tool of this name. There are: {', '.join(_TOOLS)}.", error=True
        )
    if tool.input is None:
        return Outcome(table=table, answer="The input is no JSON object. Nothing was done.", error=True)
    try:
        asked = model.model_validate(tool.input)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"]) or "input"
        return Outcome(table=table, answer=f"{name}: {first['msg']}. Nothing was done.", error=True)
    return _USES[type(asked)](asked, table)


def _propose_phase(asked: ProposePhase, table: Table) -> Outcome:
    ruling = table.progress.propose(asked.phase, table.at, has_code=table.has_code)
    record = {"event": "phase", "from": table.progress.phase, "to": ruling.progress.phase} if ruling.accepted else {}
    return Outcome(
        table=replace(table, progress=ruling.progress), answer=ruling.reason, error=not ruling.accepted, record=record
    )


def _request_hint(_asked: RequestHint, table: Table) -> Outcome:
    why = refuses_hint(table)
    if why:
        return Outcome(table=table, answer=why, error=True)
    step = table.hints + 1
    return Outcome(
        table=replace(table, hints=step, hinted=True),
        answer=f"Hint {step} of {len(table.ladder)} is shown to the candidate below your words.",
        hint=table.ladder[table.hints],
        record={"event": "hint", "step": step},
    )


def refuses_hint(table: Table) -> str:
    """Why no hint can be given now; empty when one can."""
    if table.progress.ended:
        return "The interview has ended."
    if not table.ladder:
        return "There are no hints in this interview."
    if table.hints >= min(len(table.ladder), table.max_hints):
        return "All hints have been given."
    if table.hinted:
        return "One hint per turn: let the candidate use the last one first."
    return ""


def _record_evidence(asked: RecordEvidence, table: Table) -> Outcome:
    if asked.criterion not in table.criteria:
        return Outcome(table=table, answer=f"criterion: one of {', '.join(sorted(table.criteria))}.", error=True)
    if asked.quote not in table.said.get(asked.turn, ""):
        answer = f"The candidate did not say this in turn {asked.turn}. Quote word by word, or not at all."
        return Outcome(table=table, answer=answer, error=True)
    record = {"event": "evidence", "criterion": asked.criterion, "turn": asked.turn, "quote": asked.quote}
    return Outcome(table=table, answer="Noted.", record=record)


def _end_interview(_asked: EndInterview, table: Table) -> Outcome:
    ruling = table.progress.propose_end(table.at)
    record = {"event": "phase", "from": table.progress.phase, "to": REPORT} if ruling.accepted else {}
    return Outcome(
        table=replace(table, progress=ruling.progress), answer=ruling.reason, error=not ruling.accepted, record=record
    )


_USES: dict[type[_Input], Callable[[Any, Table], Outcome]] = {
    ProposePhase: _propose_phase,
    RequestHint: _request_hint,
    RecordEvidence: _record_evidence,
    EndInterview: _end_interview,
}
