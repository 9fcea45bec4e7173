"""A student's own place over HTTP: home, reviews, today's problem, bookmarks, notes, goals, progress."""

from __future__ import annotations

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from handing_in import graded, submission
from running_service import NEEDED, RunningService

from greenroom_service.classroom import queries as classroom
from greenroom_service.classroom.rules import Dated
from greenroom_service.database import Database, now
from greenroom_service.study.models import DailyPick, ReviewAnswer, ReviewCard

if TYPE_CHECKING:
    import httpx

WRONG = "# verdict: wrong_answer"
DAY = dt.timedelta(days=1)


def solve(student: httpx.Client, problem: str = "two-sum", rating: str | None = None) -> dict[str, Any]:
    graded(student, submission(problem=problem))
    if rating is None:
        return ok(student.get(f"/v1/ratings/{problem}"))
    return ok(student.put(f"/v1/ratings/{problem}", json={"rating": rating}))


def ok(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in {200, 201}, answer.text
    found: dict[str, Any] = answer.json()
    return found


def age(database: Database, user: str, days: int) -> None:
    """Make all that a student rated so many days older."""
    with database.write() as session:
        for table, columns in ((ReviewCard, ("rated_on", "due_on")), (ReviewAnswer, ("rated_on", "before_rated_on"))):
            rows = session.execute(sa.select(table).where(table.user_name == user)).scalars().all()
            values = [{name: getattr(row, name) - days * DAY for name in columns if getattr(row, name)} for row in rows]
            keys = [sa.inspect(row).identity for row in rows]
            for key, value in zip(keys, values, strict=True):
                names = [column.name for column in table.__table__.primary_key.columns]
                same = [table.__table__.c[name] == part for name, part in zip(names, key or (), strict=True)]
                session.execute(sa.update(table.__table__).where(*same).values(value))


@pytest.fixture
def database(service: RunningService) -> Database:
    found: Database = service.app.state.service.database
    return found


# -- reviews ---------------------------------------------------------------------------------------------------------


def test_after_accept_a_rating_is_proposed_and_one_call_confirms_or_changes_it(student: httpx.Client) -> None:
    graded(student, submission(WRONG))
    before = ok(student.get("/v1/ratings/two-sum"))
    assert (before["proposed"], before["options"]) == (None, [])
    assert student.put("/v1/ratings/two-sum", json={"rating": "good"}).status_code == 409
    asked = solve(student)
    assert (asked["proposed"], asked["effort"]["attempts"], asked["effort"]["hints"]) == ("good", 1, 0)
    assert "1 failed attempt" in asked["reason"]
    due = {option["rating"]: option["due_on"] for option in asked["options"]}
    assert list(due) == ["again", "hard", "good", "easy"]
    today = now().date().isoformat()
    assert today < due["again"] <= due["hard"] <= due["good"] < due["easy"]
    for rating in ("good", "easy", "easy"):
        given = ok(student.put("/v1/ratings/two-sum", json={"rating": rating}))
        assert (given["given"], given["due_on"]) == (rating, due[rating])
    (answer,) = ok(student.get("/v1/ratings"))["items"]
    assert (answer["rating"], answer["proposed"], answer["predicted"]) == ("easy", "good", None)


def test_a_review_opens_a_blank_editor_beside_the_old_draft(
    student: httpx.Client, name: str, database: Database
) -> None:
    old = {"code": "my old solution", "base_version": 0, "client_id": "c"}
    ok(student.put("/v1/drafts/two-sum", json=old))
    solve(student, rating="good")
    assert ok(student.get("/v1/reviews"))["items"] == []
    today = student.post("/v1/reviews", json={"problem_id": "two-sum"})
    assert (today.status_code, "from tomorrow" in today.json()["detail"]) == (409, True)
    age(database, name, 5)
    queue = ok(student.get("/v1/reviews"))
    (item,) = queue["items"]
    assert (queue["due"], item["problem"]["id"], item["review_id"]) == (1, "two-sum", None)
    assert 0.8 < item["chance"] < 1.0
    review = ok(student.post("/v1/reviews", json={"problem_id": "two-sum"}))["id"]
    assert ok(student.post("/v1/reviews", json={"problem_id": "two-sum"}))["id"] == review
    blank = ok(student.get(f"/v1/drafts/two-sum?review={review}"))
    assert (blank["version"], blank["code"]) == (0, ok(student.get("/v1/problems/two-sum"))["starter"])
    ok(student.put(f"/v1/drafts/two-sum?review={review}", json={**old, "code": "afresh"}))
    assert ok(student.get("/v1/drafts/two-sum"))["code"] == "my old solution"
    assert ok(student.get(f"/v1/drafts/two-sum/versions/1?review={review}"))["code"] == "afresh"
    assert student.get(f"/v1/drafts/two-sum?review={uuid.uuid4()}").status_code == 404
    assert "Review" in next(line["reason"] for line in ok(student.get("/v1/home"))["today"] if line["kind"] == "review")


def test_the_outcome_of_a_review_decides_when_it_comes_again(
    student: httpx.Client, name: str, database: Database
) -> None:
    first = solve(student, rating="good")
    age(database, name, 5)
    ok(student.post("/v1/reviews", json={"problem_id": "two-sum"}))
    graded(student, submission(WRONG))
    asked = ok(student.get("/v1/ratings/two-sum"))
    assert [option["rating"] for option in asked["options"]] == ["again"]
    assert student.put("/v1/ratings/two-sum", json={"rating": "good"}).status_code == 409
    solved = solve(student, rating="good")
    assert solved["rated_on"] == now().date().isoformat()
    assert days_ahead(solved) > days_ahead(first)
    assert student.delete("/v1/reviews/two-sum").status_code == 404  # the rating has closed it
    answers = ok(student.get("/v1/ratings"))["items"]
    assert [answer["elapsed"] for answer in answers] == [5, None]
    assert ok(student.get("/v1/reviews?upcoming=true"))["items"][0]["due_on"] == solved["due_on"]
    (month,) = ok(student.get("/v1/progress/learning"))["retention"]
    assert (month["reviews"], month["remembered"]) == (1, 1)


def days_ahead(rating: dict[str, Any]) -> int:
    return (dt.date.fromisoformat(rating["due_on"]) - dt.date.fromisoformat(rating["rated_on"])).days


def test_a_review_that_is_left_stays_due(student: httpx.Client, name: str, database: Database) -> None:
    solve(student, rating="hard")
    age(database, name, 5)
    review = ok(student.post("/v1/reviews", json={"problem_id": "two-sum"}))["id"]
    assert student.delete("/v1/reviews/two-sum").status_code == 204
    assert ok(student.get("/v1/reviews"))["due"] == 1
    assert ok(student.post("/v1/reviews", json={"problem_id": "two-sum"}))["id"] != review


def test_one_queue_pages_over_all_problems_and_names_what_is_not_rated(
    student: httpx.Client, name: str, database: Database
) -> None:
    for problem, rating in zip(NEEDED, ("again", "good", "again"), strict=True):
        solve(student, problem, rating)
    solve(student, "all-subsets")
    age(database, name, 30)
    seen, cursor = [], None
    while True:
        page = ok(student.get("/v1/reviews", params={"limit": 1, **({"cursor": cursor} if cursor else {})}))
        seen += [item["problem"]["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["running-total", "two-sum", "digit-sum"]
    assert [problem["id"] for problem in page["unrated"]] == ["all-subsets"]


def test_mastered_is_more_than_solved(student: httpx.Client, name: str, database: Database) -> None:
    solve(student, rating="easy")
    solve(student, "digit-sum", rating="easy")
    age(database, name, 30)
    ok(student.post("/v1/reviews", json={"problem_id": "two-sum"}))
    solve(student, rating="easy")
    learning = ok(student.get("/v1/progress/learning"))
    assert (learning["solved"], learning["mastered"]) == (2, 1)
    hashing = next(one for one in learning["by_topic"] if one["topic"] == "hashing")
    assert (hashing["solved"], hashing["mastered"]) == (1, 1)
    solves = {one["problem_id"]: one for one in learning["solves"]}
    assert (solves["two-sum"]["reviews"], solves["two-sum"]["mastered"]) == (1, True)
    assert (solves["digit-sum"]["reviews"], solves["digit-sum"]["mastered"]) == (0, False)
    (sheet,) = ok(student.get("/v1/sheets"))["items"]
    assert (sheet["total"], sheet["solved"], sheet["mastered"]) == (3, 2, 1)


# -- today's problem -------------------------------------------------------------------------------------------------


def test_todays_problem_is_the_same_for_all_and_kept(service: RunningService, student: httpx.Client) -> None:
    mine = ok(student.get("/v1/daily"))
    with service.user("u" + uuid.uuid4().hex[:8]) as other:
        assert ok(other.get("/v1/daily"))["problem"]["id"] == mine["problem"]["id"]
        solve(other, mine["problem"]["id"])
        assert ok(other.get("/v1/daily"))["solved_today"]
        assert "daily" not in {line["kind"] for line in ok(other.get("/v1/home"))["today"]}
    assert not ok(student.get("/v1/daily"))["solved_today"]
    line = next(line for line in ok(student.get("/v1/home"))["today"] if line["kind"] == "daily")
    assert line["problem"]["id"] == mine["problem"]["id"]


def test_a_cohorts_sheets_decide_where_todays_problem_comes_from(
    service: RunningService, student: httpx.Client, name: str, database: Database
) -> None:
    with service.user("grace-" + name, "instructor") as grace:
        cohort = ok(grace.post("/v1/cohorts", json={"name": name}))["id"]
        ok(grace.put(f"/v1/cohorts/{cohort}/members/{name}", json={"role": "student"}))
        unknown = grace.put(f"/v1/cohorts/{cohort}/sheets", json={"sheets": ["nothing"]})
        assert (unknown.status_code, "no sheet nothing" in unknown.json()["detail"]) == (422, True)
        ok(grace.put(f"/v1/cohorts/{cohort}/sheets", json={"sheets": ["numbers"]}))
        entries = ok(grace.get(f"/v1/audit?cohort={cohort}"))["items"]
        assert entries[0]["new"] == {"sheets": ["numbers"]}
    mine = ok(student.get("/v1/daily"))
    assert mine["sheets"] == ["numbers"]
    assert mine["problem"]["id"] in NEEDED
    assert ok(student.get("/v1/sheets/numbers"))["chosen"]
    with database.read() as session:
        query = sa.select(DailyPick.problem_id).where(DailyPick.choice == "numbers")
        assert set(session.execute(query).scalars()) == set(NEEDED)


def test_everybody_who_asks_at_once_gets_the_same_problem(service: RunningService, database: Database) -> None:
    with database.write() as session:
        session.execute(sa.delete(DailyPick))
    with service.user("u" + uuid.uuid4().hex[:8]) as one, ThreadPoolExecutor(8) as pool:
        picks = list(pool.map(lambda _: ok(one.get("/v1/daily"))["problem"]["id"], range(16)))
    assert len(set(picks)) == 1


# -- home, settings, lists -------------------------------------------------------------------------------------------


def test_home_lists_what_is_due_by_the_students_own_dates(
    student: httpx.Client, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = Dated(id=uuid.uuid4(), title="Homework", at=now() + dt.timedelta(hours=3), problems=("two-sum",), hints=False)
    monkeypatch.setattr(classroom, "due_for", lambda _session, user, _now: (due,) if user == name else ())
    first = ok(student.get("/v1/home"))["today"][0]
    assert (first["kind"], first["title"], first["target_id"]) == ("assignment", "Homework", str(due.id))
    graded(student, submission(WRONG))
    hints = ok(student.get("/v1/hints/two-sum"))
    assert (hints["next_available"], "switches hints off" in hints["why"]) == (False, True)
    assert student.post("/v1/hints/two-sum").status_code == 409
    graded(student, submission(WRONG, problem="digit-sum"))
    assert ok(student.post("/v1/hints/digit-sum"))["opened"][0]["step"] == 1


def test_what_is_hidden_is_remembered_and_kept_out_of_reasons(student: httpx.Client) -> None:
    assert ok(student.get("/v1/me"))["hide_difficulty"] is False
    told = [one["reason"] for one in ok(student.get("/v1/home"))["next"]]
    assert all("easy" in reason for reason in told)
    changed = ok(student.patch("/v1/me", json={"hide_difficulty": True, "hide_topics": True}))
    assert (changed["hide_difficulty"], changed["hide_topics"], changed["time_zone"]) == (True, True, "UTC")
    assert {one["reason"] for one in ok(student.get("/v1/home"))["next"]} == {"New to you."}
    assert ok(student.patch("/v1/me", json={"time_zone": "Asia/Tokyo"}))["hide_topics"] is True


def test_problems_are_found_by_bookmark_sheet_and_any_of_their_words(student: httpx.Client) -> None:
    def found(**query: Any) -> list[str]:
        return [item["id"] for item in ok(student.get("/v1/problems", params=query))["items"]]

    every = found()
    for _ in range(2):
        assert student.put("/v1/bookmarks/two-sum").status_code == 204
    assert student.put("/v1/bookmarks/nothing").status_code == 404
    assert found(bookmarked=True) == ["two-sum"]
    assert found(bookmarked=False) == [problem for problem in every if problem != "two-sum"]
    assert found(sheet="numbers") == sorted(NEEDED)
    assert found(q="VOUCHER") == ["two-sum"]
    assert set(found(q="backtracking")) <= set(every)
    assert "all-subsets" in found(q="backtracking")
    assert [item["problem_id"] for item in ok(student.get("/v1/bookmarks"))["items"]] == ["two-sum"]
    assert student.delete("/v1/bookmarks/two-sum").status_code == 204
    assert found(bookmarked=True) == []


def test_a_note_is_versioned_and_sealed(student: httpx.Client, database: Database) -> None:
    assert ok(student.get("/v1/notes/two-sum"))["version"] == 0
    body = {"text": "remember the complement", "base_version": 0}
    assert ok(student.put("/v1/notes/two-sum", json=body))["version"] == 1
    assert ok(student.put("/v1/notes/two-sum", json=body))["version"] == 1  # the answer got lost, and it is sent again
    conflict = student.put("/v1/notes/two-sum", json={"text": "other", "base_version": 0})
    assert conflict.status_code == 409
    assert (conflict.json()["current"]["text"], conflict.json()["yours"]) == (body["text"], "other")
    assert ok(student.put("/v1/notes/two-sum", json={"text": "other", "base_version": 1}))["version"] == 2
    assert [item["problem_id"] for item in ok(student.get("/v1/notes"))["items"]] == ["two-sum"]
    with database.read() as session:
        stored = session.execute(sa.text("select body from notes")).scalars().all()
    assert not [one for one in stored if b"other" in one]
    assert student.delete("/v1/notes/two-sum").status_code == 204
    assert ok(student.get("/v1/notes/two-sum"))["text"] == ""


def test_activity_counts_days_of_the_students_calendar_and_has_no_streak(student: httpx.Client) -> None:
    ok(student.put("/v1/goal", json={"days": 1, "skips": 0}))
    before = ok(student.get("/v1/activity?weeks=3"))
    assert [week["state"] for week in before["weeks"]] == ["missed", "missed", "open"]
    solve(student, rating="good")
    after = ok(student.get("/v1/activity?weeks=3"))
    assert after["goal"] == {"days": 1, "skips": 0}
    assert after["weeks"][-1]["state"] == "reached"
    assert after["days"] == [{"date": after["today"], "submissions": 1, "accepted": 1, "ratings": 1}]
    assert "streak" not in str(after)
