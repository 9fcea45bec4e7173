"""Programs of this machine: finding them, running them, and installing them where that may be done."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from greenroom_hub.console import step
from greenroom_hub.errors import FailedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: How much of a failed program's output is shown, in characters.
SHOWN = 4000


def run(
    command: Sequence[str | Path],
    what: str,
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run *command* and return its output; raise FailedError, with the end of the output, when it fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=dict(environment) if environment is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise FailedError(f"{what} could not start: {error.strerror}: {command[0]}") from error
    if done.returncode:
        step(f"{what} failed; the end of what it said:\n{done.stdout[-SHOWN:].rstrip()}")
        raise FailedError(f"{what} failed with status {done.returncode}: {' '.join(map(str, command))}")
    return done.stdout


def may_install() -> list[str] | None:
    """Return what to put before apt-get, or None when packages cannot be installed without asking somebody."""
    if os.environ.get("GREENROOM_NO_APT") or not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def apt_install(packages: Sequence[str], *, why: str) -> bool:
    """Install Debian *packages*; return False when that may not be done here or did not work."""
    prefix = may_install()
    if prefix is None:
        return False
    step(f"installing {', '.join(packages)} by apt: {why}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [*prefix, "apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages]
    first = subprocess.run(install, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if first.returncode == 0:
        return True
    try:  # the lists of a fresh image are empty, those of an old one name versions that are gone
        run([*prefix, "apt-get", "update", "-qq"], "apt-get update", environment=environment)
        run(install, "apt-get install", environment=environment)
    except FailedError:
        return False
    return True
