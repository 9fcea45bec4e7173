"""What code inside a spawned server can reach: each attempt is made by a real kernel or terminal of a real server."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from classroom import ROOT, Classroom, Server, Student, classroom

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.hub, pytest.mark.timeout(900)]

#: A key that only the service may know.
KEY = "sk-test-only-the-service-knows-this"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    folder = tmp_path_factory.mktemp("room")
    key = folder / "claude-key"
    key.write_text(KEY)
    key.chmod(0o400)
    environment = {"GREENROOM_CLAUDE_KEY_FILE": str(key), "ANTHROPIC_API_KEY": KEY}
    with classroom(folder / "data", environment=environment) as running:
        yield running


@pytest.fixture(scope="module")
def bob(room: Classroom) -> Iterator[Student]:
    student = Student(room.url, "bob")
    student.sign_up()
    student.log_in()
    student.start_server()
    yield student
    student.close()


@pytest.fixture(scope="module")
def eve(room: Classroom) -> Iterator[Student]:
    student = Student(room.url, "eve")
    student.sign_up()
    student.log_in()
    yield student
    student.close()


@pytest.fixture(scope="module")
def server(eve: Student, bob: Student) -> Server:
    del bob  # somebody else's server runs at the same time
    return eve.start_server()


LOOK = """
import os

def look(path):
    try:
        if os.path.isdir(path):
            return sorted(os.listdir(path))
        with open(path, 'rb') as file:
            return file.read(200).hex()
    except OSError as error:
        return f'{type(error).__name__}'
"""


def hidden(server: Server, paths: list[str]) -> dict[str, Any]:
    """Return what a kernel finds at each of *paths* that it should not find."""
    found = server.python(f"{LOOK}\nanswer = {{path: look(path) for path in {paths!r}}}")
    return {path: value for path, value in found.items() if value not in ("FileNotFoundError", "PermissionError")}


def test_a_kernel_works_as_the_student(server: Server) -> None:
    answer = server.python(
        "import os, greenroom_notebook, greenroom_problems\n"
        "answer = [os.environ['HOME'], os.getcwd(), os.environ['JUPYTERHUB_USER'], os.getuid() == 0]"
    )
    assert answer == ["/students/eve", "/students/eve/", "eve", False] or answer[2:] == ["eve", False]


def test_the_hubs_secrets_and_databases_are_out_of_sight(room: Classroom, server: Server) -> None:
    data = room.data
    files = [str(path) for path in data.rglob("*") if path.is_file() and "homes" not in path.parts]
    assert any(path.endswith("cookie_secret") for path in files)
    assert any(path.endswith(".sqlite") for path in files)
    assert hidden(server, [*files, str(data), str(data / "hub"), str(data.parent / "claude-key")]) == {}


def test_other_homes_are_out_of_sight(room: Classroom, server: Server) -> None:
    homes = str(room.data / "homes")
    assert hidden(server, [homes, f"{homes}/bob", f"{homes}/bob/problems", "/students/bob"]) == {}
    assert server.python(f"{LOOK}\nanswer = look('/students')") == ["eve"]


def test_the_clone_is_out_of_sight_beyond_three_packages(server: Server) -> None:
    problems = [ROOT / "notebooks" / "problems", ROOT / "notebooks" / "problems" / "two-sum.md"]
    ours = [ROOT / "service", ROOT / "grader", ROOT / "hub_config" / "greenroom_hub", ROOT / "tests", ROOT / "var"]
    assert hidden(server, [str(path) for path in [*problems, *ours, ROOT / ".git", ROOT / "uv.lock"]]) == {}


def test_no_password_file_and_no_key_of_the_machine(server: Server) -> None:
    paths = [
        "/etc/shadow",
        "/etc/gshadow",
        "/etc/machine-id",
        "/etc/ssl/private",
        "/etc/ssh",
        "/etc/sudoers",
        "/var/log",
    ]
    assert hidden(server, [*paths, "/root/.ssh", str(Path.home() / ".bashrc"), "/run/systemd", "/sys"]) == {}
    names = server.python("import pwd; answer = sorted(entry.pw_name for entry in pwd.getpwall())")
    assert names == ["eve", "nobody", "root"]


def test_only_the_servers_own_processes_exist(server: Server) -> None:
    source = """
import os
answer = {}
for pid in filter(str.isdigit, os.listdir('/proc')):
    try:
        with open(f'/proc/{pid}/cmdline') as file:
            answer[pid] = file.read().replace('\\0', ' ')
    except OSError:
        pass
"""
    seen = "\n".join(server.python(source).values())
    assert "jupyterhub.singleuser" in seen
    for word in (
        "greenroom_hub",
        "greenroom_service",
        "configurable-http-proxy",
        "jupyterhub_idle_culler",
        "-m jupyterhub ",
    ):
        assert word not in seen


def test_no_environment_of_the_hub_or_the_service_can_be_read(server: Server) -> None:
    source = """
import os
seen = dict(os.environ)
text = ''
for pid in filter(str.isdigit, os.listdir('/proc')):
    try:
        with open(f'/proc/{pid}/environ') as file:
            text += file.read()
    except OSError:
        pass
answer = text + repr(seen)
"""
    seen = server.python(source)
    assert "JUPYTERHUB_API_TOKEN" in seen  # the server's own, so the search does find
    for word in (
        KEY,
        "CONFIGPROXY_AUTH_TOKEN",
        "GREENROOM_HUB_SETTINGS",
        "GREENROOM_CLAUDE",
        "ANTHROPIC",
        "DATABASE_URL",
    ):
        assert word not in seen


def test_nothing_of_the_system_or_the_interpreter_can_be_written(server: Server) -> None:
    places = [
        sys.prefix,
        sys.base_prefix,
        f"{sys.prefix}/bin",
        "/usr/bin",
        "/etc",
        "/",
        "/students",
    ]
    source = f"""
