"""What to compare with: the driver itself behind a server. ``python api_raw.py KIND URL PORT QUERIES``.

The same SQL that the service sends (handed over as compiled by SQLAlchemy), its rows as JSON, and nothing else: no
login, no limits, no request ids, no metrics, no log. Two kinds:

- ``fastapi``: an endpoint of FastAPI that asks the driver. The figure that is to be reached is a third of this.
- ``bare``: no framework either, and within the event loop, since nobody else is to be served meanwhile. Shown to know
  how much of the rest is the framework's.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import psycopg
import uvicorn
from fastapi import FastAPI, Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    Rows = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


def driver(url: str) -> Rows:
    """A function that runs a query with the driver, on a connection per thread."""
    local = threading.local()

    def connect() -> Any:
        if url.startswith("sqlite:///"):
            return sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        return psycopg.connect(url, autocommit=True)

    def rows(query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        if not hasattr(local, "connection"):
            local.connection = connect()
        found: list[tuple[Any, ...]] = local.connection.execute(query, values).fetchall()
        return found

    return rows


def encoded(rows: Rows, query: dict[str, Any], user: str) -> bytes:
    """The rows of a query for one user, as JSON."""
    values = [user if value == "USER" else value for value in query["values"]]
    return json.dumps(rows(query["sql"], values), default=str).encode()


def bare(rows: Rows, queries: dict[str, dict[str, Any]]) -> Any:
    """An ASGI application that answers the query that the path names, for the user of ``?user=``."""

    async def app(scope: dict[str, Any], _receive: object, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        if scope["type"] != "http":
            return
        user = parse_qs(scope["query_string"].decode())["user"][0]
        body = encoded(rows, queries[scope["path"]], user)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def framework(rows: Rows, queries: dict[str, dict[str, Any]]) -> FastAPI:
    """The same with FastAPI, in threads as the service does it."""
    app = FastAPI()

    @app.get("/problems")
    def problems(user: str) -> Response:
        return Response(encoded(rows, queries["/problems"], user), media_type="application/json")

    @app.get("/submissions")
    def submissions(user: str) -> Response:
        return Response(encoded(rows, queries["/submissions"], user), media_type="application/json")

    return app


if __name__ == "__main__":
    kind, url, port, queries = sys.argv[1:]
    app = {"bare": bare, "fastapi": framework}[kind](driver(url), json.loads(queries))
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", access_log=False, lifespan="off")
