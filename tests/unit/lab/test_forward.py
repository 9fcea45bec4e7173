"""greenroom_lab in a real Jupyter Server, forwarding to a small upstream that records what it was sent."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import tornado.httpserver
import tornado.netutil
import tornado.web
from hypothesis import given
from hypothesis import strategies as st
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.serverapp import ServerApp
from traitlets import Unicode
from traitlets.config import Config

from greenroom_lab.forward import RefusedPathError, Upstream, safe_path

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

WAIT = 60.0
TOKEN = "ada-service-token"


class HeaderIdentity(IdentityProvider):
    """Signs in whoever the X-Test-User header names, as the Hub's provider would from its cookie."""

    token = Unicode("").tag(config=True)

    def get_user(self, handler: Any) -> User | None:
        name = handler.request.headers.get("X-Test-User")
        return User(username=name) if name else None


@dataclass
class Recorder:
    """What the upstream saw, and the levers that tests pull."""

    requests: list[tornado.httputil.HTTPServerRequest] = field(default_factory=list)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    stream_closed: asyncio.Event = field(default_factory=asyncio.Event)


class EchoHandler(tornado.web.RequestHandler):
    def initialize(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def prepare(self) -> None:
        self.recorder.requests.append(self.request)

    def echo(self, path: str) -> None:
        if path == "v1/limited":
            self.set_status(429)
            self.set_header("Retry-After", "7")
        if path == "v1/redirect":
            self.redirect("/somewhere/else")
            return
        self.set_header("X-Request-ID", "r-1")
        self.set_header("Set-Cookie", "stolen=1")
        self.set_header("Content-Type", "application/problem+json")
        self.finish(json.dumps({"echo": self.request.body.decode()}))

    get = post = put = patch = delete = echo


class StreamHandler(tornado.web.RequestHandler):
    def initialize(self, recorder: Recorder) -> None:
        self.recorder = recorder

    async def get(self) -> None:
        self.recorder.requests.append(self.request)
        self.set_header("Content-Type", "text/event-stream")
        self.write("id: 1\ndata: first\n\n")
        await self.flush()
        await self.recorder.release.wait()
        self.write("id: 2\ndata: second\n\n")

    def on_connection_close(self) -> None:
        self.recorder.stream_closed.set()
        self.recorder.release.set()


@dataclass
class House:
    """A running Jupyter Server and the upstream behind it."""

    url: str
    client: httpx.AsyncClient
    recorder: Recorder
    xsrf: dict[str, str]

    async def call(self, method: str, path: str, *, user: str = "ada", **kwargs: Any) -> httpx.Response:
        headers = {"X-Test-User": user, **self.xsrf, **kwargs.pop("headers", {})}
        return await self.client.request(method, self.url + path, headers=headers, **kwargs)


async def stop(app: Any) -> None:
    await app.extension_manager.stop_all_extensions()


@asynccontextmanager
async def house(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, upstream_up: bool = True, owner: str = "ada"
) -> AsyncIterator[House]:
    recorder = Recorder()
    upstream = tornado.web.Application(
        [
            (r"/services/greenroom/v1/events", StreamHandler, {"recorder": recorder}),
            (r"/services/greenroom/(.*)", EchoHandler, {"recorder": recorder}),
        ]
    )
    sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
    server = tornado.httpserver.HTTPServer(upstream)
    port = sockets[0].getsockname()[1]
    if upstream_up:
        server.add_sockets(sockets)
    else:
        for socket in sockets:
            socket.close()
    monkeypatch.setenv("GREENROOM_SERVICE_URL", f"http://127.0.0.1:{port}/services/greenroom")
    monkeypatch.setenv("JUPYTERHUB_USER", owner)
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", TOKEN)
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    config = Config()
    config.ServerApp.base_url = "/user/ada/"
    config.ServerApp.root_dir = str(tmp_path)
    config.ServerApp.allow_root = True
    config.ServerApp.open_browser = False
    config.ServerApp.jpserver_extensions = {"greenroom_lab": True}
    config.ServerApp.identity_provider_class = HeaderIdentity
    config.GreenroomLab.max_body_bytes = 1000
    app = ServerApp(config=config)
    app.initialize([], find_extensions=False, new_httpserver=False)
    jupyter_sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
    jupyter = tornado.httpserver.HTTPServer(app.web_app)
    jupyter.add_sockets(jupyter_sockets)
    url = f"http://127.0.0.1:{jupyter_sockets[0].getsockname()[1]}/user/ada"
    try:
        async with httpx.AsyncClient(timeout=WAIT) as client:
            client.cookies.set("_xsrf", "2|aaaaaaaa|bbbbbbbb|1")
            yield House(url, client, recorder, {"X-XSRFToken": "2|aaaaaaaa|bbbbbbbb|1"})
    finally:
        recorder.release.set()
        jupyter.stop()
        await jupyter.close_all_connections()
        server.stop()
        await server.close_all_connections()
        await stop(app)
        app.kernel_manager.context.destroy()


def test_a_call_reaches_the_service_as_the_owner_and_carries_no_cookie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def walk() -> None:
        async with house(tmp_path, monkeypatch) as lab:
            answer = await lab.call(
                "PUT",
                "/greenroom/api/v1/drafts/two-sum?why=blur",
                json={"code": "x = 1"},
                headers={"X-Request-ID": "abc", "Authorization": "token forged"},
            )
            (seen,) = lab.recorder.requests
            assert answer.status_code == 200
            assert json.loads(answer.json()["echo"]) == {"code": "x = 1"}
            assert (seen.method, seen.uri) == ("PUT", "/services/greenroom/v1/drafts/two-sum?why=blur")
            assert seen.headers["Authorization"] == f"Bearer {TOKEN}"
            assert seen.headers["Content-Type"] == "application/json"
            assert seen.headers["X-Request-ID"] == "abc"
            assert "Cookie" not in seen.headers
            assert "X-Xsrftoken" not in seen.headers
            assert answer.headers["X-Request-ID"] == "r-1"
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert "stolen" not in str(answer.headers.get_list("set-cookie"))

    asyncio.run(walk())


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_every_method_is_forwarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    async def walk() -> None:
        async with house(tmp_path, monkeypatch) as lab:
            assert (await lab.call(method, "/greenroom/api/v1/me")).status_code == 200
            assert lab.recorder.requests[0].method == method

    asyncio.run(walk())


def test_events_arrive_while_the_stream_is_still_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def walk() -> None:
        async with house(tmp_path, monkeypatch) as lab:
            headers = {"X-Test-User": "ada", **lab.xsrf, "Last-Event-ID": "41", "Accept-Encoding": "gzip"}
            async with lab.client.stream("GET", f"{lab.url}/greenroom/api/v1/events", headers=headers) as stream:
                chunks = stream.aiter_text()
                first = await asyncio.wait_for(anext(chunks), WAIT)
                # The upstream is still waiting for us: what came was not held back until its end.
                assert "first" in first
                assert "second" not in first
                assert not lab.recorder.release.is_set()
                lab.recorder.release.set()
                rest = "".join([chunk async for chunk in chunks])
            assert "second" in rest
            assert lab.recorder.requests[0].headers["Last-Event-ID"] == "41"

    asyncio.run(walk())


def test_a_browser_that_leaves_ends_the_stream_upstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def walk() -> None:
        async with house(tmp_path, monkeypatch) as lab:
            headers = {"X-Test-User": "ada", **lab.xsrf}
            async with lab.client.stream("GET", f"{lab.url}/greenroom/api/v1/events", headers=headers) as stream:
                await asyncio.wait_for(anext(stream.aiter_text()), WAIT)
            await asyncio.wait_for(lab.recorder.stream_closed.wait(), WAIT)

    asyncio.run(walk())


def test_somebody_else_is_refused_before_anything_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def walk() -> None:
        async with house(tmp_path, monkeypatch) as lab:
            answer = await lab.call("GET", "/greenroom/api/v1/me", user="eve")
            assert answer.status_code == 403
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert "somebody else" in answer.json()["detail"]
            assert lab.recorder.requests == []

    asyncio.run(walk())


def test_a_server_without_an_owner_forwards_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def walk() -> None:
        async with house(tmp_path, monkeypatch, owner="") as lab:
            assert (await lab.call("GET", "/greenroom/api/v1/me")).status_code == 403
            assert lab.recorder.requests == []

    asyncio.run(walk())


def test_nobody_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def walk() -> None:
        async with house(tmp_path, monkeypatch) as lab:
            answer = await lab.client.get(f"{lab.url}/greenroom/api/v1/me")
            assert answer.status_code == 403
            assert lab.recorder.requests == []

    asyncio.run(walk())


@pytest.mark.parametrize(("method", "headers"), [("POST", {}), ("POST", {"X-XSRFToken": "wrong"})])
def test_a_call_without_the_xsrf_token_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, headers: dict[str, str]
) -> None:
    async def walk() -> None:
        async with house(tmp_path, monkeypatch) as lab:
            url = f"{lab.url}/greenroom/api/v1/submissions"
            answer = await lab.client.request(method, url, headers={"X-Test-User": "ada", **headers})
            assert answer.status_code == 403
            assert answer.json()["status"] == 403
            assert lab.recorder.requests == []

    asyncio.run(walk())


