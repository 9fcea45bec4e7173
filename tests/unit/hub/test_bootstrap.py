"""The bootstrap script, which has to run where nothing is installed, and under a Python that is too old."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "greenroom"


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader("greenroom_bootstrap", str(SCRIPT))
    spec = spec_from_loader("greenroom_bootstrap", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_an_old_python_can_read_it() -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 4))


@pytest.mark.parametrize("version", [(3, 10), (3, 9, 2), (2, 7), (3, 14)])
def test_a_python_that_the_lock_does_not_cover_is_named(bootstrap: ModuleType, version: tuple[int, ...]) -> None:
    with pytest.raises(bootstrap.Refused, match=r"Python 3\.11, 3\.12 or 3\.13 is needed, this is ") as refusal:
        bootstrap.check_python(version)
    assert ".".join(map(str, version[:2])) in str(refusal.value)


@pytest.mark.parametrize("version", [(3, 11), (3, 12, 1), (3, 13)])
def test_a_python_that_the_lock_covers_will_do(bootstrap: ModuleType, version: tuple[int, ...]) -> None:
    bootstrap.check_python(version)


def test_a_machine_without_a_new_python_gets_one_line(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")  # what `import sys; sys.exit(not ...)` makes of an old one
    old.chmod(0o755)
    script = tmp_path / "greenroom"
    script.write_text(SCRIPT.read_text().replace("/usr/bin/python3", str(old)))
    done = subprocess.run(
        ["/bin/sh", script, "up"], capture_output=True, text=True, check=False, env={"PATH": str(tmp_path)}
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"greenroom: Python 3\.11, 3\.12 or 3\.13 is needed .*apt install python3 .*\n", done.stderr)


def test_half_a_clone_gets_one_line(tmp_path: Path) -> None:
    script = tmp_path / "greenroom"
    script.write_text(SCRIPT.read_text())
    done = subprocess.run([sys.executable, "-P", script, "up"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == f"greenroom: {tmp_path}/uv.lock is missing; run ./greenroom inside a complete clone\n"


def test_venv_that_cannot_be_made_says_which_package_is_missing(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENROOM_NO_APT", "1")
    with pytest.raises(bootstrap.Refused, match=r"sudo apt install python3\.1\d-venv"):
        bootstrap.install_venv_package()


def test_an_interrupted_step_leaves_no_process(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    source = (
        "import os, sys, runpy, signal, threading\n"
        f"script = runpy.run_path({str(SCRIPT)!r}, run_name='bootstrap')\n"
        "signal.signal(signal.SIGTERM, script['interrupt'])\n"
        "try:\n"
        f"    script['run'](['/bin/sh', '-c', 'echo $$ > {pid_file}; exec sleep 600'], 'sleeping')\n"
        "except KeyboardInterrupt:\n"
        "    sys.exit(130)\n"
    )
    with subprocess.Popen([sys.executable, "-P", "-c", source]) as process:
        while not (pid_file.exists() and pid_file.read_text().strip()):
            assert process.poll() is None
        process.terminate()
        assert process.wait(timeout=30) == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


def test_it_installs_the_uv_that_developers_use(bootstrap: ModuleType) -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    assert bootstrap.UV in groups["dev"]