import os
answer = []
for place in {places!r}:
    try:
        with open(os.path.join(place, 'planted'), 'w'):
            answer.append(place)
    except OSError:
        pass
for file in ({str(Path(sys.prefix, "pyvenv.cfg"))!r}, json_file := __import__('json').__file__):
    try:
        open(file, 'a').close()
        answer.append(file)
    except OSError:
        pass
"""
    assert server.python(source) == []


def test_what_is_written_beside_the_clones_packages_stays_in_the_box(server: Server) -> None:
    source = f"""
import os
answer = 0
for place in {[str(ROOT / "extension"), str(ROOT / "notebooks"), str(ROOT)]!r}:
    try:
        with open(os.path.join(place, 'planted'), 'w'):
            answer += 1
    except OSError:
        pass
"""
    server.python(source)
    assert [folder for folder in (ROOT, ROOT / "extension", ROOT / "notebooks") if (folder / "planted").exists()] == []


def test_no_way_back_to_root(server: Server) -> None:
    source = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
status = dict(line.split(':', 1) for line in open('/proc/self/status') if ':' in line)
tried = {}
calls = {'setuid': lambda: os.setuid(0), 'setgid': lambda: os.setgid(0), 'chroot': lambda: os.chroot('/tmp')}
for name, call in calls.items():
    try:
        call()
        tried[name] = 'worked'
    except OSError as error:
        tried[name] = 'refused'
tried['mount'] = 'worked' if libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0 else 'refused'
answer = [tried, status['CapEff'].strip(), status['CapBnd'].strip(), status['NoNewPrivs'].strip()]
"""
    tried, effective, bounding, no_new = server.python(source)
    assert set(tried.values()) == {"refused"}
    assert (int(effective, 16), int(bounding, 16), no_new) == (0, 0, "1")


def test_the_servers_token_is_that_of_its_owner_and_no_more(server: Server) -> None:
    source = """
import json, os, urllib.error, urllib.request
def call(path, method='GET'):
    request = urllib.request.Request(os.environ['JUPYTERHUB_API_URL'] + path, method=method,
                                     headers={'Authorization': 'token ' + os.environ['JUPYTERHUB_API_TOKEN']})
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ''
paths = ('/user', '/users', '/users/bob', '/proxy', '/services', '/users/bob/tokens', '/groups')
answer = {path: call(path) for path in paths}
"""
    found = server.python(source)
    scopes = set(json.loads(found["/user"][1])["scopes"])
    assert scopes >= {"custom:greenroom:submit", "access:services!service=greenroom"}
    assert not {
        scope for scope in scopes if scope.startswith(("admin", "list:", "custom:greenroom:t", "custom:greenroom:a"))
    }
    refused = {path: status for path, (status, _) in found.items() if path != "/user"}
    assert set(refused.values()) <= {403, 404}, refused


def test_the_proxys_own_interface_trusts_nobody_for_being_there(room: Classroom, server: Server) -> None:
    ports = [c.laddr.port for process in room.members() for c in process.net_connections("tcp") if c.status == "LISTEN"]
    source = f"""
import urllib.error, urllib.request
answer = {{}}
for port in {ports!r}:
    try:
        with urllib.request.urlopen(f'http://127.0.0.1:{{port}}/api/routes', timeout=20) as response:
            answer[port] = [response.status, response.read(2000).decode(errors='replace')]
    except urllib.error.HTTPError as error:
        answer[port] = [error.code, '']
    except OSError as error:
        answer[port] = [0, '']
"""
    answers = server.python(source)
    assert any(status == httpx.codes.FORBIDDEN for status, _ in answers.values())
    assert not any('"target"' in text for _, text in answers.values())


def test_what_a_kernel_prints_is_heard_by_nobody_over_the_network(server: Server) -> None:
    source = """
import time, zmq
rows = [row.split() for row in open('/proc/net/tcp').readlines()[1:]]
ports = {int(row[1].split(':')[1], 16) for row in rows if row[3] == '0A'}
context = zmq.Context()
ear = context.socket(zmq.SUB)
ear.subscribe(b'')
for port in ports:
    ear.connect(f'tcp://127.0.0.1:{port}')
answer = ''
for number in range(20):
    print('a secret of mine', flush=True)
    time.sleep(0.1)
    while ear.poll(0):
        answer += repr(ear.recv_multipart())
context.destroy(linger=0)
"""
    assert "a secret of mine" not in server.python(source)


def test_another_students_server_refuses(bob: Student, server: Server) -> None:
    theirs = f"{bob.url}/user/bob/api/contents"
    answer = httpx.get(theirs, headers=server.headers, timeout=60)
    assert answer.status_code in {403, 404}


def test_a_terminal_sees_no_more_than_a_kernel(room: Classroom, server: Server) -> None:
    shown = server.terminal(f"ls {room.data}/hub /root /home; ls /students; echo finish''ed", "finished")
    assert "cookie_secret" not in shown
    assert "bob" not in shown


def test_the_page_token_may_do_nothing(eve: Student, server: Server) -> None:
    page = eve.http.get("/user/eve/lab").text  # by cookie, as a browser does
    config = json.loads(page.split('id="jupyter-config-data" type="application/json">')[1].split("</script>")[0])
    assert config["token"]
    assert config["token"] != server.token
    headers = {"Authorization": f"token {config['token']}"}
    model = httpx.get(f"{eve.url}/hub/api/user", headers=headers, timeout=60).json()
    assert not [scope for scope in model.get("scopes", []) if scope.startswith(("custom:", "access:services"))]
