"""What every dispatch offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

#: Grades the submission of this id. Called in a thread of its own, possibly twice for one id and possibly at the same
#: time; it must claim the row first. What it raises is logged and ends only this job.
Handler = Callable[[str], None]


class Priority(IntEnum):
    """Who is served first when submissions wait. Higher goes first; equals see :attr:`Job.behind`."""

    REJUDGE = 0
    PRACTICE = 10
    CONTEST = 20


@dataclass(frozen=True, slots=True)
class Job:
    """One submission that should be graded."""

    id: str
    priority: Priority = Priority.PRACTICE
    #: How many of the same person's wait already. Among equals those with fewer go first, then those that came first,
    #: so that nobody waits for everything that one person hands in at once.
    behind: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchState:
    """How a dispatch is doing, for /readyz and metrics."""

    alive: bool
    waiting: int
    running: int
    capacity: int
    #: One sentence.
    detail: str


class Dispatch(Protocol):
    """A queue of submissions. Thread-safe."""

    def start(self) -> None:
        """Begin to work. Called once by the service when it starts, after the database was migrated."""
        ...

    def submit(self, job: Job) -> None:
        """Queue a job; one that waits already is not queued twice.

        Called by the service after the row was committed, and by the sweep for rows that were left behind.

        Raises:
            DispatchFullError: back-pressure; the row stays queued and the sweep brings it again.
            DispatchError: the queue cannot be reached; likewise.
        """
        ...

    def has_room(self) -> bool:
        """Whether a new submission should be accepted. Called by the service before the row is written."""
        ...

    def state(self) -> DispatchState:
        """How it is doing. Never raises."""
        ...

    def close(self) -> None:
        """Stop taking jobs and wait a little for those that run. Never raises, may be called twice."""
        ...
