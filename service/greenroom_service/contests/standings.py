"""Standings of a contest package: which rules, which board, how it is written, where it differs from another one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from greenroom_service.contests.board import BoardRules, Outside, Ranks, build, whole_points
from greenroom_service.contests.clics import contestants_of, format_reltime, parse_reltime
from greenroom_service.contests.formats import ICPC, IOI, POINT, ICPCRules, IOIRules, IOITieBreak, TieBreak, Unit
from greenroom_service.contests.formats.rules import rules_as_json
from greenroom_service.contests.formats.scoring import MINUTE, Outcome
from greenroom_service.contests.freeze import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from greenroom_service.contests.archive import Json
    from greenroom_service.contests.board import Board, BoardRow, Submitted
    from greenroom_service.contests.clics import Contest
    from greenroom_service.contests.formats.scoring import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What decides how a board looks. None means: as the package says."""

    #: Ms for a rejected submission.
    penalty: int | None = None
    unit: Unit = Unit.MINUTES
    tie_break: TieBreak = TieBreak.LAST_ACCEPTED
    compile_errors_penalised: bool | None = None
    count_unpenalised: bool = False
    ranks: Ranks = Ranks.SHARED
    after_end: Outside = Outside.DROPPED
    before_start: Outside = Outside.DROPPED
    #: The board as the public saw it at the end, with what was handed in since the freeze pending.
    as_frozen: bool = False
    only: tuple[str, ...] = ()
    unranked: tuple[str, ...] = ()
    everybody: bool = False
    #: Ids of the teams that a published board has; None for all that the package shows.
    teams: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """A board of a package, with the choices that made it."""

    contest: Contest
    board: Board
    form: ICPC | IOI
    choices: Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where two boards differ."""

    team: str
    #: ``rank``, ``num_solved``, ``total_time``, ``row`` or a problem's label with the member of its cell.
    what: str
    expected: object
    actual: object


def standings_of(contest: Contest, choices: Choices) -> Standings:
    """The board of a contest under some choices."""
    form = _format(contest, choices)
    submissions: Sequence[Submitted] = list(_outcomes(contest, choices))
    if choices.as_frozen:
        submissions = list(frozen(submissions, contest.freeze))
    board = build(
        form,
        contestants=contestants_of(
            contest, only=choices.only, unranked=choices.unranked, everybody=choices.everybody, teams=choices.teams
        ),
        weights={problem.id: problem.max_score for problem in contest.problems},
        submissions=submissions,
        duration=contest.duration,
        rules=BoardRules(ranks=choices.ranks, after_end=choices.after_end, before_start=choices.before_start),
    )
    return Standings(contest=contest, board=board, form=form, choices=choices)


def _format(contest: Contest, choices: Choices) -> ICPC | IOI:
    if contest.scored:
        tie = IOITieBreak.NONE if choices.tie_break is TieBreak.NONE else IOITieBreak.LAST_IMPROVEMENT
        return IOI(IOIRules(tie_break=tie))
    return ICPC(
        ICPCRules(
            penalty=contest.penalty if choices.penalty is None else choices.penalty,
            unit=choices.unit,
            tie_break=choices.tie_break,
            count_unpenalised=choices.count_unpenalised,
        )
    )


def _outcomes(contest: Contest, choices: Choices) -> Iterator[Submitted]:
    """Outcomes as the package's verdicts have them, but for errors of compilation when the choices say so."""
    wanted = choices.compile_errors_penalised
    for one in contest.submissions:
        if wanted is not None and one.id in contest.compile_errors and one.outcome is not Outcome.PENDING:
            yield replace(one, outcome=Outcome.REJECTED if wanted else Outcome.UNPENALISED)
        else:
            yield one


#: What packages do not say and boards differ in, most common first; ``fit`` tries them in this order.
_OPEN: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("unit", tuple(Unit)),
    ("compile_errors_penalised", (None, False, True)),
    ("as_frozen", (False, True)),
    ("count_unpenalised", (False, True)),
    ("after_end", tuple(Outside)),
    ("before_start", tuple(Outside)),
    ("tie_break", tuple(TieBreak)),
    ("ranks", tuple(Ranks)),
)

#: A choice of rules must leave at most one difference of so many.
_EXPLAINED = 10


def fit(contest: Contest, published: Json, choices: Choices, given: frozenset[str] = frozenset()) -> Choices:
    """The choices under which a contest's submissions give its published board.

    A package does not say all of its rules; its board shows them, and who stands on it. One rule after the other is
    tried, and kept when the board comes nearer, until nothing helps any more.

    Args:
        contest: the contest.
        published: a board as the Contest API writes it.
        choices: where to begin.
        given: names of choices that must stay as they are.
    """
    if not given & {"only", "everybody"}:
        choices = replace(choices, teams=_teams(published))
    before = _count(contest, published, choices)
    best, left = choices, before
    helped = True
    while left and helped:
        helped = False
        for name, values in _OPEN:
            for value in values if name not in given else ():
                tried = replace(best, **{name: value})  # type: ignore[arg-type] # values of the table above
                found = _count(contest, published, tried) if tried != best else left
                if found < left:
                    best, left, helped = tried, found, True
    # What explains only a part of the differences is chance: the package and the board do not belong together.
    return best if left <= before // _EXPLAINED else choices


def _teams(published: Json) -> frozenset[str]:
    return frozenset(str(row.get("team_id", row.get("team"))) for row in published.get("rows", ()))


