"""Grade a course with nbgrader itself and print what it found as JSON. Run with the course folder as the only argument."""

import json
import logging
import os
import sys
import warnings

warnings.simplefilter("ignore")
os.chdir(sys.argv[1])

from nbgrader.api import Gradebook  # noqa: E402
from nbgrader.apps import NbGraderAPI  # noqa: E402
from nbgrader.coursedir import CourseDirectory  # noqa: E402
from traitlets.config import Config  # noqa: E402

import glob  # noqa: E402

import nbformat  # noqa: E402
from nbgrader.nbgraderformat import MetadataValidator  # noqa: E402

logging.disable(logging.CRITICAL)
# What `nbgrader update` does, which refuses a whole folder for one notebook whose cells a student has retyped.
for path in glob.glob("**/nb.ipynb", recursive=True):
    notebook = MetadataValidator().upgrade_notebook_metadata(nbformat.read(path, as_version=4))
    nbformat.write(notebook, path)
config = Config()
config.CourseDirectory.root = os.getcwd()
api = NbGraderAPI(CourseDirectory(config=config), config=config)
trouble = {}
for assignment in sorted(os.listdir("source")):
    result = api.generate_assignment(assignment)
    if not result["success"]:
        trouble[assignment] = result.get("error", "") or result.get("log", "")
        continue
    for student in sorted(os.listdir("submitted")):
        if os.path.isdir(os.path.join("submitted", student, assignment)):
            result = api.autograde(assignment, student)
            if not result["success"]:
                trouble[f"{assignment}/{student}"] = result.get("error", "") or result.get("log", "")

grades, sources = {}, {}
with Gradebook("sqlite:///" + os.path.join(os.getcwd(), "gradebook.db")) as gradebook:
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
