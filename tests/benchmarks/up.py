"""How long ``./greenroom up`` takes to the login page: from a clone with empty caches, installed, the second time.

Run it on a quiet machine: ``.venv/bin/python tests/benchmarks/up.py``. It clones the last commit into a temporary
folder, with a home of its own, so that no cache of this machine helps. What apt installed stays installed; on a fresh
machine the first figure has the seconds that apt needs for bubblewrap in it, too.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
#: What each figure should stay below, in seconds.
TARGETS = {"from a clone with empty caches": 180, "when installed, with no data": 25, "the second time": 15}
#: Variables that are kept: certificates and proxies of the network, not settings of tools.
KEPT = ("SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "PIP_CERT", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
PATIENCE = 900.0


def environment(home: Path) -> dict[str, str]:
    """Return the environment of somebody who just logged in for the first time."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "HOME": str(home), "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 (our own address)
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def show(stream: IO[str]) -> None:
    for text in stream:
        print(f"    {text.rstrip()}", flush=True)


def seconds_to_login(clone: Path, home: Path) -> float:
    """Start, wait for the login page, stop, and return how long it took to come."""
    port = free_port()
    begun = time.monotonic()
    with subprocess.Popen(
        [clone / "greenroom", "up", "--port", str(port)],
        cwd=clone,
        env=environment(home),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout is not None
        reader = threading.Thread(target=show, args=(process.stdout,))
        reader.start()
        try:
            while not answers(f"http://127.0.0.1:{port}/hub/login"):
                if process.poll() is not None or time.monotonic() - begun > PATIENCE:
                    raise SystemExit("greenroom up did not come up; see above")
                time.sleep(0.1)
            took = time.monotonic() - begun
            while process.poll() is None and not answers(f"http://127.0.0.1:{port}/services/greenroom/readyz"):
                time.sleep(0.1)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
            reader.join()
    return took


def main() -> None:
    figures = {}
    with tempfile.TemporaryDirectory(prefix="greenroom-up-") as folder:
        clone, home = Path(folder, "clone"), Path(folder, "home")
        home.mkdir()
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        for name in TARGETS:
            print(f"{name}:", flush=True)
            if name == "when installed, with no data":
                (clone / "var").rename(clone / "var.first")
            figures[name] = seconds_to_login(clone, home)
    load = os.getloadavg()[0]
    print(f"\nSeconds until the login page ({os.cpu_count()} cores, load {load:.1f}):")
    for name, target in TARGETS.items():
        print(f"  {name:<32} {figures[name]:6.1f}  (target {target})")


if __name__ == "__main__":
    main()
