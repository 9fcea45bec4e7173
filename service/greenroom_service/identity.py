"""Identity: who sends a request, as the Hub says it. A token in a header, or in a cookie with an XSRF token."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections import OrderedDict
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from fastapi import Request
from jupyterhub.services.auth import HubOAuth
from tornado.web import HTTPError

from greenroom_service.errors import ForbiddenError, LoginRequiredError, UnavailableError

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from greenroom_service.settings import Settings

#: Seconds for which the Hub's answer about a token is believed.
CACHE_SECONDS = 30.0
_CACHE_SIZE = 10_000
_MAX_TOKEN = 512
XSRF_HEADER = "X-XSRFToken"
SCOPE_PREFIX = "custom:greenroom:"


class Role(IntEnum):
    """What a person may be in Greenroom at most; each includes the ones before it."""

    STUDENT = 1
    ASSISTANT = 2
    INSTRUCTOR = 3
    ADMIN = 4


_SCOPES = {
    Role.ADMIN: SCOPE_PREFIX + "admin",
    Role.INSTRUCTOR: SCOPE_PREFIX + "teach",
    Role.ASSISTANT: SCOPE_PREFIX + "assist",
    Role.STUDENT: SCOPE_PREFIX + "submit",
}


class Via(StrEnum):
    """How a token travelled."""

    HEADER = "header"
    COOKIE = "cookie"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody who is logged in and may use Greenroom."""

    name: str
    role: Role
    #: Our scopes that the token carries.
    scopes: tuple[str, ...]
    via: Via


class Identity:
    """Asks the Hub whose a token is, at most once per token in CACHE_SECONDS however many requests wait.

    Args:
        settings: the Hub's addresses and the service's own token.
    """

    def __init__(self, settings: Settings) -> None:
        token = settings.hub_api_token.get_secret_value()
        self.oauth = HubOAuth(
            api_token=token,
            api_url=settings.hub_api_url,
            base_url=settings.service_prefix,
            hub_prefix=settings.hub_base_url.rstrip("/") + "/hub/",
            oauth_client_id=settings.hub_client_id,
            cookie_host_prefix_enabled=False,
        )
        self.cookie = "greenroom-token"
        self._xsrf_key = hashlib.sha256(b"greenroom-xsrf:" + token.encode()).digest()
        #: SHA-256 of a token -> (when it was asked, the Hub's user model or None)
        self._cache: OrderedDict[bytes, tuple[float, dict[str, Any] | None]] = OrderedDict()
        self._asking: dict[bytes, asyncio.Task[dict[str, Any] | None]] = {}

    def xsrf_for(self, token: str) -> str:
        """The XSRF token that belongs to a cookie."""
        return hmac.new(self._xsrf_key, token.encode(), "sha256").hexdigest()

    async def identify(self, connection: HTTPConnection) -> Principal | None:
        """Who sends this, None when nobody is logged in. Does not check the XSRF token.

        Raises:
            ForbiddenError: the Hub knows the token, but it carries no scope of ours.
            UnavailableError: the Hub cannot be asked.
        """
        token, via = self.token_of(connection)
        if token is None:
            return None
        user = await self._user(token)
        return None if user is None else principal_of(user, via)

    async def require(self, connection: HTTPConnection) -> Principal:
        """Who sends this.

        Raises:
            LoginRequiredError: nobody, or a token that the Hub does not know.
            ForbiddenError: no scope of ours, or a cookie without its XSRF token.
            UnavailableError: the Hub cannot be asked.
        """
        token, via = self.token_of(connection)
        principal = await self.identify(connection)
        if token is None or principal is None:
            raise LoginRequiredError(
                "You are not logged in, or your login has ended. Log in at the Hub and open the page again."
            )
        # Other people's servers may live under the same origin, so a cookie alone proves nothing, for reading neither.
        if via is Via.COOKIE and not hmac.compare_digest(
            connection.headers.get(XSRF_HEADER, "").encode(), self.xsrf_for(token).encode()
        ):
            raise ForbiddenError(f"A request with a cookie needs the header {XSRF_HEADER}. Reload the page.")
        return principal

    def token_of(self, connection: HTTPConnection) -> tuple[str | None, Via]:
        """The token of a request; a header goes before a cookie."""
        kind, _, value = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() in {"bearer", "token"}:
            token, via = value.strip(), Via.HEADER
        else:
            token, via = connection.cookies.get(self.cookie, ""), Via.COOKIE
        if not token or len(token) > _MAX_TOKEN or not token.isascii() or not token.isprintable():
            return None, via
        return token, via

    def forget(self, token: str) -> None:
        """Ask the Hub again about this token next time."""
        self._cache.pop(_digest(token), None)

    async def _user(self, token: str) -> dict[str, Any] | None:
        key = _digest(token)
        known = self._cache.get(key)
        if known is not None and time.monotonic() - known[0] < CACHE_SECONDS:
            return known[1]
        task = self._asking.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(key, token))
            self._asking[key] = task
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        # One request that is given up must not end the question for those that wait with it.
        return await asyncio.shield(task)

    async def _ask(self, key: bytes, token: str) -> dict[str, Any] | None:
        try:
            user: dict[str, Any] | None = await self.oauth.user_for_token(token, use_cache=False, sync=False)
        except HTTPError:
            raise UnavailableError("The Hub does not answer, so nobody can be identified. Try again shortly.") from None
        self._cache[key] = (time.monotonic(), user)
        self._cache.move_to_end(key)
        while len(self._cache) > _CACHE_SIZE:
            self._cache.popitem(last=False)
        return user


def principal_of(user: dict[str, Any], via: Via) -> Principal:
    """The principal of the Hub's user model.

    Raises:
        ForbiddenError: the token carries no scope of ours, or is not a person's.
    """
    name = str(user.get("name", ""))
    held = {str(scope) for scope in user.get("scopes", ())}
    # A scope may be limited to one user; it counts when that is the owner.
    roles = [role for role, scope in _SCOPES.items() if scope in held or f"{scope}!user={name}" in held]
    if user.get("kind", "user") != "user" or not name or not roles:
        raise ForbiddenError(
            "This login may not use Greenroom: its token carries none of our scopes. "
            "Open Greenroom from your own server, or ask an instructor."
        )
    ours = tuple(sorted(scope for scope in held if scope.startswith(SCOPE_PREFIX)))
    return Principal(name=name, role=max(roles), scopes=ours, via=via)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def principal(request: Request) -> Principal:
    """The dependency of routes that need somebody who is logged in; asked for as often as one likes."""
    found: Principal | None = getattr(request.state, "principal", None)
    if found is None:
        identity: Identity = request.app.state.service.identity
        found = request.state.principal = await identity.require(request)
    return found
