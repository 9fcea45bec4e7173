"""Sealing at rest: what is stored opens only where it was stored, with the key that sealed it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom_service.crypto import Keyring, Place, SealError, split
from greenroom_service.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

HERE = Place("interview_messages", "1/2/3", "body")


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys.json")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return Keyring(tmp_path_factory.mktemp("keys") / "keys.json")


@settings(max_examples=50, deadline=None, derandomize=True)
@given(value=st.binary(max_size=3000))
def test_what_is_sealed_opens(shared: Keyring, value: bytes) -> None:
    assert shared.open(shared.seal(value, HERE), HERE) == value


def test_the_same_text_is_sealed_differently_each_time(keyring: Keyring) -> None:
    sealed = {keyring.seal(b"I would use a heap", HERE) for _ in range(50)}
    assert len(sealed) == 50
    assert all(b"heap" not in one for one in sealed)


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("interview_reports", "1/2/3", "body"),
        Place("interview_messages", "1/2/4", "body"),
        Place("interview_messages", "1/2/3", "objections"),
        Place("interview_messages1", "/2/3", "body"),
    ],
)
def test_a_value_that_was_moved_does_not_open(keyring: Keyring, elsewhere: Place) -> None:
    with pytest.raises(SealError, match="moved"):
        keyring.open(keyring.seal(b"text", HERE), elsewhere)


def test_a_value_of_which_any_bit_was_changed_does_not_open(keyring: Keyring) -> None:
    sealed = keyring.seal(b"text", HERE)
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(SealError):
            keyring.open(bytes(changed), HERE)
    for end in range(len(sealed)):
        with pytest.raises(SealError):
            keyring.open(sealed[:end], HERE)


def test_old_rows_open_after_a_rotation_and_new_ones_carry_the_new_key(keyring: Keyring) -> None:
    old = keyring.seal(b"before", HERE)
    assert keyring.add() == keyring.current == "k2"
    new = keyring.seal(b"after", HERE)
    assert (split(old)[0], split(new)[0]) == ("k1", "k2")
    assert keyring.open(old, HERE) == b"before"
    keyring.drop({"k1", "k2"})
    assert keyring.ids() == {"k2"}, "the key that seals is never dropped"
    with pytest.raises(SealError, match="k1"):
        keyring.open(old, HERE)


def test_a_process_that_runs_learns_of_a_key_that_another_one_made(tmp_path: Path) -> None:
    service, command = Keyring(tmp_path / "keys.json"), Keyring(tmp_path / "keys.json")
    command.add()
    assert service.open(command.seal(b"text", HERE), HERE) == b"text"
    assert service.current == "k2"


def test_the_file_is_its_owner_s(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    Keyring(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(SettingsError, match="open to others"):
        Keyring(path)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"current": "k1", "keys": {}}', '{"current": "k1", "keys": {"k1": "AAAA"}}']
)
def test_a_damaged_file_is_refused_rather_than_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(SettingsError, match="damaged"):
        Keyring(path)
    assert path.read_text() == content


def test_a_key_never_stands_in_an_error(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    Keyring(path)
    key = json.loads(path.read_text())["keys"]["k1"]
    path.write_text(path.read_text()[:-4])
    with pytest.raises(SettingsError) as refused:
        Keyring(path)
    assert key not in str(refused.value)
