"""Options of all suites; pytest reads them only from here, whichever folder it is asked to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from private_servers import PrivatePostgres, PrivateRedis


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--hostile-all-levels",
        action="store_true",
        help="run every hostile program at every sandbox level of this machine",
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A PostgreSQL of this run's own."""
    from private_servers import PrivatePostgres

    with PrivatePostgres() as running:
        yield running


@pytest.fixture(scope="session")
def redis_server() -> Iterator[PrivateRedis]:
    """A Redis of this run's own."""
    from private_servers import PrivateRedis

    with PrivateRedis() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'greenroom.sqlite'}"
        return
    with request.getfixturevalue("postgres").database() as url:
        yield url
