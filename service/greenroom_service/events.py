"""Events: wakes the open streams of a person when the outbox holds something new for them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

import anyio.to_thread
from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError

from greenroom_service import outbox
from greenroom_service.errors import RateLimitedError
from greenroom_service.identity import Principal, principal
from greenroom_service.logs import get_logger

if TYPE_CHECKING:
    from greenroom_service.database import Database
    from greenroom_service.metrics import Metrics

#: Seconds between two looks at the outbox; a verdict written by this process is seen at once.
LOOK_EVERY = 0.5
#: Streams that one person may hold open.
MAX_STREAMS = 12
_log = get_logger("greenroom.events")


class Listener:
    """One open stream."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.closed = False
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Say that there may be something new."""
        self._news.set()

    async def wait(self, seconds: float) -> None:
        """Return when there may be something new, or after a while."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
        self._news.clear()


class EventHub:
    """Knows the open streams and looks at the outbox for all of them with one query.

    Args:
        database: where the outbox is.
        metrics: where open streams are counted.
    """

    def __init__(self, database: Database, metrics: Metrics) -> None:
        self._database = database
        self._metrics = metrics
        self._listeners: dict[str, set[Listener]] = {}
        self._nudge = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def start(self) -> None:
        """Begin to look. Called within the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._watch(), name="watch the outbox")

    async def stop(self) -> None:
        """End every stream, and stop looking."""
        self.close()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def close(self) -> None:
        """End every stream. Safe in a signal handler of the loop's thread."""
        self._closed = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.closed = True
                listener.wake()

    def nudge(self) -> None:
        """Look now. Called from any thread after an event was committed; never raises."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
                loop.call_soon_threadsafe(self._nudge.set)

    @contextlib.asynccontextmanager
    async def listen(self, user: str) -> AsyncIterator[Listener]:
        """A listener for as long as the block lasts.

        Raises:
            RateLimitedError: this person holds MAX_STREAMS open already.
        """
        self.check_room(user)
        listener = Listener(user)
        listener.closed = self._closed
        self._listeners.setdefault(user, set()).add(listener)
        self._metrics.listeners.inc()
        try:
            yield listener
        finally:
            self._listeners[user].discard(listener)
            if not self._listeners[user]:
                del self._listeners[user]
            self._metrics.listeners.dec()

    def check_room(self, user: str) -> None:
        """RateLimitedError when a person holds MAX_STREAMS open already."""
        if len(self._listeners.get(user, ())) >= MAX_STREAMS:
            raise RateLimitedError(
                f"You have {MAX_STREAMS} event streams open already. Close a tab and try again.", retry_after=15
            )

    async def _watch(self) -> None:
        last: int | None = None
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._nudge.wait()
            self._nudge.clear()
            if not self._listeners:
                # Whoever comes next reads from the outbox before it waits, so nothing is missed.
                last = None
                continue
            try:
                last = await self._look(last)
            except SQLAlchemyError as error:
                _log.warning("the outbox cannot be read", error=type(error).__name__)

    async def _look(self, last: int | None) -> int:
        def read() -> tuple[int, frozenset[str] | None]:
            with self._database.read() as session:
                if last is None:
                    return outbox.last_seq(session), None
                return outbox.users_with_events(session, after=last)

        newest, users = await anyio.to_thread.run_sync(read)
        for user in self._listeners if users is None else users & self._listeners.keys():
            for listener in self._listeners[user]:
                listener.wake()
        return newest


async def _listening(request: Request, caller: Annotated[Principal, Depends(principal)]) -> AsyncIterator[Listener]:
    hub: EventHub = request.app.state.service.events
    async with hub.listen(caller.name) as listener:
        yield listener


#: The caller's place among the open streams until the answer has ended. It is taken before the answer begins: a stream
#: that found no room only then could no longer say 429.
Listening = Annotated[Listener, Depends(_listening)]
