"""Settings: what the environment says, read once when the process starts."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from greenroom_service.errors import SettingsError

DEFAULT_PREFIX = "/services/greenroom/"


class DispatchKind(StrEnum):
    """Who grades the submissions."""

    #: Threads of this process.
    IN_PROCESS = "in-process"
    #: ``greenroom worker`` processes, through PostgreSQL.
    PROCRASTINATE = "procrastinate"


class Settings(BaseSettings):
    """Everything that can be configured. Variables are prefixed GREENROOM_, those of the Hub JUPYTERHUB_."""

    model_config = SettingsConfigDict(env_prefix="GREENROOM_", frozen=True, extra="ignore", populate_by_name=True)

    #: The one folder that data lives in.
    data: Path = Path("var")
    #: SQLAlchemy URL; empty means SQLite in the data folder.
    database_url: str = ""
    #: Redis for the rate limits of several service processes; empty means this process's memory.
    redis_url: str = ""
    #: The folder that holds ``problems/``.
    notebooks: Path = Path("notebooks")
    #: Where browsers reach the Hub, e.g. ``https://greenroom.example.org``; empty means the same host.
    public_url: str = ""
    #: Grade without any isolation. For development only.
    unsafe: bool = False
    #: Who grades: ``in-process``, or ``procrastinate`` for workers on PostgreSQL.
    dispatch: DispatchKind = DispatchKind.IN_PROCESS
    #: Submissions graded at the same time by one process.
    workers: int = Field(default_factory=lambda: max(1, os.cpu_count() or 1), ge=1, le=256)
    #: Submissions that may wait before new ones are refused with 503.
    queue_capacity: int = Field(default=2000, ge=1)
    #: Token that a Prometheus server sends; without one only an admin may read /metrics.
    metrics_token: SecretStr = SecretStr("")
    #: Rate limits per user, in the notation of ``limits``.
    rate_general: str = "1200/minute"
    rate_write: str = "300/minute"
    rate_submit: str = "30/minute"
    rate_run: str = "40/minute"
    rate_stress: str = "10/minute"
    #: A file, readable by its owner only, that holds the key for Claude; without one a script asks.
    claude_key_file: Path | None = None
    #: Where the Messages API is.
    claude_url: str = "https://api.anthropic.com"
    #: The model that interviews.
    claude_model: str = "claude-sonnet-5-5"
    #: The model that assesses.
    claude_report_model: str = "claude-sonnet-5-5"
    #: The model that interviews once four fifths of a budget are used up; empty for the same one.
    claude_economy_model: str = "claude-haiku-5-5"
    #: Dollars per million tokens, ``model=input/output``, with blanks between.
    claude_prices: str = "claude-haiku-5-5=0.10/0.50 claude-sonnet-5-5=2/10 claude-opus-5-5=4/20"
    #: Tokens that one person may use in a month; 0 for any number.
    claude_user_tokens: int = Field(default=3_000_000, ge=0)
    #: Dollars that one person's interviews may cost in a month; 0 for any amount.
    claude_user_dollars: float = Field(default=5.0, ge=0)
    #: Dollars that all interviews may cost in a month; 0 for any amount.
    claude_dollars: float = Field(default=200.0, ge=0)
    #: Turns that one person may take a minute in the long run.
    claude_turns_per_minute: float = Field(default=10.0, gt=0)
    #: The file of the keys that seal transcripts; by default ``keys.json`` in the data folder.
    keys_file: Path | None = None
    #: ``debug``, ``info``, ``warning`` or ``error``.
    log_level: str = "info"

    hub_api_url: str = Field(default="", validation_alias=AliasChoices("JUPYTERHUB_API_URL", "hub_api_url"))
    hub_api_token: SecretStr = Field(
        default=SecretStr(""), validation_alias=AliasChoices("JUPYTERHUB_API_TOKEN", "hub_api_token")
    )
    hub_client_id: str = Field(
        default="service-greenroom", validation_alias=AliasChoices("JUPYTERHUB_CLIENT_ID", "hub_client_id")
    )
    #: Address to listen on, as the Hub says it.
    service_url: str = Field(
        default="http://127.0.0.1:10101", validation_alias=AliasChoices("JUPYTERHUB_SERVICE_URL", "service_url")
    )
    #: Path that the proxy routes to this service, with both slashes.
    service_prefix: str = Field(
        default=DEFAULT_PREFIX, validation_alias=AliasChoices("JUPYTERHUB_SERVICE_PREFIX", "service_prefix")
    )
    #: Path of the Hub itself, with both slashes.
    hub_base_url: str = Field(default="/", validation_alias=AliasChoices("JUPYTERHUB_BASE_URL", "hub_base_url"))

    @field_validator("service_prefix", "hub_base_url")
    @classmethod
    def _slashes(cls, value: str) -> str:
        return "/" + value.strip("/") + "/" if value.strip("/") else "/"

    @property
    def prefix(self) -> str:
        """The service's path without a slash at the end, as routers want it."""
        return self.service_prefix.rstrip("/")

    @property
    def sqlalchemy_url(self) -> str:
        """The database's URL with the drivers that this distribution carries."""
        if not self.database_url:
            return f"sqlite:///{self.data.resolve() / 'greenroom.sqlite'}"
        return with_driver(self.database_url)

    @property
    def keys(self) -> Path:
        """The file of the keys that seal transcripts."""
        return self.keys_file or self.data / "keys.json"

    @property
    def scenarios(self) -> Path:
        """The folder of interview scenarios."""
        return self.notebooks / "scenarios"

    @property
    def problems(self) -> Path:
        """The folder of problem notebooks."""
        return self.notebooks / "problems"


def with_driver(url: str) -> str:
    """Name psycopg 3 in a PostgreSQL URL that names no driver; other URLs pass unchanged."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def load_settings() -> Settings:
    """Read the environment.

    Raises:
        SettingsError: one line naming the first variable that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        shown = name if name.startswith("JUPYTERHUB_") else "GREENROOM_" + name.upper()
        raise SettingsError(f"{shown}: {first['msg']}. Correct the environment variable and start again.") from None
