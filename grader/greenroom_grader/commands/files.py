"""What a user names on the command line, checked before anything runs: a problem, source files, notebooks."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from greenroom_grader.errors import UsageError
from greenroom_problems.catalogue import problem_files
from greenroom_problems.folder import notebooks_folder
from greenroom_problems.load import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenroom_problems.problem import Problem

#: Stands for standard input.
STDIN: Final = "-"
#: Bytes of one source file; the editor takes far less.
MAX_BYTES: Final = 1_000_000


def find_problem(name: str, notebooks: Path | None = None) -> Problem:
    """The problem of that id, or in that ``.md`` file.

    Raises:
        UsageError: there is no such problem.
        FolderError: there is no notebooks folder.
        ProblemError: its file does not follow the format.
    """
    return load(_problem_path(name, notebooks))


def _problem_path(name: str, notebooks: Path | None) -> Path:
    if name.endswith(".md"):
        path = Path(name)
        if not path.is_file():
            raise UsageError(f"{name}: no such problem file")
        return path
    known = {path.stem: path for path in problem_files(notebooks_folder(notebooks) / "problems")}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3)
        advice = f"did you mean {' or '.join(near)}?" if near else "./greenroom check lists all problems that it checks"
        raise UsageError(f"there is no problem {name!r}; {advice}")
    return known[name]


def read_source(name: str) -> str:
    """The Python source in a file, or on standard input for ``-``.

    Raises:
        UsageError: it is missing, unreadable, too large, a notebook, or not UTF-8.
    """
    content = sys.stdin.buffer.read(MAX_BYTES + 1) if name == STDIN else _read(_file(name))
    if len(content) > MAX_BYTES:
        raise UsageError(f"{name}: larger than {MAX_BYTES // 1_000_000} MB; a solution is a small file")
    if name.endswith(".ipynb"):
        raise UsageError(
            f"{name}: a notebook, not Python source; save the solution as a .py file, or use --assignment SOURCE.ipynb"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{name}: line {line} is not valid UTF-8; save the file as UTF-8") from error


def check_notebooks(names: Sequence[str]) -> list[Path]:
    """Paths of notebooks that are there and can be opened; what stands in them is the grading's business.

    Raises:
        UsageError: one is missing or unreadable.
    """
    paths = [_file(name) for name in names]
    for path in paths:
        try:
            path.open("rb").close()
        except OSError as error:
            raise UsageError(f"{path}: cannot be read ({error.strerror or error})") from error
    return paths


def _file(name: str) -> Path:
    path = Path(name)
    try:
        if path.is_dir():
            raise UsageError(f"{name}: a folder; name files")
        if not path.exists():
            raise UsageError(f"{name}: no such file")
    except (OSError, ValueError) as error:  # a name that no file can have
        raise UsageError(f"{name[:200]!r}: not the name of a file") from error
    return path


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror or error})") from error
