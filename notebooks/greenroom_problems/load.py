"""Loads a problem: MyST Markdown in, a frozen Problem out, or every fault that its author can repair.

Nothing of the file is executed. What only running can tell is the business of the gate, ``greenroom check``.
"""

from __future__ import annotations

import functools
import hashlib
import json
import textwrap
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from greenroom_problems import text as texts
from greenroom_problems.cells import SINGLE, Cell, Role, read_cells
from greenroom_problems.entry import EntryError, defined_names, parse_entry
from greenroom_problems.errors import Finding, ProblemError
from greenroom_problems.frontmatter import HINTS, AssertMatter, ProblemMatter, WrongMatter, findings_of
from greenroom_problems.problem import (
    AssertCell,
    Comparison,
    Entry,
    EquivalentMutant,
    Kind,
    Limits,
    Match,
    Problem,
    WrongSolution,
)
from greenroom_problems.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

_TESTS_NAMES = ("examples", "hidden")


def load(path: Path) -> Problem:
    """Load one problem file. Raises ProblemError with a finding per fault, naming file, cell and what to write."""
    file = path.name
    text, findings = texts.read(path, file)
    if findings:
        raise ProblemError(findings)
    return load_text(text, path)


def load_text(text: str, path: Path | None = None) -> Problem:
    """Load a problem from its text; ``path`` is only named in findings and kept on the Problem. Raises ProblemError."""
    file = path.name if path is not None else ""
    text = texts.normalise(text)
    document, findings = texts.split(text, file)
    findings += texts.hidden_characters(text, file)
    if document is None:
        raise ProblemError(findings)
    matter, faults = _front_matter(document.front, file)
    findings += faults
    cells, faults = read_cells(document, file)
    findings += faults
    findings += _repeated(cells, file)
    if matter is None:
        raise ProblemError(findings)
    return _Assembly(matter, cells, findings, file).problem(path)


def _front_matter(front: dict[str, Any], file: str) -> tuple[ProblemMatter | None, list[Finding]]:
    place = "front matter"
    findings = []
    jupytext = front.get("jupytext")
    kept = str(jupytext.get("notebook_metadata_filter", "")) if isinstance(jupytext, dict) else ""
    if not {"greenroom", "all"} & {part.strip() for part in kept.split(",")}:
        message = "jupytext.notebook_metadata_filter is missing: saving in JupyterLab would drop this front matter"
        fix = "write 'jupytext:' and below it '  notebook_metadata_filter: greenroom'"
        findings.append(Finding(file=file, place=place, message=message, fix=fix))
    if not isinstance(front.get("greenroom"), dict):
        fix = "write 'greenroom:' and below it id, title, difficulty, topics, kind, entry and hints"
        return None, [*findings, Finding(file=file, place=place, message="greenroom: is missing", fix=fix)]
    try:
        return ProblemMatter.model_validate(front["greenroom"]), findings
    except ValidationError as error:
        return None, findings + findings_of(error, file=file, place=place, root="greenroom")


def _repeated(cells: list[Cell], file: str) -> list[Finding]:
    seen: dict[Role, Cell] = {}
    findings = []
    for cell in cells:
        if cell.role in SINGLE and cell.role in seen:
            message = f"a second {cell.role} cell, after cell {seen[cell.role].number}"
            findings.append(Finding(file=file, place=cell.place, message=message, fix="join the two"))
        seen.setdefault(cell.role, cell)
    return findings


