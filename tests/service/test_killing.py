"""SIGKILL in mid-submission loses nothing: it is graded after the restart, and its verdict is written once."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest
import sqlalchemy as sa
from handing_in import submission
from running_service import eventually
from service_process import ServiceProcess, WorkerProcess

from greenroom_service import outbox
from greenroom_service.database import Database
from greenroom_service.practice.models import Submission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from private_servers import PrivatePostgres
    from standin_hub import HubStandIn

pytestmark = pytest.mark.sandbox

#: Slow enough to be met half-way (sleeping is no CPU time), and without anything to measure afterwards.
SLOW = "import time\ntime.sleep(3)\nraise RuntimeError"


def state_of(client: httpx.Client, submission_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/submissions/{submission_id}").json()
    return found


def verdicts_written(url: str) -> tuple[list[str], list[int]]:
    """The verdicts of all events, and how often grading was begun, per submission."""
    database = Database(url)
    try:
        with database.read() as session:
            payloads = session.execute(sa.select(outbox.OutboxEvent.payload)).scalars().all()
            attempts = session.execute(sa.select(Submission.attempts).order_by(Submission.id)).scalars().all()
    finally:
        database.close()
    return sorted(f"{payload['id']} {payload['verdict']}" for payload in payloads), sorted(attempts)


@pytest.fixture
def service(hub: HubStandIn, tmp_path: Path) -> Iterator[ServiceProcess]:
    with ServiceProcess(tmp_path, hub=hub) as running:
        yield running


def test_a_service_that_is_killed_grades_after_its_restart(service: ServiceProcess, tmp_path: Path) -> None:
    with service.user("ada") as ada:
        draft = {"code": "never lost", "base_version": 0, "client_id": "c"}
        assert ada.put("/v1/drafts/two-sum", json=draft).status_code == 200
        made = [ada.post("/v1/submissions", json=submission(SLOW)).json()["id"] for _ in range(2)]
        eventually(lambda: state_of(ada, made[0])["state"] == "running", "grading to begin")
        below = service.end(signal.SIGKILL)
        assert below, "the sandbox runs below the service"
        gone, alive = psutil.wait_procs(below, timeout=30)
        assert not alive
        assert gone
        service.start()
        done = [eventually(lambda one=one: _final(ada, one), "the verdict") for one in made]
        assert [one["verdict"] for one in done] == ["runtime_error", "runtime_error"]
        assert ada.get("/v1/drafts/two-sum").json()["code"] == "never lost"
    events, attempts = verdicts_written(f"sqlite:///{tmp_path / 'greenroom.sqlite'}")
    assert events == sorted(f"{one} runtime_error" for one in made)
    assert attempts == [1, 2]


def test_a_service_that_is_told_to_stop_ends_with_everything_below_it(service: ServiceProcess) -> None:
    with service.user("ada") as ada:
        made = ada.post("/v1/submissions", json=submission(SLOW)).json()["id"]
        eventually(lambda: state_of(ada, made)["state"] == "running", "grading to begin")
        _, alive = psutil.wait_procs(service.end(signal.SIGTERM), timeout=30)
        assert not alive
        service.start()
        assert eventually(lambda: _final(ada, made), "the verdict")["verdict"] == "runtime_error"


@pytest.mark.services
def test_a_worker_that_is_killed_is_taken_over_by_another(
    hub: HubStandIn, tmp_path: Path, postgres: PrivatePostgres
) -> None:
    with postgres.database() as url:
        environment = {"GREENROOM_DATABASE_URL": url, "GREENROOM_DISPATCH": "procrastinate"}
        with (
            ServiceProcess(tmp_path, environment, hub=hub) as service,
            WorkerProcess(tmp_path, environment) as doomed,
            WorkerProcess(tmp_path, environment),
            service.user("ada") as ada,
        ):
            made = [ada.post("/v1/submissions", json=submission(SLOW)).json()["id"] for _ in range(2)]
            for one in made:
                eventually(lambda one=one: state_of(ada, one)["state"] == "running", "one each")
            _, alive = psutil.wait_procs(doomed.end(signal.SIGKILL), timeout=30)
            killed = time.monotonic()
            assert not alive
            done = [eventually(lambda one=one: _final(ada, one), "the verdict") for one in made]
            print(f"graded {time.monotonic() - killed:.1f} s after the kill")
            assert [one["verdict"] for one in done] == ["runtime_error", "runtime_error"]
        events, attempts = verdicts_written(url)
        assert events == sorted(f"{one} runtime_error" for one in made)
        assert attempts == [1, 2]


def _final(client: httpx.Client, submission_id: str) -> dict[str, Any] | None:
    found = state_of(client, submission_id)
    return found if found["state"] == "final" else None
