"""Packages: what publishing makes of a problem, and all that judging needs of it.

A package is frozen plain data with a JSON form, so that a worker on another machine judges exactly what was published.
Arguments are kept as the tests cell wrote them (linked lists and trees as plain lists); the annotations of the entry
say what they become on their way into a box.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from greenroom_grader.conversion import convert
from greenroom_grader.errors import GraderError, PackageError
from greenroom_grader.sandbox.codec import decode, encode
from greenroom_problems.problem import AssertCell, Comparison, Entry, Kind, Limits, Reveal, Signature

#: Raised whenever a package of an older grader would be judged differently.
FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call of a case; for a class, the first step is the construction."""

    name: str
    #: As the tests cell writes them.
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a step is expected to do."""

    #: Decoded result; None when it raises.
    value: object = None
    #: The mutated arguments that are compared, in the order of Comparison.mutated.
    arguments: tuple[object, ...] = ()
    #: Type name of the exception that must be raised; empty when the step returns.
    raised: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One visible example or hidden case, with the answers of the reference."""

    name: str
    visible: bool
    reveal: Reveal
    steps: tuple[Step, ...]
    #: One per step; fewer when the construction itself raises.
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A published problem."""

    problem: str
    #: Digest of the problem version that was published.
    digest: str
    kind: Kind
    entry: Entry
    comparison: Comparison
    limits: Limits
    reveal: Reveal
    zygote: str
    #: Target growth as written, empty where it says nothing.
    complexity: str
    cases: tuple[Case, ...]
    #: Source of the tests cell; runs only in boxes of our own, for checkers, ``valid`` and ``generate``.
    tests: str
    reference: str
    #: Which of ``generate`` and ``valid`` the tests cell defines.
    helpers: frozenset[str] = frozenset()
    #: For Kind.CELLS.
    cells: tuple[AssertCell, ...] = ()

    def signature(self, name: str) -> Signature | None:
        """The signature of a function, or of a method; the class's own name gives that of ``__init__``."""
        wanted = "__init__" if self.kind is Kind.CLASS and name == self.entry.name else name
        return next((item for item in self.entry.signatures if item.name == wanted), None)

    def arguments(self, step: Step) -> tuple[object, ...]:
        """A step's arguments as they are sent into a box.

        Raises:
            ValueError: one of them cannot be the linked list or tree that its annotation asks for.
        """
        signature = self.signature(step.name)
        return step.arguments if signature is None else convert(signature, step.arguments)

    def to_json(self) -> str:
        """The package as JSON text; values keep their exact types."""
        return json.dumps(
            {
                "format": FORMAT,
                "problem": self.problem,
                "digest": self.digest,
                "kind": self.kind.value,
                "entry": _adapter(Entry).dump_python(self.entry, mode="json"),
                "comparison": _adapter(Comparison).dump_python(self.comparison, mode="json"),
                "limits": _adapter(Limits).dump_python(self.limits, mode="json"),
                "reveal": self.reveal.value,
                "zygote": self.zygote,
                "complexity": self.complexity,
                "cases": [_case_form(case) for case in self.cases],
                "tests": self.tests,
                "reference": self.reference,
                "helpers": sorted(self.helpers),
                "cells": [_adapter(AssertCell).dump_python(cell, mode="json") for cell in self.cells],
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> Package:
        """Read what to_json wrote.

        Raises:
            PackageError: the text is something else, or of another format version.
        """
        try:
            form = json.loads(text)
            if form["format"] != FORMAT:
                raise PackageError(
                    f"package of {form['problem']!r} has format {form['format']!r}, this grader reads {FORMAT}; "
                    "publish the problem again"
                )
            return _read(form)
        except (ValueError, KeyError, TypeError, ValidationError, GraderError) as error:
            if isinstance(error, PackageError):
                raise
            raise PackageError(
                f"not a package ({type(error).__name__}: {str(error).splitlines()[0]:.100}); publish the problem again"
            ) from error


@lru_cache(maxsize=8)
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _read(form: dict[str, Any]) -> Package:
    return Package(
        problem=str(form["problem"]),
        digest=str(form["digest"]),
        kind=Kind(form["kind"]),
        entry=_adapter(Entry).validate_python(form["entry"]),
        comparison=_adapter(Comparison).validate_python(form["comparison"]),
        limits=_adapter(Limits).validate_python(form["limits"]),
        reveal=Reveal(form["reveal"]),
        zygote=str(form["zygote"]),
        complexity=str(form["complexity"]),
        cases=tuple(_case(item) for item in form["cases"]),
        tests=str(form["tests"]),
        reference=str(form["reference"]),
        helpers=frozenset(form["helpers"]),
        cells=tuple(_adapter(AssertCell).validate_python(cell) for cell in form["cells"]),
    )


def _case_form(case: Case) -> dict[str, object]:
    return {
        "name": case.name,
        "visible": case.visible,
        "reveal": case.reveal.value,
        "steps": [[step.name, encode(step.arguments)] for step in case.steps],
        "answers": [[encode(answer.value), encode(answer.arguments), answer.raised] for answer in case.answers],
    }


def _case(form: dict[str, Any]) -> Case:
    return Case(
        name=str(form["name"]),
        visible=bool(form["visible"]),
        reveal=Reveal(form["reveal"]),
        steps=tuple(Step(name=name, arguments=_tuple(arguments)) for name, arguments in form["steps"]),
        answers=tuple(
            Answer(value=decode(value), arguments=_tuple(arguments), raised=raised)
            for value, arguments, raised in form["answers"]
        ),
    )


def _tuple(form: object) -> tuple[object, ...]:
    value = decode(form)
    if not isinstance(value, tuple):
        raise PackageError("not a package (arguments are not a tuple); publish the problem again")
    return value


def compared_arguments(comparison: Comparison, arguments: tuple[object, ...]) -> tuple[object, ...]:
    """The arguments after the call that count, in the order that the comparison names them."""
    return tuple(arguments[index] for index in comparison.mutated if index < len(arguments))


def judged(comparison: Comparison, value: object, arguments: tuple[object, ...]) -> object:
    """What a checker sees: the result, the one mutated argument, or a tuple of all that counts."""
    parts = ((value,) if comparison.result else ()) + arguments
    return parts[0] if len(parts) == 1 else parts


class PackageStore:
    """Published packages on disk, one file per digest, for the owner alone: they hold hidden cases and answers."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is created when missing, with mode 0700."""
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _path(self, digest: str) -> Path:
        if not digest or not digest.isalnum():
            raise PackageError(f"{digest!r:.80} is not the digest of a problem")
        return self._folder / f"{digest}.{FORMAT}.json"

    def get(self, digest: str) -> Package | None:
        """The package of that digest, None when there is none or it cannot be read any more."""
        try:
            package = Package.from_json(self._path(digest).read_text(encoding="utf-8"))
        except (FileNotFoundError, PackageError):
            return None
        return package if package.digest == digest else None

    def put(self, package: Package) -> None:
        """Store a package under its digest; a reader sees the whole file or none."""
        path = self._path(package.digest)
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=".package-")  # made with mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(package.to_json())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
