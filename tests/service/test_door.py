"""What every request meets: ids, problem+json, logs without code, limits, health and metrics."""

from __future__ import annotations

import json
import logging
import uuid
from typing import TYPE_CHECKING

import httpx
import pytest
import structlog
from handing_in import graded, submission
from running_service import RunningService, settings_for

from greenroom_service import logs

if TYPE_CHECKING:
    from pathlib import Path

    from standin_hub import HubStandIn


@pytest.mark.parametrize(
    ("method", "path", "status", "says"),
    [
        ("GET", "/v1/no-such-thing", 404, "openapi.json"),
        ("DELETE", "/v1/problems", 405, "Allow header"),
        ("GET", "/v1/problems/no-such", 404, "v1/problems"),
        ("GET", "/v1/submissions/not-a-uuid", 422, "Correct the field"),
        ("POST", "/v1/submissions", 422, "Correct the field"),
    ],
)
def test_every_error_is_problem_json_and_says_what_to_do(
    student: httpx.Client, method: str, path: str, status: int, says: str
) -> None:
    answer = student.request(method, path)
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, body["status"]) == (status, status)
    assert body["type"].startswith("urn:greenroom:error:")
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["instance"].endswith(path)
    assert says in body["detail"]


def test_a_body_that_is_no_json_or_too_large(student: httpx.Client) -> None:
    json_type = {"Content-Type": "application/json"}
    assert student.post("/v1/submissions", content=b"{", headers=json_type).status_code == 422
    assert student.post("/v1/submissions", content=b"\xff\xfe{", headers=json_type).status_code in {400, 422}
    whole = b'{"code": "' + b"x" * 1_100_000 + b'"}'
    pieces = [whole[start : start + 100_000] for start in range(0, len(whole), 100_000)]
    for sent in (whole, iter(pieces)):  # with its length said, and without
        huge = student.post("/v1/submissions", content=sent, headers=json_type)
        assert (huge.status_code, huge.headers["content-type"]) == (413, "application/problem+json")
        assert "1000000 bytes" in huge.json()["detail"]


@pytest.mark.parametrize(("sent", "kept"), [("abcdefgh-1234", True), ("short", False), ("evil\tid {} <b>", False)])
def test_a_request_keeps_its_id_when_it_may_stand_in_a_log(student: httpx.Client, sent: str, kept: bool) -> None:
    answer = student.get("/v1/me", headers={"X-Request-ID": sent})
    assert (answer.headers["x-request-id"] == sent) is kept


def test_answers_are_not_kept_or_guessed_at_by_browsers(student: httpx.Client) -> None:
    headers = student.get("/v1/me").headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_logs_are_json_with_the_request_id_and_never_code_or_tokens(
    hub: HubStandIn, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure("debug")
    try:
        with RunningService(settings_for(tmp_path, hub), hub) as service, service.user("quiet") as student:
            graded(student, submission("# break SECRET_CODE"))
            student.post("/v1/submissions", json={"code": "SECRET_CODE"})
            student.put("/v1/drafts/two-sum", json={"code": "SECRET_CODE", "base_version": 9, "client_id": "c"})
            student.get("/v1/me", headers={"X-Request-ID": "request-to-find"})
    finally:
        structlog.reset_defaults()
        root.handlers[:], root.level = handlers, level
    said = capfd.readouterr().err
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert any(line.get("request_id") == "request-to-find" and line["route"] == "read_me" for line in lines)
    assert any(line["event"] == "judging failed" and line["error"] == "RuntimeError" for line in lines)
    assert "SECRET_CODE" not in said
    assert "token-of-quiet" not in said


def test_limits_are_per_user_and_say_when_to_come_again(hub: HubStandIn, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, hub, rate_submit="2/hour", rate_general="8/hour")
    with (
        RunningService(settings, hub) as service,
        service.user("eager") as eager,
        service.user("calm") as calm,
    ):
        statuses = [eager.post("/v1/submissions", json=submission()).status_code for _ in range(3)]
        assert statuses == [202, 202, 429]
        refused = eager.post("/v1/submissions", json=submission())
        assert int(refused.headers["Retry-After"]) >= 1
        assert refused.headers["content-type"] == "application/problem+json"
        assert calm.post("/v1/submissions", json=submission()).status_code == 202
        assert [eager.get("/v1/me").status_code for _ in range(5)] == [200, 200, 200, 200, 429]
        assert httpx.get(f"{service.url}/healthz").status_code == 200


def test_ready_says_which_part_is_not(hub: HubStandIn, tmp_path: Path) -> None:
    def no_engine() -> None:
        raise RuntimeError("no boxes here")

    settings = settings_for(tmp_path, hub)
    with RunningService(settings, hub, open_engine=no_engine) as service, service.user("waiting") as student:  # type: ignore[arg-type]
        answer = httpx.get(f"{service.url}/readyz")
        assert answer.status_code == 503
        parts = answer.json()
        assert (parts["database"]["ready"], parts["dispatch"]["ready"], parts["sandbox"]["ready"]) == (
            True,
            True,
            False,
        )
        saved = student.put("/v1/drafts/two-sum", json={"code": "x", "base_version": 0, "client_id": "c"})
        assert saved.status_code == 200
        refused = student.post("/v1/submissions", json=submission())
        assert refused.status_code == 503
        assert "Your draft is saved" in refused.json()["detail"]


def test_metrics_count_by_route_and_name_nobody(service: RunningService, name: str) -> None:
    with service.user(name) as student, service.user("meter", "admin") as admin:
        graded(student, submission("# verdict: time_limit"))
        text = admin.get("/metrics").text
    assert 'greenroom_requests_total{method="POST",route="submit",status="202"}' in text
    assert 'greenroom_submissions_total{verdict="time_limit"}' in text
    assert name not in text


def test_metrics_are_for_who_has_their_token(hub: HubStandIn, tmp_path: Path) -> None:
    with RunningService(settings_for(tmp_path, hub, metrics_token="scrape-" + uuid.uuid4().hex), hub) as service:
        token = service.settings.metrics_token.get_secret_value()
        for sent, status in ((token, 200), (token + "x", 401)):
            with service.client(sent) as client:
                assert client.get("/metrics").status_code == status
