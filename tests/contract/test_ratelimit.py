"""Rate limits, counted in memory and in a real Redis; a Redis that dies in mid-way refuses nobody."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from private_servers import PrivateRedis

from greenroom_service.errors import RateLimitedError, SettingsError
from greenroom_service.metrics import Metrics
from greenroom_service.ratelimit import Limit, RateLimiter
from greenroom_service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

Result = TypeVar("Result")


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.services)])
def settings(request: pytest.FixtureRequest) -> Settings:
    url = "" if request.param == "memory" else request.getfixturevalue("redis_server").url
    return Settings(redis_url=url, rate_submit="3/hour", rate_run="2/hour")


@pytest.fixture
def user() -> str:
    return uuid.uuid4().hex


def run(
    story: Callable[[RateLimiter], Awaitable[Result]], settings: Settings, metrics: Metrics | None = None
) -> Result:
    """What *story* answers about a limiter that is closed afterwards."""

    async def whole() -> Result:
        limiter = RateLimiter(settings, metrics or Metrics())
        try:
            return await story(limiter)
        finally:
            await limiter.close()

    return asyncio.run(whole())


async def passes(limiter: RateLimiter, limit: Limit, user: str) -> bool:
    try:
        await limiter.check(limit, user)
    except RateLimitedError as error:
        # An answer that does not say how long to wait counts as no refusal.
        return not 1 <= int(error.headers["Retry-After"]) <= 2 * 3600
    return True


def counted(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(name, labels) or 0.0


def test_each_user_and_each_limit_is_counted_apart(settings: Settings, user: str) -> None:
    asked = [*[(Limit.SUBMIT, user)] * 4, (Limit.SUBMIT, user + "2"), *[(Limit.RUN, user)] * 3]

    async def story(limiter: RateLimiter) -> list[bool]:
        return [await passes(limiter, limit, who) for limit, who in asked]

    assert run(story, settings) == [True, True, True, False, True, True, True, False]


def test_a_refusal_says_how_many_are_allowed_and_how_long_to_wait(settings: Settings, user: str) -> None:
    metrics = Metrics()

    async def story(limiter: RateLimiter) -> None:
        for _ in range(4):
            await limiter.check(Limit.SUBMIT, user)

    with pytest.raises(RateLimitedError, match=r"3 per 3600 seconds are allowed for this\. Wait \d+ s"):
        run(story, settings, metrics)
    assert counted(metrics, "greenroom_rate_limited_total", limit="submit") == 1


@pytest.mark.services
def test_processes_share_their_counts_through_redis(redis_server: PrivateRedis, user: str) -> None:
    settings = Settings(redis_url=redis_server.url, rate_submit="3/hour")
    passed = [run(lambda limiter: passes(limiter, Limit.SUBMIT, user), settings) for _ in range(5)]
    assert passed == [True, True, True, False, False]


@pytest.fixture
def mortal_redis() -> Iterator[PrivateRedis]:
    with PrivateRedis() as running:
        yield running


@pytest.mark.services
def test_a_redis_that_dies_refuses_nobody_and_counts_again_when_it_is_back(
    mortal_redis: PrivateRedis, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenroom_service.ratelimit._REST", 0.0)
    metrics = Metrics()

    async def story(limiter: RateLimiter) -> None:
        await limiter.check(Limit.SUBMIT, user)
        with pytest.raises(RateLimitedError):
            await limiter.check(Limit.SUBMIT, user)
        mortal_redis.kill()
        for _ in range(5):
            await limiter.check(Limit.SUBMIT, user)
        mortal_redis.start()
        await limiter.check(Limit.SUBMIT, user)
        with pytest.raises(RateLimitedError):
            await limiter.check(Limit.SUBMIT, user)

    run(story, Settings(redis_url=mortal_redis.url, rate_submit="1/hour"), metrics)
    assert counted(metrics, "greenroom_rate_limiter_failures_total") == 5


def test_a_store_that_failed_is_left_alone_for_a_moment(user: str) -> None:
    """Nobody listens there: the first request finds out, the others do not pay for it."""
    metrics = Metrics()
    asked = []

    async def story(limiter: RateLimiter) -> list[bool]:
        hit = limiter._limiter.hit

        async def counting(*arguments: Any) -> bool:
            asked.append(arguments)
            return await hit(*arguments)

        limiter._limiter.hit = counting  # type: ignore[assignment]
        return [await passes(limiter, Limit.SUBMIT, user) for _ in range(10)]

    assert run(story, Settings(redis_url="redis://127.0.0.1:9/0", rate_submit="1/hour"), metrics) == [True] * 10
    assert len(asked) == 1
    assert counted(metrics, "greenroom_rate_limiter_failures_total") == 10


def test_a_limit_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(SettingsError, match="GREENROOM_RATE_RUN: 'often'"):
        RateLimiter(Settings(rate_run="often"), Metrics())
