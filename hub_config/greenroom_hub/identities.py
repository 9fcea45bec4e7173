"""The uid under which each student's server runs, when the Hub runs as root.

Numbers are given once and never again, so that a file left behind never changes hands.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from greenroom_hub.errors import HubError

#: Above everything that Linux distributions and containers hand out (systemd's table of uids leaves these free).
HIGH = range(1_900_000_000, 1_901_000_000)
#: Where a container maps only 65,536 uids.
LOW = range(20_000, 60_000)


class IdentityError(HubError):
    """No uid can be given."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a server runs as: one number, used as uid and gid."""

    uid: int


def mapped(text: str) -> list[range]:
    """Return the uids that exist here, from the text of /proc/self/uid_map."""
    rows = [list(map(int, line.split())) for line in text.splitlines() if line.strip()]
    return [range(inside, inside + count) for inside, _, count in rows]


def choose_range(uid_map: str) -> range:
    """Return the range to give uids from, for the uid_map of this process. Raises IdentityError."""
    here = mapped(uid_map)
    for candidate in (HIGH, LOW):
        if any(candidate.start in part and candidate.stop - 1 in part for part in here):
            return candidate
    raise IdentityError(f"this container maps too few uids for students ({LOW.start} to {LOW.stop - 1} are needed)")


@dataclass(frozen=True, slots=True)
class Identities:
    """The uids given so far, kept in one JSON file that only the Hub can read."""

    file: Path
    uids: range

    @classmethod
    def of_this_machine(cls, file: Path) -> Identities:
        """Return the register in *file*, with the range that this machine can use."""
        return cls(file=file, uids=choose_range(Path("/proc/self/uid_map").read_text()))

    def of(self, name: str) -> Identity:
        """Return the identity of the student *name*, giving one when there is none yet. Raises IdentityError."""
        given = self._read()
        if name not in given:
            following = max([self.uids.start - 1, *(uid for uid in given.values() if uid in self.uids)]) + 1
            if following not in self.uids:
                raise IdentityError(f"all {len(self.uids)} uids for students are given; see {self.file}")
            given[name] = following
            self._write(given)
        return Identity(given[name])

    def _read(self) -> dict[str, int]:
        try:
            found = json.loads(self.file.read_text())
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise IdentityError(
                f"{self.file} is damaged ({error}); restore it from a backup, homes belong to its uids"
            ) from error
        return {str(name): int(uid) for name, uid in found.items()}

    def _write(self, given: dict[str, int]) -> None:
        fresh = self.file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(given, file, indent=0, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.file)
