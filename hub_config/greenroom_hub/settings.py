"""What one deployment is told: where its data is, where it listens, and what lies outside this machine."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from greenroom_hub.errors import RefusedError
from greenroom_hub.paths import Data

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The variable by which ``up`` hands its settings to the Hub's process.
VARIABLE = "GREENROOM_HUB_SETTINGS"
#: Variables of the service that ``up`` decides, from its own options and the ones of the same name.
DECIDED = (
    "GREENROOM_CLAUDE_KEY_FILE",
    "GREENROOM_DATA",
    "GREENROOM_DATABASE_URL",
    "GREENROOM_NOTEBOOKS",
    "GREENROOM_PUBLIC_URL",
    "GREENROOM_REDIS_URL",
    "GREENROOM_UNSAFE",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSettings:
    """Everything that the Hub's configuration is made from. Texts only, so that it crosses to another process."""

    #: The folder of everything that must survive.
    data: str
    #: Address and TCP port that the proxy listens on.
    host: str = "127.0.0.1"
    port: int = 8000
    #: What browsers type, e.g. ``https://greenroom.example.org``; empty when it is host and port.
    public_url: str = ""
    #: TCP ports on the loopback: the Hub, the proxy's own API, the service.
    hub_port: int = 0
    proxy_port: int = 0
    service_port: int = 0
    #: The command that starts configurable-http-proxy.
    proxy_command: tuple[str, ...] = ()
    #: SQLAlchemy URLs; empty for SQLite in the data folder.
    hub_database_url: str = ""
    database_url: str = ""
    redis_url: str = ""
    #: A file that holds the key for Claude; only the service's process is told where it is.
    claude_key_file: str = ""
    #: The bcrypt hash of the first administrator's password; empty when there is one already.
    admin_hash: str = ""
    #: Seconds without activity after which a student's server is stopped.
    idle_seconds: int = 3600
    #: Run the grader without isolation; only ever for development.
    unsafe: bool = False
    #: Further variables of the service, by name, as the environment has them.
    service: tuple[tuple[str, str], ...] = ()

    @property
    def folders(self) -> Data:
        """The data folder, with its rooms named."""
        return Data(Path(self.data))

    @property
    def url(self) -> str:
        """Where browsers find this deployment, without a slash at the end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "127.0.0.1" if self.host in {"", "0.0.0.0", "::"} else self.host  # noqa: S104 (compared, not bound)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def service_database(self) -> str:
        """SQLAlchemy URL of the service's database."""
        return self.database_url or self.folders.service_database

    @property
    def hub_database(self) -> str:
        """SQLAlchemy URL of the Hub's database."""
        return self.hub_database_url or self.folders.hub_database

    def without_secrets(self) -> Self:
        """Return what the spawner may know: no URL with a password, no hash."""
        bare = replace(self, hub_database_url="", database_url="", redis_url="", claude_key_file="", admin_hash="")
        return replace(bare, service=())

    def to_json(self) -> str:
        """Return the text that from_json reads."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what to_json wrote. Raises RefusedError."""
        try:
            values = json.loads(text)
            values["proxy_command"] = tuple(values.get("proxy_command", ()))
            values["service"] = tuple((str(name), str(value)) for name, value in values.get("service", ()))
            return cls(**values)
        except (ValueError, TypeError) as error:
            raise RefusedError(
                f"{VARIABLE} does not hold settings: {error}; start the Hub by ./greenroom up"
            ) from error

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> HubSettings:
        """Return the settings that ``up`` handed down, or those that plain variables describe.

        Plain variables are for containers, where the Hub is not started by ``up``: GREENROOM_DATA and the ones that
        ``up`` reads too (see ``outside``).
        """
        if VARIABLE in environment:
            return cls.from_json(environment[VARIABLE])
        data = environment.get("GREENROOM_DATA")
        if not data:
            raise RefusedError("GREENROOM_DATA names no folder; start the Hub by ./greenroom up, or set it")
        return outside(cls(data=data), environment)


def outside(settings: HubSettings, environment: Mapping[str, str]) -> HubSettings:
    """Return *settings* with what the environment says about things beyond this process."""
    idle = environment.get("GREENROOM_IDLE_SECONDS") or str(settings.idle_seconds)
    if not idle.isdecimal() or int(idle) == 0:
        raise RefusedError(f"GREENROOM_IDLE_SECONDS is {idle!r}; write whole seconds, e.g. 3600")
    return replace(
        settings,
        hub_database_url=environment.get("GREENROOM_HUB_DATABASE_URL", ""),
        database_url=environment.get("GREENROOM_DATABASE_URL", ""),
        redis_url=environment.get("GREENROOM_REDIS_URL", ""),
        claude_key_file=environment.get("GREENROOM_CLAUDE_KEY_FILE", ""),
        unsafe=environment.get("GREENROOM_UNSAFE", "") not in {"", "0", "false"},
        idle_seconds=int(idle),
        service=tuple((name, environment[name]) for name in sorted(for_the_service()) if name in environment),
    )


def for_the_service() -> set[str]:
    """Return the names of the variables that the service reads and ``up`` passes on as they are."""
    from greenroom_service.settings import Settings  # noqa: PLC0415 (imports Pydantic: only when something is started)

    named = {f"GREENROOM_{name.upper()}" for name, field in Settings.model_fields.items() if not field.validation_alias}
    return named - set(DECIDED)
