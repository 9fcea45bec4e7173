"""A running deployment for tests, and a student who uses it by HTTP as a browser would."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx
import psutil
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long enough password 1"
#: Seconds that anything may take on a machine that does other things as well.
PATIENCE = 240.0


def free_port() -> int:
    """Return a TCP port of the loopback that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def wait_for(look: Callable[[], T | None], what: str, patience: float = PATIENCE) -> T:
    """Return the first thing that *look* finds."""
    deadline = time.monotonic() + patience
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience:.0f} s in vain for {what}")
        time.sleep(0.1)


def command(*arguments: str) -> list[str]:
    """Return the argument list of one command line."""
    return [sys.executable, "-P", "-m", "greenroom_hub", *arguments]


@dataclass
class Classroom:
    """One ``greenroom up`` in a process of its own."""

    data: Path
    port: int = field(default_factory=free_port)
    environment: Mapping[str, str] = field(default_factory=dict)
    #: Options of ``up`` besides --data and --port.
    options: tuple[str, ...] = ()
    said: list[str] = field(default_factory=list)
    _process: subprocess.Popen[str] | None = None
    _reader: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None
        return self._process

    @property
    def log(self) -> str:
        path = self.data / "logs" / "hub.log"
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def admin_password(self) -> str:
        match = re.search(r"with the password (\S+)", "\n".join(self.said))
        assert match, self.said
        return match[1]

    def start(self) -> Self:
        self.launch()
        wait_for(self._answering, "the line that says where the classroom is")
        return self

    def launch(self) -> None:
        """Begin, without waiting for anything."""
        self._process = subprocess.Popen(
            command("up", "--data", str(self.data), "--port", str(self.port), *self.options),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **self.environment},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for text in self.process.stdout:
            self.said.append(text.rstrip())

    def _answering(self) -> bool:
        if any(text.startswith("Greenroom is at") for text in self.said):
            return True
        assert self.process.poll() is None, "\n".join([*self.said, self.log[-6000:]])
        return False

    def members(self) -> list[psutil.Process]:
        """Return every process of this classroom."""
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def child(self, *words: str) -> psutil.Process | None:
        """Return the first process below ``up`` whose command line holds all *words*."""
        for process in self.members()[1:]:
            with contextlib.suppress(psutil.Error):
                line = " ".join(process.cmdline())
                if all(word in line for word in words):
                    return process
        return None

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(timeout=PATIENCE)
        assert self._reader is not None
        if self.process.stdout is not None and self.process.stdout.closed:
            return status
        self._reader.join(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status

    def look_after(self, number: int) -> Ending:
        """Stop by the signal *number* and look for what is left of this classroom."""
        members, commands, ports = self.members(), [], set()
        for process in members:
            with contextlib.suppress(psutil.Error):  # one that ended meanwhile
                commands.append(" ".join(process.cmdline()))
                ports |= {c.laddr.port for c in process.net_connections("tcp") if c.status == "LISTEN"}
        status = self.stop(number)
        listening = {c.laddr.port for c in psutil.net_connections("tcp") if c.status == "LISTEN"}
        left = [process for process in members if process.is_running()]
        return Ending(status=status, commands=commands, ports=ports, left=left, listening=ports & listening)


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What a classroom was before it was stopped, and what is left of it."""

    status: int
    commands: list[str]
    ports: set[int]
    left: list[psutil.Process]
    listening: set[int]


@contextlib.contextmanager
def classroom(data: Path, **options: Any) -> Iterator[Classroom]:
    """Run a classroom for the length of a block."""
    room = Classroom(data, **options)
    try:
        yield room.start()
    finally:
        if room._process is not None:
            room.stop()


@dataclass
class Student:
    """Somebody with a browser's cookies."""

    url: str
    name: str
    password: str = PASSWORD
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, follow_redirects=True, timeout=60)

    def close(self) -> None:
        self.http.close()

    @property
    def xsrf(self) -> str:
        return next((c.value or "" for c in self.http.cookies.jar if c.name == "_xsrf" and c.path == "/hub/"), "")

    def sign_up(self) -> httpx.Response:
        self.http.get("/hub/signup").raise_for_status()
        form = {"username": self.name, "signup_password": self.password, "_xsrf": self.xsrf}
        return self.http.post("/hub/signup", data={**form, "signup_password_confirmation": self.password})

    def log_in(self) -> httpx.Response:
        self.http.get("/hub/login").raise_for_status()
        form = {"username": self.name, "password": self.password, "_xsrf": self.xsrf}
        return self.http.post("/hub/login", data=form, params={"next": "/hub/home"})

    def hub(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Call the Hub's API with the cookies."""
        headers = {"X-XSRFToken": self.xsrf, "Sec-Fetch-Mode": "cors"}
        return self.http.request(method, f"/hub/api{path}", headers=headers, **options)

    def service(self, token: str, method: str, path: str, **options: Any) -> httpx.Response:
        """Call the service through the proxy with *token*."""
        headers = {"Authorization": f"token {token}"}
        return httpx.request(method, f"{self.url}/services/greenroom/v1{path}", headers=headers, timeout=60, **options)

    def me(self) -> dict[str, Any]:
        response = self.hub("GET", "/user")
        response.raise_for_status()
        return dict(response.json())

    def token(self) -> str:
        """Return a token that may do what this student may."""
        self.http.get("/hub/home")
        response = self.hub("POST", f"/users/{self.name}/tokens", json={"expires_in": 3600})
        response.raise_for_status()
        return str(response.json()["token"])

    def start_server(self, options: dict[str, Any] | None = None) -> Server:
        token = self.token()
        response = self.hub("POST", f"/users/{self.name}/server", json=options or {})
        assert response.status_code in {201, 202, 400}, response.text
        server = Server(f"{self.url}/user/{self.name}", token)
        wait_for(server.answers, f"the server of {self.name}")
        return server

    def stop_server(self) -> None:
        self.hub("DELETE", f"/users/{self.name}/server")

        def stopped() -> bool:
            model = self.hub("GET", f"/users/{self.name}").json()
            return not model.get("server") and not model.get("pending")

        wait_for(stopped, f"the end of the server of {self.name}")


@dataclass
class Server:
    """A single-user server, spoken to with a token."""

    url: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"token {self.token}"}

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", headers=self.headers, timeout=60)

    def answers(self) -> bool:
        return self.get("/api/status").status_code == httpx.codes.OK

    def python(self, source: str) -> Any:
        """Run *source* in a new kernel and return what it stored, as JSON, in the variable ``answer``."""
        made = httpx.post(f"{self.url}/api/kernels", headers=self.headers, json={"name": "python3"}, timeout=PATIENCE)
        made.raise_for_status()
        ident = made.json()["id"]
        try:
            printed = self._execute(ident, f"{source}\nimport json\nprint('<<' + json.dumps(answer) + '>>')")
        finally:
            httpx.delete(f"{self.url}/api/kernels/{ident}", headers=self.headers, timeout=60)
        match = re.search(r"<<(.*)>>", printed, re.DOTALL)
        assert match, printed
        return json.loads(match[1])

    def _execute(self, kernel: str, source: str) -> str:
        address = self.url.replace("http://", "ws://") + f"/api/kernels/{kernel}/channels"
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": "execute_request",
            "username": "",
            "session": uuid.uuid4().hex,
        }
        content = {"code": source, "silent": False, "store_history": False, "allow_stdin": False}
        request = {"header": {**header, "version": "5.3"}, "parent_header": {}, "metadata": {}, "content": content}
        printed = ""
        with connect(address, additional_headers=self.headers, max_size=None, open_timeout=PATIENCE) as socket_:
            socket_.send(json.dumps({**request, "channel": "shell", "buffers": []}))
            while True:
                message = json.loads(socket_.recv(timeout=PATIENCE))
                if message["parent_header"].get("msg_id") != header["msg_id"]:
                    continue
                body = message["content"]
                if message["msg_type"] == "stream":
                    printed += body["text"]
                elif message["msg_type"] == "error":
                    printed += "\n".join(body["traceback"])
                elif message["msg_type"] == "status" and body["execution_state"] == "idle":
                    return printed

    def terminal(self, line: str, until: str) -> str:
        """Type *line* into a new terminal and return what it shows up to *until*."""
        made = httpx.post(f"{self.url}/api/terminals", headers=self.headers, timeout=60)
        made.raise_for_status()
        address = self.url.replace("http://", "ws://") + f"/terminals/websocket/{made.json()['name']}"
        shown = ""
        with connect(address, additional_headers=self.headers, max_size=None, open_timeout=PATIENCE) as socket_:
            socket_.send(json.dumps(["stdin", f"{line}\r"]))
            while until not in shown:
                kind, *rest = json.loads(socket_.recv(timeout=PATIENCE))
                if kind == "stdout":
                    shown += rest[0]
        return shown
