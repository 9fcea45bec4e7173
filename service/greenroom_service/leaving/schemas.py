"""What leaving sends and takes over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import StringConstraints

from greenroom_service.web import Schema, Text


class LeavingIn(Schema):
    """The caller's own user name, typed once more, so that nobody leaves by accident."""

    confirm: Annotated[Text, StringConstraints(max_length=64)]


class LeavingOut(Schema):
    """Whether and when the caller's data will be deleted."""

    asked_at: dt.datetime | None
    delete_at: dt.datetime | None
    #: Days between asking and deletion; until then it can be taken back.
    days: int
