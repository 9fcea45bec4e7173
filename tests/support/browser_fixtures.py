"""Fixtures of the browser suites: one classroom, one Chromium and one student for all modules of a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import Desk, chromium, new_context
from classroom import Classroom, Student, classroom

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def browser_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    with classroom(tmp_path_factory.mktemp("browser") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def bea(browser_room: Classroom) -> Iterator[Student]:
    """A student whose server runs."""
    student = Student(browser_room.url, "bea")
    student.sign_up()
    student.log_in()
    student.start_server()
    yield student
    student.close()


@pytest.fixture(scope="module")
def desk(browser_room: Classroom, browser: Browser, bea: Student) -> Iterator[Desk]:
    """Bea in a browser of her own, signed in."""
    context = new_context(browser)
    context.add_cookies(
        [
            {"name": cookie.name, "value": cookie.value or "", "domain": "127.0.0.1", "path": cookie.path}
            for cookie in bea.http.cookies.jar
        ]
    )
    yield Desk(browser_room, bea, context)
    context.close()


@pytest.fixture(scope="module")
def lab(desk: Desk) -> Page:
    """One JupyterLab for all tests of a module that do not need a fresh one."""
    page = desk.lab()
    page.wait_for_selector(".gr-Problem")
    return page
