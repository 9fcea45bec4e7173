"""A candidate in an interview, and a service whose interviewer is Claude's stand-in behind the real SDK."""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from running_service import NOTEBOOKS, RunningService, eventually, settings_for

from greenroom_service.interviews.calls import Patience

if TYPE_CHECKING:
    from pathlib import Path

    import httpx
    from standin_claude import ClaudeStandIn
    from standin_hub import HubStandIn

KEY = "sk-canary-4f1d7c2b9a"
#: Short enough for a test, long enough for a busy machine.
QUICK = Patience(connect=5.0, first=2.0, gap=1.5, total=30.0)


def key_file(folder: Path) -> Path:
    path = folder / "claude.key"
    if not path.exists():
        path.write_text(KEY)
        path.chmod(0o400)
    return path


def running_with(data: Path, hub: HubStandIn, claude: ClaudeStandIn | None, **more: Any) -> RunningService:
    """A service whose interviewer is the stand-in, or the script where there is none."""
    values: dict[str, Any] = {"claude_turns_per_minute": 100_000.0, "claude_economy_model": ""}
    if claude is not None:
        values |= {"claude_key_file": key_file(data), "claude_url": claude.url}
    settings = settings_for(data, hub, **{**values, **more})
    shutil.copytree(NOTEBOOKS / "scenarios", settings.notebooks / "scenarios", dirs_exist_ok=True)
    return RunningService(settings, hub)


@dataclass
class Candidate:
    """A person in an interview, over HTTP."""

    client: httpx.Client
    name: str
    interview: str = ""

    def begin(self, kind: str = "coding", subject: str = "two-sum", minutes: int = 45, **more: Any) -> dict[str, Any]:
        body = {"client_id": str(uuid.uuid4()), "kind": kind, "subject": subject, "minutes": minutes, **more}
        answer = self.client.post("/v1/interviews", json=body)
        assert answer.status_code == 201, answer.text
        self.interview = answer.json()["id"]
        made: dict[str, Any] = answer.json()
        return made

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.client.post(f"/v1/interviews/{self.interview}/{path}", **more)

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"/v1/interviews/{self.interview}").json()
        return found

    def send(self, text: str, client_id: str = "") -> httpx.Response:
        return self.post("turns", json={"client_id": client_id or str(uuid.uuid4()), "text": text})

    def say(self, text: str) -> dict[str, Any]:
        """Say something, and listen to the reply; returns the ``end`` event."""
        answer = self.send(text)
        assert answer.status_code == 202, answer.text
        return self.listen(answer.json()["number"])[-1]["data"]  # type: ignore[no-any-return] # an event

    def listen(self, number: int, last: str = "", stop_at: int = 10**6) -> list[dict[str, Any]]:
        """The events of a turn after one that was seen."""
        return events(self.client, f"/v1/interviews/{self.interview}/turns/{number}/events", last, stop_at)

    def transcript(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get(f"/v1/interviews/{self.interview}/messages").json()["items"]
        return found

    def report(self) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            answer = self.client.get(f"/v1/interviews/{self.interview}/report")
            return answer.json() if answer.status_code == 200 else None

        return eventually(look, "the report")


def events(client: httpx.Client, path: str, last: str = "", stop_at: int = 10**6) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    headers = {"Last-Event-ID": last} if last else {}
    with client.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        event: dict[str, Any] = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(":")
            if name in {"event", "id"}:
                event[name] = value.strip()
            elif name == "data":
                event["data"] = json.loads(value)
            elif not line:
                if "event" in event:
                    found.append(event)
                event = {}
                if len(found) == stop_at or (found and found[-1]["event"] == "end"):
                    break
    return found
