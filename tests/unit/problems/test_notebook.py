"""A problem file is a notebook: it opens, saves and runs in Jupyter as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jupytext
import nbclient
import pytest
from jupytext.sync_contentsmanager import TextFileContentsManager

from greenroom_problems import load, load_text

if TYPE_CHECKING:
    from pathlib import Path


def notebook_of(path: Path) -> Any:
    return jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")


def test_opening_and_saving_in_jupyter_keeps_the_problem(problems_folder: Path, tmp_path: Path) -> None:
    source = problems_folder / "two-sum.md"
    path = tmp_path / "two-sum.md"
    path.write_bytes(source.read_bytes())
    manager = TextFileContentsManager()
    manager.root_dir = str(tmp_path)
    model = manager.get("two-sum.md", type="notebook", content=True)
    model["content"]["cells"][0]["source"] += "\n\nA sentence more."
    manager.save({"type": "notebook", "content": model["content"]}, "two-sum.md")
    saved, original = load(path), load(source)
    assert saved.statement == f"{original.statement}\n\nA sentence more."
    assert (saved.hints, saved.entry, saved.wrong, saved.tests) == (
        original.hints,
        original.entry,
        original.wrong,
        original.tests,
    )


def test_every_shipped_problem_survives_saving(problems_folder: Path) -> None:
    changed = [
        path.name
        for path in sorted(problems_folder.glob("*.md"))
        if load_text(jupytext.writes(notebook_of(path), fmt="md:myst")).digest != load(path).digest
    ]
    assert changed == []


#: Runs the code cells of each notebook in a namespace of its own, as a kernel would.
RUNNER = """\
import ast, asyncio, inspect, io, json, sys, contextlib, traceback, types, warnings

warnings.simplefilter("ignore")
failed = {}
for name, cells in json.load(sys.stdin).items():
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    try:
        for number, source in cells:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(source, f"{name}, cell {number}", "exec", dont_inherit=True), module.__dict__)
    except BaseException:
        failed[name] = traceback.format_exc(limit=-1)
json.dump(failed, sys.stdout)
"""


def test_all_cells_of_every_shipped_problem_run(problems_folder: Path) -> None:
    cells = {
        path.name: [
            (number, cell.source)
            for number, cell in enumerate(notebook_of(path).cells, start=1)
            if cell.cell_type == "code"
        ]
        for path in sorted(problems_folder.glob("*.md"))
    }
    assert cells
    done = subprocess.run(
        [sys.executable, "-c", RUNNER], input=json.dumps(cells), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == {}


@pytest.mark.parametrize("problem_id", ["reverse-chain", "timeout-with-fallback"])
def test_a_problem_runs_in_a_kernel(problems_folder: Path, problem_id: str) -> None:
    notebook = notebook_of(problems_folder / f"{problem_id}.md")
    name = load(problems_folder / f"{problem_id}.md").entry.name
    notebook.cells.append(jupytext.reads(f"examples, {name}", fmt="py:percent").cells[0])
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    assert name in notebook.cells[-1].outputs[0]["data"]["text/plain"]
