"""Rotating the keys: everything stays readable, under a new key, and old keys go when nothing needs them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from greenroom_service.crypto import Keyring, SealError, split
from greenroom_service.database import Database, migrate, now
from greenroom_service.interviews import rotation
from greenroom_service.interviews.models import Author, Interview, InterviewMessage, InterviewReport
from greenroom_service.interviews.transcript import Transcripts
from greenroom_service.interviews.writing import place as report_place

if TYPE_CHECKING:
    from pathlib import Path

ROWS = rotation._BATCH * 2 + 3


def test_a_rotation_seals_every_row_again(database_url: str, tmp_path: Path) -> None:
    migrate(database_url)
    database, keyring = Database(database_url), Keyring(tmp_path / "keys.json")
    transcripts, interview = Transcripts(keyring), uuid.uuid4()
    values = {"minutes": 20, "model": "", "progress": {}, "hints": 0, "report_state": "none", "created_at": now()}
    with database.write() as session:
        session.add(
            Interview(id=interview, user_name="ada", client_id=uuid.uuid4(), kind="coding", subject="two-sum", **values)
        )
        session.flush()
        for turn in range(ROWS):
            transcripts.add(session, interview, turn, Author.CANDIDATE, {"text": f"said {turn}"}, phase="intro")
        sealed = keyring.seal_json({"testing": 3}, report_place(interview, "assessment"))
        body = keyring.seal_json({}, report_place(interview, "body"))
        session.add(InterviewReport(interview_id=interview, body=body, assessment=sealed, written_at=now()))
    old = Keyring(tmp_path / "keys.json")

    assert rotation.rotate(database, keyring) == (ROWS + 2, set())
    with database.read() as session:
        rows = session.execute(sa.select(InterviewMessage.body)).scalars().all()
        assert {split(row)[0] for row in rows} == {"k2"}
        texts = [message.text for message in Transcripts(old).read(session, interview)]
    assert texts == [f"said {turn}" for turn in range(ROWS)], "a service that runs reads on"

    assert rotation.rotate(database, keyring) == (ROWS + 2, {"k1"})
    assert keyring.ids() == {"k2", "k3"}
    with pytest.raises(SealError):
        keyring.open(sealed, report_place(interview, "assessment"))
    database.close()