def _count(contest: Contest, published: Json, choices: Choices) -> int:
    return sum(1 for _ in differences(standings_of(contest, choices), published))


def differences(standings: Standings, published: Json) -> Iterator[Difference]:
    """Where a published board differs: rows, ranks, totals, and the cells that it shows."""
    scored, seconds = standings.contest.scored, standings.choices.unit is Unit.SECONDS
    mine = {row.contestant.id: row for row in standings.board.rows}
    labels = {problem.label: problem.id for problem in standings.contest.problems}
    for theirs in published.get("rows", ()):
        team = str(theirs.get("team_id", theirs.get("team")))
        row = mine.pop(team, None)
        if row is None:
            yield Difference(team=team, what="row", expected="a row", actual=None)
            continue
        yield from _row_differences(team, theirs, _row(standings, row), scored=scored, seconds=seconds, labels=labels)
    for team in mine:
        yield Difference(team=team, what="row", expected=None, actual="a row")


def _row_differences(
    team: str, theirs: Json, row: Json, *, scored: bool, seconds: bool, labels: dict[str, str]
) -> Iterator[Difference]:
    if theirs.get("rank") is not None and theirs["rank"] != row["rank"]:
        yield Difference(team=team, what="rank", expected=theirs["rank"], actual=row["rank"])
    for what in ("score",) if scored else ("num_solved", "total_time"):
        expected = theirs.get("score", {}).get(what)
        actual = row["score"][what]
        if expected is not None and _plain(expected, seconds=seconds) != _plain(actual, seconds=seconds):
            yield Difference(team=team, what=what, expected=expected, actual=actual)
    cells = {one["problem_id"]: one for one in row["problems"]}
    for cell in theirs.get("problems") or ():
        problem = str(cell.get("problem_id", labels.get(str(cell.get("label")), cell.get("label"))))
        known = cells.get(problem)
        if known is None:
            yield Difference(team=team, what=problem, expected="a cell", actual=None)
            continue
        for what in ("num_judged", "num_pending", "solved", "score", "time"):
            expected, actual = cell.get(what), known.get(what)
            if what == "time" and not known["solved"] and not scored:
                continue  # some systems write 0 for what was not solved
            if expected is None or (what == "score" and not scored):
                continue
            if _plain(expected, seconds=seconds) != _plain(actual, seconds=seconds):
                yield Difference(team=team, what=f"{known['label']} {what}", expected=expected, actual=actual)


def _plain(value: object, *, seconds: bool) -> object:
    """A value without its notation: times are a whole number of the board's unit, points are rounded to a millionth."""
    if isinstance(value, str):
        ms = parse_reltime(value)
        if ms is not None:
            return ms // 1000 if seconds else ms // MINUTE
    return round(value, 6) if isinstance(value, float) else value


def as_scoreboard(standings: Standings) -> dict[str, Any]:
    """The board as the Contest API writes it, in the version of the package, and the rules that made it."""
    contest = standings.contest
    return {
        "contest_id": contest.id,
        "name": contest.name,
        "state": contest.state,
        "rules": _rules(standings),
        "rows": [_row(standings, row) for row in standings.board.rows],
    }


def _rules(standings: Standings) -> dict[str, Any]:
    choices = standings.choices
    return {
        "format": standings.form.name,
        **rules_as_json(standings.form.rules),
        "compile_errors_penalised": choices.compile_errors_penalised,
        "ranks": choices.ranks.value,
        "after_end": choices.after_end.value,
        "before_start": choices.before_start.value,
        "as_frozen": choices.as_frozen,
    }


def _row(standings: Standings, row: BoardRow) -> dict[str, Any]:
    first = standings.board.first_solves
    return {
        "rank": row.rank,
        "team_id": row.contestant.id,
        "team": row.contestant.name,
        "score": _score(standings, row),
        "problems": [
            _cell(standings, problem.id, problem.label, row.cells[problem.id])
            | {"first_to_solve": first.get(problem.id) == row.contestant.id}
            for problem in standings.contest.problems
        ],
    }


def _score(standings: Standings, row: BoardRow) -> dict[str, Any]:
    if standings.contest.scored:
        last = max((cell.time for cell in row.cells.values() if cell.time is not None), default=None)
        return {
            "score": whole_points(row.score.points),
            "time": None if last is None else _time(standings, last),
        }
    return {
        "num_solved": row.score.points // POINT,
        "total_time": _written(standings, row.score.penalty * standings.form.unit),
    }


def _cell(standings: Standings, problem: str, label: str, cell: Cell) -> dict[str, Any]:
    written: dict[str, Any] = {
        "problem_id": problem,
        "label": label,
        "num_judged": cell.judged,
        "num_pending": cell.pending,
        "solved": cell.solved,
    }
    if standings.contest.scored:
        written["score"] = whole_points(cell.points)
    if cell.time is not None:
        written["time"] = _time(standings, cell.time)
    return written


def _time(standings: Standings, time: int) -> int | str:
    unit = MINUTE if standings.contest.scored else standings.form.unit
    shown = time // MINUTE if standings.contest.scored else standings.form.shown(time)
    return format_reltime(shown * unit) if standings.contest.writes_reltime else shown


def _written(standings: Standings, ms: int) -> int | str:
    if standings.contest.writes_reltime:
        return format_reltime(ms)
    return ms // standings.form.unit
