"""Health, readiness and metrics: for the Hub, a supervisor and Prometheus. They name no person and no problem."""

from __future__ import annotations

import hmac

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from greenroom_service import metrics
from greenroom_service.errors import ForbiddenError, LoginRequiredError
from greenroom_service.identity import Role
from greenroom_service.service import Parts, Service
from greenroom_service.web import Schema, json_response

router = APIRouter(tags=["operation"])


class Health(Schema):
    """The process answers."""

    status: str


class Part(Schema):
    """One thing that readiness depends on."""

    ready: bool
    detail: str


class Readiness(Schema):
    """Whether requests can be served, and by what."""

    ready: bool
    database: Part
    dispatch: Part
    sandbox: Part


@router.get("/healthz", response_model=Health)
async def healthz() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok"}


@router.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness}})
async def readyz(parts: Parts) -> Response:
    """Whether the database, the dispatch and the sandbox are there; 503 when one is not."""
    found = await anyio.to_thread.run_sync(_readiness, parts)
    return json_response(found, 200 if found["ready"] else 503)


def _readiness(parts: Service) -> dict[str, object]:
    state = parts.dispatch.state()
    try:
        parts.database.ping()
        database = {"ready": True, "detail": parts.database.engine.dialect.name}
    except SQLAlchemyError as error:
        database = {"ready": False, "detail": f"{type(error).__name__}: the database does not answer"}
    dispatch = {"ready": state.alive, "detail": state.detail}
    sandbox = {"ready": parts.engine.ready, "detail": parts.engine.level}
    found = {"database": database, "dispatch": dispatch, "sandbox": sandbox}
    return {"ready": all(part["ready"] for part in found.values()), **found}


@router.get("/metrics", include_in_schema=False)
async def read_metrics(request: Request, parts: Parts) -> Response:
    """Prometheus metrics, for who sends the metrics token, and for admins.

    Behind the Hub's proxy every request comes from loopback, so the address proves nothing.
    """
    expected = parts.settings.metrics_token.get_secret_value()
    given, _ = parts.identity.token_of(request)
    if given is None:
        raise LoginRequiredError("Send GREENROOM_METRICS_TOKEN as a bearer token.")
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        caller = await parts.identity.require(request)
        if caller.role is not Role.ADMIN:
            raise ForbiddenError("Metrics are for Prometheus and for admins.")
    state = await anyio.to_thread.run_sync(parts.dispatch.state)
    parts.metrics.waiting.set(state.waiting)
    parts.metrics.running.set(state.running)
    return Response(parts.metrics.text(), media_type=metrics.CONTENT_TYPE)
