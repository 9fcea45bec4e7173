"""Contests of a cohort over HTTP: hidden until they begin, frozen without a leak, and every verdict on the board."""

from __future__ import annotations

import datetime as dt
import json
import threading
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from greenroom_service.database import now

if TYPE_CHECKING:
    import httpx

    from conftest import Hall

HOUR = dt.timedelta(hours=1)


def places(board: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["rank"], row["name"], row["points"], row["penalty"]) for row in board["items"]]


def code(answer: httpx.Response) -> int:
    return answer.status_code


def attempt(problem: str = "two-sum") -> dict[str, str]:
    return {"problem_id": problem, "code": "pass", "client_id": str(uuid.uuid4())}


@pytest.fixture
def coming(hall: Hall) -> Any:
    made = hall.contest()
    yield made
    hall.set_back(made, 10 * HOUR)  # what is over hides nothing from the other tests


WAYS = [
    ("GET", "/v1/problems/two-sum", None),
    ("GET", "/v1/drafts/two-sum", None),
    ("GET", "/v1/hints/two-sum", None),
    ("POST", "/v1/hints/two-sum", None),
    ("PUT", "/v1/drafts/two-sum", {"code": "x", "base_version": 0, "client_id": "c"}),
    ("POST", "/v1/submissions", attempt()),
    ("POST", "/v1/runs", {"problem_id": "two-sum", "code": "x", "inputs": ["[1], 2"]}),
    ("POST", "/v1/stress", {"problem_id": "two-sum", "code": "x"}),
]


@pytest.mark.parametrize(("method", "path", "body"), WAYS)
def test_a_problem_of_a_coming_contest_does_not_exist(
    hall: Hall, coming: str, method: str, path: str, body: dict[str, Any] | None
) -> None:
    for name in ("ada", "eve"):
        assert code(hall.people[name].request(method, path, json=body)) == 404, name
    assert code(hall.alan.get("/v1/problems/two-sum")) == 200
    hall.set_back(coming, HOUR)
    assert code(hall.people["eve"].get("/v1/problems/two-sum")) == 200


def test_no_list_and_no_search_tells_of_a_coming_contests_problems(hall: Hall, coming: str) -> None:
    for path in ("/v1/problems", "/v1/problems?q=two", "/v1/home", "/v1/sheets", f"/v1/contests/{coming}"):
        assert "two-sum" not in hall.ada.get(path).text, path
    assert "two-sum" in hall.grace.get(f"/v1/contests/{coming}").text
    assert hall.ada.get(f"/v1/contests/{coming}").json()["phase"] == "before"


def test_outside_of_its_cohort_a_contest_does_not_exist(hall: Hall) -> None:
    made = hall.running()
    for path in ("", "/standings", "/standings/mine", "/standings/events", "/messages", "/unfreezing"):
        assert code(hall.eve.get(f"/v1/contests/{made}{path}")) == 404, path
    assert code(hall.eve.put(f"/v1/contests/{made}/registration", json={})) == 404
    assert code(hall.eve.post(f"/v1/contests/{made}/submissions", json=attempt())) == 404
    assert made not in hall.eve.get("/v1/contests").text


def test_verdicts_come_onto_the_board_in_the_order_of_the_rules(hall: Hall) -> None:
    made = hall.running()
    hall.register(made, "ada", "ben", "ada")
    hall.hand_in(made, "ben")
    hall.hand_in(made, "ada", "wrong_answer")
    hall.hand_in(made, "ada", "syntax_error")
    hall.hand_in(made, "ada")
    assert places(hall.board(made, "ada")) == [(1, "ben", 1, 60), (2, "ada", 1, 80)]
    hall.hand_in(made, "ada", problem="digit-sum")
    assert places(hall.board(made, "ada")) == [(1, "ada", 2, 140), (2, "ben", 1, 60)]
    mine = hall.ada.get(f"/v1/contests/{made}/standings/mine").json()
    assert (mine["rank"], mine["points"]) == (1, 2)
    (first,) = [cell for cell in mine["cells"] if cell["problem_id"] == "two-sum"]
    assert (first["judged"], first["solved"], first["penalised"]) == (2, True, 1)


