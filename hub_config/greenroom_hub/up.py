"""``greenroom up``: from a clone, or from nothing more than one, to a running classroom."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenroom_hub import box, node
from greenroom_hub.console import line, step
from greenroom_hub.errors import FailedError, RefusedError
from greenroom_hub.paths import Data, house
from greenroom_hub.settings import VARIABLE, HubSettings, outside
from greenroom_hub.supervise import Supervisor, ending_what_was_begun
from greenroom_hub.tools import apt_install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Seconds within which the login page and the service have to answer; a busy machine may need most of them.
READY_WITHIN = 240.0
#: Prefixes of variables that never reach the Hub, and so no server and no box.
PRIVATE = ("ANTHROPIC_", "CLAUDE_", "AWS_", "GITHUB_TOKEN", "JUPYTER", "CONFIGPROXY_")


def up(
    data: Annotated[
        Path | None,
        typer.Option(
            help="Folder that everything lasting is kept in.",
            show_default="var/ of this clone",
            parser=named_folder,
            metavar="FOLDER",
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="TCP port that browsers come to.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every network.")] = "127.0.0.1",
    public_url: Annotated[
        str, typer.Option(help="What browsers type when it is not host and port: https://greenroom.example.org")
    ] = "",
) -> None:
    """Start everything: hub, proxy, service and grader; Ctrl-C stops all of it.

    What lies beyond this machine comes from the environment: GREENROOM_DATABASE_URL (PostgreSQL for the service),
    GREENROOM_HUB_DATABASE_URL, GREENROOM_REDIS_URL, GREENROOM_CLAUDE_KEY_FILE, GREENROOM_IDLE_SECONDS.
    """
    check_public_url(public_url)
    folder = check_data(data or house().root / "var")
    check_port(host, port)
    settings = outside(HubSettings(data=str(folder.folder), host=host, port=port, public_url=public_url), os.environ)
    check_key_file(settings.claude_key_file)
    check_service_settings()
    with only_one(folder):
        settings = replace(settings, proxy_command=prepare(settings))
        serve(settings, folder)


def named_folder(text: str) -> Path:
    """Read the value of ``--data``; an empty one, as of an unset variable of a script, names no folder."""
    if not text:
        raise typer.BadParameter("it names no folder")
    return Path(text)


def prepare(settings: HubSettings) -> tuple[str, ...]:
    """Bring what is missing, the browser's half beside all the rest; return the command that starts the proxy.

    Raises:
        HubError: something is missing that cannot be had.
        KeyboardInterrupt: by SIGINT, SIGTERM or SIGHUP; nothing that was begun is left running.
    """
    with ThreadPoolExecutor(1) as pool, ending_what_was_begun() as begun:
        tools = node.find_node(house())
        begun.append(pool.submit(node.ensure_extension, house(), tools))
        ensure_bubblewrap(settings)
        proxy = node.ensure_proxy(house(), tools)
        step("bringing the database to this version")
        migrate(settings)
        begun[0].result()
    return proxy


def check_public_url(url: str) -> None:
    """Refuse a public URL that is not one."""
    if url and not url.startswith(("http://", "https://")):
        raise RefusedError(f"--public-url is {url!r}; write it as browsers do: https://greenroom.example.org")


def check_key_file(name: str) -> None:
    """Refuse a file for Claude's key that cannot be read, or that others than its owner can read."""
    if not name:
        return
    advice = "name a file that only its owner can read (chmod 400), or unset GREENROOM_CLAUDE_KEY_FILE"
    try:
        with Path(name).open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
    except OSError as error:
        raise RefusedError(f"GREENROOM_CLAUDE_KEY_FILE={name} cannot be read ({error.strerror}); {advice}") from error
    if mode & 0o077:
        raise RefusedError(f"GREENROOM_CLAUDE_KEY_FILE={name} is open to others; {advice}")


def check_service_settings() -> None:
    """Read what the environment says to the service as the service will. Raises its SettingsError."""
    from greenroom_service.settings import load_settings  # noqa: PLC0415 (imports Pydantic)

    load_settings()


def check_data(folder: Path) -> Data:
    """Return the data folder, made when it was missing. Raises RefusedError when nothing can be written there."""
    data = Data(Path(os.path.abspath(folder)))  # noqa: PTH100 (a link in it stays a link)
    try:
        if not data.hub.is_dir() and data.folder.is_dir() and holds_something(data.folder):
            raise RefusedError(f"the data folder {data.folder} holds other things; name an empty one by --data")
        data.make()
        trial = data.run / f"trial-{os.getpid()}"
        trial.write_bytes(b"")
        trial.unlink()
    except OSError as error:
        raise RefusedError(
            f"the data folder {data.folder} cannot be written ({error.strerror}); "
            "make it writable or choose another by --data"
        ) from error
    return data


def holds_something(folder: Path) -> bool:
    """Say whether there is more in *folder* than what a new file system brings."""
    return any(entry.name != "lost+found" for entry in folder.iterdir())


