"""Rooms: the parts of interviews, how they are put together, and the order in which they start and stop."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio.to_thread
from sqlalchemy.exc import SQLAlchemyError

from greenroom_service.crypto import Keyring
from greenroom_service.interviews.budgets import Budgets, prices
from greenroom_service.interviews.conversation import Conversations
from greenroom_service.interviews.desk import Desk
from greenroom_service.interviews.house import SwitchBoard
from greenroom_service.interviews.library import Library
from greenroom_service.interviews.transcript import Transcripts
from greenroom_service.interviews.writing import Writer
from greenroom_service.logs import get_logger

if TYPE_CHECKING:
    import uuid

    from greenroom_service.database import Database
    from greenroom_service.interviews.calls import Patience
    from greenroom_service.interviews.claude import Claude
    from greenroom_service.settings import Settings
    from greenroom_service.shelf import Shelf

#: Seconds between two looks for turns whose process died, for interviews whose time is up, and for missing reports.
SWEEP_EVERY = 10.0
_log = get_logger("greenroom.interviews")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interviews:
    """Everything that routes of interviews need."""

    library: Library
    desk: Desk
    house: SwitchBoard
    budgets: Budgets
    conversations: Conversations
    writer: Writer
    claude: Claude | None
    #: Whether this process is the only one that answers turns.
    sole: bool
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> None:
        """Take up what an earlier process left, and keep looking. Called within the running event loop.

        Raises:
            SettingsError: the file of the keys cannot be used.
        """
        self.desk.transcripts.keyring.load()
        self._tasks.append(asyncio.create_task(self._sweep(), name="sweep interviews"))

    async def stop(self) -> None:
        """End replies and reports; what is not done is taken up again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.conversations.close()
        await self.writer.close()
        if self.claude is not None:
            await self.claude.close()

    async def _sweep(self) -> None:
        first = True
        while True:
            with contextlib.suppress(Exception):
                try:
                    for interview in await anyio.to_thread.run_sync(self._look, first and self.sole):
                        self.writer.begin(interview)
                    first = False
                except SQLAlchemyError as error:
                    _log.warning("interviews cannot be swept", error=type(error).__name__)
            await asyncio.sleep(SWEEP_EVERY)

    def _look(self, everything: bool) -> list[uuid.UUID]:
        lost = self.desk.recover(everything=everything)
        if lost:
            _log.warning("turns were lost", count=lost)
        self.budgets.sweep()
        self.desk.end_overdue()
        return self.writer.unwritten()


def build(settings: Settings, database: Database, shelf: Shelf, patience: Patience | None = None) -> Interviews:
    """Put the rooms together. Nothing is started and nobody is called yet.

    Raises:
        SettingsError: the key, the key file or the prices cannot be used.
    """
    claude = None
    if settings.claude_key_file is not None:
        # Importing the SDK takes seconds and 75 MB: only where there is a key.
        from greenroom_service.interviews.claude import Claude, read_key  # noqa: PLC0415

        claude = Claude(read_key(settings.claude_key_file), settings.claude_url, patience)
    library = Library(settings.scenarios, shelf)
    desk = Desk(database, Transcripts(Keyring(settings.keys, lazy=True)), library.subject)
    house = SwitchBoard(database, settings)
    rate = settings.claude_turns_per_minute
    budgets = Budgets(database, prices(settings.claude_prices), bucket=max(10.0, rate), per_minute=rate)
    writer = Writer(desk=desk, budgets=budgets, house=house, claude=claude, model=settings.claude_report_model)
    conversations = Conversations(
        desk=desk,
        budgets=budgets,
        house=house,
        claude=claude,
        economy_model=settings.claude_economy_model,
        on_end=writer.begin,
    )
    return Interviews(
        library=library,
        desk=desk,
        house=house,
        budgets=budgets,
        conversations=conversations,
        writer=writer,
        claude=claude,
        sole=database.is_sqlite,
    )
