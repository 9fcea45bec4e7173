"""Fixtures of the interviews' suite: the real service, with Claude's stand-in behind the real SDK."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from interviewing import QUICK, Candidate, running_with
from running_service import RunningService, eventually
from standin_claude import ClaudeStandIn
from standin_hub import HubStandIn

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def hub() -> Iterator[HubStandIn]:
    with HubStandIn() as running:
        yield running


@pytest.fixture(scope="module")
def claude() -> Iterator[ClaudeStandIn]:
    with ClaudeStandIn() as running:
        yield running


@pytest.fixture(scope="module")
def service(
    hub: HubStandIn, claude: ClaudeStandIn, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    with running_with(tmp_path_factory.mktemp("data"), hub, claude) as running:
        eventually(lambda: running.app.state.service.engine.ready, "the engine")
        running.app.state.service.interviews.claude.patience = QUICK
        yield running


@pytest.fixture
def candidate(service: RunningService, claude: ClaudeStandIn) -> Iterator[Candidate]:
    claude.reset()
    name = "u" + uuid.uuid4().hex[:12]
    with service.user(name) as client:
        yield Candidate(client, name)
