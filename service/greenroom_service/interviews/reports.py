"""Reports: from three samples of an assessment to levels that quote their evidence. Pure.

A quote counts when it is a substring of the candidate's turn that it names; a level without such a quote is void. The
level of a criterion is the median of the samples that hold; when they lie two or more apart, the report says that its
confidence is low. Facts come from the record alone, and hints lower the level that problem solving can reach,
whatever a sample says.
"""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greenroom_service.interviews.subjects import Criterion

SAMPLES = 3
INSUFFICIENT = "insufficient evidence"
#: Levels between the lowest and the highest sample from which on nobody should rely on the median.
_SPREAD = 2
_HIGHEST = 4
#: The criterion whose level hints lower.
HINTED = "problem_solving"


class _Sample(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Quote(_Sample):
    """Words of the candidate."""

    turn: Annotated[int, Field(ge=0, le=10_000)]
    quote: Annotated[str, Field(min_length=3, max_length=1000)]


class Score(_Sample):
    """One criterion in one sample."""

    criterion: Annotated[str, Field(max_length=60)]
    level: Literal["1", "2", "3", "4", "insufficient evidence"]
    because: Annotated[str, Field(max_length=800)]
    quotes: Annotated[list[Quote], Field(max_length=6)]
    next_step: Annotated[str, Field(max_length=600)]


class Sample(_Sample):
    """What one request answers."""

    scores: Annotated[list[Score], Field(max_length=20)]


def schema() -> dict[str, Any]:
    """The JSON schema of a sample, as the API takes it: no limits, nothing optional."""
    quote = _object(turn={"type": "integer"}, quote={"type": "string"})
    levels = ["1", "2", "3", "4", INSUFFICIENT]
    score = _object(
        criterion={"type": "string"},
        level={"type": "string", "enum": levels},
        because={"type": "string"},
        quotes={"type": "array", "items": quote},
        next_step={"type": "string"},
    )
    return _object(scores={"type": "array", "items": score})


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One criterion of the report."""

    criterion: Criterion
    #: 1 to 4; None for insufficient evidence.
    level: int | None
    #: What the samples that hold said, lowest first.
    samples: tuple[int, ...]
    low_confidence: bool
    because: str
    quotes: tuple[Quote, ...]
    next_step: str
    #: The level that the hints left reachable, where they count.
    ceiling: int | None = None


def parse(text: str) -> Sample | None:
    """A sample; None when the text is none."""
    try:
        return Sample.model_validate(json.loads(text))
    except (ValueError, ValidationError, RecursionError):
        return None


def ceiling(hints: int) -> int:
    """The level that is still within reach after some hints: each takes one, and the lowest always stays."""
    return max(1, _HIGHEST - hints)


def judge(
    criteria: Sequence[Criterion], samples: Sequence[Sample], said: Mapping[int, str], *, hints: int
) -> tuple[Judged, ...]:
    """The levels of a report.

    Args:
        criteria: what is looked at, in their order; a sample's other ones are ignored.
        samples: those that could be parsed.
        said: what the candidate said, by number of the turn.
        hints: how many they were given.
    """
    return tuple(_judge(criterion, samples, said, hints) for criterion in criteria)


def _judge(criterion: Criterion, samples: Sequence[Sample], said: Mapping[int, str], hints: int) -> Judged:
    held: list[tuple[int, Score, tuple[Quote, ...]]] = []
    advice = ""
    for sample in samples:
        score = next((one for one in sample.scores if one.criterion == criterion.id), None)
        if score is None:
            continue
        advice = advice or score.next_step
        quotes = tuple(one for one in score.quotes if holds(one, said))
        if score.level != INSUFFICIENT and quotes:
            held.append((int(score.level), score, quotes))
    top = ceiling(hints) if criterion.id == HINTED else None
    if not held:
        return Judged(
            criterion=criterion,
            level=None,
            samples=(),
            low_confidence=False,
            because="The candidate's words do not show enough to tell.",
            quotes=(),
            next_step=advice,
            ceiling=top,
        )
    levels = sorted(level for level, _, _ in held)
    median = statistics.median_low(levels)
    _, score, quotes = next(one for one in held if one[0] == median)
    return Judged(
        criterion=criterion,
        level=median if top is None else min(median, top),
        samples=tuple(levels),
        low_confidence=levels[-1] - levels[0] >= _SPREAD,
        because=score.because,
        quotes=quotes,
        next_step=score.next_step,
        ceiling=top,
    )


def holds(quote: Quote, said: Mapping[int, str]) -> bool:
    """Whether the candidate said this, word by word, in the turn that is named."""
    return bool(quote.quote.strip()) and quote.quote in said.get(quote.turn, "")


def to_json(facts: Mapping[str, Any], judged: Sequence[Judged], *, note: str) -> dict[str, Any]:
    """The report as it is stored and shown."""
    return {
        "facts": dict(facts),
        "note": note,
        "scores": [
            {
                "criterion": one.criterion.id,
                "title": one.criterion.title,
                "anchors": list(one.criterion.anchors),
                "level": one.level,
                "samples": list(one.samples),
                "low_confidence": one.low_confidence,
                "because": one.because,
                "quotes": [quote.model_dump() for quote in one.quotes],
                "next_step": one.next_step,
                "ceiling": one.ceiling,
            }
            for one in judged
        ],
    }


def markdown(title: str, report: Mapping[str, Any], objections: Mapping[str, str]) -> str:
    """One page of Markdown that prints."""
    facts = report["facts"]
    lines = [f"# Interview: {_inline(title)}", "", *(f"- {name}: {value}" for name, value in _facts(facts)), ""]
    if report["note"]:
        lines += [report["note"], ""]
    for score in report["scores"]:
        level = INSUFFICIENT if score["level"] is None else f"level {score['level']} of 4"
        lines += [f"## {score['title']}: {level}", ""]
        if score["low_confidence"]:
            lines += [f"*Low confidence: the samples said {', '.join(map(str, score['samples']))}.*", ""]
        if score["level"] is not None:
            lines += [f"*{score['anchors'][score['level'] - 1]}*", ""]
        lines += [_inline(score["because"]), ""]
        for quote in score["quotes"]:
            lines += [f"> {_inline(quote['quote'])}", f"> (turn {quote['turn']})", ""]
        if score["next_step"]:
            lines += [f"**Next step.** {_inline(score['next_step'])}", ""]
        if score["criterion"] in objections:
            lines += [f"**You disagree:** {_inline(objections[score['criterion']])}", ""]
    return "\n".join(lines).rstrip() + "\n"


def _facts(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = [("Length", f"{facts['minutes_used']} of {facts['minutes']} minutes")]
    for phase, seconds in facts["phases"].items():
        found.append((f"Time in {phase}", f"{seconds // 60} min {seconds % 60} s"))
    found.append(("Hints", str(facts["hints"])))
    if facts.get("verdict"):
        found.append(("Last verdict", f"{facts['verdict']} ({facts['passed']} of {facts['total']} cases)"))
    if facts.get("complexity"):
        found.append(("Measured complexity", str(facts["complexity"])))
    if facts["faults"]:
        found.append(("Replies that failed", str(facts["faults"])))
    return found


def _inline(text: str) -> str:
    """A text that begins no Markdown of its own."""
    flat = " ".join(text.split())
    for sign in ("\\", "`", "*", "_", "#", "[", "]", "<", ">", "|", "!"):
        flat = flat.replace(sign, "\\" + sign)
    return flat
