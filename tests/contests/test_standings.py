"""`greenroom contest standings`: packages of every version, the rules that boards differ in, and bad input."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from contest_packages import Handed, contest, feed_2020, feed_2022, feed_2023, write_folder

from greenroom_hub import cli

if TYPE_CHECKING:
    from collections.abc import Callable

#: Two teams with one problem each; the first of them needed two tries.
SIMPLE = [
    Handed("one", "a", "0:10:59.999", "WA"),
    Handed("one", "a", "0:30:00.000"),
    Handed("two", "a", "0:49:59.000"),
    Handed("two", "b", "1:00:00.000", "CE"),
]


#: Two teams whose totals are equal.
EQUAL = [
    Handed("one", "a", "0:10:00"),
    Handed("one", "b", "0:30:00"),
    Handed("two", "a", "0:05:00"),
    Handed("two", "b", "0:35:00"),
]


def standings(path: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert cli.run(["contest", "standings", str(path), "--json", *options]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def brief(board: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (row["rank"], row["team_id"], row["score"]["num_solved"], row["score"]["total_time"]) for row in board["rows"]
    ]


def zipped(package: dict[str, Any], folder: Path) -> Path:
    write_folder(package, folder / "small")
    return Path(shutil.make_archive(str(folder / "packed"), "zip", folder, "small"))


def feed(write: Callable[[dict[str, Any]], str]) -> Callable[[dict[str, Any], Path], Path]:
    def make(package: dict[str, Any], folder: Path) -> Path:
        path = folder / "event-feed.ndjson"
        path.write_text(write(package))
        return path

    return make


def yaml_folder(package: dict[str, Any], folder: Path) -> Path:
    write_folder({name: one for name, one in package.items() if name != "contest"}, folder / "y")
    lines = [f"{name.replace('_', '-')}: {value}\n" for name, value in package["contest"].items()]
    (folder / "y" / "contest.yaml").write_text("".join(lines))
    return folder / "y"


MAKERS = {
    "folder": lambda package, folder: write_folder(package, folder / "small"),
    "folder in a folder": lambda package, folder: write_folder(package, folder / "small").parent,
    "zip": zipped,
    "yaml": yaml_folder,
    "feed 2020-03": feed(feed_2020),
    "feed 2022-07": feed(feed_2022),
    "feed 2023-06": feed(feed_2023),
    "feed as an array": feed(
        lambda package: "[" + ",".join(line for line in feed_2020(package).splitlines() if line) + "]"
    ),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
def test_every_way_to_write_a_package_gives_the_same_board(
    make: Callable[[dict[str, Any], Path], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    board = standings(make(contest(SIMPLE), tmp_path), capsys=capsys)
    assert brief(board) == [(1, "two", 1, 49), (2, "one", 1, 50)]
    cells = {cell["problem_id"]: cell for cell in board["rows"][1]["problems"]}
    assert cells["a"] == {
        "problem_id": "a",
        "label": "A",
        "num_judged": 2,
        "num_pending": 0,
        "solved": True,
        "time": 30,
        "first_to_solve": True,
    }


def small(tmp_path: Path, handed: list[Handed], **more: Any) -> Path:
    return write_folder(contest(handed, **more), tmp_path / "small")


@pytest.mark.parametrize(
    ("handed", "options", "expected"),
    [
        pytest.param(
            [Handed("one", "a", "0:10:00", "CE"), Handed("one", "a", "0:20:00")],
            ["--compile-errors-penalised"],
            [(1, "one", 1, 40)],
            id="compile errors cost time when the board says so",
        ),
        pytest.param(
            [Handed("one", "a", "0:10:30", "WA"), Handed("one", "a", "0:20:30")],
            ["--unit", "seconds", "--penalty", "5"],
            [(1, "one", 1, 20 * 60 + 30 + 300)],
            id="totals in seconds",
        ),
        pytest.param(
            EQUAL,
            ["--tie-break", "none"],
            [(1, "one", 2, 40), (1, "two", 2, 40)],
            id="without a tie-break they share a rank",
        ),
        pytest.param(
            EQUAL,
            [],
            [(1, "one", 2, 40), (2, "two", 2, 40)],
            id="the earlier last accepted submission is better",
        ),
        pytest.param(
            [Handed("one", "a", "4:59:59.999"), Handed("one", "b", "5:00:00.000")],
            [],
            [(1, "one", 1, 299)],
            id="the last millisecond counts and the end does not",
        ),
        pytest.param(
            [Handed("one", "a", "5:00:00.000")],
            ["--after-end", "counted"],
            [(1, "one", 1, 300)],
            id="after the end on request",
        ),
        pytest.param(
            [Handed("one", "a", "0:10:00", "AC WA")], [], [(1, "one", 0, 0)], id="the later judgement supersedes"
        ),
        pytest.param(
            [Handed("one", "a", "0:10:00", "AC -")], [], [(1, "one", 1, 10)], id="a judgement under way does not yet"
        ),
        pytest.param(
            [Handed("one", "a", "0:10:00", "AC", {"valid": False}), Handed("one", "b", "0:20:00")],
            [],
            [(1, "one", 1, 20)],
            id="a withdrawn judgement does not count",
        ),
        pytest.param([Handed("one", "a", "0:10:00", "JE")], [], [(1, "one", 0, 0)], id="a judging error waits"),
        pytest.param(
            [Handed("one", "a", "0:10:00"), Handed("one", "b", "4:00:00")],
            ["--frozen"],
            [(1, "one", 1, 10)],
            id="the frozen board hides what came since",
        ),
    ],
)
def test_rules_that_boards_differ_in(
    handed: list[Handed],
    options: list[str],
    expected: list[tuple[Any, ...]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert brief(standings(small(tmp_path, handed), *options, capsys=capsys)) == expected


GROUPS = [
    {"id": "g1", "name": "Participants", "sortorder": 0},
    {"id": "g2", "name": "Companies", "sortorder": 1},
    {"id": "g3", "name": "Jury", "sortorder": 0, "hidden": True},
    {"id": "g4", "name": "Guests", "sortorder": 0},
]
TEAMS = [{"id": one, "name": one, "group_ids": [f"g{number}"]} for number, one in enumerate("pcjg", 1)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], [(1, "g", 1, 4), (2, "p", 1, 5)]),
        (["--everybody"], [(1, "g", 1, 4), (2, "p", 1, 5), (1, "c", 1, 3)]),
        (["--unranked", "Guests"], [(1, "p", 1, 5), (None, "g", 1, 4)]),
        (["--group", "g1"], [(1, "p", 1, 5)]),
    ],
)
def test_hidden_and_unranked_groups(
    options: list[str], expected: list[tuple[Any, ...]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handed = [Handed(team, "a", f"0:0{at}:00") for at, team in [(5, "p"), (3, "c"), (2, "j"), (4, "g")]]
    path = small(tmp_path, handed, teams=TEAMS, groups=GROUPS)
    assert brief(standings(path, *options, capsys=capsys)) == expected


def test_removed_intervals_stop_the_clock(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = contest([Handed("one", "a", "1:40:00"), Handed("one", "b", "2:00:00")])
    for one in package["submissions"]:
        del one["contest_time"]
    package["state"] = {
        "started": package["contest"]["start_time"],
        "removed_intervals": [
            {"start": "2026-03-01T11:30:00+01:00", "end": "2026-03-01T11:45:00+01:00", "contest_time": "1:30:00"}
        ],
    }
    board = standings(write_folder(package, tmp_path / "small"), capsys=capsys)
    assert [cell["time"] for cell in board["rows"][0]["problems"]] == [90, 105]


def test_a_board_of_points(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    handed = [
        Handed("one", "a", "0:10:00", "WA", {"score": 40.5}),
        Handed("one", "a", "0:20:00", "WA", {"score": 30}),
        Handed("two", "a", "0:30:00", "AC", {"score": 100}),
    ]
    board = standings(small(tmp_path, handed, contest={"scoreboard_type": "score"}), capsys=capsys)
    assert [(row["rank"], row["team_id"], row["score"]) for row in board["rows"]] == [
        (1, "two", {"score": 100, "time": 30}),
        (2, "one", {"score": 40.5, "time": 10}),
    ]


def test_times_are_written_as_the_packages_version_writes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    board = standings(small(tmp_path, SIMPLE, contest={"penalty_time": "0:20:00"}), capsys=capsys)
    assert brief(board) == [(1, "two", 1, "0:49:00"), (2, "one", 1, "0:50:00")]


def test_a_published_board_shows_the_rules_that_the_package_does_not_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = small(tmp_path, [*SIMPLE, Handed("two", "b", "1:10:00"), Handed("three", "b", "1:10:30")])
    official = standings(path, "--unit", "seconds", "--compile-errors-penalised", "--tie-break", "none", capsys=capsys)
    rows = [row for row in official["rows"] if row["team_id"] != "three"]
    (path / "scoreboard.json").write_text(json.dumps({"rows": rows}))
    found = standings(path, capsys=capsys)
    assert found["rows"] == rows
    assert found["agrees_with_published"] is True
    assert (found["rules"]["unit"], found["rules"]["compile_errors_penalised"]) == ("seconds", True)
    assert standings(path, "--stated", capsys=capsys)["agrees_with_published"] is False


def test_check_says_where_a_published_board_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = small(tmp_path, SIMPLE)
    official = standings(path, capsys=capsys)
    official["rows"][0]["score"]["total_time"] = 48
    (path / "scoreboard.json").write_text(json.dumps(official))
    assert cli.run(["contest", "standings", str(path), "--check"]) == 1
    assert "team two, total_time: published 48, computed 49" in capsys.readouterr().err


def test_events_replace_and_delete_what_came_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = contest(SIMPLE)
    path = tmp_path / "event-feed"
    later = [
        {"type": "teams", "id": "two", "data": {"id": "two", "name": "renamed"}},
        {"type": "submissions", "id": "s2", "data": None},
        {"type": "judgements", "id": "j1.0", "data": {**package["judgements"][0], "judgement_type_id": "AC"}},
    ]
    path.write_text(feed_2022(package) + "".join(json.dumps(one) + "\n" for one in later))
    board = standings(path, capsys=capsys)
    assert brief(board) == [(1, "one", 1, 10), (2, "two", 1, 49)]
    assert board["rows"][1]["team"] == "renamed"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("contest.json", "{", "contest.json: is not JSON"),
        ("contest.json", '{"id": "x"}', "duration is missing"),
        ("contest.json", '{"duration": "5 hours"}', "write it as h:mm:ss"),
        ("event-feed.ndjson", "hello\n", "event-feed.ndjson:1: is not JSON"),
        ("event-feed.ndjson", "[1]", "must be a list of objects"),
        ("event-feed.ndjson", '{"token": "1"}\n', "is not an event"),
        ("other.json", "{}", "holds neither contest.json nor an event feed"),
        ("contest.yaml", "a: [", "is not YAML"),
    ],
)
def test_a_broken_package_gets_one_clear_line(name: str, content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(Exception, match=said) as caught:
        cli.run(["contest", "standings", str(tmp_path)])
    explained = cli.explain(caught.value)
    assert explained is not None
    assert explained[1] == 2


@pytest.mark.parametrize(
    ("options", "said"), [(["--group", "x"], "there is no group 'x'"), (["--check"], "no scoreboard.json")]
)
def test_choices_that_do_not_fit_are_refused(options: list[str], said: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=said):
        cli.run(["contest", "standings", str(small(tmp_path, SIMPLE)), *options])


def test_the_table_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["contest", "standings", str(small(tmp_path, SIMPLE))]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["rank", "team", "solved", "time", "A", "B"],
        ["1", "two", "1", "49", "1/49"],
        ["2", "one", "1", "50", "2/30"],
    ]
