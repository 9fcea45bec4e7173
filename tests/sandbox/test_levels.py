"""Limits, endings and refusals are the same at every level that a machine may offer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hostile_levels import LEVELS

from greenroom_grader.errors import SandboxUnavailableError
from greenroom_grader.sandbox import BoxLimits, Ending, SandboxConfig, open_sandbox, probe
from greenroom_grader.sandbox.footprint import returned_to, settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenroom_grader.sandbox import Outcome, Sandbox
    from greenroom_grader.sandbox.footprint import Counts

pytestmark = pytest.mark.sandbox

_NOTHING = frozenset({"bwrap", "namespaces"})
_LIMITS = BoxLimits(
    cpu_seconds=0.3, wall_seconds=20.0, memory_mb=64, output_kb=16, processes=8, disk_mb=4, answer_bytes=100_000
)
_WORDS = {"bwrap": "bwrap", "namespaces": "clone", "seccomp": "seccomp", "cgroup": "cgroup"}


@pytest.fixture(scope="module", params=[*LEVELS, "unsafe"])
def level(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    without = LEVELS.get(request.param, _NOTHING)
    try:
        sandbox = open_sandbox(SandboxConfig(pool={}, force_without=without, unsafe=request.param == "unsafe"))
    except SandboxUnavailableError as error:
        pytest.skip(str(error))
    with sandbox:
        assert not {_WORDS[layer] for layer in without} & set(sandbox.level.split("+"))
        sandbox.box().close()  # starts what stays
        yield sandbox


@pytest.fixture(scope="module")
def rest(level: Sandbox) -> Counts:  # noqa: ARG001 - what the level takes while it rests
    return settled()


def run(sandbox: Sandbox, source: str, limits: BoxLimits = _LIMITS) -> Outcome:
    with sandbox.box(limits=limits) as box:
        assert box.level == sandbox.level
        outcome = box.load(dedent(source))
        assert outcome.ending is Ending.RETURNED, outcome
        return box.call("f", ())


ENDINGS = {
    "a loop": ("def f():\n    while True: pass", Ending.CPU_LIMIT),
    "a loop of children": (
        """
        import os
        def f():
            while True:
                if os.fork() == 0:
                    for _ in range(3_000_000): pass
                    os._exit(0)
                os.wait()
        """,
        Ending.CPU_LIMIT,
    ),
    "sleep": ("import time\ndef f(): time.sleep(60)", Ending.WALL_LIMIT),
    "a list without end": (
        "def f():\n    kept = []\n    while True: kept.append(bytearray(1 << 20))",
        Ending.MEMORY_LIMIT,
    ),
    "shared mappings": (
        """
        import mmap
        def f():
            kept = [mmap.mmap(-1, 8 << 20) for _ in range(24)]
            for one in kept:
                for place in range(0, 8 << 20, 4096): one[place] = 1
            while True: pass
        """,
        Ending.MEMORY_LIMIT,
    ),
    "shared mappings of children": (
        """
        import mmap, os, time
        def f():
            for _ in range(4):
                if os.fork() == 0:
                    kept = bytearray(40 << 20)
                    for place in range(0, len(kept), 4096): kept[place] = 1
                    time.sleep(60)
            time.sleep(60)
        """,
        Ending.MEMORY_LIMIT,
    ),
    "a flood": ("def f():\n    while True: print('x' * 999)", Ending.OUTPUT_LIMIT),
    "a large answer": ("def f(): return 'x' * 200_000", Ending.OUTPUT_LIMIT),
    "an exit": ("import os\ndef f(): os._exit(0)", Ending.DIED),
    "a crash": ("import ctypes\ndef f(): ctypes.string_at(1)", Ending.DIED),
    "noise": ("import os\ndef f(): os.write(3, b'noise' * 9)", Ending.PROTOCOL),
    "an error": ("def f(): raise KeyError(1)", Ending.RAISED),
}


@pytest.mark.parametrize(("source", "ending"), ENDINGS.values(), ids=list(ENDINGS))
def test_every_limit_ends_a_box_in_its_own_way_and_leaves_nothing(
    level: Sandbox, rest: Counts, source: str, ending: Ending
) -> None:
    outcome = run(level, source, replace(_LIMITS, wall_seconds=0.5) if ending is Ending.WALL_LIMIT else _LIMITS)
    assert outcome.ending is ending, outcome
    assert returned_to(rest) == ""


def test_processes_and_disk_are_counted(level: Sandbox) -> None:
    source = """
        import os, time
        def f():
            forked = 0
            try:
                for _ in range(50):
                    if os.fork() == 0:
                        time.sleep(60)
                        os._exit(0)
                    forked += 1
            except OSError:
                pass
            written = 0
            try:
                with open("large", "wb") as file:
                    for _ in range(64):
                        written += file.write(bytes(1 << 20))
                        file.flush()
            except OSError:
                pass
            return forked, written >> 20
    """
    value = run(level, source).value
    assert isinstance(value, tuple)
    forked, written = value
    assert written <= 5
    # The superuser's own processes are not counted by a limit of the kernel's, only by a control group.
    if "cgroup" in level.level or ("unsafe" not in level.level and "clone" in level.level):
        assert 0 < forked <= 8


def test_what_a_request_leaves_running_is_gone_before_the_next(level: Sandbox) -> None:
    source = """
        import os, time
        def f():
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(60)
                os._exit(0)
            os.wait()
        def alive():
            mine = os.stat(f"/proc/{os.getpid()}").st_uid
            found = []
            for name in os.listdir("/proc"):
                try:
                    parent = int(open(f"/proc/{name}/stat").read().rpartition(")")[2].split()[1])
                except (OSError, ValueError):
                    continue
                if parent == os.getpid():
                    found.append(open(f"/proc/{name}/stat").read().rpartition(")")[2].split()[0])
            return [state for state in found if state != "Z"]
    """
    with level.box(limits=_LIMITS) as box:
        assert box.load(dedent(source)).ending is Ending.RETURNED
        assert box.call("f", ()).ending is Ending.RETURNED
        assert box.call("alive", ()).value == []


def test_a_box_sees_neither_the_hosts_files_nor_its_processes(level: Sandbox, tmp_path: Path) -> None:
    if not level.level.startswith(("bwrap", "root")):
        pytest.skip("this level promises nothing of the kind")
    secret = tmp_path / "secret"
    secret.write_text("secret")
    source = f"""
        import os
        def f():
            processes = [int(name) for name in os.listdir("/proc") if name.isdecimal()]
            return os.path.exists({str(secret)!r}), max(processes), os.getuid() == 0, os.path.exists({__file__!r})
    """
    found, highest, root, ours = run(level, source).value  # type: ignore[misc]  # a tuple, or this fails
    assert (found, root, ours) == (False, False, False)
    assert highest <= 8


def test_the_layers_are_named_one_by_one_and_in_short() -> None:
    levels = probe()
    assert {layer.name for layer in levels.layers} >= {"bwrap", "clone", "seccomp", "cgroup"}
    assert levels.text == "+".join(layer.name for layer in levels.layers if layer.available)
    weaker = probe(SandboxConfig(force_without=frozenset({"cgroup"})))
    assert not weaker.has("cgroup")
    assert [layer.detail for layer in weaker.layers if layer.name == "cgroup"] == ["rlimits and a watchdog instead"]


def test_without_any_isolation_it_refuses_in_one_line() -> None:
    with pytest.raises(SandboxUnavailableError) as caught:
        open_sandbox(SandboxConfig(force_without=_NOTHING))
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("this machine offers no isolation for student code")
    assert "--unsafe" in message


def test_probing_where_nothing_isolates_tells_it_without_an_error() -> None:
    levels = probe(SandboxConfig(force_without=_NOTHING | {"seccomp", "cgroup"}))
    assert levels.text == "none"


def test_an_ordinary_user_gets_namespaces_too() -> None:
    python = _python_for_everybody()
    if os.getuid() != 0 or python is None:
        pytest.skip("needs root to become an ordinary user, and a Python that one may start")
    program = """
        import json
        from greenroom_grader.sandbox import open_sandbox
        with open_sandbox() as sandbox, sandbox.box() as box:
            box.load("import os\\ndef f(): return [os.getuid(), os.getpid(), os.path.exists('/etc/passwd')]")
            print(json.dumps([sandbox.level, box.call("f", ()).value]))
    """
    done = subprocess.run(
        [python, "-c", dedent(program)],
        user=31_337,
        group=31_337,
        extra_groups=[],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if "offers no isolation" in done.stderr:
        pytest.skip("this machine allows ordinary users no namespaces")
    assert done.returncode == 0, done.stderr
    level, value = json.loads(done.stdout)
    assert "clone" in level
    assert value == [31_337, 1, False]


def _python_for_everybody() -> str | None:
    """A Python of our own version that another user may start."""
    for path in (os.path.realpath(sys.executable), shutil.which(f"python3.{sys.version_info.minor}", path="/usr/bin")):
        if path and all(folder.stat().st_mode & 0o005 == 0o005 for folder in Path(path).parents):
            return path
    return None
