"""Every route, tried by everybody: one table says what each may do, and a route that is missing from it fails."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute
from handing_in import final, submission
from running_service import NOTEBOOKS, RunningService, eventually, settings_for
from starlette.routing import Route

from greenroom_service.contests.models import Contest
from greenroom_service.database import now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from standin_hub import HubStandIn
    from starlette.routing import BaseRoute


class Actor(StrEnum):
    """Who tries. Ada is a student of Grace's cohort, which Alan assists; Bob and Joan belong to another one."""

    NOBODY = "nobody"
    PAGE = "page"  # a token without any scope of ours, as a Lab page has it
    STUDENT = "ada"
    OTHER_STUDENT = "bob"
    OTHER_ASSISTANT = "joan"
    ASSISTANT = "alan"
    INSTRUCTOR = "grace"
    ADMIN = "root"


HUB_ROLE = {
    Actor.PAGE: "page",
    Actor.STUDENT: "student",
    Actor.OTHER_STUDENT: "student",
    Actor.OTHER_ASSISTANT: "assistant",
    Actor.ASSISTANT: "assistant",
    Actor.INSTRUCTOR: "instructor",
    Actor.ADMIN: "admin",
}
#: Stands in Ada's code, and may only be seen by those whom a row names.
SECRET = "ada_wrote_this"
NONE: frozenset[Actor] = frozenset()
ADA = frozenset({Actor.STUDENT})
HERS = frozenset({Actor.STUDENT, Actor.ASSISTANT, Actor.INSTRUCTOR, Actor.ADMIN})
STAFF = HERS - ADA


@dataclass(frozen=True)
class Row:
    """One request, and the status that each actor gets, in the order of Actor."""

    route: str
    request: str
    statuses: str
    body: dict[str, Any] | None = None
    #: Who may see what Ada wrote, or that she exists.
    sees: frozenset[Actor] = field(default=NONE)

    def expected(self, actor: Actor) -> int:
        return int(self.statuses.split()[list(Actor).index(actor)])


OPEN = "200 200 200 200 200 200 200 200"
PEOPLE = "401 403 200 200 200 200 200 200"
ADMINS = "401 403 403 403 403 403 403 200"
COHORT_READ = "401 403 200 404 404 200 200 200"
COHORT_STAFF = "401 403 403 404 404 200 200 200"
HER_ROW = "401 403 200 404 404 200 200 200"
CODE = {"code": "# verdict: accepted", "problem_id": "two-sum"}

#: An interview is its candidate's alone.
HERS_ALONE = "401 403 200 404 404 404 404 404"
INTERVIEW = {"client_id": "{uuid}", "kind": "coding", "subject": "two-sum", "minutes": 20}
TURN = {"client_id": "{uuid}", "text": "hello"}
OBJECTION = {"criterion": "testing", "why": SECRET}
SWITCH = {"enabled": True, "kinds": ["coding"], "max_hints": 4}

#: Begins in far-away times, so that it hides its problem only once it was tried.
NEW_CONTEST = {
    "cohort_id": "{cohort}",
    "name": "far away",
    "starts_at": "2126-01-01T00:00:00Z",
    "duration_s": 3600,
    "problems": [{"problem_id": "word-frequencies"}],
}

