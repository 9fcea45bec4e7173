"""Reads an exercise of an Exercism Python track: instructions, stub, example, tests; difficulty from the track.

The tests stay what they are, a unittest class in a first test cell; one further cell per test method runs it, so that
each is counted for itself. See https://exercism.org/docs/building/tracks/practice-exercises for the folder's shape.
"""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeGuard

from greenroom_problems.errors import ConversionError, Finding
from greenroom_problems.exchange.draft import LONGEST_HINT, Draft, DraftTest, Imported, grade_id, images_of, note, slug
from greenroom_problems.problem import Difficulty

if TYPE_CHECKING:
    from pathlib import Path

#: A track rates from 1 to 10.
_EASY, _MEDIUM = 3, 6
_HINTS = 4
_STATEMENTS = ("introduction.md", "instructions.md", "instructions.append.md")
_KNOWN_FILES = frozenset({"config.json", "example.py", "exemplar.py", "tests.toml", "template.j2", "design.md"})
_BULLET = re.compile(r"^\s*[-*]\s+(?P<text>.+(?:\n(?!\s*[-*#]).+)*)", re.MULTILINE)
_HEADING = re.compile(r"\A\s*#\s+.*\n+")


def is_exercism(folder: Path) -> bool:
    """Whether a folder is an exercise of a track."""
    return (folder / ".meta" / "config.json").is_file() and (folder / ".docs").is_dir()


def read_exercism(folder: Path) -> Imported:
    """The exercise as a draft. Raises ConversionError: which file, what is wrong."""
    return _Exercise(folder).imported()


@dataclass(slots=True)
class _Exercise:
    folder: Path
    notes: list[Finding] = field(default_factory=list)

    def imported(self) -> Imported:
        config = _json(self.folder / ".meta" / "config.json")
        files = config.get("files") if isinstance(config.get("files"), dict) else {}
        name = self.folder.name.replace("-", "_")
        stub = self._one(files, "solution", (f"{name}.py",))
        example = self._one(files, "example", (".meta/example.py",), "exemplar", (".meta/exemplar.py",))
        tests = self._one(files, "test", (f"{name}_test.py",))
        self._say_what_stays(files)
        entry, track = self._track()
        rest = self._rest(config)
        draft = Draft(
            id=slug(self.folder.name),
            title=str(entry.get("name") or self.folder.name.replace("-", " ").capitalize()),
            statement=self._statement(),
            starter=_text(stub).strip("\n") or "...",
            solution=_text(example).strip("\n"),
            tests=self._tests(tests, stub.stem),
            difficulty=self._difficulty(entry),
            topics=tuple(map(slug, _strings(entry.get("topics")) or _strings(entry.get("practices")))) or ("exercism",),
            hints=self._hints(),
            source=rest,
            license=self._license(track),
        )
        return Imported(draft=draft, notes=tuple(self.notes))

    def _note(self, place: str, message: str, fix: str = "") -> None:
        self.notes.append(note(self.folder.name, place, message, fix))

    # ------------------------------------------------------------ files

    def _one(self, files: Any, *wanted: str | tuple[str, ...]) -> Path:
        """The one file of a kind, as config.json lists it or as its name is by custom."""
        kinds = [item for item in wanted if isinstance(item, str)]
        for kind, usual in zip(wanted[::2], wanted[1::2], strict=True):
            listed = _strings(files.get(kind)) or list(usual)
            found = [self.folder / item for item in listed if self._inside(item)]
            if len(found) > 1:
                raise ConversionError(f"{self.folder}: {len(found)} files of kind {kind}; only one can be carried")
            if found:
                return found[0]
        raise ConversionError(f"{self.folder}: no {' or '.join(kinds)} file; see 'files' in .meta/config.json")

    def _inside(self, name: str) -> bool:
        path = (self.folder / name).resolve()
        return path.is_file() and self.folder.resolve() in path.parents

    def _say_what_stays(self, files: Any) -> None:
        listed = {name for kind in ("solution", "test", "example", "exemplar") for name in _strings(files.get(kind))}
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            known = path.name in _KNOWN_FILES or name in listed or "__pycache__" in name
            docs = path.parent.name == ".docs" and path.name in {*_STATEMENTS, "hints.md"}
            usual = path.name in {f"{self.folder.name.replace('-', '_')}{end}.py" for end in ("", "_test")}
            if path.is_file() and not (known or docs or usual):
                self._note(name, "this file is not carried", "put what it says into the problem where it matters")

    def _statement(self) -> str:
        parts = []
        for name in _STATEMENTS:
            path = self.folder / ".docs" / name
            if path.is_file():
                parts.append(_HEADING.sub("", _text(path)).strip())
        if not any(parts):
            raise ConversionError(f"{self.folder}: .docs/instructions.md is missing or empty")
        for image in (image for part in parts for image in images_of(part)):
            self._note(".docs", f"the image {image} is not carried", "link it, or say it in words")
        return "\n\n".join(part for part in parts if part)

    def _hints(self) -> tuple[str, ...]:
        path = self.folder / ".docs" / "hints.md"
        if not path.is_file():
            self._note("", "an exercise has no ladder of hints", "write four, from a question to an outline")
            return ()
        found = [" ".join(item["text"].split()) for item in _BULLET.finditer(_text(path))]
        for number, hint in enumerate(found, start=1):
            if number > _HINTS:
                self._note(".docs/hints.md", f"hint {number} is not carried, a problem has {_HINTS}: {hint:.80}")
            elif len(hint) > LONGEST_HINT:
                self._note(".docs/hints.md", f"hint {number} is cut to {LONGEST_HINT} characters: {hint:.80}")
        return tuple(found[:_HINTS])

    # ------------------------------------------------------------ the track

    def _track(self) -> tuple[dict[str, Any], Path | None]:
        """What the track's config.json says of the exercise, and the track's folder."""
        resolved = self.folder.resolve()
        for folder in resolved.parents[:3]:
            if (folder / "config.json").is_file():
                exercises = _json(folder / "config.json").get("exercises")
                groups = exercises.values() if isinstance(exercises, dict) else ()
                listed = [item for group in groups if isinstance(group, list) for item in group]
                own = [item for item in listed if isinstance(item, dict) and item.get("slug") == resolved.name]
                return (own[0] if own else {}), folder
        return {}, None

    def _difficulty(self, entry: dict[str, Any]) -> Difficulty:
        rated = entry.get("difficulty")
        if isinstance(rated, bool) or not isinstance(rated, int):
            self._note("", "no difficulty beside it in a track's config.json", "it is written as medium; correct it")
            return Difficulty.MEDIUM
        if rated <= _EASY:
            return Difficulty.EASY
        return Difficulty.MEDIUM if rated <= _MEDIUM else Difficulty.HARD

    def _license(self, track: Path | None) -> str:
        path = track / "LICENSE" if track else None
        if path is not None and path.is_file() and "MIT License" in _text(path):
            return "MIT"
        self._note("", "its licence is not known", "write the SPDX identifier of the track's licence")
        return "LicenseRef-unknown"

    def _rest(self, config: dict[str, Any]) -> str:
        """Where the exercise comes from, in a line."""
        people = [*_strings(config.get("authors")), *_strings(config.get("contributors"))]
        parts = ["Exercism", *(str(config[key]) for key in ("source", "source_url") if config.get(key))]
        if people:
            parts.append(f"by {', '.join(people)}")
        if config.get("blurb"):
            self._note(".meta/config.json", f"the blurb is not carried: {config['blurb']!s:.120}")
        return "; ".join(parts)

    # ------------------------------------------------------------ tests

    def _tests(self, path: Path, module: str) -> tuple[DraftTest, ...]:
        source = _text(path)
        try:
            tree = ast.parse(source)
        except SyntaxError as error:
            raise ConversionError(f"{path}: line {error.lineno}: not Python ({error.msg})") from error
        changed = _TestModule(source, module)
        body = changed.without_module(tree)
        for line, message in changed.notes:
            self._note(f"{path.name}, line {line}", message)
        taken: set[str] = set()
        cells = [DraftTest(grade_id=grade_id("tests", taken), source=body, points=0)]
        for node in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name.startswith("test"):
                    name = grade_id(method.name.removeprefix("test_"), taken)
                    cells.append(DraftTest(grade_id=name, source=f"{node.name}({method.name!r}).debug()"))
        if len(cells) == 1:
            raise ConversionError(f"{path}: no test method of a class; only unittest modules can be carried")
        return tuple(cells)


