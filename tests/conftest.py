"""Options of all suites; pytest reads them only from here, whichever folder it is asked to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--hostile-all-levels", action="store_true", help="run every hostile program at every sandbox level of this machine"
    )
