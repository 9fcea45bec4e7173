"""Places for runs: bounded, and never all of them for one person."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from greenroom_service.practice.runs import Runs


class Ready:
    """Stands for an engine that has started; the work of these tests never asks it for anything."""

    def get(self) -> Any:
        return self


def test_one_person_who_runs_many_leaves_a_place_for_the_next() -> None:
    begun, finish = threading.Semaphore(0), threading.Event()

    def endless(_engine: object) -> str:
        begun.release()
        finish.wait()
        return "eager"

    async def scene() -> str:
        runs = Runs(Ready(), places=2)  # type: ignore[arg-type] # all that is asked of it is get()
        eager = [asyncio.create_task(runs.run("eve", endless)) for _ in range(5)]
        try:
            await asyncio.to_thread(begun.acquire)
            return await runs.run("bob", lambda _: "patient")
        finally:
            finish.set()
            await asyncio.gather(*eager)

    assert asyncio.run(scene()) == "patient"
