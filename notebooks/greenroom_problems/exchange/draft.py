"""A problem of kind ``cells`` on its way in: its parts as another format gives them, and the text of its file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from greenroom_problems.errors import Finding
from greenroom_problems.problem import Difficulty, Kind, Limits

_WORD = re.compile(r"[a-z0-9]+")
_JUPYTEXT = {
    "notebook_metadata_filter": "greenroom",
    "text_representation": {"extension": ".md", "format_name": "myst"},
}
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_DATA = re.compile(r"^\s*(?:import|from)\s+(?:numpy|pandas)\b", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]]*\]\((?!https?:|data:)([^)\s]+)")
#: As the format allows them.
MOST_TOPICS = 6
LONGEST_HINT = 500
LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTest:
    """One test cell."""

    grade_id: str
    source: str
    points: float = 1.0
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The parts of a problem. Wrong solutions and interviewer's notes are an author's work: no format has them."""

    id: str
    title: str
    statement: str
    starter: str
    solution: str
    tests: tuple[DraftTest, ...]
    given: str = ""
    difficulty: Difficulty = Difficulty.MEDIUM
    topics: tuple[str, ...] = ("imported",)
    hints: tuple[str, ...] = ()
    source: str = "imported"
    license: str = "LicenseRef-unknown"
    #: None for those of the format.
    limits: Limits | None = None

    @property
    def uses_data(self) -> bool:
        """Whether some cell imports numpy or pandas."""
        sources = (self.given, self.starter, self.solution, *(test.source for test in self.tests))
        return any(_DATA.search(source) for source in sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A draft, and one finding for each thing that it does not carry as it was."""

    draft: Draft
    notes: tuple[Finding, ...] = ()


def slug(text: str) -> str:
    """Any name as an id: small letters, digits and hyphens, a letter first, at most 60 characters."""
    words = "-".join(_WORD.findall(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).lower()))
    made = words if words[:1].isalpha() else f"p-{words}".rstrip("-")
    return made[:60].rstrip("-")


def grade_id(text: str, taken: set[str]) -> str:
    """A name as the id of a test cell: allowed characters, a letter first, at most 80 characters, and not taken yet."""
    made = re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-") or "test"
    made = (made if made[0].isalpha() else f"test-{made}")[:76]
    unique, number = made, 2
    while unique in taken:
        unique, number = f"{made}-{number}", number + 1
    taken.add(unique)
    return unique


def draft_text(draft: Draft) -> str:
    """The text of the problem's file, as Jupytext writes it. What it lacks, ``greenroom check`` says."""
    # Jupytext takes over a second to import.
    import jupytext  # noqa: PLC0415
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook  # noqa: PLC0415

    cells = [new_markdown_cell(draft.statement.strip(), metadata={"tags": ["statement"]})]
    for tag, source in (("given", draft.given), ("starter", draft.starter), ("solution", draft.solution)):
        if source.strip():
            cells.append(new_code_cell(source.strip("\n"), metadata={"tags": [tag]}))
    for test in draft.tests:
        settings: dict[str, Any] = {"grade_id": test.grade_id, "points": test.points}
        settings |= {"hidden": True} if test.hidden else {}
        cells.append(new_code_cell(test.source.strip("\n"), metadata={"tags": ["assert"], "greenroom": settings}))
    language = {"name": "python", "pygments_lexer": "ipython3"}
    metadata = {"jupytext": _JUPYTEXT, "kernelspec": _KERNEL, "language_info": language}
    notebook = new_notebook(cells=cells, metadata=metadata)
    written: str = jupytext.writes(notebook, fmt="md:myst")
    body = written.split("\n---\n", 1)[1]
    return f"---\n{_front_matter(draft)}---\n{body}".rstrip("\n") + "\n"


def _front_matter(draft: Draft) -> str:
    matter: dict[str, Any] = {
        "id": draft.id,
        "title": draft.title[:LONGEST_TITLE],
        "difficulty": draft.difficulty.value,
        "topics": list(draft.topics[:MOST_TOPICS]),
        "kind": Kind.CELLS.value,
        "hints": [hint[:LONGEST_HINT] for hint in draft.hints[:4]],
        "source": draft.source,
        "license": draft.license,
    }
    if draft.limits is not None:
        matter["limits"] = {"cpu_seconds": draft.limits.cpu_seconds, "memory_mb": draft.limits.memory_mb}
    if draft.uses_data:
        matter["zygote"] = "data"
    if not draft.hints:
        del matter["hints"]
    front = {"jupytext": _JUPYTEXT, "kernelspec": _KERNEL, "greenroom": matter}
    text: str = yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=120)
    return text


def images_of(text: str) -> list[str]:
    """Images of a Markdown text that are files beside it or attached to it: a problem is one file."""
    return _IMAGE.findall(text)


def note(file: str, place: str, message: str, fix: str = "") -> Finding:
    """One thing that is not carried as it was."""
    return Finding(file=file, place=place, message=message, fix=fix)
