"""A running service for tests: the real application behind a real uvicorn, on a loopback port, in a thread."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx
import uvicorn
from pydantic import SecretStr
from standin_engine import StandInEngine

from greenroom_service.app import create_app
from greenroom_service.database import migrate
from greenroom_service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from standin_hub import HubStandIn

    from greenroom_service.judging import Engine

T = TypeVar("T")
PREFIX = "/services/greenroom"
#: Seconds that anything may take on a machine that does other things as well.
PATIENCE = 60.0
NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
#: Problems that a service of the tests offers; loading all of them would cost every start seconds.
FEW = 20
NEEDED = ("two-sum", "digit-sum", "running-total")
SHEET = """id: numbers
title: Numbers
purpose: For tests, which need one sheet with few problems.
entries:
""" + "".join(f"  - problem: {problem}\n    why: It stands in many tests.\n" for problem in NEEDED)


def eventually(look: Callable[[], T | None], what: str, patience: float = PATIENCE) -> T:
    """The first thing that *look* finds."""
    deadline = time.monotonic() + patience
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience:.0f} s in vain for {what}")
        time.sleep(0.02)


def few_notebooks(data: Path) -> Path:
    """A folder of a few problems, those that tests name among them."""
    folder = data / "notebooks" / "problems"
    if not folder.exists():
        folder.mkdir(parents=True)
        others = sorted(path.stem for path in (NOTEBOOKS / "problems").glob("*.md"))[:FEW]
        for problem in {*NEEDED, *others}:
            shutil.copy(NOTEBOOKS / "problems" / f"{problem}.md", folder)
        sheets = folder.parent / "sheets"
        sheets.mkdir()
        (sheets / "numbers.yaml").write_text(SHEET)
    return folder.parent


def settings_for(data: Path, hub: HubStandIn, **more: Any) -> Settings:
    """Settings of a service that stands by itself, whatever the environment says."""
    values: dict[str, Any] = {
        "data": data,
        "database_url": f"sqlite:///{data / 'greenroom.sqlite'}",
        "redis_url": "",
        "notebooks": few_notebooks(data),
        "hub_api_url": hub.api_url,
        "hub_api_token": SecretStr(hub.service_token),
        "service_prefix": PREFIX + "/",
        "service_url": "http://127.0.0.1:0",
        "hub_base_url": "/",
        "workers": 2,
        "rate_general": "100000/minute",
        "rate_write": "100000/minute",
        "rate_submit": "100000/minute",
        "rate_run": "100000/minute",
        "rate_stress": "100000/minute",
    }
    return Settings(**{**values, **more})


@dataclass
class RunningService:
    """The service while the block lasts."""

    settings: Settings
    hub: HubStandIn
    engine: Any = field(default_factory=StandInEngine)
    open_engine: Callable[[], Engine] | None = None

    def __enter__(self) -> Self:
        migrate(self.settings.sqlalchemy_url)
        self.app: FastAPI = create_app(self.settings, self.open_engine or (lambda: self.engine))
        config = uvicorn.Config(
            self.app, host="127.0.0.1", port=0, log_config=None, timeout_graceful_shutdown=5, lifespan="on"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve()), daemon=True)
        self._thread.start()
        eventually(lambda: self._server.started or not self._thread.is_alive(), "the service to start")
        if not self._server.started:
            raise AssertionError("the service did not start")
        self.port: int = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}{PREFIX}"
        return self

    def __exit__(self, *_: object) -> None:
        loop_events = self.app.state.service.events
        loop = loop_events._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(loop_events.close)
        self._server.should_exit = True
        self._thread.join(30)
        assert not self._thread.is_alive(), "the service does not stop"

    def client(self, token: str | None = None, **more: Any) -> httpx.Client:
        """A client that sends a token."""
        headers = {} if token is None else {"Authorization": f"token {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, **more)

    def user(self, name: str, role: str = "student") -> httpx.Client:
        """A client of a person who is known to the Hub."""
        return self.client(self.hub.add(name, role))