def test_a_service_that_is_away_is_a_503_that_says_the_draft_is_safe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def walk() -> None:
        async with house(tmp_path, monkeypatch, upstream_up=False) as lab:
            answer = await lab.call("PUT", "/greenroom/api/v1/drafts/two-sum", json={"code": ""})
            assert answer.status_code == 503
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert "draft is safe" in answer.json()["detail"]

    asyncio.run(walk())


def test_errors_of_the_service_pass_through_with_their_retry_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def walk() -> None:
        async with house(tmp_path, monkeypatch) as lab:
            answer = await lab.call("GET", "/greenroom/api/v1/limited")
            assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")

    asyncio.run(walk())


def test_a_redirect_of_the_service_is_not_followed_nor_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def walk() -> None:
        async with house(tmp_path, monkeypatch) as lab:
            answer = await lab.call("GET", "/greenroom/api/v1/redirect")
            assert answer.status_code == 502
            assert len(lab.recorder.requests) == 1

    asyncio.run(walk())


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_above_the_cap_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, chunked: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100

    async def walk() -> None:
        async with house(tmp_path, monkeypatch) as lab:
            body: Any = pieces() if chunked else b"x" * 2000
            answer = await lab.call("POST", "/greenroom/api/v1/submissions", content=body)
            assert answer.status_code == 413
            assert lab.recorder.requests == []

    asyncio.run(walk())


