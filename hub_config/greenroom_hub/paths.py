"""Where things are: the clone, its virtual environment, and the folder of data."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class House:
    """The clone that this code runs from; every path in it is absolute."""

    root: Path

    @property
    def venv(self) -> Path:
        """The virtual environment of the running interpreter."""
        return Path(sys.prefix)

    @property
    def python(self) -> Path:
        """The interpreter of the virtual environment, by the name that finds its packages."""
        return self.venv / "bin" / "python"

    @property
    def cache(self) -> Path:
        """What the bootstrap made and can make again: stamps, the proxy."""
        return self.venv / "share" / "greenroom"

    @property
    def extension(self) -> Path:
        """The npm package of the Lab extension."""
        return self.root / "extension"

    @property
    def notebooks(self) -> Path:
        """Problems, sheets and the packages that read them."""
        return self.root / "notebooks"

    @property
    def hub_config(self) -> Path:
        """The Hub's configuration, the proxy's lock, and this package."""
        return self.root / "hub_config"


def house() -> House:
    """Return the clone around this file."""
    return House(root=Path(__file__).resolve().parents[2])


@dataclass(frozen=True)
class Data:
    """The one folder in which a deployment keeps everything that must survive."""

    folder: Path

    @property
    def hub(self) -> Path:
        """The Hub's own: accounts, cookie secret, uids. Nobody but the Hub reads it."""
        return self.folder / "hub"

    @property
    def homes(self) -> Path:
        """One home per student."""
        return self.folder / "homes"

    @property
    def shelf(self) -> Path:
        """Released notebooks, one per problem and version; can be deleted."""
        return self.folder / "shelf"

    @property
    def logs(self) -> Path:
        """What Hub, proxy and service wrote."""
        return self.folder / "logs"

    @property
    def run(self) -> Path:
        """Files of the running deployment only."""
        return self.folder / "run"

    @property
    def log(self) -> Path:
        """The log of the running deployment."""
        return self.logs / "hub.log"

    @property
    def hub_database(self) -> str:
        """SQLAlchemy URL of the Hub's own database when no other is configured."""
        return f"sqlite:///{self.hub / 'jupyterhub.sqlite'}"

    @property
    def service_database(self) -> str:
        """SQLAlchemy URL of the service's database when GREENROOM_DATABASE_URL says nothing."""
        return f"sqlite:///{self.folder / 'greenroom.sqlite'}"

    def make(self) -> None:
        """Create what is missing, closed to everybody else. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (self.hub, self.homes, self.shelf, self.logs, self.run):
            folder.mkdir(exist_ok=True, mode=0o700)
