"""The spawner: one student's server, inside bubblewrap."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Integer, Unicode

from greenroom_hub import box
from greenroom_hub.homes import Homes
from greenroom_hub.identities import Identities
from greenroom_hub.paths import house
from greenroom_hub.roles import Group
from greenroom_hub.settings import HubSettings
from greenroom_hub.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable

#: Where kernels have their sockets and connection files: in the own /tmp, as the path of a socket may have 107 letters.
RUNTIME = "/tmp/jupyter"  # noqa: S108 (inside the box, where nobody else has been)
#: All servers share the loopback, and over TCP a kernel shows what it prints to everybody who connects.
KERNELS = "--KernelManager.transport=ipc"
#: Server extensions of nbgrader, which works for everybody once it is installed: for staff only.
STAFF_EXTENSIONS = tuple(
    f"nbgrader.server_extensions.{name}"
    for name in ("formgrader", "validate_assignment", "assignment_list", "course_list")
)


@dataclass(frozen=True, slots=True)
class Estate:
    """What all servers of a deployment share."""

    settings: HubSettings
    homes: Homes
    shelf: Shelf
    #: None when the Hub is an ordinary user, who can give no uids.
    identities: Identities | None

    def uid_of(self, name: str) -> int | None:
        """Return the student's own uid, None in a user namespace."""
        return self.identities.of(name).uid if self.identities else None


@cache
def estate(settings_json: str) -> Estate:
    """Return the one Estate of these settings."""
    settings = HubSettings.from_json(settings_json)
    data, tree = settings.folders, house()
    return Estate(
        settings=settings,
        homes=Homes(folder=data.homes, records=data.hub / "homes"),
        shelf=Shelf(
            problems=tree.notebooks / "problems", code=tree.notebooks / "greenroom_problems", folder=data.shelf
        ),
        identities=Identities.of_this_machine(data.hub / "identities.json") if os.geteuid() == 0 else None,
    )


def box_for(shared: Estate, name: str) -> box.Box:
    """Return the box for the server of *name*, with its account files written."""
    data, uid = shared.settings.folders, shared.uid_of(name)
    accounts = data.run / "accounts" / name
    box.write_accounts(accounts, name, box.NAMESPACE_UID if uid is None else uid)
    return box.box_around(name=name, home=data.homes / name, accounts=accounts, uid=uid, house=house())


class GreenroomSpawner(SimpleLocalProcessSpawner):  # type: ignore[misc] # JupyterHub has no types
    """Starts ``jupyterhub-singleuser`` inside bubblewrap, as the student's own uid where the Hub can give one."""

    settings_json = Unicode(config=True, help="The deployment's HubSettings as JSON.")
    processes_limit = Integer(1024, config=True, help="How many processes and threads one student's server may have.")

    @property
    def estate(self) -> Estate:
        """What this server shares with the others."""
        return estate(self.settings_json)

    async def prepare(self) -> None:
        """Make the home and deliver new problems; called before each start."""
        shared, name = self.estate, self.user.name
        restore = [str(ident) for ident in self.user_options.get("restore") or []]
        notebooks = await asyncio.to_thread(shared.shelf.notebooks)
        delivery = shared.homes.deliver(name, shared.uid_of(name), notebooks, restore)
        if delivery.obstacle:
            self.log.warning("No problems delivered: %s", delivery.obstacle)
        elif delivery.placed:
            self.log.info("Delivered %d problems to %s", len(delivery.placed), name)

    async def start(self) -> tuple[str, int]:
        """Start the server; return the address and port that it listens on."""
        boxed = box_for(self.estate, self.user.name)
        self.home_dir = self.notebook_dir = str(boxed.inner_home)
        # -P: a file of the student's own, named like a module, must not become part of the server.
        self.cmd = boxed.command([str(house().python), "-P", "-m", "jupyterhub.singleuser"])
        started: tuple[str, int] = await super().start()
        return started

    def get_args(self) -> list[str]:
        """Return the arguments of jupyterhub-singleuser."""
        extensions = {"greenroom_lab": True, "jupyter_lsp": False}
        if not self.is_staff():
            extensions |= dict.fromkeys(STAFF_EXTENSIONS, False)
        return [*super().get_args(), KERNELS, f"--ServerApp.jpserver_extensions={extensions!r}"]

    def get_env(self) -> dict[str, str]:
        """Return the whole environment of the server: nothing of the Hub's own is passed on."""
        env: dict[str, str] = super().get_env()
        if not self.is_staff():
            env["JUPYTER_CONFIG_PATH"] = str(house().hub_config / "student")
        return env

    def is_staff(self) -> bool:
        """Say whether the owner is more than a student."""
        groups = {group.name for group in self.user.orm_user.groups}
        return bool(self.user.admin) or not groups.isdisjoint({Group.ASSISTANT, Group.INSTRUCTOR, Group.ADMIN})

    def make_preexec_fn(self, name: str) -> Callable[[], None]:
        """Return what runs in the child before bubblewrap does: limits, and nothing that could fail."""
        del name
        limit = self.processes_limit if os.geteuid() == 0 else None

        def limits() -> None:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if limit is not None:  # counted per uid, so it says something only where students have their own
                resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))
            os.umask(0o022)

        return limits

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Add who the student is."""
        return {**env, "USER": self.user.name, "LOGNAME": self.user.name, "HOME": self.home_dir, "SHELL": "/bin/bash"}


async def deliver(spawner: Any) -> None:
    """Fill the home before a start: the pre-spawn hook."""
    if isinstance(spawner, GreenroomSpawner):
        await spawner.prepare()


def server_environment(settings: HubSettings) -> dict[str, str]:
    """Return the environment that every server gets besides JupyterHub's own variables."""
    path = [str(house().venv / "bin"), "/usr/local/bin", "/usr/bin", "/bin"]
    return {
        "PATH": os.pathsep.join(path),
        "LANG": "C.UTF-8",
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_RUNTIME_DIR": RUNTIME,
        "GREENROOM_SERVICE_URL": f"http://127.0.0.1:{settings.service_port}/services/greenroom",
        "VIRTUAL_ENV": sys.prefix,
    }
