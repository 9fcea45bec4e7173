"""Cohorts: who is in them, how far they are, and a log of every change by staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from handing_in import graded, submission

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from running_service import RunningService


@pytest.fixture
def teacher(service: RunningService, name: str) -> Iterator[httpx.Client]:
    with service.user(f"t{name}", "instructor") as client:
        yield client


@pytest.fixture
def cohort(teacher: httpx.Client, name: str) -> str:
    return str(teacher.post("/v1/cohorts", json={"name": f"cohort of {name}"}).json()["id"])


def put(client: httpx.Client, cohort: str, user: str, role: str) -> httpx.Response:
    return client.put(f"/v1/cohorts/{cohort}/members/{user}", json={"role": role})


def test_every_change_by_staff_is_logged_with_who_what_when_old_and_new(
    teacher: httpx.Client, cohort: str, name: str
) -> None:
    put(teacher, cohort, name, "student")
    put(teacher, cohort, name, "student")  # changes nothing
    put(teacher, cohort, name, "assistant")
    left = teacher.delete(f"/v1/cohorts/{cohort}/members/{name}", headers={"X-Request-ID": "the-last-request"})
    assert left.status_code == 204
    entries = teacher.get("/v1/audit", params={"cohort": cohort}).json()["items"]
    told = [(entry["action"], entry["target"], entry["old"], entry["new"]) for entry in entries[::-1]]
    assert told == [
        ("cohort.create", f"cohort of {name}", None, {"name": f"cohort of {name}"}),
        ("cohort.member.put", name, None, {"role": "student"}),
        ("cohort.member.put", name, {"role": "student"}, {"role": "assistant"}),
        ("cohort.member.delete", name, {"role": "assistant"}, None),
    ]
    assert {entry["actor"] for entry in entries} == {f"t{name}"}
    assert entries[0]["request_id"] == "the-last-request"
    assert all(entry["at"].endswith("Z") for entry in entries)


def test_a_refused_change_is_not_made_and_not_logged(teacher: httpx.Client, cohort: str, name: str) -> None:
    refused = put(teacher, cohort, f"t{name}", "student")
    assert (refused.status_code, "last instructor" in refused.json()["detail"]) == (409, True)
    assert teacher.get(f"/v1/cohorts/{cohort}/members/t{name}").json()["role"] == "instructor"
    assert len(teacher.get("/v1/audit", params={"cohort": cohort}).json()["items"]) == 1


def test_staff_see_the_progress_of_their_students_page_by_page(
    service: RunningService, teacher: httpx.Client, cohort: str, name: str
) -> None:
    for number in range(3):
        put(teacher, cohort, f"{name}{number}", "student")
    with service.user(f"{name}1") as student:
        graded(student, submission("# verdict: wrong_answer"))
        graded(student, submission("# verdict: accepted"))
    seen: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = teacher.get(
            f"/v1/cohorts/{cohort}/progress", params={"limit": 2, **({"cursor": cursor} if cursor else {})}
        ).json()
        seen += page["items"]
        if (cursor := page["next"]) is None:
            break
    assert [(one["user"], one["submissions"], one["tried"], one["solved"]) for one in seen] == [
        (f"{name}0", 0, 0, 0),
        (f"{name}1", 2, 1, 1),
        (f"{name}2", 0, 0, 0),
    ]


def test_a_student_who_leaves_takes_their_work_along(
    service: RunningService, teacher: httpx.Client, cohort: str, name: str
) -> None:
    put(teacher, cohort, name, "student")
    with service.user(name) as student:
        made = graded(student, submission())["id"]
        assert teacher.get(f"/v1/submissions/{made}").status_code == 200
        teacher.delete(f"/v1/cohorts/{cohort}/members/{name}")
        assert teacher.get(f"/v1/submissions/{made}").status_code == 404
        assert student.get(f"/v1/submissions/{made}").status_code == 200


@pytest.mark.parametrize("user", ["", "-x", "a b", "x" * 65, "a%00b", "a%2Fb"])
def test_only_names_that_the_hub_gives_can_be_members(teacher: httpx.Client, cohort: str, user: str) -> None:
    assert put(teacher, cohort, user, "student").status_code in {404, 405, 422}


def test_two_cohorts_of_one_name_are_refused(teacher: httpx.Client, cohort: str, name: str) -> None:
    assert cohort
    again = teacher.post("/v1/cohorts", json={"name": f"cohort of {name}"})
    assert (again.status_code, "another name" in again.json()["detail"]) == (409, True)
