"""The forwarding route: one request in, one request to the service, the answer back as it arrives."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httpx
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.iostream import StreamClosedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROUTE = r"/greenroom/api/(.*)"

#: What of a request reaches the service. Never a cookie, an XSRF token or the caller's own Authorization.
_REQUEST_HEADERS = ("Accept", "Content-Type", "If-Match", "If-None-Match", "Last-Event-ID", "X-Request-ID")
#: What of an answer reaches the page. Never a Set-Cookie or a Location.
_RESPONSE_HEADERS = ("Content-Type", "Content-Disposition", "ETag", "Retry-After", "X-Request-ID")
_SAFE = "Your draft is safe in this browser and is sent when the service is back."
_FORBIDDEN = re.compile(r"[\x00-\x20\\\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """The service, as this server knows it."""

    #: E.g. ``http://127.0.0.1:8000/services/greenroom``; empty where there is none.
    base_url: str
    #: The only user whose calls are forwarded; empty refuses everybody.
    owner: str
    token: str = field(repr=False)
    max_body_bytes: int
    client: httpx.AsyncClient = field(repr=False)


class RefusedPathError(ValueError):
    """The path asked for does not stay under the service's ``v1/``."""


def safe_path(raw: str) -> str:
    """Return ``raw``, the still percent-encoded path after ``/greenroom/api/``, when it stays under ``v1/``.

    Raises RefusedPathError for dot segments, empty segments, encoded slashes and control characters, also when they are
    encoded more than once: whoever decodes the path later must see the same segments.
    """
    segments = raw.split("/")
    if segments[0] != "v1" or len(segments) < 2:
        raise RefusedPathError("paths start with v1/")
    for segment in segments:
        decoded = _fully_decoded(segment)
        if decoded in {"", ".", ".."} or "/" in decoded or _FORBIDDEN.search(decoded):
            raise RefusedPathError("a part of the path is empty, a dot or not plain text")
    return raw


def _fully_decoded(segment: str) -> str:
    """Percent-decode until nothing changes."""
    while (decoded := unquote(segment)) != segment:
        segment = decoded
    return decoded


def problem(status: int, title: str, detail: str, **more: object) -> dict[str, object]:
    """Build the members of an RFC 9457 problem document."""
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}


