"""``greenroom check`` as it is typed: what it prints, and its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from greenroom_problems.scaffold import scaffold_text

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.sandbox

_SLOW = "```{code-cell} ipython3\n:tags: [slow]"


def problem_text(problem_id: str) -> str:
    """A sound problem, without its slow solution, whose whole time limit would be waited for."""
    text = scaffold_text(problem_id)
    return text[: text.index(_SLOW)] + text[text.index("+++", text.index(_SLOW)) :]


class Gate:
    """A notebooks folder, and ``greenroom check`` over it with a cache of its own."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "notebooks"
        self._cache = root / "cache"
        for name in ("problems", "sheets", "scenarios"):
            (self.folder / name).mkdir(parents=True)

    def write(self, problem_id: str, old: str = "", new: str = "") -> Path:
        path = self.folder / "problems" / f"{problem_id}.md"
        path.write_text(
            problem_text(problem_id).replace(old, new) if old else problem_text(problem_id), encoding="utf-8"
        )
        return path

    def check(self, *words: str) -> tuple[int, list[str], list[str]]:
        environment = {
            **os.environ,
            "GREENROOM_NOTEBOOKS": str(self.folder),
            "XDG_CACHE_HOME": str(self._cache),
            "NO_COLOR": "1",
        }
        command = [sys.executable, "-m", "greenroom_hub", "check", *words]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        return done.returncode, done.stdout.splitlines(), done.stderr.splitlines()


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path)


def test_sound_problems_pass_and_are_remembered(gate: Gate) -> None:
    gate.write("rain-falls")
    path = gate.write("snow-melts")
    status, out, err = gate.check()
    assert (status, out) == (0, ["2 of 2 problems pass, 26 of 26 mutants killed"])
    assert "Traceback" not in "\n".join(err)
    path.write_bytes(path.read_bytes().replace(b"([7, 8],)", b"([7, 9],)"))
    status, out, _ = gate.check("--json")
    assert status == 0
    assert [(item["problem"], item["cached"], item["findings"]) for item in map(json.loads, out)] == [
        ("rain-falls", True, []),
        ("snow-melts", False, []),
    ]
    _, out, _ = gate.check("rain-falls", "--no-cache", "--json")
    assert json.loads(out[0])["cached"] is False


def test_each_bad_file_is_a_finding_and_the_others_are_still_checked(gate: Gate) -> None:
    """Everything that an author can get wrong at once, and one problem that is sound, with the line ends of Windows."""
    sound = gate.write("wind-blows")
    sound.write_bytes(sound.read_bytes().replace(b"\n", b"\r\n"))
    gate.write("a-front", "difficulty: easy", "difficulty: [")
    gate.write("b-tag", ":tags: [solution]\n", "")
    gate.write("c-crash", "rng.randrange(-20, 200)", "rng.randrange(0)")
    gate.write("d-chance", "rng.randrange(-20, 200)", "__import__('random').randrange(9999)")
    gate.write("e-unicode", "rises = 0", "rises = 0  # \u202eon purpose")
    line = problem_text("e-unicode").splitlines().index("    rises = 0") + 1
    gate.write("f-wrong", "after >= before", "after > before")
    (gate.folder / "problems" / "g-twice.md").write_bytes(sound.read_bytes())
    (gate.folder / "problems" / "h-latin.md").write_bytes(b"caf\xe9")
    (gate.folder / "sheets" / "weather.yaml").write_text(
        "id: weather\ntitle: Weather\npurpose: All about weather.\n"
        "entries:\n  - {problem: wind-blows, why: It blows.}\n  - {problem: hail, why: There is none.}\n",
        encoding="utf-8",
    )
    (gate.folder / "scenarios" / "storm.md").write_text("nothing yet\n", encoding="utf-8")
    status, out, err = gate.check()
    assert status == 1
    for expected in (
        "a-front.md: front matter, line",
        "b-tag.md: cell 3: no tag of the format; tag it with one of",
        "c-crash.md: tests: generate(rng, 1) fails: ValueError",
        "d-chance.md: tests: generate(rng, 1) is not deterministic; use nothing but rng",
        f"e-unicode.md: line {line}: invisible character U+202E (RIGHT-TO-LEFT OVERRIDE)",
        "f-wrong.md: wrong solution 'counts equal readings': got accepted; must get wrong_answer",
        "g-twice.md: front matter: greenroom.id: 'wind-blows' is the id of wind-blows.md already",
        "h-latin.md: line 1: not valid UTF-8; save the file as UTF-8",
        "weather.yaml: entry 2: no problem 'hail'; write the id of a file in problems/",
        "storm.md: line 1: no front matter; begin the file with a line '---'",
    ):
        assert sum(line.startswith(expected) for line in out) == 1, (expected, out)
    assert not any("wind-blows.md:" in line for line in out if not line.startswith("g-twice.md"))
    assert out[-1].startswith("1 of 4 problems pass, ")
    assert "findings in 10 files" in out[-1]
    assert not any("Traceback" in line for line in (*out, *err))


def test_findings_as_json(gate: Gate) -> None:
    gate.write("rain-falls", "15])\n2\n", "15])\n3\n")
    (gate.folder / "scenarios" / "storm.md").write_text("nothing yet\n", encoding="utf-8")
    status, out, _ = gate.check("--json")
    assert status == 1
    problem, scenario = map(json.loads, out)
    assert problem["problem"] == "rain-falls"
    assert problem["mutants"] == {"total": 13, "killed": 13, "equivalent": 0, "survivors": []}
    assert problem["findings"] == [
        {
            "file": "rain-falls.md",
            "place": "statement",
            "message": "rain_falls([10, 12, 12, 15]) gives 2, the statement says 3",
            "fix": "",
        }
    ]
    assert scenario["problem"] is None
    assert scenario["findings"][0]["file"] == "storm.md"


def test_an_unknown_name_is_bad_usage(gate: Gate) -> None:
    gate.write("rain-falls")
    status, out, err = gate.check("rain-falls", "drought")
    assert (status, out, len(err)) == (2, [], 1)
    assert "no problem, sheet or scenario 'drought'" in err[0]
