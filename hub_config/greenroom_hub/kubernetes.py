"""The Hub's configuration on Kubernetes: what values.yaml cannot say by itself.

Accounts, groups and scopes are those of one machine. What differs: servers are pods of KubeSpawner, and the pod is
their wall instead of bubblewrap; the service is a deployment of its own, which the Hub only knows.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from greenroom_hub import config, roles
from greenroom_hub.settings import HubSettings

if TYPE_CHECKING:
    from collections.abc import Mapping


def configure(c: Any, environment: Mapping[str, str] = os.environ) -> None:
    """Complete *c*, the chart's configuration object, from ``hub.extraConfig``.

    Reads GREENROOM_SERVICE_URL (where pods reach the service) and GREENROOM_ADMIN_HASH (bcrypt) from the environment.
    """
    config.accounts(c, HubSettings(data="", admin_hash=environment.get("GREENROOM_ADMIN_HASH", "")))
    config.rights(c)
    c.KubeSpawner.args = list(config.QUIET)
    c.KubeSpawner.environment = {
        **c.KubeSpawner.get("environment", {}),
        "GREENROOM_SERVICE_URL": environment["GREENROOM_SERVICE_URL"],
    }
    c.KubeSpawner.oauth_client_allowed_scopes = roles.page_token_scopes()
    c.KubeSpawner.server_token_scopes = roles.server_token_scopes()
    for service in c.JupyterHub.get("services", []):
        if service["name"] == roles.SERVICE:
            service["oauth_client_allowed_scopes"] = roles.service_client_scopes()
