"""Files that go into a box: what lies below a folder, and source that writes it inside."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Luggage:
    """The files of a folder that fit."""

    #: Relative path and content.
    files: Mapping[str, bytes]
    #: Relative paths of those that did not fit.
    left: tuple[str, ...]


def pack(folder: Path, *, most: int, most_bytes: int) -> Luggage:
    """The plain files below a folder, without notebooks, hidden files and anything behind a link.

    A folder may be a student's: a link in it could point at an answer. At most ``most`` files are taken, smallest
    first, and ``most_bytes`` of them together.
    """
    found = sorted(_plain_files(folder), key=lambda path: (_size(path), path.as_posix()))
    files: dict[str, bytes] = {}
    left: list[str] = []
    total = 0
    for path in found:
        name = path.relative_to(folder).as_posix()
        content = _content(path, most_bytes - total) if len(files) < most else None
        if content is None:
            left.append(name)
        else:
            files[name] = content
            total += len(content)
    return Luggage(files, tuple(left))


def writing_source(name: str, content: bytes) -> str:
    """Source that writes one file and binds no name."""
    return (
        "(lambda path: (path.parent.mkdir(parents=True, exist_ok=True),"
        f" path.write_bytes({content!r})))(__import__('pathlib').Path({name!r}))"
    )


def _plain_files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        for name in names:
            path = Path(parent, name)
            if not name.startswith((".", "__")) and path.suffix != ".ipynb" and not path.is_symlink():
                yield path


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.lstat().st_size
    return 0


def _content(path: Path, most: int) -> bytes | None:
    """What a plain file holds; None when it is larger, or no plain file by the time that it is opened."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        content = file.read(most + 1)
    return content if len(content) <= most else None
