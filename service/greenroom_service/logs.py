"""Structured logs: one JSON object a line, on standard error. Never code, transcripts, tokens or messages of errors."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from types import TracebackType

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def configure(level: str = "info") -> None:
    """Send our own log and the libraries' to standard error as JSON. Called once by the process."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow={"submission", "job"}),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_error_text,
                structlog.processors.EventRenamer("event"),
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Ours says the same with a request id; SQL and request lines could carry what must not be logged.
    for name in ("uvicorn.access", "sqlalchemy.engine", "httpx", "procrastinate", "tornado.access", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose events are names and whose facts are keywords."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger


def where(error: BaseException) -> list[str]:
    """The frames of an error as ``file:line function``, without its message or any value."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]


def request_id_from(header: str | None) -> str | None:
    """A caller's request id, when it is one that may stand in a log."""
    return header if header is not None and _REQUEST_ID.fullmatch(header) else None


def _without_error_text(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    info: tuple[type[BaseException], BaseException, TracebackType | None] | BaseException | bool | None
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()[1]
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = where(error)
    event.pop("exception", None)
    return event
