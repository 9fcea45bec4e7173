"""The service's process: ``python -m greenroom_service``, started by the Hub as a managed service."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import uvicorn

from greenroom_service import logs
from greenroom_service.app import create_app
from greenroom_service.database import migrate
from greenroom_service.errors import GreenroomServiceError, SettingsError
from greenroom_service.settings import load_settings

if TYPE_CHECKING:
    from types import FrameType

    from fastapi import FastAPI

    from greenroom_service.judging import Engine
    from greenroom_service.settings import Settings

#: Seconds that open requests may take to end when the process is told to stop.
GRACE = 5


class Server(uvicorn.Server):
    """Uvicorn, which ends event streams before it waits for open requests."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End the streams, then do what uvicorn does."""
        app: FastAPI = self.config.app  # type: ignore[assignment] # serve() below gives it nothing else
        app.state.service.events.close()
        super().handle_exit(sig, frame)


def serve(app: FastAPI, settings: Settings) -> None:
    """Answer requests until SIGINT or SIGTERM."""
    address = urlsplit(settings.service_url)
    config = uvicorn.Config(
        app,
        host=address.hostname or "127.0.0.1",
        port=address.port or 10101,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1",
    )
    Server(config).run()


def main() -> int:
    """Run the service; 2 when it cannot be started as it is configured."""
    try:
        settings = load_settings()
        logs.configure(settings.log_level)
        if not settings.hub_api_url or not settings.hub_api_token.get_secret_value():
            raise SettingsError(
                "JUPYTERHUB_API_URL and JUPYTERHUB_API_TOKEN are not set; let the Hub start the service "
                "(`greenroom up`), or give them yourself"
            )
        migrate(settings.sqlalchemy_url)

        def open_engine() -> Engine:
            from greenroom_service.engine import SandboxEngine  # noqa: PLC0415 - opened in the background

            return SandboxEngine(settings)

        app = create_app(settings, open_engine)
    except GreenroomServiceError as error:
        sys.stderr.write(f"greenroom: {error}\n")
        return 2
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    serve(app, settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
