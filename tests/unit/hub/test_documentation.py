"""What is written about commands and settings is what there is."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from greenroom_hub import cli, reference

ROOT = Path(__file__).resolve().parents[3]
#: Sources in which a variable may be read.
SOURCES = ("extension/greenroom_lab", "grader", "hub_config", "notebooks", "service")
#: Names that are put together, and so end in an underscore where they stand.
PUT_TOGETHER = {"GREENROOM_", "GREENROOM_RATE_"}


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_can_be_asked_for_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([*name.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"Usage: greenroom {name}" in shown
    assert "--help" in shown


def test_the_overview_names_every_command_with_its_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--help"]) == 0
    rows = capsys.readouterr().out.splitlines()
    for name, entry in cli.COMMANDS.items():
        assert [row for row in rows if row.startswith(f"  {name} ") and row.endswith(entry.summary)], name


def test_the_page_of_settings_is_what_the_code_says() -> None:
    assert reference.place().read_text() == reference.page(), "run: .venv/bin/python -m greenroom_hub.reference"


def test_every_variable_that_the_sources_name_is_documented() -> None:
    files = subprocess.run(
        ["git", "ls-files", "--", *SOURCES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    texts = [(ROOT / "greenroom").read_text()]
    texts += [(ROOT / file).read_text() for file in files if file.endswith(".py") and (ROOT / file).exists()]
    named = {name for text in texts for name in re.findall(r"\bGREENROOM_[A-Z_]+", text)} - PUT_TOGETHER
    page = reference.page()
    assert sorted(name for name in named if f"`{name}`" not in page) == []


def test_every_setting_says_what_it_means() -> None:
    assert {name: words for name, words in reference.of_the_service().items() if not words.split(" Default:")[0]} == {}


def test_the_changelog_begins_with_what_is_not_released() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"


def test_the_hooks_run_what_the_python_suite_checks() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert {hook["id"] for hook in hooks} == {"ruff", "ruff-format", "mypy", "import-linter", "eslint"}
    assert all(hook["language"] == "system" for hook in hooks), "nothing is fetched before a commit"
