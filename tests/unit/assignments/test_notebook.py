"""Reading notebook files that nobody vouches for: each bad file gives one clear line, each odd one a note."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from greenroom_grader.assignments import notebook
from greenroom_grader.assignments.notebook import parse_notebook, read_notebook
from greenroom_grader.errors import AssignmentError

if TYPE_CHECKING:
    from pathlib import Path


def encoded(**changes: object) -> bytes:
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []} | changes
    return json.dumps(document).encode()


def code(source: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


BAD_FILES = {
    "no JSON": (b"# just text", "invalid JSON at line 1, column 1"),
    "cut short": (encoded()[:-5], "invalid JSON"),
    "empty": (b"", "invalid JSON"),
    "a list": (b"[1, 2]", "its JSON is a list"),
    "not UTF-8": (b'{"a": "\xff\xfe"}', "not UTF-8"),
    "deep nesting": (b"[" * 200_000, "nested too deeply"),
    "long number": (b'{"nbformat": ' + b"9" * 10_000 + b"}", "too long"),
    "nbformat 5": (encoded(nbformat=5), "nbformat 5 is not known"),
    "nbformat as text": (encoded(nbformat="4"), "nbformat '4' is not known"),
    "nbformat true": (encoded(nbformat=True), "nbformat True is not known"),
    "no cells": (encoded(cells=None), "no list of cells"),
    "cell is text": (encoded(cells=["x = 1"]), "cell 1 is not an object"),
    "cell type": (encoded(cells=[{"cell_type": "heading", "source": ""}]), "cell 1 has type 'heading'"),
    "source is a number": (encoded(cells=[code(3)]), "source of cell 1 is not text"),
    "source is a mixed list": (encoded(cells=[code(["a", 3])]), "source of cell 1 is not text"),
    "damaged nbformat 3": (encoded(nbformat=3, worksheets=7), "damaged nbformat 3"),
}


@pytest.mark.parametrize(("content", "said"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_one_line_that_names_it(content: bytes, said: str) -> None:
    with pytest.raises(AssignmentError) as caught:
        parse_notebook(content, name="hw1.ipynb")
    assert str(caught.value).startswith("hw1.ipynb: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_one_line_too(tmp_path: Path) -> None:
    with pytest.raises(AssignmentError, match="cannot be read"):
        read_notebook(tmp_path / "none.ipynb")
    with pytest.raises(AssignmentError, match="this is a folder"):
        read_notebook(tmp_path)


def test_a_file_beyond_the_limit_is_not_parsed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(notebook, "MAX_BYTES", 100)
    path = tmp_path / "big.ipynb"
    path.write_bytes(b"x" * 101)
    with pytest.raises(AssignmentError, match="larger than"):
        read_notebook(path)


def test_windows_line_ends_are_plain_newlines_and_one_note() -> None:
    cells = [code("a = 1\r\nb = 2\r\n"), code(["c = 3\r\n", "d = 4"])]
    read = parse_notebook(encoded(cells=cells), name="n")
    assert [cell.source for cell in read.cells] == ["a = 1\nb = 2\n", "c = 3\nd = 4"]
    assert len(read.notes) == 1
    assert "line ends" in read.notes[0]


def test_a_byte_order_mark_is_no_reason_to_refuse() -> None:
    assert parse_notebook(b"\xef\xbb\xbf" + encoded(), name="n").cells == ()


def test_huge_outputs_are_left_out_and_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "LARGE_BYTES", 1000)
    flood = code("1") | {"outputs": [{"output_type": "stream", "name": "stdout", "text": "x" * 2000}]}
    read = parse_notebook(encoded(cells=[flood]), name="n")
    assert read.cells[0].source == "1"
    assert "outputs are ignored" in read.notes[0]


def test_lone_surrogates_are_replaced() -> None:
    read = parse_notebook(b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "a = \'\\ud800\'"}]}', name="n")
    assert read.cells[0].source == "a = '\ufffd'"
    assert read.notes


def test_nbformat_3_is_read_with_a_note() -> None:
    old_cell = {"cell_type": "code", "input": ["x = 1"], "language": "python", "outputs": [], "metadata": {}}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [old_cell]}]}
    read = parse_notebook(json.dumps(old).encode(), name="n")
    assert [cell.source for cell in read.cells] == ["x = 1"]
    assert "nbformat 3" in read.notes[0]


@pytest.mark.parametrize("meta", [None, [], 3, "x", {}, {"grade_id": 7}, {"grade_id": None}])
def test_damaged_nbgrader_metadata_is_no_id(meta: object) -> None:
    cell = code("1") | {"metadata": {"nbgrader": meta}}
    assert parse_notebook(encoded(cells=[cell]), name="n").cells[0].grade_id == ""
