"""Decisions of leaving, without I/O."""

from __future__ import annotations

import datetime as dt
from typing import Any

#: Between asking and deletion; until then it can be taken back.
DELAY = dt.timedelta(days=14)


def renamed(value: Any, name: str, instead: str) -> Any:
    """Plain JSON with a person's name replaced wherever a whole text or key is that name."""
    if isinstance(value, str):
        return instead if value == name else value
    if isinstance(value, list):
        return [renamed(one, name, instead) for one in value]
    if isinstance(value, dict):
        return {renamed(key, name, instead): renamed(one, name, instead) for key, one in value.items()}
    return value
