"""Chores are done when the service starts and again later, and one that fails keeps none of the others back."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from greenroom_service import chores
from greenroom_service.chores import Chores

if TYPE_CHECKING:
    import pytest


def test_a_chore_that_fails_keeps_none_of_the_others_back() -> None:
    done: list[str] = []

    def away() -> None:
        raise OperationalError("select 1", {}, Exception("away"))

    def broken() -> None:
        raise ValueError

    Chores({"away": away, "broken": broken, "well": lambda: done.append("well")}).once()
    assert done == ["well"]


def test_chores_are_done_at_once_and_again_until_the_service_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "EVERY", 0.001)
    rounds = threading.Semaphore(0)
    running = Chores({"count": rounds.release})
    running.start()
    for _ in range(3):
        assert rounds.acquire(timeout=30)
    running.stop()
    while rounds.acquire(blocking=False):
        pass
    assert not rounds.acquire(timeout=0.05)
