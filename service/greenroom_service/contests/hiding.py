"""Problems of contests that have not begun: hidden from everybody but those who may set them.

There is one question, asked once per request: which problems may this caller not know of yet? The answer goes with the
request, and the shelf that requests read from leaves those problems out. So it holds for every route, also for one that
is written later; whatever runs outside of a request, such as the grader, sees all problems.
"""

from __future__ import annotations

import threading
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING

from greenroom_service.contests import queries
from greenroom_service.database import now
from greenroom_service.shelf import Shelf

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Mapping, Sequence

    from greenroom_problems import Problem, Sheet
    from greenroom_service.database import AnyRow, Database

#: Seconds for which the list of coming contests is believed; changes by this process are known at once.
BELIEVED = 1.0
_HIDDEN: ContextVar[frozenset[str]] = ContextVar("problems that this request may not know of", default=frozenset())


class Coming:
    """Knows the problems of contests that have not begun. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._rows: Sequence[AnyRow] = ()
        self._until = float("-inf")

    def forget(self) -> None:
        """Look again at the next request: a contest was made or changed."""
        self._until = float("-inf")

    @property
    def nothing_known(self) -> bool:
        """Whether there was nothing to hide a moment ago; costs neither a thread nor a query."""
        return not self._rows and time.monotonic() <= self._until

    def hidden(self, may_see: Callable[[], frozenset[uuid.UUID] | None]) -> frozenset[str]:
        """Ids of problems that a caller may not know of.

        Args:
            may_see: the cohorts whose contests the caller may know before they begin, None for all; asked only when
                something is hidden.
        """
        moment = now()
        # The start counts to the instant, however old the list is.
        coming = [row for row in self._look() if row.starts_at > moment]
        if not coming:
            return frozenset()
        mine = may_see()
        if mine is None:
            return frozenset()
        return frozenset(row.problem_id for row in coming if row.cohort_id not in mine)

    def _look(self) -> Sequence[AnyRow]:
        if time.monotonic() > self._until:
            with self._lock:
                if time.monotonic() > self._until:
                    begun = time.monotonic()
                    with self._database.read() as session:
                        self._rows = queries.upcoming(session, now())
                    self._until = begun + BELIEVED
        return self._rows


def hide(problems: frozenset[str]) -> None:
    """Leave these problems out for the rest of this request."""
    _HIDDEN.set(problems)


class GuardedShelf(Shelf):
    """The shelf, without what the present request may not know of."""

    def problems(self) -> Mapping[str, Problem]:
        """See Shelf."""
        found = super().problems()
        hidden = _HIDDEN.get()
        return {key: one for key, one in found.items() if key not in hidden} if hidden else found

    def sheets(self) -> Mapping[str, Sheet]:
        """See Shelf; a sheet that names a hidden problem is shown without it."""
        found = super().sheets()
        hidden = _HIDDEN.get()
        if not hidden:
            return found
        return {key: _without(sheet, hidden) for key, sheet in found.items()}


def _without(sheet: Sheet, hidden: frozenset[str]) -> Sheet:
    left = tuple(
        entry.model_copy(update={"after": tuple(one for one in entry.after if one not in hidden)})
        for entry in sheet.entries
        if entry.problem not in hidden
    )
    return sheet.model_copy(update={"entries": left})
