"""The server extension: reads where the service is, opens one HTTP client, mounts the forwarding route."""

from __future__ import annotations

import os
from typing import Any

import httpx
from jupyter_server.extension.application import ExtensionApp
from traitlets import Float, Integer, Unicode, default

from greenroom_lab.forward import ROUTE, ForwardHandler, Upstream


class GreenroomLab(ExtensionApp):
    """Forwards ``<base_url>greenroom/api/v1/*`` to the Greenroom service, as the owner of this server."""

    name = "greenroom_lab"
    extension_url = "/lab"
    load_other_extensions = True

    service_url = Unicode(help="Where the service answers; $GREENROOM_SERVICE_URL unless set.").tag(config=True)
    owner = Unicode(help="The only user who may call; $JUPYTERHUB_USER unless set.").tag(config=True)
    max_body_bytes = Integer(2 * 1024 * 1024, help="Largest request body that is forwarded.").tag(config=True)
    connect_seconds = Float(5.0, help="How long the service may take to accept a connection.").tag(config=True)
    #: Above the service's 15 s heartbeat, so that a quiet stream lives and a dead one is noticed.
    read_seconds = Float(90.0, help="How long the service may stay silent on an open call.").tag(config=True)

    @default("service_url")
    def _service_url_default(self) -> str:
        return os.environ.get("GREENROOM_SERVICE_URL", "")

    @default("owner")
    def _owner_default(self) -> str:
        return os.environ.get("JUPYTERHUB_USER", "")

    def initialize_settings(self) -> None:
        """Open the client; the token is read here once and kept out of settings that pages can see."""
        timeout = httpx.Timeout(self.read_seconds, connect=self.connect_seconds)
        # Event streams hold a connection each, so the pool must be wider than the number of open tabs.
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=8, keepalive_expiry=30.0)
        upstream = Upstream(
            base_url=self.service_url.rstrip("/"),
            owner=self.owner,
            token=os.environ.get("JUPYTERHUB_API_TOKEN", ""),
            max_body_bytes=self.max_body_bytes,
            client=httpx.AsyncClient(timeout=timeout, limits=limits, follow_redirects=False, trust_env=False),
        )
        self.settings["greenroom_upstream"] = upstream

    def initialize_handlers(self) -> None:
        """Mount the one route."""
        handlers: list[Any] = [(ROUTE, ForwardHandler)]
        self.handlers.extend(handlers)

    async def stop_extension(self) -> None:
        """Close the client with the server."""
        upstream = self.settings.get("greenroom_upstream")
        if isinstance(upstream, Upstream):
            await upstream.client.aclose()
