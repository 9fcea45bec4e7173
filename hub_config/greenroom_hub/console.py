"""Progress on standard error: one plain line per step, with the seconds since the start."""

from __future__ import annotations

import os
import threading
import time

import typer


def started() -> float:
    """Return when the command began, in seconds since the epoch; the bootstrap script hands its own start down."""
    try:
        return float(os.environ["GREENROOM_STARTED"])
    except (KeyError, ValueError):
        return _LOADED


_LOADED = time.time()
_hushed = threading.Event()


def hush() -> None:
    """Show no further steps: the work was interrupted, and what becomes of its parts is no news."""
    _hushed.set()


def step(text: str) -> None:
    """Show one step."""
    if not _hushed.is_set():
        typer.echo(f"[{time.time() - started():5.1f} s] {text}", err=True)


def line(text: str) -> None:
    """Show a line of its own, for what the reader has to act upon."""
    typer.echo(f"greenroom: {text}", err=True)
