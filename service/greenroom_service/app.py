"""The application: the routers under the Hub's prefix, behind the door."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, FastAPI

from greenroom_service import health, pages, people, web
from greenroom_service.classroom import routes as classroom
from greenroom_service.contests import board_routes
from greenroom_service.contests import routes as contests
from greenroom_service.interviews import report_routes
from greenroom_service.interviews import routes as interviews
from greenroom_service.leaving import routes as leaving
from greenroom_service.notices import routes as notices
from greenroom_service.practice import rejudge_routes, submissions
from greenroom_service.practice import routes as practice
from greenroom_service.service import build, general
from greenroom_service.study import home_routes, keeping_routes, progress_routes, review_routes
from greenroom_service.web import ProblemBody

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from greenroom_service.judging import Engine
    from greenroom_service.settings import Settings

VERSION = "1.0.0"
#: Every route may answer these; RFC 9457 gives them one shape.
_ERRORS = {
    "4XX": "The request cannot be served as it is; `detail` says what to do",
    "5XX": "A fault of ours, or something is away for the moment; see Retry-After",
}


def create_app(settings: Settings, open_engine: Callable[[], Engine]) -> FastAPI:
    """The application of one process.

    Args:
        settings: what the environment says.
        open_engine: opens the grader; called in the background when the application starts.

    Raises:
        SettingsError: settings that do not go together.
    """
    service = build(settings, open_engine)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with service.running():
            yield

    app = FastAPI(
        title="Greenroom",
        version=VERSION,
        summary="Problems, submissions and classrooms, for the panels, the notebooks and your own programs.",
        lifespan=lifespan,
        openapi_url=f"{settings.prefix}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.service = service
    web.install(app)
    app.add_middleware(web.Door, metrics=service.metrics)
    v1 = APIRouter(prefix="/v1", dependencies=[Depends(general)], responses=_documented_errors())
    domains = (
        people,
        practice,
        submissions,
        rejudge_routes,
        home_routes,
        review_routes,
        keeping_routes,
        progress_routes,
        notices,
        leaving,
        classroom,
        contests,
        board_routes,
        interviews,
        report_routes,
    )
    for domain in domains:
        v1.include_router(domain.router)
    for router in (health.router, pages.router, v1):
        app.include_router(router, prefix=settings.prefix)
    _describe(app, settings.prefix)
    return app


def _documented_errors() -> dict[int | str, dict[str, Any]]:
    return {status: {"model": ProblemBody, "description": text} for status, text in _ERRORS.items()}


def _describe(app: FastAPI, prefix: str) -> None:
    """Say in the OpenAPI document how a caller proves who they are, and where the service is."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        document = generate()
        document.setdefault("components", {})["securitySchemes"] = {
            "hubToken": {"type": "http", "scheme": "bearer", "description": "A token of the Hub with a Greenroom scope"}
        }
        document["security"] = [{"hubToken": []}]
        document["servers"] = [{"url": prefix or "/"}]
        document["paths"] = {path.removeprefix(prefix): item for path, item in document["paths"].items()}
        # FastAPI documents one media type per route, and errors have their own.
        for item in document["paths"].values():
            for operation in item.values():
                for status in _ERRORS.keys() & operation["responses"].keys():
                    content = operation["responses"][status]["content"]
                    content[web.MEDIA_TYPE] = content.pop(next(iter(content)))
        return document

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way to extend the document