class ForwardError(web.HTTPError):
    """An answer of our own, sent as application/problem+json."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(status.value, detail)
        self.detail = detail


@web.stream_request_body
class ForwardHandler(APIHandler):
    """Forwards a call of the page's owner. The body is read under a cap, the answer is passed on unbuffered."""

    auth_resource = "greenroom"
    SUPPORTED_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

    def initialize(self) -> None:
        """Prepare an empty body and no running call."""
        self._body = bytearray()
        self._oversize = False
        self._call: asyncio.Task[None] | None = None

    @property
    def upstream(self) -> Upstream:
        """The service that this server forwards to."""
        upstream = self.settings["greenroom_upstream"]
        assert isinstance(upstream, Upstream)  # noqa: S101 - set by the extension before its routes exist
        return upstream

    async def prepare(self) -> None:  # type: ignore[override]  # tornado awaits what prepare returns
        """Authenticate, check XSRF, and refuse a caller or a size before any body is read."""
        await super().prepare()
        if self.current_user is None:
            raise ForwardError(HTTPStatus.FORBIDDEN, "You are not signed in here. Reload the page and sign in again.")
        if not self.upstream.owner or self.current_user.username != self.upstream.owner:
            raise ForwardError(
                HTTPStatus.FORBIDDEN,
                "This server belongs to somebody else; open your own from the Hub to work on problems.",
            )
        if int(self.request.headers.get("Content-Length") or 0) > self.upstream.max_body_bytes:
            raise self._too_large()

    def data_received(self, chunk: bytes) -> None:
        """Collect the body, never more than the cap; the rest of a longer one is dropped and the call refused."""
        self._oversize = self._oversize or len(self._body) + len(chunk) > self.upstream.max_body_bytes
        if not self._oversize:
            self._body.extend(chunk)

    def _too_large(self) -> ForwardError:
        limit = self.upstream.max_body_bytes // 1024
        return ForwardError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"At most {limit} kB can be sent at once. Shorten the text.",
        )

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """Forward a GET."""
        await self._forward(path)

    @web.authenticated
    @authorized
    async def post(self, path: str) -> None:
        """Forward a POST."""
        await self._forward(path)

    @web.authenticated
    @authorized
    async def put(self, path: str) -> None:
        """Forward a PUT."""
        await self._forward(path)

    @web.authenticated
    @authorized
    async def patch(self, path: str) -> None:
        """Forward a PATCH."""
        await self._forward(path)

    @web.authenticated
    @authorized
    async def delete(self, path: str) -> None:
        """Forward a DELETE."""
        await self._forward(path)

    async def _forward(self, _decoded: str) -> None:
        """Run the call as a task of its own, so that a browser that leaves can cancel it."""
        if self._oversize:
            raise self._too_large()
        request = self._request()
        self._call = asyncio.ensure_future(self._relay(request))
        try:
            await self._call
        except asyncio.CancelledError:
            if not self._call.cancelled():
                raise
            # The browser has gone and nobody is left to answer.
        except StreamClosedError:
            pass
        except httpx.TimeoutException as error:
            detail = f"The Greenroom service did not answer in time. {_SAFE}"
            raise ForwardError(HTTPStatus.GATEWAY_TIMEOUT, detail) from error
        except httpx.HTTPError as error:
            self.log.warning("greenroom service unreachable: %s", type(error).__name__)
            detail = f"The Greenroom service is not reachable. {_SAFE}"
            raise ForwardError(HTTPStatus.SERVICE_UNAVAILABLE, detail) from error

    def on_connection_close(self) -> None:
        """Cancel the call to the service when the browser has gone."""
        if self._call is not None:
            self._call.cancel()
        super().on_connection_close()

    def _request(self) -> httpx.Request:
        """Build the request to the service, or refuse it."""
        if not self.upstream.base_url:
            raise ForwardError(HTTPStatus.SERVICE_UNAVAILABLE, f"This server knows no Greenroom service. {_SAFE}")
        prefix = url_path_join(self.base_url, "/greenroom/api/")
        raw = self.request.path
        try:
            path = safe_path(raw[len(prefix) :] if raw.startswith(prefix) else "")
        except RefusedPathError as error:
            raise ForwardError(HTTPStatus.NOT_FOUND, f"There is no such page: {error}.") from error
        query = f"?{self.request.query}" if self.request.query else ""
        return self.upstream.client.build_request(
            self.request.method or "GET",
            f"{self.upstream.base_url}/{path}{query}",
            headers=self._headers_up(),
            content=bytes(self._body) if self._body else None,
        )

    def _headers_up(self) -> dict[str, str]:
        """Headers for the service: the allowed ones, and the owner's token."""
        headers = dict(_chosen(self.request.headers, _REQUEST_HEADERS))
        # No compression on the way: each event must be passed on when it arrives.
        headers["Accept-Encoding"] = "identity"
        headers["Authorization"] = f"Bearer {self.upstream.token}"
        return headers

    async def _relay(self, request: httpx.Request) -> None:
        """Send the request and pass on the answer, chunk by chunk."""
        answer = await self.upstream.client.send(request, stream=True)
        try:
            if answer.has_redirect_location:
                detail = f"The Greenroom service sent an unexpected redirect. {_SAFE}"
                raise ForwardError(HTTPStatus.BAD_GATEWAY, detail)
            await self._pass_on(answer)
        finally:
            await answer.aclose()

    async def _pass_on(self, answer: httpx.Response) -> None:
        self.set_status(answer.status_code)
        for name, value in _chosen(answer.headers, _RESPONSE_HEADERS):
            self.set_header(name, value)
        content_type = answer.headers.get("Content-Type", "application/json")
        if content_type.startswith("text/event-stream"):
            await self._stream(answer)
            return
        body = await answer.aread()
        if answer.status_code in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
            self.finish(set_content_type=content_type)
            return
        self.finish(body, set_content_type=content_type)

    async def _stream(self, answer: httpx.Response) -> None:
        """Pass events on as they come; once begun, a break upstream just ends the stream and the page resumes it."""
        self.set_header("Cache-Control", "no-cache")
        # Ask proxies in between not to collect the stream.
        self.set_header("X-Accel-Buffering", "no")
        await self.flush()
        try:
            async for chunk in answer.aiter_raw():
                self.write(chunk)
                await self.flush()
        except httpx.HTTPError as error:
            self.log.info("greenroom event stream ended: %s", type(error).__name__)
        self.finish(set_content_type="text/event-stream")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say it as problem+json: what happened and what to do."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        status = HTTPStatus(status_code)
        detail = {
            HTTPStatus.FORBIDDEN: "Your session here has ended. Reload the page and sign in again.",
            HTTPStatus.METHOD_NOT_ALLOWED: "This cannot be done here.",
        }.get(status, f"Something went wrong in your own server. {_SAFE}")
        if isinstance(error, ForwardError):
            detail = error.detail
        document = problem(status_code, status.phrase, detail, instance=self.request.path)
        self.finish(json.dumps(document), set_content_type="application/problem+json")


def _chosen(headers: Mapping[str, str], names: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yield those of ``names`` that ``headers`` holds, with their values."""
    for name in names:
        value = headers.get(name)
        if value is not None:
            yield name, value
