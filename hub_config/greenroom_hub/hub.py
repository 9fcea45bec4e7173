"""The Hub's process: ``python -m greenroom_hub.hub``, started by ``up`` or by a container."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from jupyterhub.app import JupyterHub
from jupyterhub.objects import Server
from jupyterhub.utils import AnyTimeoutError

if TYPE_CHECKING:
    from jupyterhub.services.service import Service

#: Seconds that a service gets before it has to answer. JupyterHub's own ten are too few for a busy machine.
PATIENCE = 180.0


class GreenroomHub(JupyterHub):  # type: ignore[misc] # JupyterHub has no types
    """JupyterHub, with more patience for a service that starts, and less for one that died."""

    async def start_service(self, service_name: str, service: Service, ssl_context: Any = None) -> bool:
        """Start *service* and wait until it answers; False when it ended instead."""
        if not (service.managed and service.url):
            return bool(await super().start_service(service_name, service, ssl_context))
        self.log.info("Starting managed service %s at %s", service_name, service.url)
        await service.start()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                await Server.from_orm(service.orm.server).wait_up(http=True, timeout=1, ssl_context=ssl_context)
            except AnyTimeoutError:
                status = await service.spawner.poll()
                if status is not None:
                    self.log.critical("Service %s exited with status %s", service_name, status)
                    return False
            else:
                return True
        self.log.critical("Service %s did not answer within %.0f s", service_name, PATIENCE)
        return False

    async def check_services_health(self) -> None:
        """Start managed services that died; called every ``service_check_interval`` seconds.

        JupyterHub itself looks only every 30 seconds, which is long for somebody who waits for a verdict.
        """
        for name, service in self._service_map.items():
            status = await service.spawner.poll() if service.managed and service.spawner else None
            if status is not None:
                self.log.error("Service %s exited with status %s; starting it again", name, status)
                service.spawner.stop_polling()
                await service.start()


def main() -> None:
    """Run the Hub until it is told to stop."""
    GreenroomHub.launch_instance()


if __name__ == "__main__":
    main()
