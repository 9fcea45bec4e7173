"""Dispatch within one process: a bounded priority queue and a few worker threads."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from typing import TYPE_CHECKING

from greenroom_grader.dispatch.interface import DispatchState
from greenroom_grader.errors import DispatchError, DispatchFullError

if TYPE_CHECKING:
    from greenroom_grader.dispatch.interface import Handler, Job

_log = logging.getLogger(__name__)


class InProcessDispatch:
    """Grades in threads of this process.

    Args:
        handler: see :data:`greenroom_grader.dispatch.interface.Handler`.
        workers: how many submissions are graded at the same time.
        capacity: how many may wait.
        patience: seconds that close() waits for running jobs.
    """

    def __init__(self, handler: Handler, *, workers: int = 2, capacity: int = 2000, patience: float = 5.0) -> None:
        self._handler = handler
        self._capacity = capacity
        self._patience = patience
        self._order = itertools.count()
        # Entries are (-priority, behind, arrival, id): the smallest is the most urgent, the earliest among equals.
        self._heap: list[tuple[int, int, int, str]] = []
        self._known: set[str] = set()
        self._running = 0
        self._closed = False
        self._changed = threading.Condition()
        self._threads = [
            threading.Thread(target=self._work, name=f"greenroom-grade-{number}", daemon=True)
            for number in range(workers)
        ]

    def start(self) -> None:
        """Start the worker threads."""
        for thread in self._threads:
            thread.start()

    def submit(self, job: Job) -> None:
        """Queue a job, unless it waits or runs already."""
        with self._changed:
            if self._closed:
                raise DispatchError("the dispatch is closing; the submission is graded after the restart")
            if job.id in self._known:
                return
            if len(self._heap) >= self._capacity:
                raise DispatchFullError(f"{self._capacity} submissions wait already; try again in a moment")
            self._known.add(job.id)
            heapq.heappush(self._heap, (-int(job.priority), job.behind, next(self._order), job.id))
            self._changed.notify()

    def has_room(self) -> bool:
        """Whether the queue is below its capacity."""
        with self._changed:
            return not self._closed and len(self._heap) < self._capacity

    def state(self) -> DispatchState:
        """How it is doing."""
        with self._changed:
            alive = not self._closed and all(thread.is_alive() for thread in self._threads)
            return DispatchState(
                alive=alive,
                waiting=len(self._heap),
                running=self._running,
                capacity=self._capacity,
                detail=f"in process, {len(self._threads)} workers",
            )

    def close(self) -> None:
        """Forget what waits (the rows know it) and wait for what runs, at most ``patience`` seconds."""
        with self._changed:
            self._closed = True
            self._heap.clear()
            self._changed.notify_all()
        deadline = time.monotonic() + self._patience
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))

    def _work(self) -> None:
        while (job_id := self._take()) is not None:
            try:
                self._handler(job_id)
            except Exception as error:  # noqa: BLE001 - one bad job must not end the thread
                # The type only: a message could quote a student's code.
                _log.error("grading ended with %s", type(error).__name__, extra={"submission": job_id})
            finally:
                with self._changed:
                    self._running -= 1
                    self._known.discard(job_id)

    def _take(self) -> str | None:
        with self._changed:
            while not self._heap and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            *_, job_id = heapq.heappop(self._heap)
            self._running += 1
            return job_id
