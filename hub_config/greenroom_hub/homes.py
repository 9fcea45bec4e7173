"""Homes: each student's folder, and the problem notebooks that are put into it.

The Hub may run as root, and the student owns the home and may have planted anything in it. So nothing here follows a
symbolic link inside a home, no name is opened twice, and no file that exists is ever written: files are made under a
name of their own in the folder that is held open, and then linked to their place, which fails when it is taken.

Which notebooks a student was given is kept outside the home. One that the student deleted stays deleted; when the
whole ``problems`` folder is gone, all come back, and a server can be started with ``{"restore": ["two-sum"]}``.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from greenroom_hub.errors import HubError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

#: The folder of a home that problems are put into.
PROBLEMS = "problems"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class HomeError(HubError):
    """A home cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one start of a server put into a home."""

    placed: tuple[str, ...] = ()
    #: Why nothing could be put there; empty when all is well.
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Homes:
    """All homes of a deployment."""

    #: One folder per student; nobody but the Hub can enter it by this path.
    folder: Path
    #: One JSON file per student: what was delivered, by problem.
    records: Path
    #: Owners by number: students' own uids when the Hub is root, None when all run as the Hub's user.
    as_root: bool = field(default_factory=lambda: os.geteuid() == 0)

    def open(self, name: str, uid: int | None) -> Delivery:
        """Make the home of *name*, owned by *uid*, when it is missing. Raises HomeError."""
        with self._home(name, uid):
            return Delivery()

    def deliver(
        self, name: str, uid: int | None, notebooks: Mapping[str, bytes], restore: Collection[str] = ()
    ) -> Delivery:
        """Put the *notebooks* (contents by problem id) that *name* was never given into the home. Raises HomeError."""
        with self._home(name, uid) as home:
            made = _make_folder(home, PROBLEMS, uid)
            try:
                problems = os.open(PROBLEMS, _FOLDER, dir_fd=home)
            except OSError:
                return Delivery(obstacle=f"{PROBLEMS} in the home of {name} is not a folder")
            try:
                given = set() if made else self._given(name) - set(restore)
                missing = sorted(notebooks.keys() - given)
                placed = [ident for ident in missing if _place(problems, f"{ident}.ipynb", notebooks[ident], uid)]
            finally:
                os.close(problems)
        if missing or made:
            self._record(name, given | set(missing))
        return Delivery(placed=tuple(placed))

    @contextlib.contextmanager
    def _home(self, name: str, uid: int | None) -> Iterator[int]:
        top = os.open(self.folder, _FOLDER)
        try:
            _make_folder(top, name, uid, mode=0o700)
            try:
                home = os.open(name, _FOLDER, dir_fd=top)
            except OSError as error:
                raise HomeError(
                    f"the home of {name} is not a folder: {self.folder / name} ({error.strerror})"
                ) from error
        finally:
            os.close(top)
        try:
            _check_owner(home, uid, self.folder / name)
            yield home
        finally:
            os.close(home)

    def _given(self, name: str) -> set[str]:
        try:
            return set(json.loads((self.records / f"{name}.json").read_text()))
        except FileNotFoundError:
            return set()
        except ValueError as error:
            raise HomeError(
                f"{self.records / name}.json is damaged ({error}); delete it to deliver everything anew"
            ) from error

    def _record(self, name: str, given: set[str]) -> None:
        self.records.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self.records / f"{name}.new"
        fresh.write_text(json.dumps(sorted(given)))
        fresh.replace(self.records / f"{name}.json")


def _make_folder(parent: int, name: str, uid: int | None, mode: int = 0o755) -> bool:
    """Make the folder *name* in *parent* and give it to *uid*; return False when something of that name is there."""
    try:
        os.mkdir(name, mode, dir_fd=parent)
    except FileExistsError:
        return False
    if uid is not None:
        os.chown(name, uid, uid, dir_fd=parent, follow_symlinks=False)
    return True


def _check_owner(home: int, uid: int | None, shown: Path) -> None:
    """Give a home that an earlier start left to the Hub to *uid*; refuse one that belongs to somebody else."""
    owner = os.fstat(home).st_uid
    if uid is None or owner == uid:
        return
    if owner == 0:
        os.fchown(home, uid, uid)
        return
    raise HomeError(f"{shown} belongs to uid {owner}, not to its student's uid {uid}; run chown -R {uid}:{uid} {shown}")


def _place(folder: int, name: str, content: bytes, uid: int | None) -> bool:
    """Write *content* to a new file *name* in *folder*; return False when the name is taken, by anything at all."""
    with contextlib.suppress(FileNotFoundError):
        os.stat(name, dir_fd=folder, follow_symlinks=False)
        return False
    draft = f".{secrets.token_hex(8)}.new"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if uid is not None:
                os.fchown(file.fileno(), uid, uid)
            made = os.fstat(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(draft, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
                return _is(folder, name, made)
            return False
    finally:
        with contextlib.suppress(OSError):
            os.unlink(draft, dir_fd=folder)


def _is(folder: int, name: str, made: os.stat_result) -> bool:
    """Say whether *name* in *folder* is the regular file that was *made*."""
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return stat.S_ISREG(found.st_mode) and (found.st_dev, found.st_ino) == (made.st_dev, made.st_ino)
