"""Finds the notebooks folder: problems/, sheets/ and scenarios/."""

from __future__ import annotations

from pathlib import Path

from greenroom_problems.errors import GreenroomProblemsError


class FolderError(GreenroomProblemsError):
    """There is no notebooks folder where one was expected."""


def notebooks_folder(given: Path | None = None) -> Path:
    """The folder that was given, else ``notebooks`` of the working directory, else the one this package stands in.

    Raises FolderError when it holds no ``problems`` folder.
    """
    candidates = [given] if given is not None else [Path.cwd() / "notebooks", Path(__file__).resolve().parent.parent]
    for folder in candidates:
        if (folder / "problems").is_dir():
            return folder
    raise FolderError(f"no problems/ in {candidates[0]}; name the notebooks folder with --notebooks")
