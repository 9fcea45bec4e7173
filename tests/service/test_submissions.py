"""Handing code in: idempotent, graded once, visible to the right people, and never in a log."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from handing_in import final, graded, submission

if TYPE_CHECKING:
    import httpx
    from running_service import RunningService


def test_a_submission_is_queued_then_final_with_everything_that_explains_it(student: httpx.Client, name: str) -> None:
    first = student.post("/v1/submissions", json=submission("# verdict: wrong_answer"))
    assert first.status_code == 202
    queued = first.json()
    assert queued["state"] in {"queued", "running", "final"}
    assert queued["user"] == name
    done = final(student, queued["id"])
    assert (done["verdict"], done["short"], done["score"], done["passed"]) == ("wrong_answer", "WA", 0.0, 0)
    assert done["failing"]["call"] == "two_sum([2, 7], 9)"
    assert done["failing"]["expected"] == "[0, 1]"
    assert done["isolation"] == "stand-in"
    assert done["created_at"].endswith("Z")
    assert done["finished_at"] >= done["created_at"]
    assert done["code"] == "# verdict: wrong_answer"


def test_what_no_database_can_store_is_shown_and_not_lost(student: httpx.Client) -> None:
    stdout = graded(student, submission())["cases"][0]["stdout"]
    assert stdout == "printed \u2400 and \\ud800"


def test_the_same_client_id_makes_one_submission(student: httpx.Client) -> None:
    body = submission("# verdict: accepted")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: student.post("/v1/submissions", json=body), range(16)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(student.get("/v1/submissions").json()["items"]) == 1


def test_a_client_id_with_other_code_is_a_conflict(student: httpx.Client) -> None:
    body = submission("one")
    assert student.post("/v1/submissions", json=body).status_code == 202
    answer = student.post("/v1/submissions", json={**body, "code": "another"})
    assert answer.status_code == 409
    assert "new UUID" in answer.json()["detail"]


def test_a_fault_of_the_grader_is_internal_error_and_counts_for_nothing(student: httpx.Client) -> None:
    done = graded(student, submission("# break"))
    assert done["verdict"] == "internal_error"
    assert "does not count" in done["message"]
    assert student.get("/v1/progress").json()["tried"] == 0
    assert student.get("/v1/problems/two-sum").json()["state"] == "new"


def test_growth_follows_the_verdict(student: httpx.Client, service: RunningService) -> None:
    done = graded(student, submission("# growth"))
    from running_service import eventually

    grown = eventually(lambda: student.get(f"/v1/submissions/{done['id']}").json()["growth"], "growth")
    assert grown["message"] == "about n, target n"
    assert grown["points"] == [{"size": 10, "cpu_ms": 1.0, "reference_ms": 1.0}]
    assert service.app.state.service.grader


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "x" * 65_537}, "code"),
        ({"code": "nul \x00"}, "code"),
        ({"code": None}, "code"),
        ({"client_id": "no uuid"}, "client_id"),
        ({"problem_id": "../etc"}, "problem_id"),
        ({"extra": 1}, "extra"),
    ],
)
def test_bad_fields_are_named(student: httpx.Client, change: dict[str, object], field: str) -> None:
    answer = student.post("/v1/submissions", json={**submission("ok"), **change})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(f"body.{field}: ")
    assert "xxxx" not in answer.text


def test_half_a_surrogate_pair_is_refused(student: httpx.Client) -> None:
    body = b'{"problem_id": "two-sum", "code": "\\ud800", "client_id": "' + str(uuid.uuid4()).encode() + b'"}'
    answer = student.post("/v1/submissions", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_a_problem_that_does_not_exist(student: httpx.Client) -> None:
    assert student.post("/v1/submissions", json=submission(problem="no-such")).status_code == 404


def test_pages_go_on_where_they_ended_while_new_ones_arrive(student: httpx.Client) -> None:
    made = [student.post("/v1/submissions", json=submission(str(n))).json()["id"] for n in range(7)]
    seen: list[str] = []
    cursor = None
    while True:
        page = student.get("/v1/submissions", params={"limit": 3, **({"cursor": cursor} if cursor else {})}).json()
        seen += [item["id"] for item in page["items"]]
        student.post("/v1/submissions", json=submission("later"))
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == made[::-1]


@pytest.mark.parametrize("cursor", ["x", "e30", "WyJhIl0", "WyIiLCAiIl0", "🙂", "W1tbW1tb", "bnVsbA"])
def test_a_forged_cursor_is_a_bad_request(student: httpx.Client, cursor: str) -> None:
    answer = student.get("/v1/submissions", params={"cursor": cursor})
    assert answer.status_code == 400
    assert "first page" in answer.json()["detail"]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", "99999999999999999999"])
def test_limits_of_a_page(student: httpx.Client, limit: str) -> None:
    assert student.get("/v1/submissions", params={"limit": limit}).status_code == 422


def test_own_inputs_are_answered(student: httpx.Client) -> None:
    answer = student.post("/v1/runs", json={"problem_id": "two-sum", "code": "", "inputs": ["[1], 2", "[3], 4"]})
    assert [item["call"] for item in answer.json()["items"]] == ["two_sum([1], 2)", "two_sum([3], 4)"]
    bad = student.post("/v1/runs", json={"problem_id": "two-sum", "code": "", "inputs": ["f(1)"]})
    assert bad.status_code == 422
    assert "not a Python literal" in bad.json()["detail"]


def test_stress_shows_the_case_in_which_they_differ(student: httpx.Client) -> None:
    body = {"problem_id": "two-sum", "code": "# verdict: wrong_answer"}
    found = student.post("/v1/stress", json=body).json()
    assert (found["found"], found["tried"], found["case"]["actual"]) == (True, 100, "None")
    assert student.post("/v1/stress", json={**body, "code": ""}).json() == {
        "found": False,
        "tried": 100,
        "case": None,
        "message": "",
    }
