"""Keyset paging: a cursor says after which row the next page begins, so a page costs the same wherever it is."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Query

from greenroom_service.errors import BadRequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
_MAX_CURSOR = 512

Row = TypeVar("Row")

#: ``?limit=``
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Items on a page")]
#: ``?cursor=``
Cursor = Annotated[
    str | None, Query(max_length=_MAX_CURSOR, description="`next` of the page before; leave out for the first page")
]


def encode(*keys: str) -> str:
    """The opaque cursor of a row with these sort keys."""
    return base64.urlsafe_b64encode(json.dumps(keys).encode()).decode().rstrip("=")


def decode(cursor: str, count: int) -> tuple[str, ...]:
    """The sort keys in a cursor.

    Raises:
        BadRequestError: it is not a cursor with so many keys.
    """
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        keys = json.loads(raw)
    except (ValueError, binascii.Error, RecursionError):
        keys = None
    if (
        not isinstance(keys, list)
        or len(keys) != count
        or not all(isinstance(key, str) and _plain(key) for key in keys)
    ):
        raise BadRequestError("This cursor is not one of ours. Leave it out to begin with the first page.")
    return tuple(keys)


def decode_id(cursor: str | None) -> uuid.UUID | None:
    """The id in a cursor of one key, None for the first page.

    Raises:
        BadRequestError: it holds no id.
    """
    if cursor is None:
        return None
    try:
        return uuid.UUID(decode(cursor, 1)[0])
    except ValueError:
        raise BadRequestError("This cursor is not one of ours. Leave it out to begin with the first page.") from None


def cut(rows: Sequence[Row], limit: int, key: Callable[[Row], Sequence[str]]) -> tuple[Sequence[Row], str | None]:
    """Split ``limit + 1`` rows into a page and the cursor of the next one, None on the last."""
    if len(rows) <= limit:
        return rows, None
    page = rows[:limit]
    return page, encode(*key(page[-1]))


def _plain(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def page(items: Sequence[Any], following: str | None) -> dict[str, Any]:
    """The object that every list answers."""
    return {"items": list(items), "next": following}
