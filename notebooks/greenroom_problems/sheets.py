"""Sheets: ordered selections of problems. A problem has one identity, in however many sheets it stands."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from greenroom_problems import text as texts
from greenroom_problems.errors import Finding, SheetError
from greenroom_problems.frontmatter import Slug, findings_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

_Sentence = Annotated[str, Field(min_length=8, max_length=600)]


class SheetEntry(BaseModel):
    """One problem of a sheet."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    problem: Slug
    #: Why it stands here: a sentence for the student.
    why: _Sentence
    #: Problems of the same sheet that should be solved before.
    after: tuple[Slug, ...] = ()


class Sheet(BaseModel):
    """A sheet as its author wrote it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    id: Slug
    title: Annotated[str, Field(min_length=3, max_length=80)]
    #: Whom it is for and what it leads to.
    purpose: _Sentence
    #: Sheets that should come first.
    prerequisites: tuple[Slug, ...] = ()
    #: In the order to solve them.
    entries: Annotated[tuple[SheetEntry, ...], Field(min_length=1)]

    @field_validator("prerequisites", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return () if value is None else value

    @property
    def problems(self) -> tuple[str, ...]:
        """Ids of its problems, in order."""
        return tuple(entry.problem for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Sheets:
    """What a folder of sheets holds."""

    #: Sheets that load, by id. One that names an unknown problem is here and has a finding.
    sheets: Mapping[str, Sheet]
    findings: tuple[Finding, ...]


def load_sheet(path: Path) -> Sheet:
    """Load one sheet. Raises SheetError with a finding per fault; whether its problems exist is checked by sheets()."""
    file = path.name
    text, findings = texts.read(path, file)
    findings += texts.hidden_characters(text, file)
    value, faults = texts.yaml_mapping(text, file) if text else (None, [])
    findings += faults
    if value is None or findings:
        raise SheetError(findings or [Finding(file=file, place="", message="is empty")])
    try:
        return Sheet.model_validate(value)
    except ValidationError as error:
        raise SheetError(findings_of(error, file=file, place="", root="")) from error


def sheets(folder: Path, problems: Collection[str]) -> Sheets:
    """Load every ``*.yaml`` of a folder; ``problems`` are the ids that exist. Never raises for their content."""
    found: dict[str, Sheet] = {}
    findings: list[Finding] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            sheet = load_sheet(path)
        except SheetError as error:
            findings.extend(error.findings)
            continue
        if sheet.id != path.stem:
            fix = f"write 'id: {path.stem}', or rename the file to {sheet.id}.yaml"
            message = f"id: {sheet.id!r} is not the name of the file"
            findings.append(Finding(file=path.name, place="", message=message, fix=fix))
        if sheet.id in found:
            message = f"id: {sheet.id!r} is the id of another sheet already"
            findings.append(Finding(file=path.name, place="", message=message, fix=f"write 'id: {path.stem}'"))
            continue
        findings += check_entries(sheet, path.name, problems)
        found[sheet.id] = sheet
    return Sheets(MappingProxyType(found), (*findings, *_check_prerequisites(found)))


def check_entries(sheet: Sheet, file: str, problems: Collection[str]) -> list[Finding]:
    """Unknown and repeated problems, and entries that come before what they should follow."""
    findings = []
    earlier: set[str] = set()
    for number, entry in enumerate(sheet.entries, start=1):
        place = f"entry {number}"
        if entry.problem not in problems:
            message = f"no problem {entry.problem!r}"
            fix = f"write the id of a file in problems/, or add problems/{entry.problem}.md"
            findings.append(Finding(file=file, place=place, message=message, fix=fix))
        if entry.problem in earlier:
            message = f"{entry.problem!r} stands in this sheet already"
            findings.append(Finding(file=file, place=place, message=message, fix="delete one of the two"))
        for name in entry.after:
            if name not in earlier:
                message = f"{entry.problem!r} comes after {name!r}, which does not stand above it"
                findings.append(Finding(file=file, place=place, message=message, fix="change the order, or 'after'"))
        earlier.add(entry.problem)
    return findings


def _check_prerequisites(found: Mapping[str, Sheet]) -> list[Finding]:
    findings = [
        Finding(
            file=f"{sheet.id}.yaml", place="prerequisites", message=f"no sheet {name!r}", fix="write the id of a sheet"
        )
        for sheet in found.values()
        for name in sheet.prerequisites
        if name not in found
    ]
    graph = {sheet.id: sheet.prerequisites for sheet in found.values()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        ring = [str(name) for name in error.args[1]]
        message = f"sheets require each other: {' -> '.join(reversed(ring))}"
        findings.append(Finding(file=f"{ring[0]}.yaml", place="prerequisites", message=message, fix="drop one of them"))
    return findings
