"""Remembers problems that passed the gate, so that a catalogue of which little changed is checked quickly.

An inspection is used again only when nothing that it depends on has changed: the problem, every file of the grader and
of the problem format, Python, and the libraries that boxes have. Only problems without a finding are remembered: what
failed may have failed by a busy machine, and is tried again. ``greenroom check --no-cache`` asks nothing of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tempfile
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

import greenroom_grader
import greenroom_problems
from greenroom_grader.gate.inspection import Inspection

if TYPE_CHECKING:
    from greenroom_problems import Problem

#: Raised when the form of a stored inspection changes.
FORMAT: Final = 1
_LIBRARIES: Final = ("numpy", "pandas")
_INSPECTION: Final = TypeAdapter(Inspection)


def cache_folder() -> Path:
    """Where results are kept: ``greenroom/check`` in the user's cache, see the XDG Base Directory Specification."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(given) if Path(given).is_absolute() else Path.home() / ".cache"
    return base / "greenroom" / "check"


@cache
def code_digest() -> str:
    """SHA-256, hex, of all that decides what the gate finds, apart from the problem itself."""
    digest = hashlib.sha256(f"{FORMAT} {platform.python_version()} {platform.machine()}".encode())
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            digest.update(f"{name} {version(name)}".encode())
    for package in (greenroom_grader, greenroom_problems):
        folder = Path(package.__path__[0])
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{path.relative_to(folder)} {content}\n".encode())
    return digest.hexdigest()


class InspectionCache:
    """Clean inspections on disk, the latest of each problem. A cache that cannot be read or written is an empty one."""

    def __init__(self, folder: Path, *, unsafe: bool = False) -> None:
        """``unsafe``: whether boxes may run without isolation, where limits hold less exactly."""
        self._folder = folder
        self._unsafe = unsafe

    def get(self, problem: Problem) -> Inspection | None:
        """The inspection of this very problem by this very code; None when there is none."""
        try:
            form = json.loads(self._path(problem).read_text(encoding="utf-8"))
            if form["key"] != self._key(problem):
                return None
            inspection = _INSPECTION.validate_python(form["inspection"])
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            return None
        return replace(inspection, cached=True)

    def put(self, problem: Problem, inspection: Inspection) -> None:
        """Keep an inspection, when it is clean."""
        if inspection.findings:
            return
        form = {"key": self._key(problem), "inspection": _INSPECTION.dump_python(inspection, mode="json")}
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=".check-")
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    json.dump(form, file, ensure_ascii=False)
                Path(name).replace(self._path(problem))
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise

    def _path(self, problem: Problem) -> Path:
        return self._folder / f"{problem.id}.json"

    def _key(self, problem: Problem) -> str:
        file = problem.path.name if problem.path is not None else ""
        return hashlib.sha256(f"{code_digest()} {self._unsafe} {file} {problem.digest}".encode()).hexdigest()
