"""What both dispatches promise: within one process, and through a real PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Protocol

import pytest

from greenroom_grader.dispatch import InProcessDispatch, Job, Priority
from greenroom_grader.dispatch.postgres import ProcrastinateDispatch, run_worker
from greenroom_grader.errors import DispatchError, DispatchFullError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greenroom_grader.dispatch import Dispatch

    Make = Callable[..., "Bench"]

_PATIENCE = 60.0


class Bench(Protocol):
    """A dispatch, and those who work for it from when they are told to."""

    dispatch: Dispatch

    def work(self) -> None: ...

    def close(self) -> None: ...


class Recorder:
    """A handler that remembers."""

    def __init__(self) -> None:
        self.handled: list[str] = []
        self.begun = threading.Semaphore(0)
        self.go = threading.Event()
        self.go.set()

    def __call__(self, job_id: str) -> None:
        self.begun.release()
        assert self.go.wait(_PATIENCE)
        self.handled.append(job_id)
        if "broken" in job_id:
            raise RuntimeError(job_id)

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + _PATIENCE
        while len(self.handled) < count:
            assert time.monotonic() < deadline, f"{len(self.handled)} of {count} jobs were handled"
            time.sleep(0.01)


class InProcessBench:
    def __init__(self, handler: Recorder, *, workers: int, capacity: int) -> None:
        self.dispatch = InProcessDispatch(handler, workers=workers, capacity=capacity)

    def work(self) -> None:
        self.dispatch.start()

    def close(self) -> None:
        self.dispatch.close()


class ProcrastinateBench:
    def __init__(self, handler: Recorder, url: str, *, workers: int, capacity: int) -> None:
        self.dispatch = ProcrastinateDispatch(url, capacity=capacity)
        self.dispatch.start()
        self._handler, self._url, self._workers = handler, url, workers
        self._thread: threading.Thread | None = None
        self._stop: Callable[[], object] = lambda: None

    def work(self) -> None:
        ready = threading.Event()

        async def run() -> None:
            loop, task = asyncio.get_running_loop(), asyncio.current_task()
            assert task is not None
            self._stop = lambda: loop.call_soon_threadsafe(task.cancel)
            with contextlib.suppress(asyncio.CancelledError):
                await run_worker(self._url, self._handler, concurrency=self._workers, on_ready=ready.set)

        self._thread = threading.Thread(target=lambda: asyncio.run(run()))
        self._thread.start()
        assert ready.wait(_PATIENCE)

    def close(self) -> None:
        if self._thread is not None:
            self._stop()
            self._thread.join(_PATIENCE)
            assert not self._thread.is_alive()
        self.dispatch.close()


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(params=["in-process", pytest.param("procrastinate", marks=pytest.mark.services)])
def make(request: pytest.FixtureRequest, recorder: Recorder) -> Iterator[Make]:
    """Makes the dispatch of a test, which calls the recorder."""
    with contextlib.ExitStack() as stack:

        def one(*, workers: int = 2, capacity: int = 2000) -> Bench:
            bench: Bench
            if request.param == "in-process":
                bench = InProcessBench(recorder, workers=workers, capacity=capacity)
            else:
                url = stack.enter_context(request.getfixturevalue("postgres").database())
                bench = ProcrastinateBench(recorder, url, workers=workers, capacity=capacity)
            stack.callback(bench.close)
            stack.callback(recorder.go.set)
            return bench

        yield one


def settle(dispatch: Dispatch) -> None:
    """Wait until nothing waits or runs."""
    deadline = time.monotonic() + _PATIENCE
    while (state := dispatch.state()).waiting or state.running:
        assert time.monotonic() < deadline, state
        time.sleep(0.02)


def test_every_job_is_handled_once(make: Make, recorder: Recorder) -> None:
    bench = make(workers=4)
    bench.work()
    for number in range(40):
        bench.dispatch.submit(Job(f"job-{number}"))
    recorder.wait_for(40)
    settle(bench.dispatch)
    assert Counter(recorder.handled) == Counter(f"job-{number}" for number in range(40))


def test_the_most_urgent_goes_first_and_equals_in_the_order_they_came(make: Make, recorder: Recorder) -> None:
    bench = make(workers=1)
    order = [
        Job("again", Priority.REJUDGE),
        Job("first", Priority.PRACTICE),
        Job("contest", Priority.CONTEST),
        Job("second", Priority.PRACTICE),
        Job("contest too", Priority.CONTEST),
    ]
    for job in order:
        bench.dispatch.submit(job)
    bench.work()
    recorder.wait_for(5)
    assert recorder.handled == ["contest", "contest too", "first", "second", "again"]


def test_nobody_waits_for_all_that_another_handed_in_at_once(make: Make, recorder: Recorder) -> None:
    bench = make(workers=1)
    for number in range(12):
        bench.dispatch.submit(Job(f"eager {number}", behind=number))
    bench.dispatch.submit(Job("rejudged", Priority.REJUDGE))
    bench.dispatch.submit(Job("patient", behind=0))
    bench.dispatch.submit(Job("in a contest", Priority.CONTEST, behind=12))
    bench.work()
    recorder.wait_for(15)
    assert recorder.handled == [
        "in a contest",
        "eager 0",
        "patient",
        *(f"eager {number}" for number in range(1, 12)),
        "rejudged",
    ]


def test_what_waits_already_is_not_queued_twice(make: Make, recorder: Recorder) -> None:
    bench = make()
    for _ in range(5):
        bench.dispatch.submit(Job("same"))
    assert bench.dispatch.state().waiting == 1
    bench.work()
    recorder.wait_for(1)
    settle(bench.dispatch)
    assert recorder.handled == ["same"]


def test_what_was_handled_may_come_again(make: Make, recorder: Recorder) -> None:
    bench = make()
    bench.work()
    for count in (1, 2):
        bench.dispatch.submit(Job("again"))
        recorder.wait_for(count)
        settle(bench.dispatch)
    assert recorder.handled == ["again", "again"]


def test_a_full_queue_says_so_and_has_room_again_later(make: Make, recorder: Recorder) -> None:
    bench = make(capacity=3)
    for number in range(3):
        assert bench.dispatch.has_room()
        bench.dispatch.submit(Job(str(number)))
    deadline = time.monotonic() + _PATIENCE
    while bench.dispatch.has_room():  # a count may be a moment old
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with pytest.raises(DispatchFullError, match="3 submissions wait already"):
        bench.dispatch.submit(Job("one too many"))
    bench.work()
    recorder.wait_for(3)
    settle(bench.dispatch)
    deadline = time.monotonic() + _PATIENCE
    while not bench.dispatch.has_room():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_job_that_fails_ends_alone(make: Make, recorder: Recorder) -> None:
    bench = make(workers=1)
    bench.work()
    for name in ("broken one", "broken two", "sound"):
        bench.dispatch.submit(Job(name))
    recorder.wait_for(3)
    settle(bench.dispatch)
    assert sorted(recorder.handled) == ["broken one", "broken two", "sound"]


def test_as_many_run_at_the_same_time_as_there_are_workers(make: Make, recorder: Recorder) -> None:
    bench = make(workers=3)
    recorder.go.clear()
    bench.work()
    for number in range(5):
        bench.dispatch.submit(Job(str(number)))
    for _ in range(3):
        assert recorder.begun.acquire(timeout=_PATIENCE)
    state = bench.dispatch.state()
    assert (state.alive, state.waiting, state.running) == (True, 2, 3)
    assert not recorder.handled
    recorder.go.set()
    recorder.wait_for(5)


def test_a_closed_dispatch_takes_nothing_and_can_be_closed_again(make: Make) -> None:
    bench = make()
    bench.dispatch.close()
    with pytest.raises(DispatchError):
        bench.dispatch.submit(Job("late"))
    assert not bench.dispatch.state().alive
    bench.dispatch.close()
