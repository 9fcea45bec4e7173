"""The OpenAPI document: committed as it is generated, and true; nothing that it allows ends in a 5xx."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from handing_in import graded, submission
from hypothesis import HealthCheck, settings
from running_service import RunningService, eventually, settings_for
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from greenroom_service import openapi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from standin_hub import HubStandIn

#: Requests per operation: the run is bounded, and the same each time.
EXAMPLES = 20


def test_the_committed_document_is_up_to_date() -> None:
    """When this fails: python -m greenroom_service.openapi, then build the panels."""
    assert openapi.COMMITTED.read_text(encoding="utf-8") == openapi.document()


def test_every_operation_says_what_it_does_and_documents_its_errors() -> None:
    document = json.loads(openapi.document())
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation["description"] or operation["summary"], (method, path)
            if path.startswith("/v1/"):
                content = operation["responses"]["4XX"]["content"]
                assert list(content) == ["application/problem+json"], (method, path)


@pytest.fixture(scope="module")
def target(hub: HubStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service of its own, with a little in it, for an admin: who may do most reaches the most code."""
    with RunningService(settings_for(tmp_path_factory.mktemp("data"), hub), hub) as running:
        eventually(lambda: running.app.state.service.engine.ready, "the engine")
        with running.user("root", "admin") as admin:
            graded(admin, submission("# verdict: wrong_answer"))
            admin.post("/v1/cohorts", json={"name": "one"})
            admin.put("/v1/drafts/two-sum", json={"code": "x", "base_version": 0, "client_id": "c"})
        yield running


# An event stream has no end to wait for; test_events.py reads it.
everything = schemathesis.openapi.from_dict(json.loads(openapi.document())).exclude(path="/v1/events")


@everything.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_nothing_that_the_document_allows_or_forbids_ends_in_a_5xx(case: Any, target: RunningService) -> None:
    case.call_and_validate(
        base_url=target.url,
        headers={"Authorization": "token token-of-root"},
        checks=[not_a_server_error, response_schema_conformance, content_type_conformance],
        timeout=30,
    )
