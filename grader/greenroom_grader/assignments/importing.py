"""An nbgrader source notebook made into a problem of kind ``cells``. Pure; AUTOTEST lines are made into tests before.

A problem has one statement, one stub with one reference, and test cells. A notebook may have more: what is joined,
moved or left out is said cell by cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from greenroom_grader.assignments.metadata import Role
from greenroom_grader.assignments.names import names_of
from greenroom_grader.assignments.regions import Region, has_region
from greenroom_problems.errors import ConversionError, Finding
from greenroom_problems.exchange.draft import Draft, DraftTest, Imported, grade_id, images_of, note, slug
from greenroom_problems.problem import Difficulty, Limits

if TYPE_CHECKING:
    from greenroom_grader.assignments.source import Assignment, SourceCell

_MAGIC = re.compile(r"^\s*[%!]|^\s*\w+\?{1,2}\s*$")
_HEADING = re.compile(r"^#\s+(?P<title>.+?)\s*#*\s*$", re.MULTILINE)
_SOLUTION_MARK = re.compile(r"^.*### (?:BEGIN|END) SOLUTION.*\n?", re.MULTILINE)
_HIDDEN_WHOLE = re.compile(
    r"\A\s*### BEGIN HIDDEN TESTS[^\n]*\n(?P<body>.*?)\n?[^\n]*### END HIDDEN TESTS\s*\Z", re.DOTALL
)
_SHORTEST_TITLE = 3


def import_assignment(assignment: Assignment) -> Imported:
    """The assignment as a draft of a problem. Raises ConversionError when it has no tests or no answer."""
    return _Import(assignment).imported()


@dataclass(slots=True)
class _Import:
    assignment: Assignment
    notes: list[Finding] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    answers: list[SourceCell] = field(default_factory=list)
    tests: list[DraftTest] = field(default_factory=list)
    #: Code that needs an answer, waiting for the test cell that follows it.
    waiting: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def imported(self) -> Imported:
        for cell in self.assignment.cells:
            if cell.source.strip():
                _TAKE[cell.role](self, cell)
        if self.waiting:
            self._note_general("code after the last test is left out", "move it before a test")
        if not self.answers or not self.tests:
            what = "autograder tests" if self.answers else "autograded answer"
            raise ConversionError(f"{self.assignment.path}: it has no {what}; a problem needs both")
        if len(self.answers) > 1:
            self._note_general(f"{len(self.answers)} answer cells are joined into one", "split the problem if you like")
        return Imported(draft=self._draft(), notes=tuple(self.notes))

    def _draft(self) -> Draft:
        meta = self.assignment.notebook.metadata.get("greenroom")
        own: dict[str, Any] = meta if isinstance(meta, dict) else {}
        statement = "\n\n".join(self.prose) or self.assignment.name
        heading = _HEADING.search(statement)
        title = _text(own, "title") or (heading["title"] if heading else self.assignment.name)
        return Draft(
            id=slug(_text(own, "problem") or self.assignment.name),
            title=title if len(title) >= _SHORTEST_TITLE else f"Problem {title}",
            statement=statement,
            starter="\n\n\n".join(cell.release.strip("\n") for cell in self.answers),
            solution="\n\n\n".join(self._solution(cell) for cell in self.answers),
            given="\n\n\n".join(self.given),
            tests=tuple(self.tests),
            difficulty=self._difficulty(own),
            topics=tuple(filter(None, map(slug, _texts(own, "topics")))) or ("imported",),
            source=_text(own, "source") or f"nbgrader notebook {self.assignment.name}",
            license=self._license(own),
            limits=_limits(own.get("limits")),
        )

    # ------------------------------------------------------------ cells

    def _take_plain(self, cell: SourceCell) -> None:
        if cell.cell_type != "code":
            if cell.cell_type == "raw":
                self._note(cell, "a raw cell is carried as text")
            for image in images_of(cell.release):
                self._note(cell, f"the image {image} is not carried", "link it, or say it in words")
            self.prose.append(cell.release.strip())
            return
        source = self._without_magics(cell, cell.graded_source)
        bound = frozenset().union(*(names_of(answer.source).binds for answer in self.answers))
        if names_of(source).loads & bound:
            self._note(cell, "code that uses an answer runs with the next test")
            self.waiting.append(source.strip("\n"))
            return
        if self.answers:
            self._note(cell, "code that stood after an answer now stands before it, as 'given'")
        self.given.append(source.strip("\n"))

    def _take_answer(self, cell: SourceCell) -> None:
        if not has_region(cell.source, Region.SOLUTION):
            self._note(
                cell, "the whole cell is the solution: its stub says nothing", "write a starter with a signature"
            )
        self.answers.append(cell)

    def _take_manual(self, cell: SourceCell) -> None:
        if cell.cell_type == "code" and names_of(cell.source).binds & self._tested_after(cell):
            self._note(cell, f"{cell.points:g} points by hand are not carried: only tests give points")
            self._take_answer(cell)
            return
        message = f"an answer of {cell.points:g} points by hand is left out: {_short(cell.source)}"
        self._note(cell, message, "ask it in the interview, or test it")

    def _tested_after(self, cell: SourceCell) -> frozenset[str]:
        """Names that later tests read."""
        tests = (other for other in self.assignment.cells[cell.index :] if other.role is Role.TEST)
        return frozenset().union(*(names_of(test.graded_source).loads for test in tests))

    def _take_task(self, cell: SourceCell) -> None:
        self._note(cell, f"a task of {cell.points:g} points by hand is left out: {_short(cell.source)}")

    def _take_test(self, cell: SourceCell) -> None:
        source = self._without_magics(cell, cell.graded_source).strip("\n")
        whole = _HIDDEN_WHOLE.match(source)
        hidden = whole is not None and "### BEGIN HIDDEN TESTS" not in whole["body"]
        if whole is not None and hidden:
            source = whole["body"].strip("\n")
        if self.waiting:
            source = "\n\n".join([*self.waiting, source])
            self.waiting.clear()
        name = grade_id(cell.grade_id, self.taken)
        if name != cell.grade_id:
            self._note(cell, f"its id is now {name}: ids begin with a letter")
        self.tests.append(DraftTest(grade_id=name, source=source, points=cell.points, hidden=hidden))

    # ------------------------------------------------------------ pieces

    def _solution(self, cell: SourceCell) -> str:
        return _SOLUTION_MARK.sub("", self._without_magics(cell, cell.source)).strip("\n")

    def _without_magics(self, cell: SourceCell, source: str) -> str:
        """Plain Python: lines for IPython become comments, and are said."""
        lines = source.split("\n")
        for number, line in enumerate(lines, start=1):
            if _MAGIC.match(line) and not _is_python(source):
                self._note(cell, f"line {number} is for IPython and became a comment: {line.strip():.80}")
                lines[number - 1] = f"{line[: len(line) - len(line.lstrip())]}# {line.strip()}"
        return "\n".join(lines)

    def _difficulty(self, own: dict[str, Any]) -> Difficulty:
        try:
            return Difficulty(_text(own, "difficulty"))
        except ValueError:
            self._note_general("no difficulty in the notebook", "it is written as medium; correct it")
            return Difficulty.MEDIUM

    def _license(self, own: dict[str, Any]) -> str:
        if not _text(own, "license"):
            self._note_general("no licence in the notebook", "write its SPDX identifier")
        return _text(own, "license") or "LicenseRef-unknown"

    def _note(self, cell: SourceCell, message: str, fix: str = "") -> None:
        place = f"cell {cell.index + 1}" + (f" ({cell.grade_id})" if cell.grade_id else "")
        self.notes.append(note(self.assignment.path, place, message, fix))

    def _note_general(self, message: str, fix: str) -> None:
        self.notes.append(note(self.assignment.path, "", message, fix))


_TAKE = {
    Role.PLAIN: _Import._take_plain,  # noqa: SLF001 - a table of its own methods
    Role.READONLY: _Import._take_plain,  # noqa: SLF001
    Role.SOLUTION: _Import._take_answer,  # noqa: SLF001
    Role.MANUAL: _Import._take_manual,  # noqa: SLF001
    Role.TASK: _Import._take_task,  # noqa: SLF001
    Role.TEST: _Import._take_test,  # noqa: SLF001
}


def _is_python(source: str) -> bool:
    try:
        compile(source, "cell", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


def _text(own: dict[str, Any], key: str) -> str:
    found = own.get(key)
    return found.strip() if isinstance(found, str) else ""


def _texts(own: dict[str, Any], key: str) -> list[str]:
    found = own.get(key)
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def _limits(found: object) -> Limits | None:
    """Limits that an export wrote, where they are such as the format allows."""
    if not isinstance(found, dict):
        return None
    cpu_seconds, memory_mb = found.get("cpu_seconds"), found.get("memory_mb")
    if not isinstance(cpu_seconds, int | float) or not 0 < cpu_seconds <= 20:
        return None
    if not isinstance(memory_mb, int) or not 64 <= memory_mb <= 2048:
        return None
    return Limits(cpu_seconds=float(cpu_seconds), memory_mb=memory_mb)
