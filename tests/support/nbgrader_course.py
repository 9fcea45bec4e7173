"""The notebooks that ship in nbgrader's wheel, laid out as a course, and what nbgrader itself makes of them.

``data/nbgrader_reference.json`` of the sandbox suite holds nbgrader's answers for all of them; run this file to write
it anew after an upgrade of nbgrader. The suite asks the real nbgrader about a few each time.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOUND = find_spec("nbgrader")
assert _FOUND is not None
assert _FOUND.origin is not None
SHIPPED = Path(_FOUND.origin).parent
APPS = SHIPPED / "tests" / "apps" / "files"
PREPROCESSORS = SHIPPED / "tests" / "preprocessors" / "files"
GUIDE = SHIPPED / "docs" / "source" / "user_guide"
DATA = Path(__file__).parents[1] / "sandbox" / "data"
REFERENCE = DATA / "nbgrader_reference.json"


@dataclass(frozen=True)
class Course:
    """One source notebook, what students handed in for it, and the files beside it."""

    source: Path
    submissions: dict[str, Path]
    files: tuple[Path, ...] = ()


def of(folder: Path, source: str, *names: str, files: tuple[Path, ...] = ()) -> Course:
    return Course(folder / f"{source}.ipynb", {name: folder / f"{name}.ipynb" for name in names}, files)


TEMPLATES = (APPS / "autotests.yml",)
#: The wheel's source notebooks hand themselves in as well: the instructor's own answers.
COURSES = {
    "basic": of(
        APPS,
        "submitted-unchanged",
        "submitted-unchanged",
        "submitted-changed",
        "submitted-cheat-attempt",
        "submitted-cheat-attempt-alternative",
        "submitted-grade-cell-changed",
        "submitted-locked-cell-changed",
    ),
    "schema0": of(APPS, "test-v0", "test-v0"),
    "schema1": of(APPS, "test-v1", "test-v1"),
    "schema2": of(APPS, "test-v2", "test-v2"),
    "schema3": of(APPS, "test", "test", "test-with-output"),
    "hidden": of(APPS, "test-hidden-tests", "test-hidden-tests"),
    "manual": of(PREPROCESSORS, "manually-graded-code-cell", "manually-graded-code-cell"),
    "tasks": of(PREPROCESSORS, "test_taskcell", "test_taskcell"),
    "auto-simple": of(APPS, "autotest-simple", "autotest-simple-unchanged", "autotest-simple-changed", files=TEMPLATES),
    "auto-hashed": of(APPS, "autotest-hashed", "autotest-hashed-unchanged", "autotest-hashed-changed", files=TEMPLATES),
    "auto-hidden": of(
        APPS,
        "autotest-hidden",
        "autotest-hidden-unchanged",
        "autotest-hidden-changed-right",
        "autotest-hidden-changed-wrong",
        files=TEMPLATES,
    ),
    "auto-multi": of(APPS, "autotest-multi", "autotest-multi-unchanged", "autotest-multi-changed", files=TEMPLATES),
    "ps1": Course(
        GUIDE / "source/ps1/problem1.ipynb",
        {
            "bitdiddle": GUIDE / "submitted/bitdiddle/ps1/problem1.ipynb",
            "hacker": GUIDE / "submitted/hacker/ps1/problem1.ipynb",
            "instructor": GUIDE / "source/ps1/problem1.ipynb",
        },
    ),
    "ps1-text": Course(
        GUIDE / "source/ps1/problem2.ipynb", {"bitdiddle": GUIDE / "submitted/bitdiddle/ps1/problem2.ipynb"}
    ),
    "ps1-auto": Course(
        GUIDE / "source/ps1_autotest/problem1.ipynb",
        {"instructor": GUIDE / "source/ps1_autotest/problem1.ipynb"},
        (GUIDE / "autotests.yml",),
    ),
}
PAIRS = [(name, student) for name, course in COURSES.items() for student in course.submissions]


def lay_out(root: Path, names: Iterable[str] = COURSES) -> Path:
    """Put courses into nbgrader's folders: source/NAME/nb.ipynb and submitted/STUDENT/NAME/nb.ipynb."""
    for name in names:
        one = COURSES[name]
        folder = root / "source" / name
        folder.mkdir(parents=True)
        shutil.copy(one.source, folder / "nb.ipynb")
        for extra in one.files:
            shutil.copy(extra, folder)
        for student, submission in one.submissions.items():
            handed_in = root / "submitted" / student / name
            handed_in.mkdir(parents=True)
            shutil.copy(submission, handed_in / "nb.ipynb")
    return root


def ask_nbgrader(root: Path) -> dict[str, Any]:
    """Grades by assignment and student, and sources by assignment, of a course: nbgrader's own, in its own process."""
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    with tempfile.TemporaryDirectory() as home:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "HOME": home, "JUPYTER_PLATFORM_DIRS": "1"}
        environment |= {"JUPYTER_CONFIG_DIR": f"{home}/config", "JUPYTER_DATA_DIR": f"{home}/data"}
        script = DATA / "nbgrader_reference.py"
        done = subprocess.run(
            [sys.executable, str(script), str(root)], env=environment, check=True, capture_output=True, timeout=1800
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found.pop("trouble") == {}
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        answers = ask_nbgrader(lay_out(Path(folder)))
    REFERENCE.write_text(json.dumps(answers, indent=1, sort_keys=True) + "\n")
