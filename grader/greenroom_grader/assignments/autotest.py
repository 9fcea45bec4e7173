"""AUTOTEST lines of a source notebook made into tests, as nbgrader 0.9.6 does. Pure but for `read_templates`.

A comment line ``### AUTOTEST a; f(3)`` asks for tests of those expressions; ``HASHED AUTOTEST`` asks for tests that
hold a salted hash in place of the answer. The templates of the tests stand in ``autotests.yml``; the type that an
expression has in the instructor's own notebook picks among them, and its value there becomes the expected one. The
notebook runs where the caller says: in a box.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from greenroom_grader.assignments.source import is_autotest
from greenroom_grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from greenroom_grader.assignments.source import Assignment, SourceCell

    #: Runs a piece of the notebook and gives the text/plain that it displayed, None for nothing.
    #: Raises AssignmentError when the code raises.
    Run = Callable[[str], str | None]

FILE_NAME = "autotests.yml"
_DELIMITER = "AUTOTEST"
_HASHED = "HASHED"
#: Where autotests.yml may stand: beside the notebook, or up to the root of the course (course/source/ps1/x.ipynb).
_FOLDERS_UP = 3
_ENVIRONMENT = SandboxedEnvironment(autoescape=False)


@dataclass(frozen=True, slots=True)
class Check:
    """One test of a type: the expression to check, and what to say when it differs."""

    test: str
    fail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """What autotests.yml holds for Python."""

    dispatch: str
    normalize: str
    check: str
    types: Mapping[str, tuple[Check, ...]]
    hash: str | None = None
    setup: str | None = None
    success: str | None = None


def find_templates(source_path: Path, kernel: str) -> Templates:
    """The templates that belong to a source notebook. Raises AssignmentError when there are none."""
    folders = source_path.absolute().parents[:_FOLDERS_UP]
    for folder in folders:
        if (folder / FILE_NAME).is_file():
            return read_templates(folder / FILE_NAME, kernel)
    raise AssignmentError(f"{source_path}: it has AUTOTEST lines, but no {FILE_NAME} stands beside it; add one.")


def read_templates(path: Path, kernel: str) -> Templates:
    """The templates for a kernel name in a file. Raises AssignmentError: file, key, what to do."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path}: cannot be read ({error}).") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise AssignmentError(f"{path}: not valid YAML ({' '.join(str(error).split())[:200]}).") from None
    languages = content if isinstance(content, dict) else {}
    found = languages.get(kernel) or languages.get("python3") or languages.get("python")
    if not isinstance(found, dict):
        raise AssignmentError(f"{path}: no templates for {kernel or 'python3'}; add a section of that name.")
    return Templates(
        dispatch=_text(found, "dispatch", path),
        normalize=_text(found, "normalize", path),
        check=_text(found, "check", path),
        types=_types(found.get("templates"), path),
        hash=_optional(found, "hash", path),
        setup=_optional(found, "setup", path),
        success=_optional(found, "success", path),
    )


def instantiate(assignment: Assignment, templates: Templates, run: Run) -> Assignment:
    """The assignment with its AUTOTEST lines made into tests; every code cell is run once, in order.

    Raises AssignmentError naming the cell when the notebook's own code fails or the templates do not fit.
    """
    sources: dict[int, str] = {}
    for cell in assignment.cells:
        if cell.cell_type != "code" or not cell.source:
            continue
        try:
            source = _Cell(cell, templates, run).instantiate()
        except AssignmentError as error:
            where = f"cell {cell.index + 1}" + (f" ({cell.grade_id})" if cell.grade_id else "")
            raise AssignmentError(f"{assignment.path}: {where}: {error}") from None
        if source != cell.source:
            sources[cell.index] = source
    return assignment.with_tests(sources)


