"""The Kubernetes files, as far as they can be held to the code without a cluster."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from traitlets.config import Config

from greenroom_hub import reference, roles

FOLDER = Path(__file__).resolve().parents[3] / "hub_config"
VALUES: dict[str, Any] = yaml.safe_load((FOLDER / "kubernetes" / "values.yaml").read_text())
MANIFESTS: list[dict[str, Any]] = list(yaml.safe_load_all((FOLDER / "kubernetes" / "service.yaml").read_text()))
CONTAINERS = [
    manifest["spec"]["template"]["spec"]["containers"][0] for manifest in MANIFESTS if manifest["kind"] == "Deployment"
]


def configured(monkeypatch: pytest.MonkeyPatch) -> Config:
    """Return the chart's configuration object after ``hub.extraConfig`` has run, as the chart runs it."""
    monkeypatch.setenv("GREENROOM_SERVICE_URL", VALUES["hub"]["extraEnv"]["GREENROOM_SERVICE_URL"])
    c = Config()
    c.JupyterHub.services = [{"name": name, **service} for name, service in VALUES["hub"]["services"].items()]
    c.JupyterHub.load_roles = [{"name": "of-the-chart", "scopes": []}]
    exec(VALUES["hub"]["extraConfig"]["greenroom"], {"c": c})  # noqa: S102 (what the chart does)
    return c


def test_the_hub_gets_the_same_accounts_groups_and_scopes(monkeypatch: pytest.MonkeyPatch) -> None:
    c = configured(monkeypatch)
    assert c.JupyterHub.authenticator_class.__name__ == "GreenroomAuthenticator"
    assert c.JupyterHub.custom_scopes == roles.custom_scopes()
    assert [role["name"] for role in c.JupyterHub.load_roles] == [
        "of-the-chart",
        *(role["name"] for role in roles.load_roles()),
    ]


def test_servers_get_the_tokens_of_one_machine_and_reach_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    c = configured(monkeypatch)
    assert c.KubeSpawner.oauth_client_allowed_scopes == []
    assert c.KubeSpawner.server_token_scopes == roles.server_token_scopes()
    url = c.KubeSpawner.environment["GREENROOM_SERVICE_URL"]
    service = next(manifest for manifest in MANIFESTS if manifest["kind"] == "Service")
    assert url == f"http://{service['metadata']['name']}:{service['spec']['ports'][0]['port']}/services/greenroom"


def test_the_service_is_known_to_the_hub_by_its_scopes(monkeypatch: pytest.MonkeyPatch) -> None:
    service = next(s for s in configured(monkeypatch).JupyterHub.services if s["name"] == roles.SERVICE)
    assert service["oauth_client_allowed_scopes"] == roles.service_client_scopes()


def test_every_setting_in_the_manifests_exists() -> None:
    names = {entry["name"] for container in CONTAINERS for entry in container["env"]}
    page = reference.page()
    assert {name for name in names if name.startswith("GREENROOM_") and f"`{name}`" not in page} == set()


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda container: str(container["name"]))
def test_no_secret_stands_in_the_manifests(container: dict[str, Any]) -> None:
    for entry in container["env"]:
        secret = re.search(r"TOKEN|DATABASE_URL|REDIS_URL|HASH|KEY$", entry["name"])
        assert not secret or "secretKeyRef" in entry["valueFrom"]


def test_images_are_those_that_the_dockerfile_makes() -> None:
    dockerfile = (FOLDER / "docker" / "Dockerfile").read_text()
    made = set(re.findall(r"--target (\w+)\s+-t (\S+)", dockerfile))
    stages = set(re.findall(r"^FROM \S+ AS (\w+)$", dockerfile, re.MULTILINE))
    used = {container["image"] for container in CONTAINERS}
    used |= {f"{image['name']}:{image['tag']}" for image in (VALUES["hub"]["image"], VALUES["singleuser"]["image"])}
    assert {image for _, image in made} == used
    assert {stage for stage, _ in made} <= stages
