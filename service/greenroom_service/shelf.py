"""The shelf: the problems that this service offers, loaded from their notebooks and loaded again when those change."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import nh3
from markdown_it import MarkdownIt

from greenroom_problems import catalogue, sheets
from greenroom_service.errors import NotFoundError
from greenroom_service.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from greenroom_problems import Problem, Sheet

#: Seconds between two looks at the folder.
LOOK_EVERY = 2.0
_log = get_logger("greenroom.shelf")
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


class Shelf:
    """Problems by id. Thread-safe.

    Args:
        folder: of problem notebooks; one that does not exist holds none. Sheets lie in ``sheets`` beside it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sheet_folder = folder.parent / "sheets"
        self._lock = threading.Lock()
        self._looked = float("-inf")
        self._seen: object = None
        self._problems: Mapping[str, Problem] = {}
        self._sheets: Mapping[str, Sheet] = {}
        self._html: dict[str, str] = {}
        self._words: dict[str, str] = {}

    def problems(self) -> Mapping[str, Problem]:
        """All problems, in the order of their ids."""
        # One request looks; the others are answered from what is known, except where nothing is known yet.
        if time.monotonic() - self._looked > LOOK_EVERY and self._lock.acquire(blocking=self._seen is None):
            try:
                if time.monotonic() - self._looked > LOOK_EVERY:
                    self._look()
                    self._looked = time.monotonic()
            finally:
                self._lock.release()
        return self._problems

    def start(self) -> None:
        """Load the problems in the background, so that the first student does not wait for it."""
        threading.Thread(target=self.problems, name="greenroom-load-problems", daemon=True).start()

    def problem(self, problem_id: str) -> Problem:
        """One problem; NotFoundError when there is none of this id."""
        found = self.problems().get(problem_id)
        if found is None:
            raise NotFoundError("There is no such problem. See the list at v1/problems.")
        return found

    def sheets(self) -> Mapping[str, Sheet]:
        """All sheets, in the order of their ids."""
        self.problems()
        return self._sheets

    def sheet(self, sheet_id: str) -> Sheet:
        """One sheet; NotFoundError when there is none of this id."""
        found = self.sheets().get(sheet_id)
        if found is None:
            raise NotFoundError("There is no such sheet. See the list at v1/sheets.")
        return found

    def mentions(self, problem: Problem, words: Sequence[str]) -> bool:
        """Whether a problem's id, title, topics or statement hold all of these words; ``words`` are casefolded."""
        known = self._words.get(problem.digest)
        if known is None:
            known = "\n".join((problem.id, problem.title, *problem.topics, problem.statement)).casefold()
            self._words[problem.digest] = known
        return all(word in known for word in words)

    def html(self, problem: Problem) -> str:
        """A problem's statement as sanitised HTML."""
        known = self._html.get(problem.digest)
        if known is None:
            known = nh3.clean(_markdown.render(problem.statement))
            self._html[problem.digest] = known
        return known

    def _look(self) -> None:
        files = [*self._folder.glob("*.md"), *self._sheet_folder.glob("*.yaml")]
        seen = tuple(sorted((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files))
        if seen == self._seen:
            return
        loaded = catalogue(self._folder)
        for finding in loaded.findings:
            _log.warning("problem", file=finding.file, place=finding.place, message=finding.message)
        found = sheets(self._sheet_folder, loaded.problems)
        for finding in found.findings:
            _log.warning("sheet", file=finding.file, place=finding.place, message=finding.message)
        self._problems = dict(loaded.problems)
        self._sheets = dict(found.sheets)
        self._html.clear()
        self._words.clear()
        self._seen = seen