#   route                 request                                     no  page ada bob joan alan grace root
TABLE = [
    Row("healthz", "GET /healthz", OPEN),
    Row("readyz", "GET /readyz", OPEN),
    Row("openapi", "GET /openapi.json", OPEN),
    Row("read_metrics", "GET /metrics", "401 403 403 403 403 403 403 200"),
    Row("index", "GET /", "303 403 200 200 200 200 200 200"),
    Row("login", "GET /login", "303 303 303 303 303 303 303 303"),
    Row("oauth_callback", "GET /oauth_callback?code=a&state=b", "403 403 403 403 403 403 403 403"),
    Row("logout", "POST /logout", OPEN),
    Row("read_me", "GET /v1/me", PEOPLE, sees=ADA),
    Row("change_me", "PATCH /v1/me", PEOPLE, {"time_zone": "Europe/Paris"}, sees=ADA),
    Row("list_problems", "GET /v1/problems", PEOPLE),
    Row("read_problem", "GET /v1/problems/two-sum", PEOPLE),
    Row("read_draft", "GET /v1/drafts/two-sum", PEOPLE, sees=ADA),
    Row("save_draft", "PUT /v1/drafts/running-total", PEOPLE, {"code": "x", "base_version": 0, "client_id": "c"}),
    Row("list_draft_versions", "GET /v1/drafts/two-sum/versions", PEOPLE),
    Row("read_draft_version", "GET /v1/drafts/two-sum/versions/1", "401 403 200 404 404 404 404 404", sees=ADA),
    Row("submit", "POST /v1/submissions", "401 403 202 202 202 202 202 202", {**CODE, "client_id": "{uuid}"}, sees=ADA),
    Row("list_submissions", "GET /v1/submissions", PEOPLE, sees=ADA),
    Row("list_submissions", "GET /v1/submissions?user=ada", "401 403 200 403 200 200 200 200", sees=HERS),
    Row("list_submissions", "GET /v1/submissions?cohort={cohort}", COHORT_STAFF, sees=STAFF),
    Row("list_submissions", "GET /v1/submissions?cohort={other_cohort}", "401 403 404 403 200 404 404 200"),
    Row("list_submissions", "GET /v1/submissions?cohort={other_cohort}&user=ada", "401 403 404 403 200 404 404 200"),
    Row("read_submission", "GET /v1/submissions/{submission}", HER_ROW, sees=HERS),
    Row("read_history", "GET /v1/submissions/{submission}/history", HER_ROW),
    Row("run", "POST /v1/runs", PEOPLE, {**CODE, "inputs": ["[1], 2"]}),
    Row("stress", "POST /v1/stress", PEOPLE, CODE),
    Row("events", "GET /v1/events", PEOPLE),
    Row("read_hints", "GET /v1/hints/two-sum", PEOPLE),
    Row("open_hint", "POST /v1/hints/running-total", "401 403 409 409 409 409 409 409"),
    Row("read_progress", "GET /v1/progress", PEOPLE, sees=ADA),
    Row("read_home", "GET /v1/home", PEOPLE),
    Row("list_sheets", "GET /v1/sheets", PEOPLE),
    Row("read_sheet", "GET /v1/sheets/first-steps", PEOPLE),
    Row("read_daily", "GET /v1/daily", PEOPLE),
    Row("list_earlier_days", "GET /v1/daily/earlier", PEOPLE),
    Row("list_reviews", "GET /v1/reviews", PEOPLE),
    Row("begin_review", "POST /v1/reviews", "401 403 409 409 409 409 409 409", {"problem_id": "two-sum"}),
    Row("leave_review", "DELETE /v1/reviews/two-sum", "401 403 404 404 404 404 404 404"),
    Row("list_ratings", "GET /v1/ratings", PEOPLE),
    Row("read_rating", "GET /v1/ratings/digit-sum", PEOPLE),
    Row("give_rating", "PUT /v1/ratings/digit-sum", "401 403 409 409 409 409 409 409", {"rating": "good"}),
    Row("list_bookmarks", "GET /v1/bookmarks", PEOPLE),
    Row("add_bookmark", "PUT /v1/bookmarks/two-sum", "401 403 204 204 204 204 204 204"),
    Row("remove_bookmark", "DELETE /v1/bookmarks/two-sum", "401 403 204 204 204 204 204 204"),
    Row("list_notes", "GET /v1/notes", PEOPLE),
    Row("read_note", "GET /v1/notes/two-sum", PEOPLE, sees=ADA),
    Row("write_note", "PUT /v1/notes/digit-sum", PEOPLE, {"text": "mine", "base_version": 0}),
    Row("delete_note", "DELETE /v1/notes/running-total", "401 403 404 404 404 404 404 404"),
    Row("read_activity", "GET /v1/activity", PEOPLE),
    Row("set_goal", "PUT /v1/goal", PEOPLE, {"days": 4, "skips": 1}),
    Row("read_learning", "GET /v1/progress/learning", PEOPLE),
    Row("list_notices", "GET /v1/notices", PEOPLE),
    Row("read_notices", "POST /v1/notices/read", PEOPLE, {}),
    Row("export_me", "GET /v1/me/export", PEOPLE),
    Row("read_leaving", "GET /v1/me/leaving", PEOPLE),
    Row("leave", "POST /v1/me/leaving", "401 403 202 202 202 202 409 409", {"confirm": "{me}"}),
    Row("stay", "DELETE /v1/me/leaving", "401 403 200 200 200 200 404 404"),
    Row("read_cohort_sheets", "GET /v1/cohorts/{cohort}/sheets", COHORT_READ),
    Row("choose_cohort_sheets", "PUT /v1/cohorts/{cohort}/sheets", "401 403 403 404 404 403 200 200", {"sheets": []}),
    Row("create_contest", "POST /v1/contests", "401 403 403 404 404 403 201 201", NEW_CONTEST),
    Row("list_contests", "GET /v1/contests", PEOPLE, sees=ADA),
    Row("read_contest", "GET /v1/contests/{contest}", COHORT_READ, sees=ADA),
    Row(
        "change_contest",
        "PATCH /v1/contests/{contest}",
        "401 403 403 404 404 403 409 409",
        {"version": 99, "name": "later"},
    ),
    Row("register", "PUT /v1/contests/{contest}/registration", COHORT_READ, {}, sees=ADA),
    Row(
        "submit_to_contest",
        "POST /v1/contests/{contest}/submissions",
        "401 403 202 404 404 202 202 202",
        {**CODE, "client_id": "{uuid}"},
    ),
    Row("read_standings", "GET /v1/contests/{contest}/standings", COHORT_READ, sees=HERS),
    Row("read_my_standing", "GET /v1/contests/{contest}/standings/mine", COHORT_READ, sees=ADA),
    Row("standings_events", "GET /v1/contests/{contest}/standings/events", COHORT_READ),
    Row("read_unfreezing", "GET /v1/contests/{contest}/unfreezing", "401 403 403 404 404 409 409 409"),
    Row("list_messages", "GET /v1/contests/{contest}/messages", COHORT_READ),
    Row("write_message", "POST /v1/contests/{contest}/messages", "401 403 201 404 404 201 201 201", {"text": "why?"}),
    Row("pause_contest", "POST /v1/contests/{contest}/pause", "401 403 403 404 404 403 200 409"),
    Row("resume_contest", "POST /v1/contests/{contest}/resume", "401 403 403 404 404 403 200 409"),
    Row("thaw_contest", "POST /v1/contests/{contest}/thaw", "401 403 403 404 404 403 409 409"),
    Row("list_rejudges", "GET /v1/rejudges", ADMINS),
    Row("begin_rejudge", "POST /v1/rejudges", ADMINS.replace("200", "202"), {"problem_id": "{fresh}", "reason": "r"}),
    Row("read_rejudge", "GET /v1/rejudges/{rejudge}", ADMINS),
    Row("list_changes", "GET /v1/rejudges/{rejudge}/changes", ADMINS),
    Row("apply_rejudge", "POST /v1/rejudges/{rejudge}/apply", ADMINS),
    Row("cancel_rejudge", "POST /v1/rejudges/{rejudge}/cancel", ADMINS),
    Row("create_cohort", "POST /v1/cohorts", "401 403 403 403 403 403 201 201", {"name": "{uuid}"}),
    Row("list_cohorts", "GET /v1/cohorts", PEOPLE),
    Row("read_cohort", "GET /v1/cohorts/{cohort}", COHORT_READ),
    Row("list_members", "GET /v1/cohorts/{cohort}/members", COHORT_STAFF, sees=STAFF),
    Row("read_member", "GET /v1/cohorts/{cohort}/members/ada", COHORT_STAFF, sees=STAFF),
    Row(
        "put_member",
        "PUT /v1/cohorts/{cohort}/members/ada",
        "401 403 403 404 404 403 200 200",
        {"role": "student"},
        sees=STAFF,
    ),
    Row(
        "put_member",  # nobody lifts themselves up
        "PUT /v1/cohorts/{cohort}/members/{me}",
        "401 403 403 404 404 403 409 200",
        {"role": "assistant"},
    ),
    Row("delete_member", "DELETE /v1/cohorts/{cohort}/members/{leaver}", "401 403 403 404 404 403 204 204"),
    Row("read_cohort_progress", "GET /v1/cohorts/{cohort}/progress", COHORT_STAFF, sees=STAFF),
    Row("read_interviewer", "GET /v1/interviewer", PEOPLE),
    Row("list_scenarios", "GET /v1/scenarios", PEOPLE),
    Row("begin_interview", "POST /v1/interviews", PEOPLE.replace("200", "201"), INTERVIEW),
    Row("list_interviews", "GET /v1/interviews", PEOPLE),
    Row("read_interview", "GET /v1/interviews/{interview}", HERS_ALONE),
    Row("read_messages", "GET /v1/interviews/{interview}/messages", HERS_ALONE, sees=ADA),
    Row("begin_turn", "POST /v1/interviews/{interview}/turns", "401 403 202 404 404 404 404 404", TURN),
    Row("stop_turn", "POST /v1/interviews/{interview}/turns/1/stop", "401 403 202 404 404 404 404 404"),
    Row("turn_events", "GET /v1/interviews/{interview}/turns/1/events", HERS_ALONE),
    Row("pause_interview", "POST /v1/interviews/{interview}/pause", HERS_ALONE),
    Row("resume_interview", "POST /v1/interviews/{paused}/resume", HERS_ALONE),
    Row("end_interview", "POST /v1/interviews/{interview}/end", HERS_ALONE),
    Row("take_hint", "POST /v1/interviews/{interview}/hints", HERS_ALONE),
    Row("read_report", "GET /v1/interviews/{ended}/report", HERS_ALONE, sees=ADA),
    Row("export_report", "GET /v1/interviews/{ended}/report.md", HERS_ALONE),
    Row("object_to_score", "POST /v1/interviews/{ended}/report/objections", HERS_ALONE, OBJECTION, sees=ADA),
    Row("assess_oneself", "PUT /v1/interviews/{ended}/assessment", HERS_ALONE, {"levels": {"testing": 2}}, sees=ADA),
    Row("read_trend", "GET /v1/interviews-trend", PEOPLE),
    Row("read_switch", "GET /v1/cohorts/{cohort}/interviewer", COHORT_STAFF),
    Row("put_switch", "PUT /v1/cohorts/{cohort}/interviewer", "401 403 403 404 404 403 200 200", SWITCH),
    Row("read_audit", "GET /v1/audit", ADMINS, sees=STAFF),
    Row("read_audit", "GET /v1/audit?cohort={cohort}", COHORT_STAFF, sees=STAFF),
]


