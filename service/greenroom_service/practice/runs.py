"""Runs: a student's code on their own inputs or on random ones, while they wait. Bounded."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

import anyio.to_thread

from greenroom_grader.errors import GraderError, InputError, UnsupportedError
from greenroom_service.errors import InvalidError, UnavailableError
from greenroom_service.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from greenroom_service.judging import Engine, LazyEngine

Result = TypeVar("Result")
#: Seconds that a request waits for a place.
PATIENCE = 15.0
_log = get_logger("greenroom.runs")


class Runs:
    """Places in which code is run for a request that waits for the answer; one person takes one place at a time.

    Args:
        engine: who runs it.
        places: how many run at the same time; more of them wait, and give up after PATIENCE.
    """

    def __init__(self, engine: LazyEngine, *, places: int) -> None:
        self._engine = engine
        self._places = asyncio.Semaphore(places)
        #: One lock per person for as long as somebody holds it or waits for it.
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        # Threads of their own: a run that takes seconds must not keep drafts from being saved.
        self._limiter = anyio.CapacityLimiter(places)

    async def run(self, user: str, work: Callable[[Engine], Result]) -> Result:
        """Do some work for a person with the engine in a thread.

        Raises:
            UnavailableError: no place became free, no engine, or the engine failed.
            InvalidError: an input does not fit the problem, or the problem does not offer this.
        """
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(PATIENCE):
                    await held.enter_async_context(self._turns.setdefault(user, asyncio.Lock()))
                    await held.enter_async_context(self._places)
            except TimeoutError:
                raise UnavailableError(
                    "The machine runs much code just now. Yours is saved; try again in a few seconds.", retry_after=5
                ) from None
            return await self._run(work)

    async def _run(self, work: Callable[[Engine], Result]) -> Result:
        try:
            return await anyio.to_thread.run_sync(lambda: work(self._engine.get()), limiter=self._limiter)
        except (InputError, UnsupportedError) as error:
            raise InvalidError(str(error)) from None
        except GraderError as error:
            _log.error("run failed", error=type(error).__name__)
            raise UnavailableError("The grader failed. This is a fault of ours; try again.") from None
