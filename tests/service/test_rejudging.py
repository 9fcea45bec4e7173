"""Rejudging: a preview of every verdict that would change, then apply or cancel, with the history kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from handing_in import graded, submission
from running_service import RunningService, eventually, settings_for
from typer.testing import CliRunner

from greenroom_problems import Verdict
from greenroom_service import commands
from greenroom_service.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from standin_hub import HubStandIn


@pytest.fixture
def running(hub: HubStandIn, tmp_path: Path) -> Iterator[RunningService]:
    with RunningService(settings_for(tmp_path, hub), hub) as service:
        yield service


def stricter(verdict: Verdict) -> Verdict:
    """What a problem with one more test does."""
    return Verdict.TIME_LIMIT if verdict is Verdict.ACCEPTED else verdict


def away(_: Verdict) -> Verdict:
    """What a grader does that is not there."""
    raise UnavailableError("The grader is away.")


def preview(admin: httpx.Client) -> dict[str, Any]:
    begun = admin.post("/v1/rejudges", json={"problem_id": "two-sum", "reason": "one more test"})
    assert begun.status_code == 202, begun.text

    def ready() -> dict[str, Any] | None:
        found: dict[str, Any] = admin.get(f"/v1/rejudges/{begun.json()['id']}").json()
        return found if found["state"] == "ready" else None

    return eventually(ready, "the preview")


def test_a_preview_shows_what_would_change_and_changes_nothing_until_it_is_applied(running: RunningService) -> None:
    with running.user("ada") as ada, running.user("root", "admin") as admin:
        right, wrong = graded(ada, submission("# 1")), graded(ada, submission("# verdict: wrong_answer"))
        running.engine.change = stricter
        found = preview(admin)
        assert (found["total"], found["judged"], found["changed"]) == (2, 2, 1)
        (change,) = admin.get(f"/v1/rejudges/{found['id']}/changes").json()["items"]
        assert (change["submission_id"], change["user"]) == (right["id"], "ada")
        assert (change["old_verdict"], change["new_verdict"]) == ("accepted", "time_limit")
        assert ada.get(f"/v1/submissions/{right['id']}").json()["verdict"] == "accepted"
        assert admin.post("/v1/rejudges", json={"problem_id": "two-sum", "reason": "again"}).status_code == 409

        assert admin.post(f"/v1/rejudges/{found['id']}/apply").json()["state"] == "applied"
        assert ada.get(f"/v1/submissions/{right['id']}").json()["verdict"] == "time_limit"
        assert ada.get(f"/v1/submissions/{wrong['id']}").json()["verdict"] == "wrong_answer"
        (kept,) = ada.get(f"/v1/submissions/{right['id']}/history").json()["items"]
        assert (kept["verdict"], kept["score"], kept["rejudge_id"]) == ("accepted", 1.0, found["id"])
        assert ada.get(f"/v1/submissions/{wrong['id']}/history").json()["items"] == []
        for step in ("apply", "cancel"):
            again = admin.post(f"/v1/rejudges/{found['id']}/{step}")
            assert (again.status_code, "applied already" in again.json()["detail"]) == (409, True)
        actions = [entry["action"] for entry in admin.get("/v1/audit").json()["items"]]
        assert actions == ["rejudge.apply", "rejudge.preview"]


def test_a_cancelled_preview_leaves_no_trace_but_the_log(running: RunningService) -> None:
    with running.user("ada") as ada, running.user("root", "admin") as admin:
        right = graded(ada, submission())
        running.engine.change = stricter
        found = preview(admin)
        assert admin.post(f"/v1/rejudges/{found['id']}/cancel").json()["state"] == "cancelled"
        assert ada.get(f"/v1/submissions/{right['id']}").json()["verdict"] == "accepted"
        assert ada.get(f"/v1/submissions/{right['id']}/history").json()["items"] == []
        assert preview(admin)["changed"] == 1


def test_a_fault_of_ours_replaces_no_verdict_and_ends_no_preview(running: RunningService) -> None:
    with running.user("ada") as ada, running.user("root", "admin") as admin:
        graded(ada, submission("# 1"))
        graded(ada, submission("# 2"))
        broken = iter([True, False])

        def change(verdict: Verdict) -> Verdict:
            if next(broken):
                raise RuntimeError("the grader breaks once")
            return stricter(verdict)

        running.engine.change = change
        assert preview(admin)["changed"] == 1


def test_a_preview_goes_on_after_a_restart(hub: HubStandIn, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, hub)
    with RunningService(settings, hub) as first, first.user("ada") as ada, first.user("root", "admin") as admin:
        for number in range(3):
            graded(ada, submission(f"# {number}"))
        first.engine.change = away
        begun = admin.post("/v1/rejudges", json={"problem_id": "two-sum", "reason": "r"}).json()["id"]
    with RunningService(settings, hub) as second, second.user("root", "admin") as admin:
        eventually(lambda: admin.get(f"/v1/rejudges/{begun}").json()["state"] == "ready", "the preview")


def test_a_problem_that_nobody_tried_has_nothing_to_rejudge(running: RunningService) -> None:
    with running.user("root", "admin") as admin:
        answer = admin.post("/v1/rejudges", json={"problem_id": "two-sum", "reason": "r"})
        assert answer.status_code == 409
        assert admin.get("/v1/rejudges").json()["items"] == []


def test_the_commands_ask_the_same_api(running: RunningService, monkeypatch: pytest.MonkeyPatch) -> None:
    import typer

    monkeypatch.setenv("GREENROOM_TOKEN", running.hub.add("root", "admin"))
    monkeypatch.setenv("GREENROOM_SERVICE_URL", running.url)
    application = typer.Typer()
    application.command("rejudge")(commands.rejudge)
    application.add_typer(commands.cohort, name="cohort")
    run = CliRunner()

    def lines(*words: str) -> list[dict[str, Any]]:
        done = run.invoke(application, list(words))
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    (cohort,) = lines("cohort", "create", "Autumn", "--json")
    lines("cohort", "add", cohort["id"], "ada", "bob", "--json")
    assert [one["user"] for one in lines("cohort", "members", cohort["id"], "--json")] == ["ada", "bob", "root"]
    run.invoke(application, ["cohort", "remove", cohort["id"], "bob"])
    assert [one["user"] for one in lines("cohort", "members", cohort["id"], "--json")] == ["ada", "root"]
    assert [one["name"] for one in lines("cohort", "list", "--json")] == ["Autumn"]

    with running.user("ada") as ada:
        made = graded(ada, submission())
        running.engine.change = stricter
        for extra, verdict in (([], "accepted"), (["--apply"], "time_limit")):
            (change,) = lines("rejudge", "two-sum", "--reason", "one more test", "--json", *extra)
            assert (change["old_verdict"], change["new_verdict"]) == ("accepted", "time_limit")
            assert ada.get(f"/v1/submissions/{made['id']}").json()["verdict"] == verdict

    refused = run.invoke(application, ["rejudge", "no-such", "--reason", "r"])
    assert isinstance(refused.exception, commands.CommandError)
    assert "There is no such problem" in str(refused.exception)
