"""What every request passes: the door (ids, log, metrics, headers), schemas' base, and errors as problem+json."""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

import structlog
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import to_json
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from greenroom_service.database import new_id
from greenroom_service.errors import TYPE_PREFIX, InvalidError, ProblemDetails, TooLargeError, UnavailableError
from greenroom_service.logs import get_logger, request_id_from, where

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from greenroom_service.metrics import Metrics

#: Bytes of a request's body; code is at most 64 KiB, and JSON may write every byte as six.
MAX_BODY = 1_000_000
MEDIA_TYPE = "application/problem+json"
_log = get_logger("greenroom.web")
_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cache-control": b"no-store",
}


def _storable(text: str) -> str:
    """Refuse what no database can store: NUL and half of a surrogate pair."""
    if "\x00" in text:
        raise ValueError("must not contain a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must not contain half of a surrogate pair") from None
    return text


#: A string that can be stored.
Text = Annotated[str, AfterValidator(_storable)]


class Schema(BaseModel):
    """Base of everything that crosses HTTP. Unknown fields are refused, so a misspelt one is heard of."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class ProblemBody(BaseModel):
    """An error as RFC 9457 has it."""

    model_config = ConfigDict(extra="allow", title="ProblemDetails")

    #: A URN that names the kind of error, e.g. ``urn:greenroom:error:not-found``.
    type: str
    title: str
    status: int
    #: What was wrong and what to do.
    detail: str
    instance: str
    request_id: str


def problem_response(request: Request, error: ProblemDetails) -> Response:
    """An error as application/problem+json."""
    return _respond(
        request.scope, int(error.status), error.kind, error.status.phrase, error.detail, error.extra, error.headers
    )


def _respond(
    scope: Scope,
    status: int,
    kind: str,
    title: str,
    detail: str,
    extra: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body = {
        **(extra or {}),
        "type": TYPE_PREFIX + kind,
        "title": title,
        "status": status,
        "detail": detail,
        "instance": _path(scope),
        "request_id": request_id(scope),
    }
    return Response(json.dumps(body, default=str), status, dict(headers or {}), MEDIA_TYPE)


def request_id(scope: Scope) -> str:
    """The id of the request, which its log lines and its answer carry."""
    return str(scope.get("greenroom.request_id", ""))


def install(app: FastAPI) -> None:
    """Answer every error as problem+json."""
    app.add_exception_handler(ProblemDetails, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    for away in (OperationalError, InterfaceError, PoolTimeoutError):
        app.add_exception_handler(away, _on_database)


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemDetails)  # noqa: S101 - Starlette's signature is wider than its promise
    return problem_response(request, error)


async def _on_database(request: Request, error: Exception) -> Response:
    _log.error("database", error=type(error).__name__, where=where(error))
    return problem_response(
        request, UnavailableError("The database does not answer. Nothing was lost; try again in a few seconds.")
    )


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    # What was sent is not repeated: it may be a student's code.
    found = [
        {"field": ".".join(str(part) for part in one["loc"]), "message": _said(one)} for one in error.errors()[:20]
    ]
    first = found[0] if found else {"field": "body", "message": "is not valid"}
    detail = f"{first['field']}: {first['message']}. Correct the field and send the request again."
    return problem_response(request, InvalidError(detail, extra={"errors": found}))


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return problem_response(request, _too_large())
    details = {
        HTTPStatus.NOT_FOUND: "There is nothing at this address. See the API at openapi.json.",
        HTTPStatus.METHOD_NOT_ALLOWED: "This address does not know this method. The Allow header names those it knows.",
        HTTPStatus.BAD_REQUEST: "The request's body cannot be read. Send JSON in UTF-8.",
    }
    kind = status.phrase.lower().replace(" ", "-")
    detail = details.get(status, f"{status.phrase}.")
    return _respond(request.scope, int(status), kind, status.phrase, detail, headers=error.headers)


def _said(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "too_long" and isinstance(fault["input"], str):
        # What Pydantic says of a string that has a validator of ours as well speaks of items.
        return f"has {len(fault['input'])} characters; at most {fault['ctx']['max_length']} are allowed"
    return str(fault["msg"]).removeprefix("Value error, ").rstrip(".")


def _path(scope: Scope) -> str:
    return str(scope.get("path", "")).encode("utf-8", "replace").decode()


class Door:
    """The outermost layer of the application.

    Gives every request an id, refuses bodies that are too large, answers what nobody caught, writes the access log and
    counts. It holds no student's text, so it can log freely.

    Args:
        app: what is behind the door.
        metrics: where to count.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passage = _Passage(scope, receive, send)
        structlog.contextvars.bind_contextvars(request_id=passage.id)
        try:
            await self._pass(passage)
        finally:
            structlog.contextvars.clear_contextvars()

    async def _pass(self, passage: _Passage) -> None:
        begun = time.perf_counter()
        try:
            passage.check_length()
            await self._app(passage.scope, passage.receive, passage.send)
        except TooLargeError as error:
            await self._refuse(passage, error)
        except SQLAlchemyError as error:
            _log.error("database", error=type(error).__name__, where=where(error))
            await self._refuse(
                passage, ProblemDetails("A fault of ours, not of your code. Nothing was lost; try again.")
            )
        except Exception as error:  # noqa: BLE001 - the last place where a fault can become an answer
            _log.error("fault", error=type(error).__name__, where=where(error))
            await self._refuse(
                passage, ProblemDetails("A fault of ours, not of your code. Nothing was lost; try again.")
            )
        self._count(passage, time.perf_counter() - begun)

    async def _refuse(self, passage: _Passage, error: ProblemDetails) -> None:
        if passage.status is not None:
            return
        body = _respond(passage.scope, int(error.status), error.kind, error.status.phrase, error.detail)
        await body(passage.scope, passage.receive, passage.send)

    def _count(self, passage: _Passage, seconds: float) -> None:
        route = route_of(passage.scope)
        status = passage.status or 499
        method = passage.scope["method"] if passage.scope["method"] in _METHODS else "OTHER"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        level = _log.warning if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _log.info
        level("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route_of(scope: Scope) -> str:
    """The name of the route that answered, e.g. ``list_problems``; ``-`` when none did."""
    return str(getattr(scope.get("route"), "name", None) or "-")


class _Passage:
    """One request on its way through the door."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        self.id = request_id_from(headers.get(b"x-request-id", b"").decode("latin-1")) or new_id().hex
        self.scope = scope
        self.status: int | None = None
        self._receive = receive
        self._send = send
        self._length = headers.get(b"content-length", b"")
        self._received = 0
        scope["greenroom.request_id"] = self.id

    def check_length(self) -> None:
        """TooLargeError when the request says itself that its body is too large."""
        if self._length.isdigit() and int(self._length[:20]) > MAX_BODY:
            raise _too_large()

    async def receive(self) -> Message:
        """What is asked; 413 when the body turns out to be too large."""
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > MAX_BODY:
            # The framework makes 400 of any other error that meets it while it reads a body.
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    async def send(self, message: Message) -> None:
        """What is answered, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers: list[tuple[bytes, bytes]] = list(message.get("headers", []))
            present = {name.lower() for name, _ in headers}
            headers += [(name, value) for name, value in _HEADERS.items() if name not in present]
            headers.append((b"x-request-id", self.id.encode()))
            message = {**message, "headers": headers}
        await self._send(message)


def _too_large() -> TooLargeError:
    return TooLargeError(f"The body is larger than {MAX_BODY} bytes. Code may have 65536 characters; send less.")


def json_response(content: Any, status: int = 200) -> Response:
    """Plain data, with ids and times, as JSON; what our own query just made is not validated again."""
    return Response(to_json(content), status, None, "application/json")
