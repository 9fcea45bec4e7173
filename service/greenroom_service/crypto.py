"""Sealing at rest: AES-256-GCM with a fresh nonce, bound to the table, row and column that it stands in.

A sealed value is ``version, length of key id, key id, nonce, ciphertext with tag``. The key id says which key opens it,
so keys can be rotated while old rows stay readable; the place is associated data, so a value that is moved elsewhere,
also to the same column of another row, does not open.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import stat
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from greenroom_service.errors import GreenroomServiceError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_VERSION = 1
_NONCE = 12
_KEY_BYTES = 32
_ADVICE = "restore the file from a backup; without it, what it sealed cannot be read"


class SealError(GreenroomServiceError):
    """A sealed value does not open: it was changed or moved, or its key is not in the file."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands."""

    table: str
    #: The row's primary key as text.
    row: str
    column: str

    def bound_to(self, key_id: str) -> bytes:
        """Associated data; each part with its length, so that no two places look alike."""
        parts = (key_id, self.table, self.row, self.column)
        return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)


class Keyring:
    """The keys of a file, and which of them seals. Thread-safe.

    Args:
        path: JSON, readable by its owner only; made with a first key when it is missing.
        lazy: look at the file only when it is first needed, or at ``load()``.

    Raises:
        SettingsError: the file cannot be used.
    """

    def __init__(self, path: Path, *, lazy: bool = False) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._current = ""
        self._keys: dict[str, AESGCM] = {}
        if not lazy:
            self.load()

    @property
    def current(self) -> str:
        """Id of the key that seals."""
        if not self._current:
            self.load()
        return self._current

    def seal(self, value: bytes, place: Place) -> bytes:
        """Seal a value for a place."""
        key_id = self.current
        nonce = os.urandom(_NONCE)
        name = key_id.encode()
        sealed = self._keys[key_id].encrypt(nonce, value, place.bound_to(key_id))
        return bytes([_VERSION, len(name)]) + name + nonce + sealed

    def open(self, sealed: bytes, place: Place) -> bytes:
        """What was sealed for a place.

        Raises:
            SealError: it does not open.
        """
        key_id, rest = split(sealed)
        key = self._keys.get(key_id)
        if key is None:
            self.load()  # another process has rotated the keys
            key = self._keys.get(key_id)
        if key is None:
            raise SealError(f"the key {key_id} is not in the key file")
        try:
            return key.decrypt(rest[:_NONCE], rest[_NONCE:], place.bound_to(key_id))
        except InvalidTag:
            raise SealError("a sealed value was changed, or moved from where it belongs") from None

    def seal_json(self, value: Any, place: Place) -> bytes:
        """Seal plain data."""
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), place)

    def open_json(self, sealed: bytes, place: Place) -> Any:
        """The plain data that was sealed for a place."""
        return json.loads(self.open(sealed, place))

    def add(self) -> str:
        """Make a new key that seals from now on; the old ones still open. Returns its id."""
        with self._lock:
            keys, _ = _read(self._path)
            name = _new_name(keys)
            _write(self._path, {**keys, name: secrets.token_bytes(_KEY_BYTES)}, name)
        self.load()
        return name

    def drop(self, unused: set[str]) -> None:
        """Forget keys that no row needs. The current one stays."""
        with self._lock:
            keys, current = _read(self._path)
            _write(self._path, {name: key for name, key in keys.items() if name not in unused - {current}}, current)
        self.load()

    def ids(self) -> frozenset[str]:
        """Ids of all keys."""
        return frozenset(self._keys)

    def load(self) -> None:
        """Read the file again; make it when it is missing."""
        if not self._path.exists():
            _create(self._path)
        keys, current = _read(self._path)
        with self._lock:
            self._keys = {name: AESGCM(key) for name, key in keys.items()}
            self._current = current


def split(sealed: bytes) -> tuple[str, bytes]:
    """The key id of a sealed value, and its nonce with ciphertext.

    Raises:
        SealError: this is no sealed value.
    """
    if len(sealed) < 2 or sealed[0] != _VERSION or len(sealed) < 2 + sealed[1] + _NONCE:
        raise SealError("this is no sealed value")
    end = 2 + sealed[1]
    return sealed[2:end].decode("ascii", "replace"), sealed[end:]


def _new_name(keys: Mapping[str, bytes]) -> str:
    highest = max((int(name[1:]) for name in keys if name[1:].isdigit()), default=0)
    return f"k{highest + 1}"


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        _store(beside, _text({"k1": secrets.token_bytes(_KEY_BYTES)}, "k1"))
        with contextlib.suppress(FileExistsError):  # another process was first
            os.link(beside, path)
        beside.unlink()
    except OSError as error:
        raise SettingsError(f"the key file {path.name} cannot be made ({error.strerror})") from None


def _write(path: Path, keys: Mapping[str, bytes], current: str) -> None:
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    _store(beside, _text(keys, current))
    beside.replace(path)


def _store(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _text(keys: Mapping[str, bytes], current: str) -> str:
    shown = {name: base64.b64encode(key).decode() for name, key in keys.items()}
    return json.dumps({"current": current, "keys": shown}, indent=1) + "\n"


def _read(path: Path) -> tuple[dict[str, bytes], str]:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            data = json.loads(file.read(65_536))
        keys = {str(name): base64.b64decode(key, validate=True) for name, key in data["keys"].items()}
        current = str(data["current"])
    except OSError as error:
        raise SettingsError(f"the key file {path.name} cannot be read ({error.strerror})") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise SettingsError(f"the key file {path.name} is damaged; {_ADVICE}") from None
    if mode & 0o077:
        raise SettingsError(f"the key file {path.name} is open to others; chmod 600")
    if current not in keys or any(len(key) != _KEY_BYTES or not name.isascii() for name, key in keys.items()):
        raise SettingsError(f"the key file {path.name} is damaged; {_ADVICE}")
    return keys, current