class Stage:
    """The service with its people, and what the rows name in braces."""

    def __init__(self, service: RunningService) -> None:
        self.service = service
        self.clients = {Actor.NOBODY: service.client()}
        for actor, role in HUB_ROLE.items():
            self.clients[actor] = service.user(actor.value, role)
        self.admin = self.clients[Actor.ADMIN]
        self.cohort = self._cohort("one", {"ada": "student", "alan": "assistant", "grace": "instructor"})
        self.other_cohort = self._cohort("two", {"bob": "student", "joan": "assistant"})
        ada = self.clients[Actor.STUDENT]
        draft = {"code": SECRET, "base_version": 0, "client_id": "c"}
        assert ada.put("/v1/drafts/two-sum", json=draft).status_code == 200
        assert ada.put("/v1/notes/two-sum", json={"text": SECRET, "base_version": 0}).status_code == 200
        made = ada.post("/v1/submissions", json=submission(f"# verdict: wrong_answer {SECRET}"))
        self.submission = final(ada, made.json()["id"])["id"]
        self.contest = self._contest()
        self._problems = iter([item["id"] for item in ada.get("/v1/problems").json()["items"]][1:])

    def _cohort(self, name: str, members: dict[str, str]) -> str:
        made = str(self.admin.post("/v1/cohorts", json={"name": name}).json()["id"])
        for user, role in members.items():
            answer = self.admin.put(f"/v1/cohorts/{made}/members/{user}", json={"role": role})
            assert answer.status_code == 200, answer.text
        # Grace alone teaches it; her last place is hers to keep.
        if "instructor" in members.values():
            assert self.admin.delete(f"/v1/cohorts/{made}/members/root").status_code == 204
        return made

    def _contest(self) -> str:
        """A contest of Grace's cohort that runs, in which Ada takes part."""
        start = now() + dt.timedelta(hours=1)
        problems = [{"problem_id": "two-sum"}]
        body = {**NEW_CONTEST, "cohort_id": self.cohort, "starts_at": start.isoformat(), "problems": problems}
        made = self.clients[Actor.INSTRUCTOR].post("/v1/contests", json=body)
        assert made.status_code == 201, made.text
        parts = self.service.app.state.service
        with parts.database.write() as session:
            session.execute(sa.update(Contest).values(starts_at=now() - dt.timedelta(minutes=1)))
        parts.coming.forget()
        ada = self.clients[Actor.STUDENT].put(f"/v1/contests/{made.json()['id']}/registration", json={})
        assert ada.status_code == 200, ada.text
        return str(made.json()["id"])

    def value(self, name: str, actor: Actor) -> str:
        """What stands for a name in braces, for one request."""
        if name == "leaver":
            self.admin.put(f"/v1/cohorts/{self.cohort}/members/eve", json={"role": "student"})
            return "eve"
        if name == "rejudge":
            return self._rejudge()
        if name in {"interview", "paused", "ended"}:
            return self._interview(name)
        makers = {"uuid": lambda: str(uuid.uuid4()), "me": lambda: actor.value, "fresh": self._fresh_problem}
        return makers[name]() if name in makers else str(getattr(self, name))

    def _fresh_problem(self) -> str:
        """A problem that somebody has submitted to and nobody rejudges."""
        problem = next(self._problems)
        bob = self.clients[Actor.OTHER_STUDENT]
        final(bob, bob.post("/v1/submissions", json=submission(problem=problem)).json()["id"])
        return problem

    def _interview(self, state: str) -> str:
        """An interview of Ada's in which she has said something."""
        ada = self.clients[Actor.STUDENT]
        for row in ada.get("/v1/interviews").json()["items"]:
            ada.post(f"/v1/interviews/{row['id']}/end")
        body = {**INTERVIEW, "client_id": str(uuid.uuid4())}
        made = str(ada.post("/v1/interviews", json=body).json()["id"])
        said = {"client_id": str(uuid.uuid4()), "text": SECRET}
        assert ada.post(f"/v1/interviews/{made}/turns", json=said).status_code == 202
        eventually(lambda: ada.get(f"/v1/interviews/{made}").json()["running_turn"] is None, "the reply")
        if state == "paused":
            ada.post(f"/v1/interviews/{made}/pause")
        if state == "ended":
            ada.post(f"/v1/interviews/{made}/end")
            eventually(lambda: ada.get(f"/v1/interviews/{made}/report").status_code == 200, "the report")
            ada.post(f"/v1/interviews/{made}/report/objections", json=OBJECTION)
        return made

    def _rejudge(self) -> str:
        body = {"problem_id": self._fresh_problem(), "reason": "because"}
        made = str(self.admin.post("/v1/rejudges", json=body).json()["id"])
        eventually(lambda: self.admin.get(f"/v1/rejudges/{made}").json()["state"] == "ready", "the preview")
        return made

    def fill_body(self, value: object, actor: Actor) -> object:
        return self.fill(value, actor) if isinstance(value, str) else value

    def fill(self, text: str, actor: Actor) -> str:
        text = text.replace("{contest}", self.contest)
        for name in (
            "interview",
            "paused",
            "ended",
            "leaver",
            "rejudge",
            "uuid",
            "me",
            "fresh",
            "cohort",
            "other_cohort",
            "submission",
        ):
            if "{" + name + "}" in text:
                text = text.replace("{" + name + "}", self.value(name, actor))
        return text


