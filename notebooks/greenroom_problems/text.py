"""Reads text files of authors: encoding, line ends, characters that nobody can see, and YAML front matter."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from greenroom_problems.errors import Finding

if TYPE_CHECKING:
    from pathlib import Path

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)

#: Characters that change how text reads without being seen: bidirectional overrides and isolates, zero width
#: spaces and joiners in code, line separators, a byte order mark in mid-text.
_HIDDEN = frozenset("\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True, slots=True)
class Document:
    """A text split into its front matter, parsed, and its body."""

    front: dict[str, Any]
    body: str
    #: Lines before the body, for line numbers in findings.
    offset: int


def normalise(text: str) -> str:
    """Unix line ends, no byte order mark, one newline at the end."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text.rstrip("\n") + "\n"


def read(path: Path, file: str) -> tuple[str, list[Finding]]:
    """Read a UTF-8 file and normalise it. A file that cannot be read gives a finding and an empty text."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return "", [Finding(file=file, place="", message=f"cannot be read: {error.strerror or error}")]
    try:
        return normalise(raw.decode("utf-8")), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        fix = "save the file as UTF-8"
        return "", [Finding(file=file, place=f"line {line}", message="not valid UTF-8", fix=fix)]


def hidden_characters(text: str, file: str) -> list[Finding]:
    """Findings for control characters and for characters that are invisible or reorder what a reviewer sees."""
    return [
        Finding(
            file=file,
            place=f"line {number}",
            message=f"invisible character U+{ord(character):04X} ({unicodedata.name(character, 'control character')})",
            fix=f"delete it, or write it as the escape {_escape(character)} inside a Python string",
        )
        for number, line in enumerate(text.split("\n"), start=1)
        for character in sorted(set(line))
        if character in _HIDDEN or (ord(character) < 32 and character != "\t") or ord(character) == 127
    ]


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def split(text: str, file: str) -> tuple[Document | None, list[Finding]]:
    """Split normalised text at its front matter. Returns None and a finding when there is none or it is not YAML."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        fix = "begin the file with a line '---', the YAML, and a line '---'"
        return None, [Finding(file=file, place="line 1", message="no front matter", fix=fix)]
    try:
        front = yaml.safe_load(found["yaml"])
    except yaml.YAMLError as error:
        return None, [_yaml_finding(error, file)]
    if not isinstance(front, dict):
        return None, [Finding(file=file, place="front matter", message="not a mapping", fix="write 'key: value' lines")]
    offset = text.count("\n", 0, found.end())
    return Document(front=front, body=text[found.end() :], offset=offset), []


def _yaml_finding(error: yaml.YAMLError, file: str) -> Finding:
    mark = getattr(error, "problem_mark", None)
    # The first line of the YAML is the second of the file.
    place = f"front matter, line {mark.line + 2}" if mark is not None else "front matter"
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    fix = "quote a text that holds ': ', '#' or begins with a bracket; indent with spaces"
    return Finding(file=file, place=place, message=f"not valid YAML: {what}", fix=fix)


def yaml_mapping(text: str, file: str) -> tuple[dict[str, Any] | None, list[Finding]]:
    """Parse a whole YAML file that must be a mapping."""
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark is not None else ""
        what = getattr(error, "problem", None) or "cannot be parsed"
        return None, [Finding(file=file, place=place, message=f"not valid YAML: {what}")]
    if not isinstance(value, dict):
        return None, [Finding(file=file, place="", message="not a mapping", fix="write 'key: value' lines")]
    return value, []
