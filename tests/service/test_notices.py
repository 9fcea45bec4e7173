"""What people are told: unread until read, once, live in every open tab."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
import zipfile
from typing import TYPE_CHECKING, Any

from handing_in import graded, submission
from running_service import RunningService, eventually

from greenroom_service.database import Database, now
from greenroom_service.leaving.chore import delete_departed
from greenroom_service.leaving.rules import DELAY
from greenroom_service.notices.models import NoticeKind
from greenroom_service.notices.queries import notify
from greenroom_service.study.chore import FROM_HOUR, tell_of_reviews

if TYPE_CHECKING:
    import httpx

DAY = dt.timedelta(days=1)


def told(student: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = student.get("/v1/notices").json()
    return found


def tell(service: RunningService, name: str, key: str) -> bool:
    database: Database = service.app.state.service.database
    with database.write() as session:
        return notify(session, name, NoticeKind.COHORT, key=key, title="Hello", text="There you are.")


def test_notices_are_unread_until_they_are_read(service: RunningService, student: httpx.Client, name: str) -> None:
    assert [tell(service, name, key) for key in ("a", "b", "b", "c")] == [True, True, False, True]
    found = told(student)
    assert (len(found["items"]), found["unread"]) == (3, 3)
    newest = found["items"][0]["id"]
    assert student.post("/v1/notices/read", json={"ids": [newest]}).json() == {"unread": 2}
    assert [item["id"] == newest for item in told(student)["items"] if item["read_at"]] == [True]
    assert len(student.get("/v1/notices?unread=true").json()["items"]) == 2
    assert student.get("/v1/home").json()["unread"] == 2
    assert student.post("/v1/notices/read", json={}).json() == {"unread": 0}
    page = student.get("/v1/notices?limit=2").json()
    rest = student.get(f"/v1/notices?limit=2&cursor={page['next']}").json()
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)


def test_nobody_reads_a_notice_of_another(service: RunningService, student: httpx.Client, name: str) -> None:
    tell(service, name, "a")
    notice = told(student)["items"][0]["id"]
    with service.user("u" + uuid.uuid4().hex[:8]) as other:
        assert other.post("/v1/notices/read", json={"ids": [notice]}).json() == {"unread": 0}
    assert told(student)["unread"] == 1


def test_a_notice_is_heard_in_every_open_tab(service: RunningService, student: httpx.Client, name: str) -> None:
    with service.user("grace-" + name, "instructor") as grace, student.stream("GET", "/v1/events") as stream:
        lines = stream.iter_lines()
        assert any(line.startswith("id:") for line in lines)
        cohort = grace.post("/v1/cohorts", json={"name": name}).json()["id"]
        grace.put(f"/v1/cohorts/{cohort}/members/{name}", json={"role": "student"})
        first = next(json.loads(line[5:]) for line in lines if line.startswith("data:"))
        assert (first["kind"], first["unread"]) == ("cohort", 1)
        student.post("/v1/notices/read", json={})
        assert next(json.loads(line[5:]) for line in lines if line.startswith("data:")) == {"unread": 0}
    (notice,) = told(student)["items"]
    assert notice["title"] == f"You are a student of {name}"


def test_who_has_reviews_is_told_once_on_the_morning_of_their_own_day(
    service: RunningService, student: httpx.Client
) -> None:
    database: Database = service.app.state.service.database
    student.patch("/v1/me", json={"time_zone": "Asia/Tokyo"})
    graded(student, submission())
    given = student.put("/v1/ratings/two-sum", json={"rating": "good"}).json()
    due = dt.datetime.fromisoformat(given["due_on"])
    morning = dt.datetime(due.year, due.month, due.day, FROM_HOUR, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    for moment in (morning - DAY, morning - dt.timedelta(minutes=1)):
        tell_of_reviews(database, lambda: None, moment)
        assert told(student)["unread"] == 0
    for moment in (morning, morning + dt.timedelta(hours=5), morning + DAY):
        tell_of_reviews(database, lambda: None, moment)
    (notice,) = told(student)["items"]
    assert (notice["kind"], notice["title"]) == ("reviews", "1 problem is due for review")


def test_a_changed_verdict_is_told_once_for_all_submissions(
    service: RunningService, student: httpx.Client, name: str
) -> None:
    from greenroom_problems import Verdict

    for _ in range(2):
        graded(student, submission(problem="all-subsets"))
    service.engine.change = lambda _: Verdict.WRONG_ANSWER
    try:
        with service.user("root-" + name, "admin") as admin:
            body = {"problem_id": "all-subsets", "reason": "because"}
            made = admin.post("/v1/rejudges", json=body).json()["id"]
            eventually(lambda: admin.get(f"/v1/rejudges/{made}").json()["state"] == "ready", "the preview")
            assert admin.post(f"/v1/rejudges/{made}/apply").status_code == 200
    finally:
        service.engine.change = lambda verdict: verdict
    (notice,) = told(student)["items"]
    assert (notice["kind"], notice["target"]) == ("verdict", {"problem_id": "all-subsets"})


# -- leaving ---------------------------------------------------------------------------------------------------------


def test_an_export_holds_everything_and_the_code_as_files(student: httpx.Client, name: str) -> None:
    student.put("/v1/drafts/two-sum", json={"code": "my draft", "base_version": 0, "client_id": "c"})
    student.put("/v1/notes/two-sum", json={"text": "my note", "base_version": 0})
    made = graded(student, submission("# verdict: wrong_answer\n# mine"))
    answer = student.get("/v1/me/export")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert archive.read("code/two-sum/draft.py") == b"my draft"
        (code,) = [one for one in names if made["id"] in one]
        assert code.endswith("-wrong_answer.py")
        assert archive.read(code).decode() == made["code"]
        data = {one: json.loads(archive.read(one)) for one in names if one.startswith("data/")}
        assert archive.read("README.txt").decode().startswith(f"This is everything that Greenroom keeps about {name}")
    assert [row["body"] for row in data["data/notes.json"]] == ["my note"]
    assert [row["id"] for row in data["data/submissions.json"]] == [made["id"]]
    assert not {"data/outbox.json", "data/audit_entries.json", "data/rejudge_items.json"} & data.keys()
    rows = [row for table in data.values() for row in table]
    assert {row["user_name"] for row in rows if "user_name" in row} == {name}


def test_leaving_has_a_delay_and_can_be_taken_back(service: RunningService, student: httpx.Client, name: str) -> None:
    database: Database = service.app.state.service.database
    student.put("/v1/drafts/two-sum", json={"code": "my draft", "base_version": 0, "client_id": "c"})
    assert student.post("/v1/me/leaving", json={"confirm": "somebody"}).status_code == 422
    asked = student.post("/v1/me/leaving", json={"confirm": name}).json()
    assert dt.datetime.fromisoformat(asked["delete_at"]) - dt.datetime.fromisoformat(asked["asked_at"]) == DELAY
    assert student.post("/v1/me/leaving", json={"confirm": name}).json() == asked
    assert student.delete("/v1/me/leaving").json()["delete_at"] is None
    assert [item["kind"] for item in told(student)["items"]] == ["leaving", "leaving"]
    delete_departed(database, now() + 2 * DELAY)
    assert student.get("/v1/drafts/two-sum").json()["code"] == "my draft"
    student.post("/v1/me/leaving", json={"confirm": name})
    assert delete_departed(database, now() + DELAY + DAY) == 1
    assert student.get("/v1/drafts/two-sum").json()["version"] == 0
    assert told(student) == {"items": [], "next": None, "unread": 0}


def test_the_only_instructor_of_a_cohort_finds_another_one_first(service: RunningService, name: str) -> None:
    with service.user(name, "instructor") as grace:
        cohort = grace.post("/v1/cohorts", json={"name": name}).json()["id"]
        refused = grace.post("/v1/me/leaving", json={"confirm": name})
        assert (refused.status_code, f"only instructor of {name}" in refused.json()["detail"]) == (409, True)
        grace.put(f"/v1/cohorts/{cohort}/members/{name}-2", json={"role": "instructor"})
        assert grace.post("/v1/me/leaving", json={"confirm": name}).status_code == 202
        grace.delete("/v1/me/leaving")