def test_a_frozen_board_tells_nothing_and_is_thawed_when_it_is_over(hall: Hall) -> None:
    made = hall.running(4.5 * HOUR)
    hall.register(made, "ada", "ben")
    before = hall.board(made, "ben")
    hall.hand_in(made, "ada")
    wrong = hall.running(4.5 * HOUR)
    hall.register(wrong, "ada", "ben")
    hall.hand_in(wrong, "ada", "wrong_answer")

    def public(contest: str) -> list[Any]:
        found = hall.board(contest, "ben")
        for row in found["items"]:
            del row["party_id"]
        return [found["items"], found["frozen"], found["seq"] - before["seq"]]

    # Solved or not, the public sees the same: lines, numbers of changes, everything.
    assert public(made) == public(wrong)
    assert places(hall.board(made, "ben")) == [(1, name, 0, 0) for name in _order(before)]
    assert places(hall.board(made, "alan"))[0] == (1, "ada", 1, 270)
    assert code(hall.grace.post(f"/v1/contests/{made}/thaw")) == 409
    assert code(hall.alan.post(f"/v1/contests/{made}/thaw")) == 403
    hall.set_back(made, 6 * HOUR)
    assert places(hall.board(made, "ben"))[0][2] == 0
    steps = hall.alan.get(f"/v1/contests/{made}/unfreezing").json()["steps"]
    assert [(step["problem_id"], step["after"]) for step in steps] == [("two-sum", 1)]
    assert code(hall.ada.get(f"/v1/contests/{made}/unfreezing")) == 403
    assert code(hall.grace.post(f"/v1/contests/{made}/thaw")) == 200
    assert places(hall.board(made, "ben"))[0] == (1, "ada", 1, 270)


def _order(board: dict[str, Any]) -> list[str]:
    return [row["name"] for row in board["items"]]


def test_only_who_takes_part_hands_in_and_only_while_it_runs(hall: Hall) -> None:
    made = hall.running()
    path = f"/v1/contests/{made}/submissions"
    assert code(hall.ada.post(path, json=attempt())) == 409
    hall.register(made, "ada")
    assert code(hall.ada.post(path, json=attempt("running-total"))) == 404
    body = attempt()
    first = hall.ada.post(path, json=body)
    assert (code(first), hall.ada.post(path, json=body).json()) == (202, first.json())
    assert code(hall.ada.post(path, json={**body, "code": "other"})) == 409
    assert code(hall.grace.post(f"/v1/contests/{made}/pause")) == 200
    assert "paused" in hall.ada.post(path, json=attempt()).json()["detail"]
    assert hall.ada.get(f"/v1/contests/{made}").json()["ends_at"] is None
    assert code(hall.grace.post(f"/v1/contests/{made}/resume")) == 200
    assert code(hall.grace.post(f"/v1/contests/{made}/resume")) == 409
    assert code(hall.ada.post(path, json=attempt())) == 202
    hall.set_back(made, 6 * HOUR)
    assert "is over" in hall.ada.post(path, json=attempt()).json()["detail"]
    assert code(hall.ben.put(f"/v1/contests/{made}/registration", json={})) == 409


def test_a_team_has_one_line_and_nobody_is_in_two(hall: Hall) -> None:
    made = hall.running(teams=True)
    path = f"/v1/contests/{made}/registration"
    assert code(hall.ada.put(path, json={})) == 422
    assert code(hall.ada.put(path, json={"team": "red", "members": ["eve"]})) == 422
    team = hall.ada.put(path, json={"team": "red", "members": ["ben"]}).json()
    assert (team["name"], team["members"]) == ("red", ["ada", "ben"])
    assert hall.ben.put(path, json={"team": "blue"}).json() == team
    assert code(hall.alan.put(path, json={"team": "red"})) == 409
    assert code(hall.alan.put(path, json={"team": "green", "members": ["ben"]})) == 409
    hall.hand_in(made, "ada")
    hall.hand_in(made, "ben", problem="digit-sum")
    assert [row[1:3] for row in places(hall.board(made, "ada"))] == [("red", 2)]


