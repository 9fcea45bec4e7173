"""Commands of contests: ``greenroom contest standings``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenroom_service.contests.archive import ArchiveError, read_package
from greenroom_service.contests.board import Outside, Ranks
from greenroom_service.contests.clics import contest_of
from greenroom_service.contests.formats import TieBreak, Unit
from greenroom_service.contests.formats.scoring import MINUTE
from greenroom_service.contests.standings import Choices, as_scoreboard, differences, fit, standings_of
from greenroom_service.errors import GreenroomServiceError

if TYPE_CHECKING:
    from greenroom_service.contests.standings import Standings

#: Differences that are shown; a board with the wrong rules differs in nearly every cell.
_SHOWN = 20
#: Characters of a team's name in the table.
_NAME = 40


class StandingsError(GreenroomServiceError):
    """A package cannot be read, or a choice does not fit it; exit status 2."""


def standings(
    file: Annotated[Path, typer.Argument(help="A contest package (folder or ZIP file) or an event feed")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the board as the Contest API writes it")] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Compare with the package's own scoreboard.json; exit status 1 if it differs"),
    ] = False,
    stated: Annotated[
        bool, typer.Option("--stated", help="Use only the rules that the package states, not what its board shows")
    ] = False,
    penalty: Annotated[int | None, typer.Option(min=0, max=10_000, help="Minutes for a rejected submission")] = None,
    unit: Annotated[Unit | None, typer.Option(help="How times become penalties")] = None,
    tie_break: Annotated[TieBreak | None, typer.Option(help="What decides between equal scores")] = None,
    compile_errors: Annotated[
        bool | None, typer.Option("--compile-errors-penalised/--compile-errors-free", help="Overrides the package")
    ] = None,
    ranks: Annotated[Ranks | None, typer.Option(help="How places become ranks")] = None,
    after_end: Annotated[Outside | None, typer.Option(help="What becomes of submissions after the end")] = None,
    before_start: Annotated[Outside | None, typer.Option(help="What becomes of submissions before the start")] = None,
    as_frozen: Annotated[
        bool | None, typer.Option("--frozen/--final", help="As the public saw it at the end, or final")
    ] = None,
    group: Annotated[list[str] | None, typer.Option(help="Only teams of this group (id or name); repeatable")] = None,
    unranked: Annotated[list[str] | None, typer.Option(help="A group without places (id or name); repeatable")] = None,
    everybody: Annotated[
        bool | None, typer.Option("--everybody/--contest-proper", help="Also teams of later divisions")
    ] = None,
) -> int:
    """Print the standings of any contest of the ICPC Contest API.

    Packages do not state every rule. Where a package holds its published board, the rules that give that board are
    used; otherwise those of the specification. An option always wins.
    """
    given = {
        name: value
        for name, value in {
            "penalty": None if penalty is None else penalty * MINUTE,
            "unit": unit,
            "tie_break": tie_break,
            "compile_errors_penalised": compile_errors,
            "ranks": ranks,
            "after_end": after_end,
            "before_start": before_start,
            "as_frozen": as_frozen,
            "only": tuple(group) if group else None,
            "unranked": tuple(unranked) if unranked else None,
            "everybody": everybody,
        }.items()
        if value is not None
    }
    try:
        contest = contest_of(read_package(file))
        choices = Choices(**given)  # type: ignore[arg-type] # each as typer typed it
        published = contest.published
        if published is not None and not stated:
            choices = fit(contest, published, choices, frozenset(given))
        found = standings_of(contest, choices)
    except ArchiveError as error:
        raise StandingsError(str(error)) from None
    wrong = [] if published is None else list(differences(found, published))
    if check and published is None:
        raise StandingsError(f"{file}: holds no scoreboard.json to compare with; leave --check out")
    if as_json:
        board = as_scoreboard(found) | {"agrees_with_published": None if published is None else not wrong}
        sys.stdout.write(json.dumps(board, ensure_ascii=False) + "\n")
    else:
        _show(found)
    if check:
        for one in wrong[:_SHOWN]:
            typer.echo(f"team {one.team}, {one.what}: published {one.expected}, computed {one.actual}", err=True)
        typer.echo(f"{len(wrong)} differences from the published board", err=True)
    return 1 if check and wrong else 0


def _show(found: Standings) -> None:
    board = as_scoreboard(found)
    scored = found.contest.scored
    totals = ("score",) if scored else ("num_solved", "total_time")
    headings = ("score",) if scored else ("solved", "time")
    lines = [["rank", "team", *headings, *(one.label for one in found.contest.problems)]]
    for row in board["rows"]:
        cells = [_short(cell, scored=scored) for cell in row["problems"]]
        lines.append([str(row["rank"] or ""), row["team"][:_NAME], *(str(row["score"][one]) for one in totals), *cells])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = [
            text.ljust(width) if place == 1 else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        typer.echo("  ".join(padded).rstrip())


def _short(cell: dict[str, object], *, scored: bool) -> str:
    pending = f"?{cell['num_pending']}" if cell["num_pending"] else ""
    if scored:
        return f"{cell['score'] or ''}{pending}"
    if cell["solved"]:
        return f"{cell['num_judged']}/{cell['time']}"
    tried = f"-{cell['num_judged']}" if cell["num_judged"] else ""
    return tried + pending