class _TestModule:
    """The source of a test module, for a namespace in which the solution's names are there already."""

    def __init__(self, source: str, module: str) -> None:
        self.lines = source.split("\n")
        self.module = module
        self.notes: list[tuple[int, str]] = []

    def without_module(self, tree: ast.Module) -> str:
        """The source without imports of the solution, of pytest, and without a main block."""
        for node in tree.body:
            self._statement(node)
        return re.sub(r"\n{4,}", "\n\n\n", "\n".join(self.lines)).strip("\n")

    def _statement(self, node: ast.stmt) -> None:
        imports = [item for item in getattr(node, "body", [node]) if self._is_solution(item)]
        if imports and isinstance(node, ast.ImportFrom | ast.Try):
            aliases = [alias for item in imports for alias in item.names if alias.asname]
            self._replace(node, [f"{alias.asname} = {alias.name}" for alias in aliases])
        elif isinstance(node, ast.Import) and any(alias.name == self.module for alias in node.names):
            raise ConversionError(
                f"the tests import {self.module} as a module (line {node.lineno}); "
                f"write 'from {self.module} import ...' there"
            )
        elif self._is_scaffolding(node):
            self._replace(node, [])
        elif isinstance(node, ast.ClassDef):
            self._marks(node)

    def _is_solution(self, node: ast.stmt) -> TypeGuard[ast.ImportFrom]:
        return isinstance(node, ast.ImportFrom) and node.module == self.module

    @staticmethod
    def _is_scaffolding(node: ast.stmt) -> bool:
        """An import of pytest, a main block."""
        if isinstance(node, ast.If):
            return "__main__" in ast.unparse(node.test)
        return isinstance(node, ast.Import) and [alias.name for alias in node.names] == ["pytest"]

    def _marks(self, node: ast.ClassDef) -> None:
        for item in node.body:
            for decorator in getattr(item, "decorator_list", ()):
                if ast.unparse(decorator).startswith("pytest."):
                    self.notes.append((decorator.lineno, f"the mark {ast.unparse(decorator)} is left out"))
                    self._replace(decorator, [])

    def _replace(self, node: ast.stmt | ast.expr, lines: list[str]) -> None:
        """Put statements in place of a node's own lines; the number of lines stays."""
        first, last = node.lineno - 1, node.end_lineno or node.lineno
        self.lines[first:last] = ["; ".join(lines), *[""] * (last - first - 1)]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConversionError(f"{path}: cannot be read ({error})") from error


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(_text(path))
    except (ValueError, RecursionError) as error:
        raise ConversionError(f"{path}: not valid JSON ({error})") from error
    if not isinstance(found, dict):
        raise ConversionError(f"{path}: not a JSON object")
    return found


def _strings(found: object) -> list[str]:
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []
