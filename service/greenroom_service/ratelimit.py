"""Rate limits per user. A store that is down lets requests through: being served beats being counted."""

from __future__ import annotations

import math
import time
from enum import StrEnum
from typing import TYPE_CHECKING

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from greenroom_service.errors import RateLimitedError, SettingsError
from greenroom_service.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from limits.aio.storage import Storage

    from greenroom_service.metrics import Metrics
    from greenroom_service.settings import Settings

_log = get_logger("greenroom.ratelimit")
#: Seconds for which a store that failed is not asked again, so that its timeout is not paid by every request.
_REST = 5.0
_TIMEOUT = 0.25


class Limit(StrEnum):
    """What is counted apart."""

    #: Every request.
    GENERAL = "general"
    #: Saving.
    WRITE = "write"
    SUBMIT = "submit"
    RUN = "run"
    STRESS = "stress"


class RateLimiter:
    """Counts requests per user in a sliding window, in this process or in Redis.

    Args:
        settings: the limits and the store.
        metrics: where refusals and failures are counted.

    Raises:
        SettingsError: a limit is not written as ``limits`` has it.
    """

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._items = _items(settings)
        self._metrics = metrics
        self._storage = _storage(settings.redis_url)
        self._limiter = SlidingWindowCounterRateLimiter(self._storage)
        self._resting_until = 0.0

    async def check(self, limit: Limit, user: str) -> None:
        """Count one request.

        Raises:
            RateLimitedError: the user has used the window up; Retry-After says for how long.
        """
        if time.monotonic() < self._resting_until:
            self._metrics.limiter_failures.inc()
            return
        item = self._items[limit]
        try:
            allowed = await self._limiter.hit(item, limit.value, user)
            retry_after = 0 if allowed else await self._retry_after(item, limit, user)
        except Exception as error:  # noqa: BLE001 - each store has its own errors, and none may refuse a student
            self._resting_until = time.monotonic() + _REST
            self._metrics.limiter_failures.inc()
            _log.warning("rate limit store is down", error=type(error).__name__)
            return
        if not allowed:
            self._metrics.limited.labels(limit.value).inc()
            raise RateLimitedError(
                f"Too many requests: {item.amount} per {_window(item)} are allowed for this. "
                f"Wait {retry_after} s and try again.",
                retry_after=retry_after,
            )

    async def close(self) -> None:
        """Close the connections to the store. Called in the loop that used them."""
        if isinstance(self._storage, RedisStorage):
            await self._storage.bridge.storage.aclose()  # type: ignore[attr-defined] # `limits` offers no other way

    async def _retry_after(self, item: RateLimitItem, limit: Limit, user: str) -> int:
        window = await self._limiter.get_window_stats(item, limit.value, user)
        return max(1, math.ceil(window.reset_time - time.time()))


def _items(settings: Settings) -> Mapping[Limit, RateLimitItem]:
    found = {}
    for limit in Limit:
        text = str(getattr(settings, f"rate_{limit.value}"))
        try:
            found[limit] = parse(text)
        except ValueError:
            raise SettingsError(
                f"GREENROOM_RATE_{limit.name}: {text!r} is not a rate limit; write for example 60/minute"
            ) from None
    return found


def _storage(redis_url: str) -> Storage:
    if not redis_url:
        return MemoryStorage()
    return RedisStorage(
        f"async+{redis_url}",
        implementation="redispy",
        key_prefix="greenroom",
        socket_connect_timeout=_TIMEOUT,
        socket_timeout=_TIMEOUT,
    )


def _window(item: RateLimitItem) -> str:
    seconds = item.get_expiry()
    return "minute" if seconds == 60 else f"{seconds} seconds"
