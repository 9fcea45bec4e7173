"""Notebook files, read without trusting them: size, encoding, JSON, nbformat, cells. Pure but for `read_notebook`.

nbformat's own reader validates every cell against a JSON schema, which costs more than grading does; here only what
grading uses is checked, and everything else of the file is carried along untouched for the release version.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from greenroom_grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Bytes; a notebook beyond this is not read at all.
MAX_BYTES = 64 * 1024 * 1024
#: Characters of one cell's source.
MAX_SOURCE = 1_000_000
#: Cells of one notebook.
MAX_CELLS = 5_000
#: Bytes from which a notebook is worth a note: its saved outputs are most of it.
LARGE_BYTES = 4 * 1024 * 1024

CELL_TYPES = ("code", "markdown", "raw")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell as the file has it: source as one string with plain newlines, outputs left out."""

    cell_type: str
    source: str
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def nbgrader(self) -> Mapping[str, Any] | None:
        """The cell's nbgrader metadata; None where it has none that could mean anything."""
        found = self.metadata.get("nbgrader")
        return found if isinstance(found, dict) and found else None

    @property
    def grade_id(self) -> str:
        """The nbgrader id, empty where there is none."""
        found = (self.nbgrader or {}).get("grade_id")
        return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class RawNotebook:
    """A notebook file: its cells, what was odd about the file, and the whole document."""

    cells: tuple[RawCell, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    #: One sentence each, for the findings of the report.
    notes: tuple[str, ...] = ()
    #: The parsed JSON as it was, for the release version; never changed.
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)


def read_notebook(path: Path) -> RawNotebook:
    """The notebook in a file. Raises AssignmentError with one line: which file, what is wrong, what to do."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise AssignmentError(f"{path}: this is a folder; name a notebook file (.ipynb).") from None
    except OSError as error:
        raise AssignmentError(f"{path}: cannot be read ({error.strerror or error}).") from None
    return parse_notebook(content, name=str(path))


def parse_notebook(content: bytes, *, name: str) -> RawNotebook:
    """The notebook in the bytes of a file called ``name``. Raises AssignmentError as `read_notebook` does."""
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // 2**20
        raise AssignmentError(f"{name}: larger than {limit} MiB; clear its outputs, save it, hand it in again.")
    document = _json(content, name)
    notes = [] if len(content) < LARGE_BYTES else [f"{len(content) / 2**20:.0f} MiB of notebook; outputs are ignored."]
    document = _current_format(document, content, name, notes)
    raw_cells = document.get("cells")
    if not isinstance(raw_cells, list):
        raise AssignmentError(f"{name}: the notebook has no list of cells; save it again in Jupyter.")
    if len(raw_cells) > MAX_CELLS:
        raise AssignmentError(f"{name}: {len(raw_cells)} cells; at most {MAX_CELLS} are graded.")
    cells = tuple(_cell(raw, number, name, notes) for number, raw in enumerate(raw_cells, start=1))
    metadata = document.get("metadata")
    return RawNotebook(
        cells=cells,
        metadata=metadata if isinstance(metadata, dict) else {},
        notes=tuple(dict.fromkeys(notes)),
        document=document,
    )


def _json(content: bytes, name: str) -> dict[str, Any]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AssignmentError(f"{name}: not UTF-8 text (byte {error.start}); save the notebook again.") from None
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise AssignmentError(f"{name}: not a notebook: invalid JSON at {where} ({error.msg}).") from None
    except RecursionError:
        raise AssignmentError(f"{name}: not a notebook: JSON nested too deeply.") from None
    except ValueError:
        raise AssignmentError(f"{name}: not a notebook: a number in its JSON is too long.") from None
    if not isinstance(document, dict):
        raise AssignmentError(f"{name}: not a notebook: its JSON is a {type(document).__name__}, not an object.")
    return document


def _current_format(document: dict[str, Any], content: bytes, name: str, notes: list[str]) -> dict[str, Any]:
    """The document as nbformat 4; formats 1 to 3 are upgraded by nbformat itself."""
    version = document.get("nbformat")
    if version == 4:
        return document
    if type(version) is not int or version not in (1, 2, 3):
        shown = repr(version)[:40]
        raise AssignmentError(f"{name}: nbformat {shown} is not known; save the notebook as nbformat 4.")
    import nbformat  # noqa: PLC0415 - only notebooks from before 2015 need it, and it is slow to import

    notes.append(f"nbformat {version} was read as nbformat 4.")
    try:
        upgraded = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
        return dict(json.loads(nbformat.writes(upgraded)))
    except Exception:  # noqa: BLE001 - nbformat's converters fail in many ways on a damaged old file
        raise AssignmentError(f"{name}: a damaged nbformat {version} notebook; save it as nbformat 4.") from None


def _cell(raw: object, number: int, name: str, notes: list[str]) -> RawCell:
    if not isinstance(raw, dict):
        raise AssignmentError(f"{name}: cell {number} is not an object; save the notebook again in Jupyter.")
    cell_type, source, metadata = raw.get("cell_type"), raw.get("source", ""), raw.get("metadata", {})
    if cell_type not in CELL_TYPES:
        shown = repr(cell_type)[:40]
        raise AssignmentError(f"{name}: cell {number} has type {shown}; it must be code, markdown or raw.")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise AssignmentError(f"{name}: the source of cell {number} is not text.")
    if len(source) > MAX_SOURCE:
        raise AssignmentError(f"{name}: the source of cell {number} is longer than {MAX_SOURCE} characters.")
    return RawCell(cell_type, _plain(source, notes), metadata if isinstance(metadata, dict) else {})


def _plain(source: str, notes: list[str]) -> str:
    """Plain newlines and no lone surrogates, so that text compares and encodes."""
    if "\r" in source:
        notes.append("Windows or old Mac line ends were read as plain newlines.")
        source = source.replace("\r\n", "\n").replace("\r", "\n")
    if _SURROGATES.search(source):
        notes.append("Characters that are no Unicode text were replaced.")
        source = _SURROGATES.sub("\ufffd", source)
    return source
