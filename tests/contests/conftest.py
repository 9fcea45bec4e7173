"""A running service with a cohort: Grace teaches it, Alan assists, Ada and Ben study; Eve is outside."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from handing_in import final
from running_service import RunningService, eventually, settings_for
from standin_hub import HubStandIn

from greenroom_service.contests.models import Contest
from greenroom_service.database import now

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

PROBLEMS = ("two-sum", "digit-sum")


@dataclass
class Hall:
    """Where contests are held."""

    service: RunningService
    people: dict[str, httpx.Client]
    cohort: str

    def __getattr__(self, name: str) -> httpx.Client:
        return self.people[name]

    def contest(self, **more: Any) -> str:
        """Make a contest that begins in an hour, lasts five, and freezes after four."""
        body = {
            "cohort_id": self.cohort,
            "name": "spring",
            "starts_at": (now() + dt.timedelta(hours=1)).isoformat(),
            "duration_s": 5 * 3600,
            "freeze_s": 4 * 3600,
            "problems": [{"problem_id": problem} for problem in PROBLEMS],
            **more,
        }
        made = self.grace.post("/v1/contests", json=body)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def running(self, since: dt.timedelta = dt.timedelta(hours=1), **more: Any) -> str:
        """Make a contest, and let it have begun a while ago."""
        made = self.contest(**more)
        self.set_back(made, since)
        return made

    def set_back(self, contest: str, since: dt.timedelta) -> None:
        """Let a contest have begun a while ago."""
        with self.service.app.state.service.database.write() as session:
            session.execute(sa.update(Contest).where(Contest.id == uuid.UUID(contest)).values(starts_at=now() - since))
        self.service.app.state.service.coming.forget()

    def register(self, contest: str, *names: str) -> None:
        for name in names:
            answer = self.people[name].put(f"/v1/contests/{contest}/registration", json={})
            assert answer.status_code == 200, answer.text

    def hand_in(self, contest: str, name: str, verdict: str = "accepted", problem: str = "two-sum") -> str:
        """Hand in, and wait until the verdict is on the jury's board."""
        body = {"problem_id": problem, "code": f"# verdict: {verdict}", "client_id": str(uuid.uuid4())}
        answer = self.people[name].post(f"/v1/contests/{contest}/submissions", json=body)
        assert answer.status_code == 202, answer.text
        final(self.people[name], answer.json()["id"])
        eventually(lambda: not self._waits(contest), "the board")
        return str(answer.json()["id"])

    def _waits(self, contest: str) -> bool:
        return any(cell["pending"] for row in self.board(contest, "grace")["items"] for cell in row["cells"])

    def board(self, contest: str, name: str, **params: Any) -> dict[str, Any]:
        answer = self.people[name].get(f"/v1/contests/{contest}/standings", params=params)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with (
        HubStandIn() as hub,
        RunningService(settings_for(tmp_path_factory.mktemp("data"), hub), hub) as service,
    ):
        eventually(lambda: service.app.state.service.engine.ready, "the engine")
        roles = {"grace": "instructor", "alan": "assistant", "ada": "student", "ben": "student", "eve": "student"}
        people = {name: service.user(name, role) for name, role in roles.items()}
        cohort = str(people["grace"].post("/v1/cohorts", json={"name": "one"}).json()["id"])
        for name in ("alan", "ada", "ben"):
            put = people["grace"].put(f"/v1/cohorts/{cohort}/members/{name}", json={"role": roles[name]})
            assert put.status_code == 200, put.text
        yield Hall(service, people, cohort)
        for client in people.values():
            client.close()
