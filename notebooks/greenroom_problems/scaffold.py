"""A new problem to begin with: small, complete, and sound, so that the gate passes before the first word is changed."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from greenroom_problems.errors import GreenroomProblemsError

if TYPE_CHECKING:
    from pathlib import Path

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class ScaffoldError(GreenroomProblemsError):
    """A new problem cannot be begun under this id; its text is the line for the author."""


def scaffold_text(problem_id: str) -> str:
    """Return the text of a complete problem with this id, its title and function named after it."""
    if not _ID.fullmatch(problem_id):
        raise ScaffoldError(f"{problem_id!r} is no problem id: use small letters, digits and hyphens, as in two-sum")
    template = files("greenroom_problems").joinpath("template.md").read_text(encoding="utf-8")
    title = problem_id.replace("-", " ").capitalize()
    named = template.replace("problem-id", problem_id).replace("Problem Title", title)
    return named.replace("problem_function", problem_id.replace("-", "_"))


def scaffold(problem_id: str, folder: Path) -> Path:
    """Write ``<folder>/<problem_id>.md`` and return its path.

    Raises ScaffoldError when the id is not one, or when the file exists: nothing is ever overwritten.
    """
    text = scaffold_text(problem_id)
    path = folder / f"{problem_id}.md"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ScaffoldError(f"{path} exists already; choose another id or edit that file") from None
    except OSError as error:
        raise ScaffoldError(f"cannot write {path}: {error.strerror}") from None
    return path
