"""Dispatch through PostgreSQL with Procrastinate, for ``greenroom worker`` processes on any machine.

The queue's tables live in a schema of their own, beside the service's. This module needs the ``service`` extra.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from typing import TYPE_CHECKING

import procrastinate
import psycopg
from procrastinate import exceptions as errors
from psycopg.conninfo import make_conninfo

from greenroom_grader.dispatch.interface import DispatchState
from greenroom_grader.errors import DispatchError, DispatchFullError

if TYPE_CHECKING:
    from collections.abc import Callable

    from greenroom_grader.dispatch.interface import Handler, Job

_log = logging.getLogger(__name__)

SCHEMA = "greenroom_queue"
QUEUE = "grading"
TASK = "greenroom.grade"
#: Seconds between a worker's signs of life, and without one until its jobs are given to another.
HEARTBEAT = 2.0
STALLED_AFTER = 9.0
#: Seconds between two looks for jobs of dead workers.
RESCUE_EVERY = 2.0
#: Seconds for which a count of waiting jobs is believed.
_COUNT_AGE = 1.0
#: How much less urgent a job becomes at most for what its owner has waiting: less than from one Priority to the next.
_BEHIND = 9
#: An arbitrary number: two processes that start together must not both lay the schema.
_SCHEMA_LOCK = 0x67727163


def conninfo(url: str) -> str:
    """The libpq connection string of an SQLAlchemy or libpq URL, looking into the queue's schema."""
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    return make_conninfo(plain, options=f"-c search_path={SCHEMA}")


def ensure_schema(url: str) -> None:
    """Lay the queue's tables where they are not there yet.

    Raises:
        DispatchError: the database cannot be reached, or refuses.
    """
    try:
        with psycopg.connect(conninfo(url)) as connection:
            connection.execute("select pg_advisory_xact_lock(%s)", [_SCHEMA_LOCK])
            connection.execute(f"create schema if not exists {SCHEMA}")
            found = connection.execute("select to_regclass(%s)", [f"{SCHEMA}.procrastinate_jobs"]).fetchone()
            if found is None or found[0] is None:
                # The script travels without parameters, so its percent signs are its own.
                connection.execute(procrastinate.schema.SchemaManager.get_schema())
    except psycopg.Error as error:
        raise DispatchError(f"the queue's tables cannot be laid: {type(error).__name__}") from error


class ProcrastinateDispatch:
    """The service's side: queues, and lets workers work.

    Args:
        url: of the PostgreSQL database.
        capacity: how many may wait.
    """

    def __init__(self, url: str, *, capacity: int = 2000) -> None:
        self._url = url
        self._capacity = capacity
        self._connector = procrastinate.SyncPsycopgConnector(
            conninfo=conninfo(url), min_size=1, max_size=4, timeout=5.0, name="greenroom-queue"
        )
        self._app = procrastinate.App(connector=self._connector)
        self._counted: tuple[float, int] = (float("-inf"), 0)

    def start(self) -> None:
        """Lay the tables and connect."""
        ensure_schema(self._url)
        self._app.open()

    def submit(self, job: Job) -> None:
        """Queue a job, unless it waits already (its id is the queueing lock)."""
        if not self.has_room():
            raise DispatchFullError(f"{self._capacity} submissions wait already; try again in a moment")
        priority = int(job.priority) - min(job.behind, _BEHIND)
        task = self._app.configure_task(TASK, queue=QUEUE, priority=priority, queueing_lock=job.id)
        try:
            task.defer(submission=job.id)
        except errors.AlreadyEnqueued:
            return
        except (errors.ProcrastinateException, psycopg.Error) as error:
            raise DispatchError(f"the queue cannot be reached: {type(error).__name__}") from error

    def has_room(self) -> bool:
        """Whether fewer jobs than the capacity wait, as of at most a second ago."""
        taken, waiting = self._counted
        if time.monotonic() - taken > _COUNT_AGE:
            waiting = self._count("todo")
            self._counted = (time.monotonic(), waiting)
        return waiting < self._capacity

    def state(self) -> DispatchState:
        """How the queue is doing, as its tables say."""
        try:
            waiting, running = self._count("todo"), self._count("doing")
            workers = self._one(
                "select count(*) as count from procrastinate_workers"
                " where last_heartbeat > now() - make_interval(secs => %(seconds)s)",
                seconds=STALLED_AFTER,
            )
        except DispatchError as error:
            return DispatchState(alive=False, waiting=0, running=0, capacity=self._capacity, detail=str(error))
        return DispatchState(
            alive=workers > 0,
            waiting=waiting,
            running=running,
            capacity=self._capacity,
            detail=f"procrastinate, {workers} workers" if workers else "no worker runs; start `greenroom worker`",
        )

    def close(self) -> None:
        """Disconnect."""
        with contextlib.suppress(errors.ProcrastinateException, psycopg.Error):
            self._app.close()

    def _count(self, status: str) -> int:
        return self._one(
            "select count(*) as count from procrastinate_jobs where queue_name = %(queue)s and status = %(status)s",
            queue=QUEUE,
            status=status,
        )

    def _one(self, query: str, **arguments: object) -> int:
        try:
            return int(self._connector.execute_query_one(query, **arguments)["count"])
        except (errors.ProcrastinateException, psycopg.Error) as error:
            raise DispatchError(f"the queue cannot be reached: {type(error).__name__}") from error


async def run_worker(
    url: str, handler: Handler, *, concurrency: int, on_ready: Callable[[], None] | None = None
) -> None:
    """Grade jobs until SIGINT or SIGTERM, or until cancelled; jobs of workers that died are taken over.

    Args:
        url: of the PostgreSQL database.
        handler: grades one submission; called in threads.
        concurrency: submissions graded at the same time.
        on_ready: called once when the worker is connected.

    Raises:
        DispatchError: the database cannot be reached at the start.
    """
    await asyncio.to_thread(ensure_schema, url)
    connector = procrastinate.PsycopgConnector(conninfo=conninfo(url), min_size=2, max_size=concurrency + 4)
    app = procrastinate.App(connector=connector)

    def grade(submission: str) -> None:
        handler(submission)

    app.task(name=TASK, queue=QUEUE)(grade)
    async with app.open_async():
        rescue = asyncio.create_task(_rescue(app), name="rescue jobs of dead workers")
        if on_ready is not None:
            on_ready()
        try:
            await app.run_worker_async(
                queues=[QUEUE],
                concurrency=concurrency,
                delete_jobs="always",
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED_AFTER,
                fetch_job_polling_interval=2.0,
                shutdown_graceful_timeout=20.0,
                # Only the main thread may; elsewhere whoever runs it cancels it.
                install_signal_handlers=threading.current_thread() is threading.main_thread(),
            )
        finally:
            rescue.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await rescue


async def _rescue(app: procrastinate.App) -> None:
    manager = app.job_manager
    while True:
        try:
            for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED_AFTER):
                _log.warning("taking over a job of a worker that died", extra={"job": job.id})
                await _retry(app, job)
        except (errors.ConnectorException, psycopg.Error) as error:
            _log.warning("looking for stalled jobs failed: %s", type(error).__name__)
        await asyncio.sleep(RESCUE_EVERY)


async def _retry(app: procrastinate.App, job: procrastinate.jobs.Job) -> None:
    try:
        await app.job_manager.retry_job(job)
    except errors.UniqueViolation:
        # The sweep has queued the same submission again meanwhile: that one will do.
        if job.id is not None:
            await app.job_manager.finish_job_by_id_async(
                job.id, status=procrastinate.jobs.Status.FAILED, delete_job=True
            )
