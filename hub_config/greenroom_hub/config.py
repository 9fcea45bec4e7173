"""JupyterHub's configuration, made from HubSettings."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nativeauthenticator

from greenroom_hub import roles
from greenroom_hub.accounts import FIRST_ADMIN, NAME, GreenroomAuthenticator
from greenroom_hub.paths import house
from greenroom_hub.spawner import GreenroomSpawner, deliver, server_environment

if TYPE_CHECKING:
    from greenroom_hub.settings import HubSettings

#: Seconds between two looks at the service: a dead one stays dead that long.
SERVICE_CHECK = 3
#: Arguments of a student's server: it asks nobody outside for news.
QUIET = (
    "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    "--LabApp.news_url=None",
)
#: Letters of the shortest password.
SHORTEST_PASSWORD = 10


def configure(c: Any, settings: HubSettings) -> None:
    """Fill *c*, the configuration object of a jupyterhub_config.py."""
    _addresses(c, settings)
    accounts(c, settings)
    _servers(c, settings)
    rights(c)
    c.JupyterHub.services = [_service(settings), _culler(settings)]


def _addresses(c: Any, settings: HubSettings) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    c.JupyterHub.bind_url = f"http://{host}:{settings.port}/"
    if settings.public_url:
        c.JupyterHub.public_url = settings.url + "/"
    c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings.hub_port}"
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings.proxy_port}"
    c.ConfigurableHTTPProxy.command = list(settings.proxy_command)
    c.ConfigurableHTTPProxy.pid_file = str(settings.folders.run / "proxy.pid")
    c.JupyterHub.db_url = settings.hub_database
    c.JupyterHub.upgrade_db = True
    c.JupyterHub.cookie_secret_file = str(settings.folders.hub / "cookie_secret")
    c.JupyterHub.cleanup_servers = True
    c.JupyterHub.service_check_interval = SERVICE_CHECK
    c.JupyterHub.log_level = "INFO"


def accounts(c: Any, settings: HubSettings) -> None:
    """Say how people sign up and in."""
    # Ours first: the authenticator's own pages fail WCAG's contrast, target size and labels.
    folders = [Path(__file__).parent / "templates", Path(nativeauthenticator.__file__).parent / "templates"]
    c.JupyterHub.template_paths = [str(folder) for folder in folders]
    c.JupyterHub.authenticator_class = GreenroomAuthenticator
    c.GreenroomAuthenticator.open_signup = True
    c.GreenroomAuthenticator.minimum_password_length = SHORTEST_PASSWORD
    c.GreenroomAuthenticator.check_common_password = True
    c.GreenroomAuthenticator.allowed_failed_logins = 10
    c.GreenroomAuthenticator.seconds_before_next_try = 60
    c.GreenroomAuthenticator.allow_all = True
    c.GreenroomAuthenticator.username_pattern = f"^{NAME}$"
    c.GreenroomAuthenticator.admin_users = {FIRST_ADMIN}
    c.GreenroomAuthenticator.first_admin_hash = settings.admin_hash


def _servers(c: Any, settings: HubSettings) -> None:
    c.JupyterHub.spawner_class = GreenroomSpawner
    c.JupyterHub.allow_named_servers = False
    c.JupyterHub.concurrent_spawn_limit = 2 * (os.cpu_count() or 1) + 8
    c.GreenroomSpawner.settings_json = settings.without_secrets().to_json()
    c.GreenroomSpawner.pre_spawn_hook = deliver
    c.GreenroomSpawner.default_url = "/lab"
    c.GreenroomSpawner.disable_user_config = True
    c.GreenroomSpawner.env_keep = ["TZ"]
    c.GreenroomSpawner.environment = server_environment(settings)
    c.GreenroomSpawner.start_timeout = 120
    c.GreenroomSpawner.http_timeout = 120
    c.GreenroomSpawner.args = list(QUIET)
    c.GreenroomSpawner.oauth_client_allowed_scopes = roles.page_token_scopes()
    c.GreenroomSpawner.server_token_scopes = roles.server_token_scopes()


def rights(c: Any) -> None:
    """Say which groups may do what; roles that are there already stay."""
    c.JupyterHub.custom_scopes = roles.custom_scopes()
    c.JupyterHub.load_groups = roles.load_groups((FIRST_ADMIN,))
    c.JupyterHub.load_roles = [*c.JupyterHub.get("load_roles", []), *roles.load_roles()]


def _service(settings: HubSettings) -> dict[str, Any]:
    """Return the service as one that the Hub starts, restarts and stops."""
    environment = {
        **dict(settings.service),
        "PATH": os.pathsep.join([str(house().venv / "bin"), os.environ.get("PATH", os.defpath)]),
        "GREENROOM_DATA": settings.data,
        "GREENROOM_DATABASE_URL": settings.service_database,
        "GREENROOM_NOTEBOOKS": str(house().notebooks),
        "GREENROOM_PUBLIC_URL": settings.url,
        "GREENROOM_UNSAFE": "1" if settings.unsafe else "",
        "GREENROOM_REDIS_URL": settings.redis_url,
        "GREENROOM_CLAUDE_KEY_FILE": settings.claude_key_file,
    }
    return {
        "name": roles.SERVICE,
        "url": f"http://127.0.0.1:{settings.service_port}",
        "command": [sys.executable, "-P", "-m", "greenroom_service"],
        "environment": {name: value for name, value in environment.items() if value},
        "cwd": settings.data,
        "oauth_no_confirm": True,
        "oauth_client_allowed_scopes": roles.service_client_scopes(),
        "display": False,
    }


def _culler(settings: HubSettings) -> dict[str, Any]:
    every = max(10, min(60, settings.idle_seconds // 2))
    options = [f"--timeout={settings.idle_seconds}", f"--cull-every={every}"]
    return {"name": "idle-culler", "command": [sys.executable, "-P", "-m", "jupyterhub_idle_culler", *options]}