class _Cell:
    """One cell on its way from AUTOTEST lines to tests."""

    def __init__(self, cell: SourceCell, templates: Templates, run: Run) -> None:
        self._cell = cell
        self._templates = templates
        self._run = run
        self._lines: list[str] = []
        self._waiting: list[str] = []
        self._has_setup = False
        # nbgrader's salt: the same every time that the same cell is released.
        digest = hashlib.sha256((cell.source + str(cell.index)).encode()).hexdigest()
        self._salt = int(digest, 16) % 10**6

    def instantiate(self) -> str:
        for line in self._cell.source.split("\n"):
            if is_autotest(line):
                self._generate(line)
            else:
                self._lines.append(line)
                self._waiting.append(line)
        graded = self._cell.mark is not None and self._cell.mark.graded
        if graded and _DELIMITER in self._cell.source and self._templates.success is not None:
            self._lines.append(self._templates.success)
            self._waiting.append(self._templates.success)
        self._run_waiting()
        return "\n".join(self._lines)

    def _run_waiting(self) -> None:
        if self._waiting:
            self._run("\n".join(self._waiting))
        self._waiting = []

    def _generate(self, line: str) -> None:
        self._run_waiting()
        if self._templates.setup is not None and not self._has_setup:
            self._lines.append(self._templates.setup)
            self._has_setup = True
            self._run(self._templates.setup)
        before, _, after = line.partition(_DELIMITER)
        for snippet in filter(None, (part.strip() for part in after.split(";"))):
            salt = None
            if _HASHED in before:
                self._salt += 1
                salt = f"{self._salt:x}"
            self._lines += [*self._checks(snippet, salt), ""]

    def _checks(self, snippet: str, salt: str | None) -> Iterator[str]:
        templates = self._templates
        kind = _sanitized(self._run(_render(templates.dispatch, snippet=snippet)))
        for check in templates.types.get(kind, templates.types["default"]):
            test = _render(templates.normalize, snippet=check.test)
            if salt is not None:
                if templates.hash is None:
                    raise AssignmentError(f"HASHED AUTOTEST needs a 'hash' template in {FILE_NAME}.")
                test = _render(templates.hash, snippet=test, salt=salt)
            test = _render(test, snippet=snippet)
            message = _render(check.fail, snippet=snippet).replace('"', '\\"')
            yield _render(templates.check, snippet=test, value=_sanitized(self._run(test)), message=message)


def _sanitized(displayed: str | None) -> str:
    return str(displayed).strip('"').strip("'")


def _render(template: str, **values: str) -> str:
    try:
        return _ENVIRONMENT.from_string(template).render(values)
    except TemplateError as error:
        raise AssignmentError(f"a template of {FILE_NAME} is not valid ({error.message}).") from None


def _text(found: Mapping[str, Any], key: str, path: Path) -> str:
    text = _optional(found, key, path)
    if text is None:
        raise AssignmentError(f"{path}: {key!r} is missing.")
    return text


def _optional(found: Mapping[str, Any], key: str, path: Path) -> str | None:
    text = found.get(key)
    if text is not None and not isinstance(text, str):
        raise AssignmentError(f"{path}: {key!r} must be text.")
    return text


def _types(found: object, path: Path) -> dict[str, tuple[Check, ...]]:
    if not isinstance(found, dict) or "default" not in found:
        raise AssignmentError(f"{path}: 'templates' must have a 'default'.")
    types: dict[str, tuple[Check, ...]] = {}
    for name, checks in found.items():
        if not isinstance(checks, list):
            raise AssignmentError(f"{path}: templates {name!r} must be a list.")
        types[str(name)] = tuple(_check(check, str(name), path) for check in checks)
    return types


def _check(check: object, name: str, path: Path) -> Check:
    if isinstance(check, dict) and isinstance(check.get("test"), str) and isinstance(check.get("fail"), str):
        return Check(check["test"], check["fail"])
    raise AssignmentError(f"{path}: each template of {name!r} needs 'test' and 'fail'.")
