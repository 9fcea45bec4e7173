"""Routes of leaving: everything in one file, and the deletion of it after a delay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from greenroom_service import audit
from greenroom_service.classroom import queries as classroom
from greenroom_service.database import now
from greenroom_service.errors import ConflictError, InvalidError, NotFoundError
from greenroom_service.leaving import export, queries, rules, schemas
from greenroom_service.notices import queries as notices
from greenroom_service.notices.models import NoticeKind
from greenroom_service.ratelimit import Limit
from greenroom_service.service import Caller, Parts, limited

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from greenroom_service.service import Service

router = APIRouter(tags=["leaving"])
_CHUNK = 65_536


@router.get(
    "/me/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "A zip with everything about the caller"}},
    dependencies=[Depends(limited(Limit.STRESS))],
)
def export_me(parts: Parts, caller: Caller) -> StreamingResponse:
    """Everything that Greenroom keeps about the caller: JSON, and their code as files, in one zip."""
    moment = now()
    with parts.database.read() as session:
        file = export.write(session, caller.name, moment, parts.keyring)
    headers = {"Content-Disposition": f'attachment; filename="greenroom-{moment:%Y-%m-%d}.zip"'}
    return StreamingResponse(_chunks(file), media_type="application/zip", headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


@router.get("/me/leaving", response_model=schemas.LeavingOut)
def read_leaving(parts: Parts, caller: Caller) -> dict[str, Any]:
    """Whether and when the caller's data will be deleted."""
    return _leaving(parts, caller.name)


@router.post(
    "/me/leaving", status_code=202, response_model=schemas.LeavingOut, dependencies=[Depends(limited(Limit.WRITE))]
)
def leave(parts: Parts, caller: Caller, body: schemas.LeavingIn) -> dict[str, Any]:
    """Have the caller's data deleted after the stated delay. Until then work goes on, and it can be taken back."""
    if body.confirm != caller.name:
        raise InvalidError("body.confirm: is not your user name. Type it as you do when you log in.")
    with parts.database.write() as session:
        alone = classroom.taught_alone(session, caller.name)
        if alone:
            raise ConflictError(
                f"You are the only instructor of {alone[0]}. Make somebody else an instructor first, then leave."
            )
        if queries.ask(session, caller.name):
            audit.record(session, actor=caller.name, action="account.leave", target=caller.name)
            _tell(session, caller.name, f"Your data will be deleted in {rules.DELAY.days} days", _UNTIL_THEN)
    parts.events.nudge()
    return _leaving(parts, caller.name)


@router.delete("/me/leaving", response_model=schemas.LeavingOut, dependencies=[Depends(limited(Limit.WRITE))])
def stay(parts: Parts, caller: Caller) -> dict[str, Any]:
    """Take it back: nothing will be deleted."""
    with parts.database.write() as session:
        if not queries.take_back(session, caller.name):
            raise NotFoundError("You have not asked for the deletion of your data.")
        audit.record(session, actor=caller.name, action="account.stay", target=caller.name)
        _tell(session, caller.name, "Your data stays", "You have taken it back, and nothing will be deleted.")
    parts.events.nudge()
    return _leaving(parts, caller.name)


_UNTIL_THEN = (
    "Everything works as before until then. You can take it back, and you can have a copy, on your account page."
)


def _tell(session: Any, user: str, title: str, text: str) -> None:
    notices.notify(session, user, NoticeKind.LEAVING, key=f"leaving:{now().isoformat()}", title=title, text=text)


def _leaving(parts: Service, user: str) -> dict[str, Any]:
    with parts.database.read() as session:
        row = queries.departure(session, user)
    asked_at, delete_at = (None, None) if row is None else row
    return {"asked_at": asked_at, "delete_at": delete_at, "days": rules.DELAY.days}
