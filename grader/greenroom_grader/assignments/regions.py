"""The marked regions of a source notebook: solutions, hidden tests, mark schemes. Pure.

What nbgrader 0.9.6 does with its default delimiters: a solution region becomes a stub with the indent of its first
line, a hidden or mark-scheme region vanishes. A delimiter counts anywhere in a line.
"""

from __future__ import annotations

import re
from enum import StrEnum

from greenroom_grader.errors import AssignmentError

CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
TEXT_STUB = ("YOUR ANSWER HERE",)


class Region(StrEnum):
    """The kinds of region; the value is the delimiter behind BEGIN and END."""

    SOLUTION = "SOLUTION"
    HIDDEN_TESTS = "HIDDEN TESTS"
    MARK_SCHEME = "MARK SCHEME"


def has_region(source: str, region: Region) -> bool:
    """Whether a region of this kind begins in the source."""
    return f"BEGIN {region}" in source


def cut(source: str, region: Region, stub: tuple[str, ...] = ()) -> str:
    """The source without its regions of one kind; each leaves the stub's lines, indented like its BEGIN line.

    Raises AssignmentError for a nested region or one without an end; the caller adds which cell.
    """
    begin, end = f"BEGIN {region}", f"END {region}"
    kept: list[str] = []
    inside = False
    for number, line in enumerate(source.split("\n"), start=1):
        if begin in line:
            if inside:
                raise AssignmentError(f"line {number}: {begin} inside a region that has not ended; add {end} first.")
            inside = True
            indent = line[: len(line) - len(line.lstrip())]
            kept += [indent + text for text in stub]
        elif end in line:
            inside = False
        elif not inside:
            kept.append(line)
        elif region is Region.MARK_SCHEME and re.search(r"!\[.*\]\(attachment:.+?\)", line):
            raise AssignmentError(f"line {number}: an attached image in a mark scheme would reach students; link it.")
    if inside:
        raise AssignmentError(f"{begin} has no {end}; add it.")
    return "\n".join(kept)
