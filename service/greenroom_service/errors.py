"""Errors of the service, in one tree. Each knows its HTTP status and says what to do.

::

    GreenroomServiceError
    |-- SettingsError               the process was started with something it cannot work with (exit status 2)
    |-- DatabaseTooNewError         the database was written by a newer Greenroom (exit status 2)
    `-- ProblemDetails              everything that is answered over HTTP as application/problem+json
        |-- BadRequestError     400
        |-- LoginRequiredError  401
        |-- ForbiddenError      403
        |-- NotFoundError       404
        |-- ConflictError       409
        |-- TooLargeError       413
        |-- InvalidError        422
        |-- RateLimitedError    429
        `-- UnavailableError    503
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE_PREFIX = "urn:greenroom:error:"


class GreenroomServiceError(Exception):
    """Base of every error that the service raises on purpose."""


class SettingsError(GreenroomServiceError):
    """A setting is missing or cannot be used."""


class DatabaseTooNewError(GreenroomServiceError):
    """The database is at a revision that this version of Greenroom does not know."""


class ProblemDetails(GreenroomServiceError):  # noqa: N818 - the field's own term (RFC 9457), never raised itself
    """An error that is answered over HTTP.

    Args:
        detail: one or two sentences for the caller: what was wrong and what to do.
        extra: further members of the problem object.
        headers: response headers, for example ``Retry-After``.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    kind: ClassVar[str] = "internal"

    def __init__(
        self, detail: str, *, extra: Mapping[str, object] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})


class BadRequestError(ProblemDetails):
    """The request cannot be understood."""

    status = HTTPStatus.BAD_REQUEST
    kind = "bad-request"


class LoginRequiredError(ProblemDetails):
    """Nobody is logged in, or the token is not known to the Hub."""

    status = HTTPStatus.UNAUTHORIZED
    kind = "login-required"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="greenroom"'})


class ForbiddenError(ProblemDetails):
    """Somebody is logged in who may not do this."""

    status = HTTPStatus.FORBIDDEN
    kind = "forbidden"


class NotFoundError(ProblemDetails):
    """There is no such thing, or the caller may not know that there is."""

    status = HTTPStatus.NOT_FOUND
    kind = "not-found"


class ConflictError(ProblemDetails):
    """The request does not fit the present state."""

    status = HTTPStatus.CONFLICT
    kind = "conflict"


class TooLargeError(ProblemDetails):
    """The request's body is larger than anything that we take."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    kind = "too-large"


class InvalidError(ProblemDetails):
    """A field has a value that it may not have."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    kind = "invalid"


class RateLimitedError(ProblemDetails):
    """The caller asks too often."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    kind = "rate-limited"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class UnavailableError(ProblemDetails):
    """Something that the request needs is away for the moment."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    kind = "unavailable"

    def __init__(self, detail: str, *, retry_after: int = 5) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})