def check_port(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on."""
    try:
        family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, number) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen()
    except socket.gaierror as error:
        raise RefusedError(f"--host {host!r} is no address of this machine ({error.strerror})") from error
    except OSError as error:
        raise RefusedError(
            f"port {port} of {host} cannot be used ({error.strerror}); "
            "stop what listens there or choose another by --port"
        ) from error


@contextlib.contextmanager
def only_one(data: Data) -> Iterator[None]:
    """Hold the data folder for this process. Raises RefusedError when another one has it."""
    with (data.run / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RefusedError(
                f"another ./greenroom up already uses {data.folder}; stop it or choose another --data"
            ) from None
        os.set_inheritable(file.fileno(), False)
        yield


def ensure_bubblewrap(settings: HubSettings) -> None:
    """Install bubblewrap when it is missing and may be, and start an empty box. Raises RefusedError."""
    try:
        box.find_bwrap()
    except RefusedError:
        if not apt_install(["bubblewrap"], why="student servers start only inside it"):
            raise
    from greenroom_hub.spawner import box_for, estate  # noqa: PLC0415 (imports JupyterHub: only once all is checked)

    shared = estate(settings.without_secrets().to_json())
    name = "-probe"  # no student can be called so
    shared.homes.open(name, shared.uid_of(name))
    box.probe(box_for(shared, name))


def migrate(settings: HubSettings) -> None:
    """Bring the service's database to head. Raises the service's own errors, one of them for a newer database."""
    from greenroom_hub.hub_database import check_hub_database  # noqa: PLC0415
    from greenroom_service.database import migrate as upgrade  # noqa: PLC0415 (imports SQLAlchemy and Alembic)

    check_hub_database(settings.hub_database)
    upgrade(settings.service_database)


def free_ports(count: int) -> list[int]:
    """Return *count* different TCP ports of the loopback that nobody listens on."""
    with contextlib.ExitStack() as stack:
        found = []
        for _ in range(count):
            trial = stack.enter_context(socket.socket())
            trial.bind(("127.0.0.1", 0))
            found.append(trial.getsockname()[1])
        return found


def serve(settings: HubSettings, data: Data) -> None:
    """Run the Hub until it is told to stop."""
    from greenroom_hub.accounts import FIRST_ADMIN, hash_password, new_password  # noqa: PLC0415
    from greenroom_hub.hub_database import has_account  # noqa: PLC0415

    password = "" if has_account(settings.hub_database, FIRST_ADMIN) else new_password()
    hub, proxy, service = free_ports(3)
    settings = replace(settings, hub_port=hub, proxy_port=proxy, service_port=service)
    settings = replace(settings, admin_hash=hash_password(password) if password else "")
    if data.log.exists():
        data.log.replace(data.log.with_suffix(".log.1"))
    step("starting the hub, the proxy and the service")
    announced = False

    def ready(alive: Callable[[], bool]) -> None:
        nonlocal announced
        wait_until_ready(settings, data, alive)
        if not announced:
            announce(settings, data, password)
        announced = True

    Supervisor(
        command=[
            str(house().python),
            "-P",
            "-m",
            "greenroom_hub.hub",
            "--config",
            str(house().hub_config / "jupyterhub_config.py"),
        ],
        environment=hub_environment(settings),
        cwd=data.run,
        log=data.log,
        ready=ready,
    ).run()


def hub_environment(settings: HubSettings) -> dict[str, str]:
    """Return the environment of the Hub's process: this one's, without keys and without other Hubs' variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith((*PRIVATE, "GREENROOM_"))}
    kept["PATH"] = os.pathsep.join([str(house().venv / "bin"), kept.get("PATH", os.defpath)])
    return {**kept, VARIABLE: settings.to_json(), "PYTHONUNBUFFERED": "1"}


def wait_until_ready(settings: HubSettings, data: Data, alive: Callable[[], bool]) -> None:
    """Return when the login page and the service answer through the proxy. Raises FailedError."""
    local = f"http://{'127.0.0.1' if settings.host in {'0.0.0.0', '::', ''} else settings.host}:{settings.port}"  # noqa: S104
    waiting = {
        "the hub": f"http://127.0.0.1:{settings.hub_port}/hub/health",
        "the login page": f"{local}/hub/login",
        "the service": f"{local}/services/greenroom/readyz",
    }
    deadline = time.monotonic() + READY_WITHIN
    for name, url in waiting.items():
        while not answers(url):
            if not alive():
                raise FailedError(f"the Hub stopped while starting; its log says why: {data.log}")
            if time.monotonic() > deadline:
                raise FailedError(f"{name} did not answer within {READY_WITHIN:.0f} s; see {data.log}")
            time.sleep(0.2)


def answers(url: str) -> bool:
    """Say whether a GET of *url* succeeds."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 (our own http URL)
            return bool(response.status == http.HTTPStatus.OK)
    except (OSError, urllib.error.URLError, http.client.HTTPException):
        return False


def announce(settings: HubSettings, data: Data, password: str) -> None:
    """Tell where the classroom is, and how its administrator signs in the first time."""
    step("ready")
    typer.echo(f"Greenroom is at {settings.url}/ (sign up there; data in {data.folder}, log in {data.log})")
    if password:
        typer.echo(f"First start: sign in as admin with the password {password} (shown only this once)")
    if settings.host not in {"127.0.0.1", "::1", "localhost"} and not settings.url.startswith("https://"):
        line("passwords travel unencrypted to this address; put HTTPS in front and name it by --public-url")
    if sys.stdout.isatty():
        typer.echo("Ctrl-C stops everything.")
