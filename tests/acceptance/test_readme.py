"""Every command in README.md is run: here, or by a suite that is named here."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from classroom import ROOT, command

if TYPE_CHECKING:
    from pathlib import Path

README = (ROOT / "README.md").read_text()
pytestmark = pytest.mark.sandbox

#: Commands that another test runs, with the file that shows it.
ELSEWHERE = {
    "./greenroom up": "tests/support/classroom.py",
    "./greenroom test": ".ci/run",
    "./greenroom test --fast": "tests/unit/hub/test_suites.py",
    "./greenroom worker": "tests/support/service_process.py",
    ".ci/run": ".ci/run",
}
SOLUTION = """\
def two_sum(prices, voucher):
    seen = {}
    for place, price in enumerate(prices):
        if voucher - price in seen:
            return [seen[voucher - price], place]
        seen.setdefault(price, place)
    raise ValueError
"""


def commands() -> list[str]:
    """Return the commands of README.md in the order in which a reader meets them, each once."""
    shown = re.findall(r"^\$ (.+)$", README, re.MULTILINE)
    named = re.findall(r"`((?:\./greenroom|\.venv/bin|\.ci/run)[^`]*)`", README)
    return list(dict.fromkeys([*shown, *named]))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to work in, with notebooks of its own, so that the clone is not changed."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "notebooks" / "problems").mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / "problems" / "two-sum.md", folder / "notebooks" / "problems")
    (folder / "solution.py").write_text(SOLUTION)
    return folder


def test_readme_shows_commands() -> None:
    assert {"./greenroom up", "./greenroom test", "./greenroom doctor", "./greenroom --help"} <= set(commands())


# One test, in the reader's order: `check` needs what `new` wrote.
def test_every_command_works_as_written(desk: Path) -> None:
    environment = {**os.environ, "GREENROOM_NOTEBOOKS": str(desk / "notebooks")}
    failed = {}
    for shown in [text for text in commands() if text not in ELSEWHERE]:
        words = shlex.split(shown)
        arguments = command(*words[1:]) if words[0] == "./greenroom" else [str(ROOT / words[0]), *words[1:]]
        if words[0].endswith("pre-commit"):
            arguments = [*arguments[:1], "validate-config", str(ROOT / ".pre-commit-config.yaml")]  # changes no clone
        done = subprocess.run(
            arguments, cwd=desk, env=environment, capture_output=True, text=True, timeout=200, check=False
        )
        if done.returncode:
            failed[shown] = done.stdout[-2000:] + done.stderr[-2000:]
    assert failed == {}
    assert (desk / "notebooks" / "problems" / "rotate-the-ring.md").exists()


@pytest.mark.parametrize("file", sorted(set(ELSEWHERE.values())))
def test_what_is_run_elsewhere_is_run_there(file: str) -> None:
    text = (ROOT / file).read_text()
    for shown in (name for name, place in ELSEWHERE.items() if place == file):
        word = shown.split()[1] if " " in shown else "greenroom test"
        assert word in text, shown


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:)([^)#]+)\)", README))
def test_every_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("folder", re.findall(r"^\| `([a-z_]+/?)` \|", README, re.MULTILINE))
def test_the_tree_has_what_it_names(folder: str) -> None:
    assert (ROOT / folder).exists()


def test_every_folder_of_the_clone_is_in_the_tree() -> None:
    listed = set(re.findall(r"^\| `([a-z_]+)/` \|", README, re.MULTILINE))
    tracked = subprocess.run(
        ["git", "ls-tree", "-d", "--name-only", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert {name for name in tracked if not name.startswith(".")} - listed <= {"docs"}
