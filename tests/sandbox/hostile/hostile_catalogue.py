"""The hostile programs as data: one file each, with a header that says what must come of it.

A header is TOML in a comment block, in the manner of inline script metadata::

    # /// hostile
    # verdicts = ["wrong_answer"]
    # danger = "Why it is dangerous."
    # ///

Further keys: ``problem`` (what it is submitted to), ``zygote``, ``needs`` (layers without which its verdict is not
promised) and ``built`` (the file is not the program but makes its text, as SOURCE, where no file could hold it).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from greenroom_problems.verdict import Verdict

PROGRAMS = Path(__file__).parent / "programs"
_HEADER = re.compile(r"\A# /// hostile\n(?P<toml>(?:#.*\n)+?)# ///\n")
_KEYS = frozenset({"verdicts", "danger", "problem", "zygote", "needs", "built"})

FAMILIES = frozenset({
    "bombs", "time", "output", "source", "process", "host",
    "frames", "values", "patches", "answers", "leftovers", "escape",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class HostileProgram:
    """One program, and what must come of it."""

    name: str
    family: str
    #: Any of these is right; internal_error never is.
    verdicts: frozenset[Verdict]
    danger: str
    #: Name of the problem that it is submitted to.
    problem: str
    zygote: str
    needs: frozenset[str]
    #: The text that is submitted, still with ``@@PLACEHOLDERS@@``.
    text: str

    def source(self, surroundings: dict[str, str]) -> str:
        """What is submitted: placeholders become the paths, ports and marks of this run."""
        return re.sub(r"@@([A-Z_]+)@@", lambda match: surroundings[match[1]], self.text)

    def __str__(self) -> str:
        return f"{self.family}-{self.name}"


def read_program(path: Path) -> HostileProgram:
    """Read one file.

    Raises:
        ValueError: it has no header, or the header says something unknown.
    """
    text = path.read_text(encoding="utf-8")
    match = _HEADER.match(text)
    if match is None:
        raise ValueError(f"{path}: it must begin with a '# /// hostile' header")
    header = tomllib.loads("".join(line.removeprefix("#") for line in match["toml"].splitlines(keepends=True)))
    if unknown := set(header) - _KEYS:
        raise ValueError(f"{path}: the header has unknown keys {sorted(unknown)}")
    body = text[match.end() :]
    if header.get("built"):
        made: dict[str, str] = {}
        exec(compile(body, str(path), "exec"), made)  # noqa: S102 - our own file: it only joins strings
        body = made["SOURCE"]
    return HostileProgram(
        name=path.stem,
        family=path.parent.name,
        verdicts=frozenset(map(Verdict, header["verdicts"])),
        danger=header["danger"],
        problem=header.get("problem", "successor"),
        zygote=header.get("zygote", "plain"),
        needs=frozenset(header.get("needs", [])),
        text=body,
    )


def catalogue() -> tuple[HostileProgram, ...]:
    """All programs, by family and name."""
    return tuple(read_program(path) for path in sorted(PROGRAMS.glob("*/*.py")))
