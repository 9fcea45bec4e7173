"""An export: everything about a person as one zip, JSON by table and their code as files."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import zipfile
from typing import IO, TYPE_CHECKING, Any

from pydantic_core import to_jsonable_python

from greenroom_service.leaving import queries, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from greenroom_service.crypto import Keyring

#: Bytes up to which an export is kept in memory.
_IN_MEMORY = 8_000_000
_README = """This is everything that Greenroom keeps about {name}, as of {moment}.

data/     one file of JSON per table; a row is an object, times are in UTC
code/     your code as files: the newest draft of each problem, and every submission

Not in here: {withheld}
The notebooks and files in your home folder on the Hub are yours already and lie there.
"""


def write(session: Session, user: str, moment: dt.datetime, keyring: Keyring) -> IO[bytes]:
    """The zip of a person, at its beginning. It is a temporary file when it is large; whoever closes it deletes it."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - handed to the caller, who closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "README.txt", _README.format(name=user, moment=f"{moment:%Y-%m-%d %H:%M} UTC", withheld=_withheld())
        )
        for table, rows in queries.exported(session, user, keyring):
            _write_table(archive, table, rows)
    file.seek(0)
    return file


def _withheld() -> str:
    reasons = {entry.withheld: table for table, entry in registry.REGISTRY.items() if entry.withheld}
    return "; ".join(f"{table} ({reason})" for reason, table in sorted(reasons.items())) + "."


def _write_table(archive: zipfile.ZipFile, table: str, rows: Iterator[dict[str, Any]]) -> None:
    code: list[tuple[str, str]] = []
    # One row at a time: a student's versions of drafts may be many.
    with archive.open(f"data/{table}.json", "w") as data:
        data.write(b"[")
        for number, row in enumerate(rows):
            data.write(b"\n" if number == 0 else b",\n")
            data.write(json.dumps(to_jsonable_python(row), ensure_ascii=False).encode())
            if named := _code_file(table, row):
                code.append((named, row["code"]))
        data.write(b"\n]\n")
    for name, text in code:
        archive.writestr(name, text)


def _code_file(table: str, row: dict[str, Any]) -> str | None:
    if table == "drafts":
        return f"code/{row['problem_id']}/draft{'-of-review-' + row['space'] if row['space'] else ''}.py"
    if table == "submissions":
        ended = row["verdict"] or row["state"]
        return f"code/{row['problem_id']}/{row['created_at']:%Y%m%dT%H%M%SZ}-{row['id']}-{ended}.py"
    return None