@pytest.mark.parametrize(
    "path",
    [
        "v1/%2e%2e/admin",
        "v1/..%2fadmin",
        "v1/%252e%252e/hub",
        "v1//me",
        "v2/me",
        "v1",
        "v1/a%5cb",
        "v1/a%0d%0ab",
        "%76%31/me",
    ],
)
def test_a_path_that_leaves_v1_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    async def walk() -> None:
        async with house(tmp_path, monkeypatch) as lab:
            answer = await lab.call("GET", f"/greenroom/api/{path}")
            assert answer.status_code == 404
            assert lab.recorder.requests == []

    asyncio.run(walk())


@given(
    st.lists(
        st.sampled_from(["..", "%2e%2e", "%252e.", "a", "two-sum", "%2f", "", ".", "%5c", "\\", "%00"]), max_size=5
    )
)
def test_no_accepted_path_has_a_dot_or_empty_segment_however_often_it_is_decoded(parts: list[str]) -> None:
    raw = "/".join(["v1", *parts])
    try:
        path = safe_path(raw)
    except RefusedPathError:
        assert not parts or set(parts) - {"a", "two-sum"}
    else:
        assert path == raw
        assert set(parts) <= {"a", "two-sum"}


def test_the_token_is_in_no_repr() -> None:
    client = httpx.AsyncClient()
    upstream = Upstream(base_url="http://127.0.0.1:1", owner="ada", token=TOKEN, max_body_bytes=1, client=client)
    assert TOKEN not in repr(upstream)
    asyncio.run(client.aclose())
