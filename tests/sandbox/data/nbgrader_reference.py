"""Grade a course with nbgrader itself and print what it found as JSON; the course folder is the only argument."""

import json
import logging
import os
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
root = Path(sys.argv[1]).resolve()
os.chdir(root)

import nbformat  # noqa: E402
from nbgrader.api import Gradebook  # noqa: E402
from nbgrader.apps import NbGraderAPI  # noqa: E402
from nbgrader.coursedir import CourseDirectory  # noqa: E402
from nbgrader.nbgraderformat import MetadataValidator  # noqa: E402
from traitlets.config import Config  # noqa: E402

logging.disable(logging.CRITICAL)
# What `nbgrader update` does, which refuses a whole folder for one notebook whose cells a student has retyped.
for path in root.rglob("nb.ipynb"):
    notebook = MetadataValidator().upgrade_notebook_metadata(nbformat.read(path, as_version=4))
    nbformat.write(notebook, path)
config = Config()
config.CourseDirectory.root = str(root)
api = NbGraderAPI(CourseDirectory(config=config), config=config)
trouble = {}
for source in sorted((root / "source").iterdir()):
    assignment = source.name
    result = api.generate_assignment(assignment)
    if not result["success"]:
        trouble[assignment] = result.get("error", "") or result.get("log", "")
        continue
    for student in sorted(path.name for path in (root / "submitted").iterdir()):
        if (root / "submitted" / student / assignment).is_dir():
            result = api.autograde(assignment, student)
            if not result["success"]:
                trouble[f"{assignment}/{student}"] = result.get("error", "") or result.get("log", "")

grades, sources = {}, {}
with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
    for assignment in gradebook.assignments:
        for notebook in assignment.notebooks:
            sources[assignment.name] = {cell.name: cell.source for cell in notebook.source_cells}
        for submission in assignment.submissions:
            for notebook in submission.notebooks:
                grades[f"{assignment.name}/{submission.student.id}"] = {
                    grade.name: [grade.auto_score, grade.needs_manual_grade, grade.max_score]
                    for grade in notebook.grades
                }
json.dump({"grades": grades, "sources": sources, "trouble": trouble}, sys.stdout)
