"""A sandbox at full strength, shared by the tests of one module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greenroom_grader.sandbox import SandboxConfig, open_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenroom_grader.sandbox import Sandbox


@pytest.fixture(scope="module")
def boxes() -> Iterator[Sandbox]:
    with open_sandbox(SandboxConfig(pool={"plain": 2})) as sandbox:
        yield sandbox
