"""A stand-in for the Hub's API: whose token is this, and the two OAuth calls. It speaks HTTP, as the real one does."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs

SCOPES = {
    "student": ["custom:greenroom:submit"],
    "assistant": ["custom:greenroom:submit", "custom:greenroom:assist"],
    "instructor": ["custom:greenroom:submit", "custom:greenroom:assist", "custom:greenroom:teach"],
    "admin": [
        "custom:greenroom:submit",
        "custom:greenroom:assist",
        "custom:greenroom:teach",
        "custom:greenroom:admin",
    ],
    "page": ["access:services!service=greenroom"],
}


@dataclass
class HubStandIn:
    """Answers on a loopback port while the block lasts."""

    #: token -> user model
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: OAuth code -> token
    codes: dict[str, str] = field(default_factory=dict)
    #: How often somebody asked whose a token is.
    asked: int = 0
    #: Answer every question with 500, as a Hub in trouble does.
    broken: bool = False
    service_token: str = "service-secret"

    def add(self, name: str, role: str, *, kind: str = "user") -> str:
        """A person's token."""
        token = f"token-of-{name}"
        self.users[token] = {"kind": kind, "name": name, "admin": False, "groups": [role], "scopes": SCOPES[role]}
        return token

    def __enter__(self) -> Self:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                hub.asked += 1
                token = self.headers.get("Authorization", "").partition(" ")[2]
                user = hub.users.get(token)
                if hub.broken:
                    self._answer(500, {})
                elif user is None or self.path != "/hub/api/user":
                    self._answer(403, {"status": 403})
                else:
                    self._answer(200, user)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                code = parse_qs(body.decode()).get("code", [""])[0]
                if self.path == "/hub/api/oauth2/token" and code in hub.codes:
                    self._answer(200, {"access_token": hub.codes.pop(code), "token_type": "Bearer"})
                else:
                    self._answer(400, {"error": "invalid_grant"})

            def _answer(self, status: int, body: object) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hub/api"
