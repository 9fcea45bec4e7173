"""Chores: what the service does by itself every few minutes, in each of its processes.

A chore must bear being done by several processes at once, and half done: it decides in the database, row by row.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from greenroom_service.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Seconds between two rounds.
EVERY = 300.0
_log = get_logger("greenroom.chores")


class Chores:
    """Does every chore when it starts, and again every EVERY seconds.

    Args:
        chores: what to do, by name.
    """

    def __init__(self, chores: Mapping[str, Callable[[], object]]) -> None:
        self._chores = dict(chores)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="greenroom-chores", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the chore that is being done."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def once(self) -> None:
        """Do every chore once. One that fails does not keep the others from being done."""
        for name, chore in self._chores.items():
            if self._stop.is_set():
                return
            try:
                chore()
            except SQLAlchemyError as error:
                _log.warning("a chore failed", chore=name, error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the thread must live on to try again
                _log.exception("a chore failed", chore=name, error=type(error).__name__)

    def _run(self) -> None:
        while True:
            self.once()
            if self._stop.wait(EVERY):
                return
