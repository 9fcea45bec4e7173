"""Small contests written as packages of the ICPC Contest API, in the notation of each version."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

START = dt.datetime(2026, 3, 1, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
TYPES = [
    {"id": "AC", "name": "correct", "penalty": False, "solved": True},
    {"id": "WA", "name": "wrong answer", "penalty": True, "solved": False},
    {"id": "CE", "name": "compile error", "penalty": False, "solved": False},
    {"id": "JE", "name": "judging error", "penalty": False, "solved": False},
]


@dataclass
class Handed:
    """One submission: who, what, when (contest time as h:mm:ss.uuu), and the verdicts in the order of judging."""

    team: str
    problem: str
    at: str
    verdicts: str = "AC"
    more: dict[str, Any] = field(default_factory=dict)


def moment(at: str) -> str:
    hours, minutes, seconds = at.lstrip("-").split(":")
    passed = dt.timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))
    return (START - passed if at.startswith("-") else START + passed).isoformat(timespec="milliseconds")


def contest(handed: list[Handed], **more: Any) -> dict[str, Any]:
    """The collections of a package by name; ``teams``, ``groups`` and members of ``contest`` may be given."""
    submissions: list[dict[str, Any]] = []
    judgements: list[dict[str, Any]] = []
    for number, one in enumerate(handed, 1):
        submissions.append(
            {
                "id": f"s{number}",
                "team_id": one.team,
                "problem_id": one.problem,
                "language_id": "python3",
                "time": moment(one.at),
                "contest_time": one.at,
            }
        )
        for turn, verdict in enumerate(one.verdicts.split()):
            judgements.append(
                {
                    "id": f"j{number}.{turn}",
                    "submission_id": f"s{number}",
                    "judgement_type_id": None if verdict == "-" else verdict,
                    "start_time": f"2026-03-01T20:0{turn}:00.000+01:00",
                    **one.more,
                }
            )
    teams = more.pop("teams", None) or [{"id": one, "name": one} for one in sorted({one.team for one in handed})]
    problems = more.pop("problems", ("a", "b"))
    return {
        "contest": {
            "id": "small",
            "name": "Small contest",
            "start_time": START.isoformat(),
            "duration": "5:00:00",
            "scoreboard_freeze_duration": "1:00:00",
            "penalty_time": 20,
            **more.pop("contest", {}),
        },
        "problems": [
            {"id": one, "label": one.upper(), "name": one, "ordinal": number, "max_score": 100}
            for number, one in enumerate(problems)
        ],
        "judgement-types": TYPES,
        "teams": teams,
        "submissions": submissions,
        "judgements": judgements,
        **more,
    }


def write_folder(package: dict[str, Any], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in package.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


def feed_2020(package: dict[str, Any]) -> str:
    """Events with an operation, and the contest under ``contests``."""
    lines = []
    for kind, content in package.items():
        for one in [content] if isinstance(content, dict) else content:
            name = "contests" if kind == "contest" else kind
            lines.append({"type": name, "id": f"e{len(lines)}", "op": "create", "data": one})
    return "".join(json.dumps(line) + "\n\n" for line in lines)


def feed_2022(package: dict[str, Any]) -> str:
    """One event per object, without an operation."""
    lines = [
        {"type": kind, "id": None if kind == "contest" else one["id"], "data": one, "token": "t"}
        for kind, content in package.items()
        for one in ([content] if isinstance(content, dict) else content)
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)


def feed_2023(package: dict[str, Any]) -> str:
    """One event per collection."""
    return "".join(json.dumps({"type": kind, "id": None, "data": content}) + "\n" for kind, content in package.items())
