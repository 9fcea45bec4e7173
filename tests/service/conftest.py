"""Fixtures of the service's suite."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from running_service import RunningService, eventually, settings_for
from standin_hub import HubStandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


@pytest.fixture(scope="module")
def hub() -> Iterator[HubStandIn]:
    with HubStandIn() as running:
        yield running


@pytest.fixture(scope="module")
def service(hub: HubStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with RunningService(settings_for(tmp_path_factory.mktemp("data"), hub), hub) as running:
        eventually(lambda: running.app.state.service.engine.ready, "the engine")
        yield running


@pytest.fixture
def name() -> str:
    """A user name that no other test uses."""
    return "u" + uuid.uuid4().hex[:12]


@pytest.fixture
def student(service: RunningService, name: str) -> Iterator[httpx.Client]:
    with service.user(name) as client:
        yield client
