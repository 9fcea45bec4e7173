"""Drafts: no keystroke is lost, and of two editors none overwrites the other unseen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx
    from running_service import RunningService


def save(client: httpx.Client, code: str, base: int, editor: str = "one", problem: str = "two-sum") -> httpx.Response:
    return client.put(f"/v1/drafts/{problem}", json={"code": code, "base_version": base, "client_id": editor})


def read(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/v1/drafts/two-sum").json()
    return found


def test_before_the_first_save_there_is_the_starter(student: httpx.Client) -> None:
    draft = read(student)
    assert (draft["version"], draft["saved_at"]) == (0, None)
    assert draft["code"].startswith("def two_sum(")


def test_what_is_saved_is_what_is_read_to_the_letter(student: httpx.Client) -> None:
    code = "\tdef f():\r\n  return 'ü🙂'  \n\n"
    assert save(student, code, 0).json()["version"] == 1
    assert read(student)["code"] == code


def test_a_text_that_is_too_long_is_refused_with_both_lengths(student: httpx.Client) -> None:
    refused = save(student, "x" * 250_001, 0)
    assert refused.status_code == 422
    assert refused.json()["detail"].startswith("body.code: has 250001 characters; at most 250000 are allowed.")


def test_an_editor_that_saw_an_older_version_gets_both_texts(student: httpx.Client) -> None:
    save(student, "mine", 0, "laptop")
    refused = save(student, "yours", 0, "desktop")
    assert refused.status_code == 409
    body = refused.json()
    assert (body["current"]["code"], body["current"]["version"], body["yours"]) == ("mine", 1, "yours")
    assert read(student)["code"] == "mine"
    assert save(student, "merged", 1, "desktop").json()["version"] == 2


def test_saving_the_same_text_again_makes_no_version(student: httpx.Client) -> None:
    assert [save(student, "same", base).json()["version"] for base in (0, 1, 0)] == [1, 1, 1]


def test_an_editor_whose_answer_was_lost_may_go_on(student: httpx.Client) -> None:
    """It sent version 1, which was stored; not knowing, it sends its next text on top of version 0."""
    save(student, "a", 0, "tab")
    assert save(student, "ab", 0, "tab").json()["version"] == 2
    assert save(student, "abc", 0, "tab").status_code == 409


def test_of_many_editors_at_once_exactly_one_saves_each_version(student: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: save(student, f"text {n}", 0, f"editor {n}"), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7


def test_older_versions_are_listed_and_can_be_read(student: httpx.Client) -> None:
    for base in range(5):
        save(student, f"text {base + 1}", base)
    page = student.get("/v1/drafts/two-sum/versions", params={"limit": 3}).json()
    assert [item["version"] for item in page["items"]] == [5, 4, 3]
    rest = student.get("/v1/drafts/two-sum/versions", params={"cursor": page["next"]}).json()
    assert ([item["version"] for item in rest["items"]], rest["next"]) == ([2, 1], None)
    assert student.get("/v1/drafts/two-sum/versions/2").json()["code"] == "text 2"
    assert student.get("/v1/drafts/two-sum/versions/99").status_code == 404


def test_a_draft_belongs_to_one_student_and_one_problem(
    student: httpx.Client, service: RunningService, name: str
) -> None:
    save(student, "private", 0)
    assert student.get("/v1/drafts/digit-sum").json()["version"] == 0
    with service.user(name + "x", "admin") as admin:
        assert read(admin)["version"] == 0


@pytest.mark.parametrize("problem", ["no-such-problem", "..%2Fetc", "Two-Sum"])
def test_only_problems_have_drafts(student: httpx.Client, problem: str) -> None:
    assert save(student, "x", 0, problem=problem).status_code in {404, 422}
