"""Library: the scenarios that this service offers, and the subject of any interview."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from greenroom_problems import Kind as ProblemKind
from greenroom_problems import scenarios
from greenroom_service.errors import NotFoundError
from greenroom_service.interviews.phases import Kind
from greenroom_service.interviews.subjects import of_problem, of_scenario
from greenroom_service.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from greenroom_problems import Scenario
    from greenroom_service.interviews.subjects import Subject
    from greenroom_service.shelf import Shelf

#: Seconds between two looks at the folder.
LOOK_EVERY = 5.0
_log = get_logger("greenroom.library")


class Library:
    """Scenarios by id, and subjects. Thread-safe.

    Args:
        folder: of scenarios; one that does not exist holds none.
        shelf: of problems.
    """

    def __init__(self, folder: Path, shelf: Shelf) -> None:
        self._folder = folder
        self._shelf = shelf
        self._lock = threading.Lock()
        self._looked = float("-inf")
        self._seen: object = None
        self._scenarios: Mapping[str, Scenario] = {}
        self._subjects: dict[tuple[Kind, str, object], Subject] = {}

    def scenarios(self) -> Mapping[str, Scenario]:
        """All scenarios, in the order of their ids."""
        with self._lock:
            if time.monotonic() - self._looked > LOOK_EVERY:
                self._look()
                self._looked = time.monotonic()
            return self._scenarios

    def subject(self, kind: Kind, subject_id: str) -> Subject:
        """What an interview is about.

        Raises:
            NotFoundError: no such problem or scenario, or one that no interview of this kind can be about.
        """
        if kind is Kind.CODING:
            problem = self._shelf.problem(subject_id)
            if problem.kind is ProblemKind.CELLS:
                raise NotFoundError("An interview needs a problem with one editor; this one is a notebook.")
            key: tuple[Kind, str, object] = (kind, subject_id, problem.digest)
            if key not in self._subjects:
                self._subjects[key] = of_problem(problem)
            return self._subjects[key]
        found = self.scenarios().get(subject_id)
        if found is None or found.kind.value != kind.value:
            raise NotFoundError("There is no such scenario. See the list at v1/scenarios.")
        key = (kind, subject_id, self._seen)
        if key not in self._subjects:
            self._subjects[key] = of_scenario(found)
        return self._subjects[key]

    def _look(self) -> None:
        paths = sorted(self._folder.glob("*.md"))
        seen = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
        if seen == self._seen:
            return
        loaded = scenarios(self._folder)
        for finding in loaded.findings:
            _log.warning("scenario", file=finding.file, place=finding.place, message=finding.message)
        self._scenarios, self._seen = dict(sorted(loaded.scenarios.items())), seen
        self._subjects.clear()
