"""What a contest package means: contestants, problems, submissions with outcomes, and the rules that it states."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from greenroom_service.contests.archive import ArchiveError
from greenroom_service.contests.board import Contestant, Submitted
from greenroom_service.contests.formats.scoring import MINUTE, POINT, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from greenroom_service.contests.archive import Json, Package

_RELTIME = re.compile(r"(-?)(\d+):([0-5]?\d):([0-5]?\d)(?:\.(\d{1,9}))?")
#: Verdicts of no judgement: the submission still waits for one.
_WAITING = frozenset({"JE"})
_COMPILE_ERRORS = frozenset({"CE", "CTL"})
_DEFAULT_PENALTY = 20 * MINUTE
_DEFAULT_FREEZE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemEntry:
    """A problem on the board."""

    id: str
    label: str
    name: str
    #: Millionths of a point.
    max_score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamEntry:
    """A team of the package."""

    id: str
    name: str
    groups: tuple[str, ...]
    #: Not on any public board: the team itself or one of its groups is hidden.
    hidden: bool
    #: Teams are ranked among those with the same number; the lowest is the contest proper.
    division: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """A contest as its package has it. Times are in ms."""

    id: str
    name: str
    start: dt.datetime | None
    duration: int
    #: Contest time at which the board froze; None for never.
    freeze: int | None
    penalty: int
    scored: bool
    #: Whether the package writes durations as h:mm:ss (2026-01 and later) and not as whole minutes.
    writes_reltime: bool
    main_group: str | None
    problems: Sequence[ProblemEntry]
    teams: Sequence[TeamEntry]
    groups: Mapping[str, str]
    #: Ids of verdicts that do not compile, for rules that judge them otherwise than the package's own types.
    submissions: Sequence[Submitted]
    compile_errors: frozenset[str]
    #: The published board, when the package has one.
    published: Json | None = None
    state: Json = field(default_factory=dict)


def contest_of(package: Package) -> Contest:
    """Read the meaning of a package.

    Raises:
        ArchiveError: something that standings need is missing or not as the specification has it.
    """
    info = package.single.get("contest")
    if info is None:
        raise ArchiveError("the package holds no contest; it needs contest.json or an event feed")
    start = _time(_first(package.single.get("state", {}).get("started"), info.get("start_time")), "contest start_time")
    duration = _reltime(info.get("duration"), "contest duration")
    if duration is None:
        raise ArchiveError("contest.json: duration is missing; write it as h:mm:ss")
    groups = package.collections["groups"]
    problems = _problems(package)
    state = package.single.get("state", {})
    submissions, compile_errors = _submissions(package, start, state)
    return Contest(
        id=str(info.get("id", "")),
        name=str(_first(info.get("formal_name"), info.get("name"), "")),
        start=start,
        duration=duration,
        freeze=_freeze(info, duration),
        penalty=_penalty(info.get("penalty_time")),
        scored=info.get("scoreboard_type") == "score",
        writes_reltime=_writes_reltime(info, package.single.get("scoreboard")),
        main_group=None if info.get("main_scoreboard_group_id") is None else str(info["main_scoreboard_group_id"]),
        problems=problems,
        teams=[_team(one, groups) for one in package.all("teams")],
        groups={key: str(one.get("name", key)) for key, one in groups.items()},
        submissions=submissions,
        compile_errors=compile_errors,
        published=package.single.get("scoreboard"),
        state=state,
    )


def contestants_of(
    contest: Contest,
    *,
    only: Iterable[str] = (),
    unranked: Iterable[str] = (),
    everybody: bool = False,
    teams: frozenset[str] | None = None,
) -> list[Contestant]:
    """Who stands on the board.

    Args:
        contest: the contest.
        only: names or ids of groups; when given, teams of no other group are on the board.
        unranked: names or ids of groups whose teams are on the board without a place.
        everybody: also the teams of later divisions, ranked among themselves.
        teams: ids of teams; when given, exactly these are on the board, ranked among themselves.

    Raises:
        ArchiveError: a group that the contest does not have.
    """
    chosen = {_group(contest, one) for one in only}
    outside = {_group(contest, one) for one in unranked}
    if teams is not None:
        return [
            Contestant(id=one.id, name=one.name, ranked=outside.isdisjoint(one.groups))
            for one in contest.teams
            if one.id in teams
        ]
    if not chosen and contest.main_group is not None and not everybody:
        chosen = {contest.main_group}
    seen = [one for one in contest.teams if not one.hidden and (not chosen or not chosen.isdisjoint(one.groups))]
    lowest = min((one.division for one in seen), default=0)
    return [
        Contestant(id=one.id, name=one.name, division=one.division, ranked=outside.isdisjoint(one.groups))
        for one in seen
        if everybody or one.division == lowest
    ]


def _group(contest: Contest, wanted: str) -> str:
    for key, name in contest.groups.items():
        if wanted in {key, name}:
            return key
    known = ", ".join(contest.groups.values()) or "none"
    raise ArchiveError(f"there is no group {wanted!r} in this contest; its groups are: {known}")


def _first(*values: Any) -> Any:
    return next((one for one in values if one is not None and one != ""), None)


def parse_reltime(text: str) -> int | None:
    """Ms of a duration like ``-0:01:30.500``; None when it is none."""
    found = _RELTIME.fullmatch(text.strip())
    if found is None:
        return None
    sign, hours, minutes, seconds, fraction = found.groups()
    whole = ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000
    whole += int(((fraction or "") + "000")[:3])
    return -whole if sign else whole


def format_reltime(ms: int) -> str:
    """A duration as the specification writes it: ``1:02:03``, with thousandths when there are any."""
    sign, ms = ("-", -ms) if ms < 0 else ("", ms)
    text = f"{sign}{ms // 3_600_000}:{ms // MINUTE % 60:02}:{ms // 1000 % 60:02}"
    return f"{text}.{ms % 1000:03}" if ms % 1000 else text


def _reltime(value: Any, where: str) -> int | None:
    if value is None or value == "":
        return None
    found = parse_reltime(value) if isinstance(value, str) else None
    if found is None:
        raise ArchiveError(f"{where}: {value!r} is not a duration; write it as h:mm:ss")
    return found


def _time(value: Any, where: str) -> dt.datetime | None:
    if value is None:
        return None
    try:
        found = dt.datetime.fromisoformat(str(value))
    except ValueError:
        raise ArchiveError(f"{where}: {value!r} is not a time; write it as 2026-03-01T10:00:00+01:00") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=dt.UTC)


def _penalty(value: Any) -> int:
    """Whole minutes up to version 2023-06, h:mm:ss since."""
    if value is None:
        return _DEFAULT_PENALTY
    if isinstance(value, str) and ":" in value:
        return _reltime(value, "contest penalty_time") or 0
    try:
        return int(value) * MINUTE
    except (TypeError, ValueError):
        raise ArchiveError(f"contest penalty_time: {value!r} is neither minutes nor h:mm:ss") from None


def _writes_reltime(info: Json, published: Json | None) -> bool:
    """As the published board does it; without one, as the penalty is written."""
    for row in (published or {}).get("rows", ()):
        return isinstance(row.get("score", {}).get("total_time"), str)
    return isinstance(info.get("penalty_time"), str) and ":" in info["penalty_time"]


def _freeze(info: Json, duration: int) -> int | None:
    length = _reltime(
        _first(info.get("scoreboard_freeze_duration"), info.get("scoreboard_freeze_length")),
        "contest scoreboard_freeze_duration",
    )
    return duration - length if length else None


def _problems(package: Package) -> list[ProblemEntry]:
    found = list(package.all("problems"))
    found.sort(key=lambda one: (_number(one.get("ordinal")), str(one.get("label", ""))))
    return [
        ProblemEntry(
            id=str(one.get("id")),
            label=str(_first(one.get("label"), one.get("id"))),
            name=str(one.get("name", "")),
            max_score=_points(_first(one.get("max_score"), 100)),
        )
        for one in found
    ]


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _points(value: Any) -> int:
    return round(_number(value) * POINT)


def _truth(value: Any) -> bool:
    return value is True or value == "true"  # YAML is read as text


def _team(one: Json, groups: Mapping[str, Json]) -> TeamEntry:
    mine = tuple(map(str, one.get("group_ids") or ([one["group_id"]] if one.get("group_id") else [])))
    known = [groups[key] for key in mine if key in groups]
    orders = [int(_number(group["sortorder"])) for group in known if group.get("sortorder") is not None]
    return TeamEntry(
        id=str(one.get("id")),
        name=str(_first(one.get("display_name"), one.get("name"), one.get("id"))),
        groups=mine,
        hidden=_truth(one.get("hidden")) or any(_truth(group.get("hidden")) for group in known),
        division=min(orders, default=0),
    )


@dataclass(frozen=True, slots=True)
class _Interval:
    """Time that was taken out of the contest."""

    start: dt.datetime
    end: dt.datetime | None


def _removed(state: Json) -> list[_Interval]:
    found = []
    for one in state.get("removed_intervals") or ():
        start = _time(one.get("start"), "removed interval")
        if start is not None:
            found.append(_Interval(start, _time(one.get("end"), "removed interval")))
    return sorted(found, key=lambda one: one.start)


def contest_time(at: dt.datetime, start: dt.datetime, removed: Iterable[tuple[dt.datetime, dt.datetime | None]]) -> int:
    """Contest time in ms of a moment: what passed since the start, without the intervals that were taken out.

    Args:
        at: the moment.
        start: when the contest began.
        removed: intervals in order, not overlapping; the last may still be open.
    """
    passed = at - start
    for begin, end in removed:
        if at > begin:
            passed -= (at if end is None else min(at, end)) - begin
    return passed // dt.timedelta(milliseconds=1)


def _submissions(package: Package, start: dt.datetime | None, state: Json) -> tuple[list[Submitted], frozenset[str]]:
    removed = [(one.start, one.end) for one in _removed(state)]
    types = _judgement_types(package)
    judged = _current(package)
    found, compile_errors = [], set()
    for one in package.all("submissions"):
        key = str(one.get("id"))
        time = _reltime(one.get("contest_time"), f"submission {key} contest_time")
        if time is None:
            at = _time(one.get("time"), f"submission {key} time")
            if at is None or start is None:
                raise ArchiveError(f"submission {key}: has neither contest_time nor a time since the contest's start")
            time = contest_time(at, start, removed)
        verdict = judged.get(key)
        kind = str(verdict["judgement_type_id"]) if verdict is not None else ""
        if kind in _COMPILE_ERRORS:
            compile_errors.add(key)
        found.append(
            Submitted(
                id=key,
                contestant=str(one.get("team_id")),
                problem=str(one.get("problem_id")),
                time=time,
                outcome=Outcome.PENDING if verdict is None else types.get(kind, _known_type(kind)),
                points=0 if verdict is None else _points(verdict.get("score")),
            )
        )
    return found, frozenset(compile_errors)


def _judgement_types(package: Package) -> dict[str, Outcome]:
    found = {}
    for key, one in package.collections["judgement-types"].items():
        if key in _WAITING:
            found[key] = Outcome.PENDING
        elif _truth(one.get("solved")):
            found[key] = Outcome.ACCEPTED
        else:
            penalty = _truth(one.get("penalty")) if one.get("penalty") is not None else key not in _COMPILE_ERRORS
            found[key] = Outcome.REJECTED if penalty else Outcome.UNPENALISED
    return found


def _known_type(kind: str) -> Outcome:
    """The outcome of a type that the package does not describe, by the specification's table."""
    if kind in {"AC", "APE"}:
        return Outcome.ACCEPTED
    if kind in _WAITING:
        return Outcome.PENDING
    return Outcome.UNPENALISED if kind in {*_COMPILE_ERRORS, "SE", "CS"} else Outcome.REJECTED


def _current(package: Package) -> dict[str, Json]:
    """The judgement that counts for each submission: not withdrawn, and the last one that was begun and completed."""
    found: dict[str, tuple[tuple[dt.datetime, int], Json]] = {}
    for number, one in enumerate(package.all("judgements")):
        kind = _first(one.get("judgement_type_id"), one.get("simplified_judgement_type_id"))
        if kind is None or one.get("current") is False or one.get("valid") is False:
            continue
        key = str(one.get("submission_id"))
        begun = _time(one.get("start_time"), f"judgement {one.get('id')}") or dt.datetime.min.replace(tzinfo=dt.UTC)
        place = (begun, number)
        if key not in found or place >= found[key][0]:
            found[key] = (place, {**one, "judgement_type_id": kind})
    return {key: judgement for key, (_, judgement) in found.items()}
