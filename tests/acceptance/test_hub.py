"""A real Hub, used by HTTP: accounts, roles, servers and homes."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest
from classroom import PASSWORD, Classroom, Student, classroom, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.hub, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    with classroom(tmp_path_factory.mktemp("room") / "data") as running:
        yield running


@pytest.fixture
def ann(room: Classroom) -> Iterator[Student]:
    student = Student(room.url, "ann")
    student.sign_up()
    student.log_in()
    yield student
    student.close()


@pytest.fixture
def admin(room: Classroom) -> Iterator[Student]:
    person = Student(room.url, "admin", room.admin_password)
    person.log_in()
    yield person
    person.close()


def test_first_start_names_the_url_and_the_administrators_password(room: Classroom, admin: Student) -> None:
    assert any(text.startswith(f"Greenroom is at {room.url}/") for text in room.said)
    assert admin.me()["admin"] is True
    assert [group for group in admin.me()["groups"] if group != "admin"] == []


def test_the_administrators_password_is_kept_only_as_a_hash(room: Classroom) -> None:
    password = room.admin_password.encode()
    kept = [path for path in room.data.rglob("*") if path.is_file() and password in path.read_bytes()]
    assert kept == []


def test_whoever_signs_up_is_a_student(ann: Student) -> None:
    me = ann.me()
    assert (me["name"], me["admin"], me["groups"]) == ("ann", False, ["student"])
    mine = {scope.split("!")[0] for scope in me["scopes"]}
    assert "custom:greenroom:submit" in mine
    assert mine.isdisjoint(
        {"custom:greenroom:assist", "custom:greenroom:teach", "custom:greenroom:admin", "admin:users"}
    )


@pytest.mark.parametrize(
    ("group", "scope", "beyond"),
    [
        ("assistant", "custom:greenroom:assist", "custom:greenroom:teach"),
        ("instructor", "custom:greenroom:teach", "custom:greenroom:admin"),
        ("admin", "custom:greenroom:admin", None),
    ],
)
def test_groups_carry_scopes(room: Classroom, admin: Student, group: str, scope: str, beyond: str | None) -> None:
    person = Student(room.url, f"one-{group}")
    try:
        person.sign_up()
        person.log_in()
        admin.http.get("/hub/home")
        admin.hub("POST", f"/groups/{group}/users", json={"users": [person.name]}).raise_for_status()
        scopes = set(person.me()["scopes"])
    finally:
        person.close()
    assert scope in scopes
    assert "custom:greenroom:submit" in scopes
    assert beyond not in scopes


@pytest.mark.parametrize("name", ["../ann", "Ann Smith", "-probe", ".hidden", "a" * 33, "ann/bob", "root;id", "-"])
def test_names_that_are_no_folder_are_refused(room: Classroom, name: str) -> None:
    person = Student(room.url, name)
    try:
        person.sign_up()
        answer = person.log_in()
    finally:
        person.close()
    assert answer.status_code in {200, 403, 400}
    with sqlite3.connect(room.data / "hub" / "jupyterhub.sqlite") as database:
        rows = database.execute("SELECT count(*) FROM users_info WHERE username = ?", (name.lower(),)).fetchone()
    database.close()
    assert rows == (0,)


@pytest.mark.parametrize("password", ["short", "x" * 73, "password12"])
def test_passwords_that_protect_nothing_are_refused(room: Classroom, password: str) -> None:
    person = Student(room.url, "weak", password)
    try:
        assert person.sign_up().status_code < httpx.codes.INTERNAL_SERVER_ERROR
        assert person.log_in().url.path == "/hub/login"
    finally:
        person.close()


def test_a_wrong_password_does_not_sign_in(room: Classroom, ann: Student) -> None:
    other = Student(room.url, ann.name, PASSWORD + "x")
    try:
        assert other.log_in().url.path == "/hub/login"
    finally:
        other.close()


def test_a_home_is_filled_and_never_overwritten(room: Classroom, ann: Student) -> None:
    home = room.data / "homes" / "ann" / "problems"
    server = ann.start_server()
    delivered = sorted(path.name for path in home.iterdir())
    assert "two-sum.ipynb" in delivered
    text = (home / "two-sum.ipynb").read_text()
    assert "hidden" not in json.loads(text)["metadata"]
    listing = server.get("/api/contents/problems").json()["content"]
    assert {"two-sum.ipynb"} <= {entry["name"] for entry in listing}

    ann.stop_server()
    (home / "two-sum.ipynb").write_text("my own work")
    gone = next(name for name in delivered if name != "two-sum.ipynb")
    (home / gone).unlink()
    ann.start_server({"restore": []})
    assert (home / "two-sum.ipynb").read_text() == "my own work"
    assert not (home / gone).exists()

    ann.stop_server()
    ann.start_server({"restore": [gone.removesuffix(".ipynb"), "two-sum"]})
    assert (home / gone).exists()
    assert (home / "two-sum.ipynb").read_text() == "my own work"
    ann.stop_server()


def test_nbgraders_menus_are_for_staff_only(ann: Student) -> None:
    server = ann.start_server()
    page = server.get("/lab")
    assert page.status_code == httpx.codes.OK
    config = page.text.split('id="jupyter-config-data" type="application/json">')[1].split("</script>")[0]
    disabled = json.loads(config)["disabledExtensions"]
    assert any(str(name).startswith("@jupyter/nbgrader") for name in disabled)
    assert server.get("/formgrader").status_code == httpx.codes.NOT_FOUND
    ann.stop_server()


def test_a_killed_service_is_started_again(room: Classroom) -> None:
    service = wait_for(lambda: room.child("-m greenroom_service"), "the service")
    service.kill()
    psutil.wait_procs([service], timeout=60)

    def again() -> psutil.Process | None:
        found = room.child("-m greenroom_service")
        return found if found is not None and found.pid != service.pid else None

    wait_for(again, "another service", patience=20)  # JupyterHub alone would take 30 s to look
    ready = f"{room.url}/services/greenroom/readyz"
    wait_for(lambda: httpx.get(ready, timeout=30).status_code == httpx.codes.OK, "the service to answer")