def test_pages_of_a_board_carry_the_rank_on(hall: Hall) -> None:
    made = hall.running()
    hall.register(made, "ada", "ben", "alan")
    hall.hand_in(made, "ada")
    seen, cursor = [], None
    while True:
        page = hall.board(made, "ada", limit=1, **({"cursor": cursor} if cursor else {}))
        seen += [(row["rank"], row["points"]) for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [(1, 1), (2, 0), (2, 0)]
    assert code(hall.ada.get(f"/v1/contests/{made}/standings", params={"cursor": "x"})) == 400


def test_two_who_edit_do_not_overwrite_each_other_and_a_running_contest_keeps_its_problems(hall: Hall) -> None:
    made = hall.contest()
    path = f"/v1/contests/{made}"
    assert code(hall.grace.patch(path, json={"version": 1, "name": "summer"})) == 200
    late = hall.grace.patch(path, json={"version": 1, "name": "autumn"})
    assert (code(late), late.json()["version"]) == (409, 2)
    hall.set_back(made, HOUR)
    other = [{"problem_id": "running-total"}]
    assert code(hall.grace.patch(path, json={"version": 2, "problems": other})) == 409
    longer = hall.grace.patch(path, json={"version": 2, "duration_s": 6 * 3600})
    assert (code(longer), longer.json()["duration_s"]) == (200, 6 * 3600)
    entry = hall.grace.get("/v1/audit", params={"cohort": hall.cohort}).json()["items"][0]
    assert (entry["old"], entry["new"]) == ({"duration_s": 5 * 3600}, {"duration_s": 6 * 3600})
    assert code(hall.alan.patch(path, json={"version": 3, "name": "x"})) == 403


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"starts_at": "2020-01-01T00:00:00Z"}, "lies in the past"),
        ({"freeze_s": 6 * 3600}, "after the end"),
        ({"rules": {"bonus": 1}}, "there is no rule 'bonus'"),
        ({"problems": [{"problem_id": "two-sum"}] * 2}, "stands there twice"),
        ({"problems": [{"problem_id": "no-such-problem"}]}, "no such problem"),
    ],
)
def test_a_contest_that_cannot_be_is_refused_in_one_line(hall: Hall, more: dict[str, Any], said: str) -> None:
    body = {
        "cohort_id": hall.cohort,
        "name": "x",
        "starts_at": (now() + HOUR).isoformat(),
        "duration_s": 5 * 3600,
        "problems": [{"problem_id": "two-sum"}],
        **more,
    }
    answer = hall.grace.post("/v1/contests", json=body)
    assert code(answer) in {404, 422}
    assert said in answer.json()["detail"]


def test_questions_are_between_their_asker_and_the_jury_until_everybody_may_read_the_answer(hall: Hall) -> None:
    made = hall.running()
    path = f"/v1/contests/{made}/messages"
    assert code(hall.ada.post(path, json={"text": "may I?"})) == 409
    hall.register(made, "ada", "ben")
    asked = hall.ada.post(path, json={"text": "what is n?", "problem_id": "two-sum"}).json()
    hall.alan.post(path, json={"text": "see the statement", "reply_to": asked["id"]})
    assert [one["text"] for one in hall.ada.get(path).json()["items"]] == ["see the statement", "what is n?"]
    assert hall.ben.get(path).json()["items"] == []
    hall.alan.post(path, json={"text": "n is at least 2", "reply_to": asked["id"], "everybody": True})
    hall.grace.post(path, json={"text": "ten minutes more"})
    found = [(one["kind"], one["text"]) for one in hall.ben.get(path).json()["items"]]
    assert found == [("announcement", "ten minutes more"), ("answer", "n is at least 2")]
    assert code(hall.ben.post(path, json={"text": "x", "reply_to": asked["id"]})) == 409


def test_changes_stream_as_lines_and_a_break_loses_none(hall: Hall) -> None:
    made = hall.running()
    hall.register(made, "ada", "ben")
    begin = hall.board(made, "ben")["seq"]
    seen: list[dict[str, Any]] = []
    opened, done = threading.Event(), threading.Event()

    def listen() -> None:
        path = f"/v1/contests/{made}/standings/events"
        with hall.ben.stream("GET", path, headers={"Last-Event-ID": str(begin)}) as answer:
            opened.set()
            for line in answer.iter_lines():
                if line.startswith("data:"):
                    seen.append(json.loads(line.removeprefix("data:")))
                    if seen[-1]["points"] == 1:
                        break
        done.set()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert opened.wait(30)
    hall.hand_in(made, "ada")
    assert done.wait(30)
    assert {one["name"] for one in seen} == {"ada"}
    thread.join(30)


def test_what_was_judged_while_nobody_looked_is_brought_at_the_start(hall: Hall) -> None:
    from greenroom_service.contests.scorer import Scorer

    made = hall.running()
    hall.register(made, "ada")
    hall.hand_in(made, "ada")
    database = hall.service.app.state.service.database
    board = hall.board(made, "ada")
    late = Scorer(database)
    late.once()
    late.once()
    assert hall.board(made, "ada") == board


def test_a_contest_needs_a_cohort_that_exists(hall: Hall) -> None:
    with hall.service.user("root", "admin") as root:
        body = {
            "cohort_id": str(uuid.uuid4()),
            "name": "x",
            "starts_at": (now() + HOUR).isoformat(),
            "duration_s": 3600,
            "problems": [{"problem_id": "two-sum"}],
        }
        assert code(root.post("/v1/contests", json=body)) == 404
