"""The stream of events: as they happen, to their owner only, and after a break what was missed."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Barrier
from typing import TYPE_CHECKING, Any

import httpx
from handing_in import graded, submission
from running_service import RunningService, eventually, settings_for

from greenroom_service.events import MAX_STREAMS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from standin_hub import HubStandIn


class Stream:
    """What a browser's EventSource understands."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.last_id = ""

    def block(self) -> dict[str, str]:
        """The fields of the next block, comments left out."""
        fields: dict[str, str] = {}
        for line in self._lines:
            if not line:
                if fields:
                    self.last_id = fields.get("id", self.last_id)
                    return fields
                continue
            name, _, value = line.partition(":")
            if name:
                fields[name] = value.removeprefix(" ")
        raise EOFError

    def event(self) -> tuple[str, dict[str, Any]]:
        """The next event with data."""
        while "data" not in (fields := self.block()):
            pass
        return fields["event"], json.loads(fields["data"])


@contextmanager
def listen(client: httpx.Client, last_id: str | None = None) -> Iterator[Stream]:
    headers = {} if last_id is None else {"Last-Event-ID": last_id}
    with client.stream("GET", "/v1/events", headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Stream(answer.iter_lines())


def test_a_verdict_arrives_as_an_event(student: httpx.Client) -> None:
    with listen(student) as stream:
        stream.block()  # the number to resume from comes at once
        assert stream.last_id.isdigit()
        made = student.post("/v1/submissions", json=submission("# verdict: wrong_answer")).json()
        kind, payload = stream.event()
    assert kind == "submission"
    assert payload == {
        "id": made["id"],
        "problem_id": "two-sum",
        "state": "final",
        "verdict": "wrong_answer",
        "short": "WA",
    }


def test_after_a_break_the_last_event_id_brings_what_was_missed_once_and_in_order(student: httpx.Client) -> None:
    with listen(student) as stream:
        stream.block()
        first = graded(student, submission("1"))
        assert stream.event()[1]["id"] == first["id"]
        seen = stream.last_id
    missed = [graded(student, submission(str(n)))["id"] for n in range(3)]
    with listen(student, seen) as stream:
        assert [stream.event()[1]["id"] for _ in missed] == missed


def test_a_client_that_was_cut_off_before_its_first_event_resumes_too(student: httpx.Client) -> None:
    with listen(student) as stream:
        stream.block()
        seen = stream.last_id
    missed = graded(student, submission())["id"]
    with listen(student, seen) as stream:
        assert stream.event()[1]["id"] == missed


def test_a_number_that_we_never_gave_begins_with_what_is_new(student: httpx.Client) -> None:
    graded(student, submission("old"))
    for invented in ("9223372036854775807", "99999999999999999999999", "-1", "x", "²"):
        headers = {"Last-Event-ID": invented.encode()}
        with student.stream("GET", "/v1/events", headers=headers) as answer:
            stream = Stream(answer.iter_lines())
            stream.block()
            fresh = graded(student, submission(invented))["id"]
            assert stream.event()[1]["id"] == fresh


def test_nobody_hears_of_anybody_elses_events(student: httpx.Client, service: RunningService, name: str) -> None:
    with service.user(name + "2") as other, listen(other) as stream:
        stream.block()
        graded(student, submission("not for others"))
        own = graded(other, submission("own"))
        assert stream.event()[1]["id"] == own["id"]


def test_one_person_holds_a_bounded_number_of_streams(student: httpx.Client) -> None:
    with ExitStack() as stack:
        streams = [stack.enter_context(listen(student)) for _ in range(MAX_STREAMS)]
        for stream in streams:
            stream.block()
        refused = student.get("/v1/events")
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert "Close a tab" in refused.json()["detail"]
    eventually(lambda: _opens(student), "room again")


def test_streams_that_come_at_once_all_get_an_answer(student: httpx.Client) -> None:
    many = 3 * MAX_STREAMS
    everybody_is_answered = Barrier(many)

    def answer_of(_: int) -> int:
        with student.stream("GET", "/v1/events") as answer:
            everybody_is_answered.wait(timeout=60)
            return answer.status_code

    with ThreadPoolExecutor(many) as pool:
        answers = Counter(pool.map(answer_of, range(many)))
    assert answers == {200: MAX_STREAMS, 429: many - MAX_STREAMS}


def _opens(client: httpx.Client) -> bool:
    with client.stream("GET", "/v1/events") as answer:
        return answer.status_code == httpx.codes.OK


def test_streams_end_when_the_service_stops(hub: HubStandIn, tmp_path: Path) -> None:
    with ExitStack() as stack:
        service = RunningService(settings_for(tmp_path, hub), hub)
        service.__enter__()
        client = stack.enter_context(service.user("listener"))
        lines = stack.enter_context(client.stream("GET", "/v1/events")).iter_lines()
        Stream(lines).block()
        service.__exit__()  # fails when the service does not stop
        assert list(lines) in ([], [""])
