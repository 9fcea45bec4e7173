"""The parts of a running service, how they are put together, and the order in which they start and stop."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import anyio
import anyio.to_thread
from fastapi import Depends, Request

from greenroom_grader.dispatch import InProcessDispatch
from greenroom_service.chores import Chores
from greenroom_service.contests import hiding
from greenroom_service.contests.hiding import Coming, GuardedShelf
from greenroom_service.contests.scorer import Scorer
from greenroom_service.database import Database
from greenroom_service.errors import SettingsError
from greenroom_service.events import EventHub
from greenroom_service.identity import Identity, Principal, principal
from greenroom_service.interviews import rooms
from greenroom_service.judging import ExampleShelf, LazyEngine
from greenroom_service.leaving.chore import delete_departed
from greenroom_service.metrics import Metrics
from greenroom_service.policy import Access, access_of
from greenroom_service.practice.grading import Grader, Sweep
from greenroom_service.practice.rejudging import Rejudger
from greenroom_service.practice.runs import Runs
from greenroom_service.ratelimit import Limit, RateLimiter
from greenroom_service.settings import DispatchKind
from greenroom_service.study.chore import tell_of_reviews

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from greenroom_grader.dispatch import Dispatch, Handler
    from greenroom_service.crypto import Keyring
    from greenroom_service.judging import Engine
    from greenroom_service.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Everything that requests need, made once per process."""

    settings: Settings
    database: Database
    metrics: Metrics
    identity: Identity
    limiter: RateLimiter
    shelf: GuardedShelf
    engine: LazyEngine
    examples: ExampleShelf
    events: EventHub
    grader: Grader
    dispatch: Dispatch
    sweep: Sweep
    runs: Runs
    rejudger: Rejudger
    coming: Coming
    scorer: Scorer
    interviews: rooms.Interviews
    chores: Chores

    @property
    def keyring(self) -> Keyring:
        """Seals and opens what nobody but its owner reads."""
        return self.interviews.desk.transcripts.keyring

    @property
    def grades_here(self) -> bool:
        """Whether this process grades submissions, rather than workers elsewhere."""
        return self.settings.dispatch is DispatchKind.IN_PROCESS

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start everything that runs by itself, and stop it when the block ends."""
        self.shelf.start()
        self.engine.start()
        self.events.start()
        self.grader.start()
        await anyio.to_thread.run_sync(self.dispatch.start)
        self.sweep.start()
        self.rejudger.start()
        self.scorer.start()
        self.chores.start()
        self.interviews.start()
        try:
            yield
        finally:
            await self.interviews.stop()
            await self.events.stop()
            await self.limiter.close()
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(self._stop)

    def _stop(self) -> None:
        self.scorer.stop()
        self.chores.stop()
        self.sweep.stop()
        self.rejudger.stop()
        self.dispatch.close()
        self.grader.stop()
        self.grader.release()
        self.engine.close()
        self.database.close()


def build(settings: Settings, open_engine: Callable[[], Engine]) -> Service:
    """Put a service together. Nothing is started and nobody is called yet.

    Raises:
        SettingsError: settings that do not go together.
    """
    database = Database(settings.sqlalchemy_url)
    metrics = Metrics()
    shelf = GuardedShelf(settings.problems)
    engine = LazyEngine(open_engine)
    events = EventHub(database, metrics)
    dispatches: list[Dispatch] = []
    grader = Grader(
        database=database,
        shelf=shelf,
        engine=engine,
        metrics=metrics,
        on_event=events.nudge,
        spare=lambda: dispatches[0].state().waiting == 0,
    )
    dispatch = make_dispatch(settings, database, grader.grade)
    dispatches.append(dispatch)
    return Service(
        settings=settings,
        database=database,
        metrics=metrics,
        identity=Identity(settings),
        limiter=RateLimiter(settings, metrics),
        shelf=shelf,
        engine=engine,
        examples=ExampleShelf(engine),
        events=events,
        grader=grader,
        dispatch=dispatch,
        sweep=Sweep(database, dispatch, sole=settings.dispatch is DispatchKind.IN_PROCESS),
        runs=Runs(engine, places=settings.workers),
        coming=Coming(database),
        scorer=Scorer(database),
        interviews=rooms.build(settings, database, shelf),
        rejudger=Rejudger(database=database, shelf=shelf, engine=engine, dispatch=dispatch, on_event=events.nudge),
        chores=Chores(
            {
                "leaving": lambda: delete_departed(database),
                "reviews": lambda: tell_of_reviews(database, events.nudge),
            }
        ),
    )


def make_dispatch(settings: Settings, database: Database, handler: Handler) -> Dispatch:
    """The dispatch that the settings ask for.

    Raises:
        SettingsError: Procrastinate without PostgreSQL.
    """
    if settings.dispatch is DispatchKind.IN_PROCESS:
        return InProcessDispatch(handler, workers=settings.workers, capacity=settings.queue_capacity)
    if database.is_sqlite:
        raise SettingsError(
            "GREENROOM_DISPATCH=procrastinate needs PostgreSQL; set GREENROOM_DATABASE_URL=postgresql://user@host/name"
        )
    from greenroom_grader.dispatch.postgres import ProcrastinateDispatch  # noqa: PLC0415 - only where it is used

    return ProcrastinateDispatch(database.url, capacity=settings.queue_capacity)


async def service_of(request: Request) -> Service:
    """The dependency of routes that need the service's parts. Async, so that it costs no thread."""
    service: Service = request.app.state.service
    return service


Parts = Annotated[Service, Depends(service_of)]
Caller = Annotated[Principal, Depends(principal)]


async def general(request: Request) -> None:
    """Nobody without a login, and every request counted; the dependency of everything under /v1.

    It takes the request alone: each dependency of a dependency costs every request a tenth of a millisecond.
    """
    service: Service = request.app.state.service
    caller = await principal(request)
    await service.limiter.check(Limit.GENERAL, caller.name)
    if not service.coming.nothing_known:
        hiding.hide(await anyio.to_thread.run_sync(_hidden_from, service, caller))


def _hidden_from(service: Service, caller: Principal) -> frozenset[str]:
    return service.coming.hidden(lambda: access_for(service, caller).sees_coming_contests_of())


def limited(limit: Limit) -> Callable[[Service, Principal], Awaitable[None]]:
    """A dependency that counts a request under a limit of its own."""

    async def check(parts: Parts, caller: Caller) -> None:
        await parts.limiter.check(limit, caller.name)

    return check


def access_for(parts: Service, caller: Principal) -> Access:
    """What a caller may do; for routes that only sometimes reach beyond the caller's own rows."""
    with parts.database.read() as session:
        return access_of(session, caller)


def _access(parts: Parts, caller: Caller) -> Access:
    return access_for(parts, caller)


#: What the caller may do; asks the database, so it is only for routes that reach beyond the caller's own rows.
Allowed = Annotated[Access, Depends(_access)]
