"""Errors of the problem format, in one tree, and the findings that they carry.

::

    GreenroomProblemsError
    |-- FindingsError           a file does not follow its format; carries one finding per fault
    |   |-- ProblemError        a problem
    |   |-- SheetError          a sheet
    |   `-- ScenarioError       an interview scenario
    |-- FolderError             no notebooks folder is where one was expected
    `-- ConversionError         a file of another format cannot be imported, or a problem not exported
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault that an author can repair: where it is, what it is, and what to write instead."""

    #: File name relative to the folder that was read, or a problem's id; empty for text without a file.
    file: str
    #: The place inside the file: ``front matter``, ``cell 4 (tests)``, ``line 12``; empty for the whole file.
    place: str
    #: What is wrong.
    message: str
    #: What to write instead; empty when the message says it.
    fix: str = ""

    def __str__(self) -> str:
        """One line: file, place, message, fix."""
        where = ": ".join(part for part in (self.file, self.place) if part)
        text = f"{where}: {self.message}" if where else self.message
        return f"{text}; {self.fix}" if self.fix else text

    def form(self) -> dict[str, str]:
        """Plain data, as ``--json`` prints it."""
        return {"file": self.file, "place": self.place, "message": self.message, "fix": self.fix}


class GreenroomProblemsError(Exception):
    """Base of every error that this package raises on purpose."""


class FindingsError(GreenroomProblemsError):
    """A file that cannot be loaded; ``findings`` holds every fault, the message the first."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        more = len(self.findings) - 1
        suffix = f" (and {more} more)" if more > 0 else ""
        super().__init__(f"{self.findings[0]}{suffix}")


class ProblemError(FindingsError):
    """A problem file does not follow the format."""


class SheetError(FindingsError):
    """A sheet does not follow its format."""


class ScenarioError(FindingsError):
    """An interview scenario does not follow its format."""


class ConversionError(GreenroomProblemsError):
    """A file of another format cannot be read, or a problem cannot be written in it."""