@pytest.fixture(scope="module")
def stage(hub: HubStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    # All problems, since every rejudge takes one of its own.
    settings = settings_for(tmp_path_factory.mktemp("data"), hub, notebooks=NOTEBOOKS)
    with RunningService(settings, hub) as running:
        eventually(lambda: running.app.state.service.engine.ready, "the engine")
        stage = Stage(running)
        yield stage
        for client in stage.clients.values():
            client.close()


def routes(service: RunningService) -> dict[str, set[str]]:
    """Every route of the application by name, with its methods."""
    found: dict[str, set[str]] = {}

    def look(within: Iterable[BaseRoute]) -> None:
        for route in within:
            if isinstance(route, Route | APIRoute):
                found.setdefault(route.name, set()).update(route.methods or ())
            else:
                look(route.original_router.routes)  # type: ignore[attr-defined] # a mount or a socket fails here

    look(service.app.routes)
    return found


def test_no_route_is_missing_from_the_table(stage: Stage) -> None:
    assert set(routes(stage.service)) == {row.route for row in TABLE}


def test_a_route_is_tried_with_each_of_its_methods(stage: Stage) -> None:
    tried: dict[str, set[str]] = {}
    for row in TABLE:
        tried.setdefault(row.route, set()).add(row.request.split()[0])
    for name, methods in routes(stage.service).items():
        assert methods - {"HEAD"} == tried[name], name


@pytest.mark.parametrize("row", TABLE, ids=[f"{row.route}-{number}" for number, row in enumerate(TABLE)])
def test_who_may(stage: Stage, row: Row) -> None:
    got: dict[Actor, int] = {}
    saw: set[Actor] = set()
    for actor in Actor:
        method, path = stage.fill(row.request, actor).split()
        body = None if row.body is None else {key: stage.fill_body(value, actor) for key, value in row.body.items()}
        with stage.clients[actor].stream(method, path, json=body) as answer:
            got[actor] = answer.status_code
            streams = row.route in {"events", "standings_events"} and answer.is_success
            text = "" if streams else answer.read().decode(errors="replace")
        if got[actor] >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"]
        if SECRET in text or '"ada"' in text:
            saw.add(actor)
    assert got == {actor: row.expected(actor) for actor in Actor}
    assert saw <= row.sees
    assert saw == {actor for actor in row.sees if got[actor] < 300}


def test_a_cookie_without_its_xsrf_token_may_do_nothing(stage: Stage) -> None:
    for row in TABLE:
        method, path = stage.fill(row.request, Actor.STUDENT).split()
        if "/v1/" not in path:
            continue
        token = stage.service.hub.add("ada", "student")
        with stage.service.client(cookies={"greenroom-token": token}) as browser:
            answer = browser.request(method, path, json=row.body)
        assert answer.status_code == httpx.codes.FORBIDDEN, row
        assert "X-XSRFToken" in answer.json()["detail"]
