"""The shelf: every problem as the notebook that students get, released once per version.

A released notebook is kept on disk under the SHA-256 of its source and of the code that releases, so that neither a
second student nor a second start of the Hub releases it again.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger("jupyterhub.greenroom")


@dataclass(slots=True)
class Shelf:
    """Released notebooks of the problems in one folder."""

    #: The source files, ``<id>.md``.
    problems: Path
    #: The package that releases them; a notebook made by another version of it is made again.
    code: Path
    #: Where released notebooks are kept.
    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _seen: dict[Path, tuple[tuple[int, int], bytes | None]] = field(default_factory=dict)
    _code: bytes = b""

    def notebooks(self) -> dict[str, bytes]:
        """Return the text of every sound problem's notebook, by problem id.

        A problem that does not load is left out and named in the Hub's log; the others are not held up by it. May
        take seconds the first time: call it in a thread.
        """
        with self._lock:
            self._code = self._code or b"".join(file.read_bytes() for file in sorted(self.code.glob("*.py")))
            found = {source.stem: self._notebook(source) for source in sorted(self.problems.glob("*.md"))}
        return {ident: content for ident, content in found.items() if content is not None}

    def _notebook(self, source: Path) -> bytes | None:
        state = source.stat()
        stamp = (state.st_mtime_ns, state.st_size)
        known = self._seen.get(source)
        if known is None or known[0] != stamp:
            self._seen[source] = known = (stamp, self._released(source))
        return known[1]

    def _released(self, source: Path) -> bytes | None:
        text = source.read_bytes()
        digest = hashlib.sha256(self._code + text).hexdigest()
        kept = self.folder / f"{source.stem}-{digest[:32]}.ipynb"
        if kept.exists():
            return kept.read_bytes()
        content = release(source)
        if content is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            fresh = kept.with_suffix(".new")
            fresh.write_bytes(content)
            fresh.replace(kept)
        return content


def release(source: Path) -> bytes | None:
    """Return the notebook made from the problem at *source* as UTF-8 JSON, None when it does not load."""
    import nbformat  # noqa: PLC0415 (a Hub with a warm shelf never needs these two)

    import greenroom_problems  # noqa: PLC0415

    try:
        node = greenroom_problems.release(greenroom_problems.load(source))
    except greenroom_problems.GreenroomProblemsError as error:
        log.warning("Not delivered to students: %s", error)
        return None
    return str(nbformat.writes(node)).encode()
