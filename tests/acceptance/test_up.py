"""``greenroom up`` over its whole life, on PostgreSQL: started, killed in parts, stopped, started again, stopped."""

from __future__ import annotations

import signal
import socket
import uuid
from typing import TYPE_CHECKING, Any

import httpx
import psutil
import psycopg
import pytest
from classroom import Classroom, Ending, Student, wait_for
from private_servers import PrivatePostgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.hub, pytest.mark.services, pytest.mark.timeout(900)]

#: Slow enough to be met half-way; what it ends with cannot be anybody else's verdict.
SLOW = "import time\ntime.sleep(3)\nraise RuntimeError"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with PrivatePostgres() as server, server.database() as url:
        yield url


@pytest.fixture(scope="module")
def first(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    data = tmp_path_factory.mktemp("room") / "data"
    room = Classroom(data, environment={"GREENROOM_DATABASE_URL": database})
    room.start()
    yield room
    room.stop()


@pytest.fixture(scope="module")
def ann(first: Classroom) -> Iterator[Student]:
    student = Student(first.url, "ann")
    student.sign_up()
    student.log_in()
    yield student
    student.close()


@pytest.fixture(scope="module")
def token(ann: Student) -> str:
    return ann.token()


@pytest.fixture(scope="module")
def interrupted(first: Classroom, ann: Student) -> Ending:
    """The first start, stopped by Ctrl-C; after the tests that need it."""
    assert ann
    return first.look_after(signal.SIGINT)


@pytest.fixture(scope="module")
def second(first: Classroom, interrupted: Ending) -> Iterator[Classroom]:
    """The same classroom, started again on the same port."""
    assert interrupted.status == 0
    room = Classroom(first.data, port=first.port, environment=first.environment)
    room.start()
    yield room
    room.stop()


def state_of(student: Student, token: str, submission: str) -> dict[str, Any]:
    """Return the submission, or nothing while the service is away."""
    try:
        answer = student.service(token, "GET", f"/submissions/{submission}")
    except httpx.TransportError:
        return {}
    return dict(answer.json()) if answer.status_code == httpx.codes.OK else {}


def begun(student: Student, token: str) -> str:
    """Hand a slow answer in and return its id once it is being graded."""
    body = {"problem_id": "two-sum", "code": SLOW, "client_id": uuid.uuid4().hex}
    answer = student.service(token, "POST", "/submissions", json=body)
    assert answer.status_code == httpx.codes.ACCEPTED, answer.text
    submission = str(answer.json()["id"])
    wait_for(lambda: state_of(student, token, submission).get("state") == "running", "grading to begin")
    return submission


def verdict_of(student: Student, token: str, submission: str) -> str:
    found = wait_for(lambda: (now := state_of(student, token, submission)).get("state") == "final" and now, "a verdict")
    return str(found["verdict"])


def test_a_submission_outlives_the_service_that_graded_it(first: Classroom, ann: Student, token: str) -> None:
    submission = begun(ann, token)
    service = wait_for(lambda: first.child("-m greenroom_service"), "the service")
    service.kill()
    assert verdict_of(ann, token, submission) == "runtime_error"


def test_a_submission_outlives_the_hub_and_nothing_else_does(first: Classroom, ann: Student, token: str) -> None:
    submission = begun(ann, token)
    hub = wait_for(lambda: first.child("-m greenroom_hub.hub"), "the hub")
    before = first.members()[1:]
    hub.kill()
    wait_for(lambda: "greenroom: the Hub died; starting it again" in first.said, "word of the death")
    psutil.wait_procs(before, timeout=60)
    assert [process for process in before if process.is_running()] == []
    assert verdict_of(ann, token, submission) == "runtime_error"


def test_ctrl_c_leaves_no_process_and_no_port(first: Classroom, interrupted: Ending) -> None:
    assert interrupted.status == 0
    assert first.port in interrupted.ports
    assert any("-m greenroom_service" in text for text in interrupted.commands)
    assert (interrupted.left, interrupted.listening) == ([], set())


def test_a_second_start_has_everything_and_shows_no_password(
    first: Classroom, second: Classroom, ann: Student, token: str
) -> None:
    assert sum("with the password" in text for text in first.said) == 1
    assert [text for text in second.said if "password" in text] == []
    listed = ann.service(token, "GET", "/submissions").json()["items"]
    assert [row["verdict"] for row in listed] == ["runtime_error", "runtime_error"]
    admin = Student(second.url, "admin", first.admin_password)
    try:
        assert admin.log_in().url.path == "/hub/home"
    finally:
        admin.close()


def test_the_service_keeps_everything_in_postgresql(second: Classroom, database: str) -> None:
    assert not (second.data / "greenroom.sqlite").exists()
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM submissions").fetchone() == (2,)


def test_sigterm_ends_a_students_server_with_its_processes(second: Classroom, ann: Student) -> None:
    ann.log_in()
    source = "import subprocess; subprocess.Popen(['sleep', '1000'], start_new_session=True); answer = 1"
    ann.start_server().python(source)
    ending = second.look_after(signal.SIGTERM)
    assert any("singleuser" in text for text in ending.commands)
    assert any("sleep 1000" in text for text in ending.commands)
    assert ending.status == 0
    assert (ending.left, ending.listening) == ([], set())


def test_sigterm_while_preparing_leaves_no_process(tmp_path: Path) -> None:
    """A database that never answers holds the preparation up; the signal comes in the middle of it."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"postgresql://greenroom@127.0.0.1:{silent.getsockname()[1]}/x"
        room = Classroom(tmp_path / "data", environment={"GREENROOM_DATABASE_URL": url})
        room.launch()
        wait_for(lambda: any("bringing the database" in text for text in room.said), "the preparation")
        ending = room.look_after(signal.SIGTERM)
    assert (ending.status, ending.left) == (130, [])
    assert not any("Traceback" in text for text in room.said)
