"""The service and its workers as processes of their own, with the real sandbox, to be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import httpx
import psutil
from running_service import PREFIX, eventually, few_notebooks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from standin_hub import HubStandIn

_STARTING = 120.0


@dataclass
class _Process:
    """A process that is ended with the block, and whose output is shown when a test fails."""

    data: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def ready(self) -> bool:
        raise NotImplementedError

    def settings(self) -> dict[str, str]:
        return {
            "GREENROOM_DATA": str(self.data),
            "GREENROOM_NOTEBOOKS": str(few_notebooks(self.data)),
            "GREENROOM_WORKERS": "1",
            **self.environment,
        }

    @property
    def log(self) -> Path:
        return self.data / f"{type(self).__name__}-{id(self)}.log"

    def start(self) -> Self:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GREENROOM_", "JUPYTERHUB_"))}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), env={**kept, **self.settings()}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        eventually(self._ready_or_dead, "the process to be ready", _STARTING)
        return self

    def _ready_or_dead(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text(errors="replace")
        return self.ready()

    def end(self, number: int) -> list[psutil.Process]:
        """Send a signal, wait for the end, and return what was below the process."""
        assert self._process is not None
        below = psutil.Process(self._process.pid).children(recursive=True)
        self._process.send_signal(number)
        self._process.wait(_STARTING)
        self._process = None
        return below

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self.end(signal.SIGKILL)


@dataclass
class ServiceProcess(_Process):
    """``python -m greenroom_service`` behind a stand-in of the Hub."""

    hub: HubStandIn | None = None
    port: int = 0

    def __post_init__(self) -> None:
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port = int(trial.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    def command(self) -> list[str]:
        return [sys.executable, "-P", "-m", "greenroom_service"]

    def settings(self) -> dict[str, str]:
        assert self.hub is not None
        return {
            **super().settings(),
            "JUPYTERHUB_API_URL": self.hub.api_url,
            "JUPYTERHUB_API_TOKEN": self.hub.service_token,
            "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{self.port}",
            "JUPYTERHUB_SERVICE_PREFIX": PREFIX + "/",
        }

    def ready(self) -> bool:
        try:
            answer = httpx.get(f"{self.url}/readyz", timeout=5)
        except httpx.HTTPError:
            return False
        found = answer.json()
        return bool(found["database"]["ready"] and found["sandbox"]["ready"])

    def user(self, name: str) -> httpx.Client:
        """A client of a student, which waits out a restart of the service."""
        assert self.hub is not None
        headers = {"Authorization": f"token {self.hub.add(name, 'student')}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)


@dataclass
class WorkerProcess(_Process):
    """``./greenroom worker``."""

    def command(self) -> list[str]:
        return [sys.executable, "-P", "-m", "greenroom_hub", "worker"]

    def ready(self) -> bool:
        return b"greenroom worker: ready" in self.log.read_bytes()