def digest_of(matter: dict[str, Any], cells: list[Cell]) -> str:
    """SHA-256 of what the file says, independent of how Jupytext lays out its front matter."""
    content = [matter, [[cell.role, cell.source, cell.metadata] for cell in cells if cell.role is not Role.SETUP]]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class _Assembly:
    """Puts front matter and cells together and collects what does not fit."""

    def __init__(self, matter: ProblemMatter, cells: list[Cell], findings: list[Finding], file: str) -> None:
        self.matter = matter
        self.cells = cells
        self.findings = findings
        self.file = file
        self.given = next((cell.source for cell in cells if cell.role is Role.GIVEN), "")

    def problem(self, path: Path | None) -> Problem:
        """The Problem. Raises ProblemError when anything was found, now or before."""
        matter = self.matter
        entry = self._entry()
        starter, solution = self._code(Role.STARTER, entry), self._code(Role.SOLUTION, entry)
        statement = self._prose(Role.STATEMENT)
        if not statement:
            self._missing(Role.STATEMENT, "a Markdown cell with the task and its examples")
        problem = Problem(
            id=matter.id,
            title=matter.title,
            difficulty=matter.difficulty,
            topics=matter.topics,
            kind=matter.kind,
            entry=entry,
            comparison=self._comparison(entry),
            limits=Limits(**matter.limits.model_dump()),
            complexity=matter.complexity,
            hints=self._hints(),
            source=matter.source,
            license=matter.license,
            statement=statement,
            starter=starter,
            solution=solution,
            tests=self._tests(),
            wrong=tuple(self._wrong(cell) for cell in self._all(Role.WRONG)),
            slow=self._slow(entry),
            editorial=self._prose(Role.EDITORIAL),
            interviewer=self._prose(Role.INTERVIEWER),
            reveal=matter.reveal,
            given=self.given,
            setup="\n\n".join(cell.source for cell in self._all(Role.SETUP)),
            zygote=matter.zygote,
            cells=tuple(self._assert(cell) for cell in self._all(Role.ASSERT)),
            equivalent=tuple(
                EquivalentMutant(line=item.line.strip(), reason=item.reason) for item in matter.equivalent
            ),
            digest=digest_of(matter.model_dump(mode="json"), self.cells),
            path=path,
        )
        if self.findings:
            raise ProblemError(self.findings)
        return problem

    def _all(self, role: Role) -> list[Cell]:
        return [cell for cell in self.cells if cell.role is role]

    def _prose(self, role: Role) -> str:
        return "\n\n".join(cell.source.strip() for cell in self._all(role))

    def _find(self, place: str, message: str, fix: str = "") -> None:
        self.findings.append(Finding(file=self.file, place=place, message=message, fix=fix))

    def _missing(self, role: Role, what: str) -> None:
        self._find("", f"no cell tagged '{role}'", f"add {what}")

    def _hints(self) -> tuple[str, str, str, str]:
        # A draft may have fewer; the gate asks for four.
        given = [*self.matter.hints, *[""] * HINTS]
        return (given[0], given[1], given[2], given[3])

    def _entry(self) -> Entry:
        try:
            return parse_entry(self.matter.entry, self.matter.kind)
        except EntryError as error:
            self._find("front matter", f"greenroom.entry: {error}")
            return Entry(name="", signatures=())

    def _comparison(self, entry: Entry) -> Comparison:
        matter = self.matter.comparison
        names = [item.name for item in entry.signatures[0].parameters] if entry.signatures else []
        unknown = [name for name in matter.mutated if name not in names]
        if unknown:
            fix = f"name parameters of the first function: {', '.join(names) or 'it has none'}"
            self._find("front matter", f"greenroom.comparison.mutated: no parameter {unknown[0]!r}", fix)
        if matter.mutated and self.matter.kind is not Kind.FUNCTION:
            self._find("front matter", "greenroom.comparison.mutated: only for kind: function")
        return Comparison(
            match=matter.match,
            relative=matter.relative,
            absolute=matter.absolute,
            checker=matter.checker,
            mutated=tuple(names.index(name) for name in matter.mutated if name in names),
            result=matter.result,
        )

    @functools.cached_property
    def _given_names(self) -> set[str]:
        cells = self._all(Role.GIVEN)
        return (self._names(cells[0]) if cells else None) or set()

    def _names(self, cell: Cell) -> set[str] | None:
        """What the cell's code defines; None, and a finding, when it is not Python."""
        try:
            return defined_names(cell.source)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            place = f"{cell.place}, line {line}" if line else cell.place
            self._find(place, f"not Python: {getattr(error, 'msg', None) or error}")
            return None

    def _code(self, role: Role, entry: Entry) -> str:
        cells = self._all(role)
        if not cells:
            self._missing(role, f"a code cell that defines {entry.name}" if entry.name else "a code cell")
            return ""
        self._defines(cells[0], entry)
        return self._with_given(cells[0].source)

    def _with_given(self, source: str) -> str:
        return f"{self.given.rstrip()}\n\n\n{source}" if self.given else source

    def _defines(self, cell: Cell, entry: Entry) -> None:
        names = self._names(cell)
        if names is not None and self.given:
            names |= self._given_names
        wanted = [entry.name] if self.matter.kind is Kind.CLASS else [item.name for item in entry.signatures]
        for name in wanted:
            if names is not None and name and name not in names:
                self._find(
                    cell.place, f"does not define {name}", f"define {name} as the entry in the front matter says"
                )

    def _slow(self, entry: Entry) -> str:
        return self._code(Role.SLOW, entry) if self._all(Role.SLOW) else ""

    def _tests(self) -> str:
        cells = self._all(Role.TESTS)
        if self.matter.kind is Kind.CELLS:
            if cells:
                self._find(cells[0].place, "a problem of kind cells has no tests cell", "write cells tagged 'assert'")
            elif not self._all(Role.ASSERT):
                self._missing(Role.ASSERT, "a code cell of asserts, with greenroom: {grade_id: ..., points: ...}")
            return ""
        if not cells:
            self._missing(Role.TESTS, "a code cell that defines examples and hidden")
            return ""
        names = self._names(cells[0])
        checker = self.matter.comparison.checker
        wanted = (*_TESTS_NAMES, checker) if self.matter.comparison.match is Match.CHECKER else _TESTS_NAMES
        for name in wanted:
            if names is not None and name not in names:
                what = f"def {name}(args, expected, actual)" if name == checker else f"{name} = [...]"
                self._find(cells[0].place, f"does not define {name}", f"write '{what}' there")
        return cells[0].source

    def _wrong(self, cell: Cell) -> WrongSolution:
        try:
            matter = WrongMatter.model_validate(cell.metadata)
        except ValidationError as error:
            self.findings += findings_of(error, file=self.file, place=cell.place, root="greenroom")
            matter = WrongMatter(verdict=Verdict.WRONG_ANSWER)
        if matter.verdict is not Verdict.SYNTAX_ERROR:
            self._names(cell)
        name = matter.name or f"wrong in cell {cell.number}"
        return WrongSolution(name=name, source=self._with_given(cell.source), verdict=matter.verdict, why=matter.why)

    def _assert(self, cell: Cell) -> AssertCell:
        if self.matter.kind is not Kind.CELLS:
            self._find(cell.place, "only problems of kind cells have assert cells", "write the cases in the tests cell")
        try:
            matter = AssertMatter.model_validate(cell.metadata)
        except ValidationError as error:
            self.findings += findings_of(error, file=self.file, place=cell.place, root="greenroom")
            matter = AssertMatter(grade_id="invalid")
        source = textwrap.dedent(cell.source)
        return AssertCell(grade_id=matter.grade_id, points=matter.points, source=source, hidden=matter.hidden)
