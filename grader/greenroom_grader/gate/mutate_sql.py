"""Mutants of SQL that stands in a program as a text: one token exchanged for another that SQL takes in the same place.

The operators are the mutation operators for SQL queries of Tuya, Suárez-Cabal and de la Riva, "Mutating database
queries" (2007), as far as they need no schema: relational and logical operators, arithmetic, constants, aggregates,
joins, set operations, null tests, orders and windows. Pure; nothing is run here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUERY: Final = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)
#: What holds no operator: text in quotes, quoted names, comments.
_QUOTED: Final = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
#: The AND of ``BETWEEN a AND b`` is part of it.
_BETWEEN: Final = re.compile(r"\bBETWEEN\b(?:(?!\bBETWEEN\b).)*?\bAND\b", re.DOTALL | re.IGNORECASE)


def _word(*words: str) -> str:
    return r"\b" + r"\s+".join(words) + r"\b"


#: Kind of change, what is replaced, and what may stand there instead.
_OPERATORS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("comparison", r"<=", ("<", ">")),
    ("comparison", r">=", (">", "<")),
    ("comparison", r"<>|!=", ("=",)),
    ("comparison", r"(?<![<>])<(?![<>=])", ("<=", ">=")),
    ("comparison", r"(?<![<>])>(?![>=])", (">=", "<=")),
    ("comparison", r"(?<![<>=!])=", ("<>",)),
    ("boolean", _word("AND"), ("OR",)),
    ("boolean", _word("OR"), ("AND",)),
    ("boolean", _word("NOT", "IN"), ("IN",)),
    ("boolean", r"(?<!NOT )\bIN\b(?=\s*\()", ("NOT IN",)),
    ("boolean", _word("NOT", "EXISTS"), ("EXISTS",)),
    ("boolean", r"(?<!NOT )\bEXISTS\b", ("NOT EXISTS",)),
    ("null", _word("IS", "NOT", "NULL"), ("IS NULL",)),
    ("null", _word("IS", "NULL"), ("IS NOT NULL",)),
    ("arithmetic", r"(?<=\s)\+(?=\s)", ("-",)),
    ("arithmetic", r"(?<=\s)-(?=\s)", ("+",)),
    ("arithmetic", r"(?<=\s)/(?=\s)", ("*",)),
    ("arithmetic", r"(?<=[\w)]\s)\*(?=\s[\w(])", ("+",)),
    ("call", _word("MIN") + r"(?=\()", ("MAX",)),
    ("call", _word("MAX") + r"(?=\()", ("MIN",)),
    ("call", _word("SUM") + r"(?=\()", ("AVG",)),
    ("call", _word("AVG") + r"(?=\()", ("SUM",)),
    ("window", _word("ROW_NUMBER"), ("RANK",)),
    ("window", _word("RANK"), ("DENSE_RANK",)),
    ("window", _word("DENSE_RANK"), ("RANK",)),
    ("window", _word("LAG"), ("LEAD",)),
    ("window", _word("LEAD"), ("LAG",)),
    ("window", r"\bPARTITION\s+BY\s+[\w.]+(?:\s*,\s*[\w.]+)*\s*", ("",)),
    ("distinct", r"\bDISTINCT\s+", ("",)),
    ("join", r"\bLEFT\s+(?:OUTER\s+)?JOIN\b", ("JOIN",)),
    ("join", r"(?<!LEFT )(?<!OUTER )(?<!CROSS )\bJOIN\b", ("LEFT JOIN",)),
    ("set", _word("UNION", "ALL"), ("UNION",)),
    ("set", _word("UNION") + r"(?!\s+ALL)", ("UNION ALL",)),
    ("set", _word("EXCEPT"), ("INTERSECT",)),
    ("set", _word("INTERSECT"), ("EXCEPT",)),
    ("order", _word("DESC"), ("ASC",)),
    ("order", _word("ASC"), ("DESC",)),
    ("order", r"(?<=ORDER BY )[\w.]+(?=\s*(?:,|\)|\Z|LIMIT))", (r"\g<0> DESC",)),
)
_COMPILED: Final = tuple((kind, re.compile(find, re.IGNORECASE), to) for kind, find, to in _OPERATORS)
_INTEGER: Final = re.compile(r"(?<![\w.:?])\d+(?![\w.])")


def is_query(text: str) -> bool:
    """Whether a text is a query."""
    return _QUERY.match(text) is not None


def sql_changes(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Changes of a query, or of a part of one: begin, end, replacement and kind, in the order of the text."""
    masked = _QUOTED.sub(lambda found: re.sub(r"[^\n]", "\x00", found[0]), text)
    taken = [found.end() - len("AND") for found in _BETWEEN.finditer(masked)]
    found = [
        (match.start(), match.end(), match.expand(replacement), kind)
        for kind, pattern, replacements in _COMPILED
        for match in pattern.finditer(masked)
        if not (kind == "boolean" and match.start() in taken)
        for replacement in replacements
    ]
    for match in _INTEGER.finditer(masked):
        found += [(match.start(), match.end(), str(int(match[0]) + step), "constant") for step in (1, -1)]
    yield from sorted(found, key=lambda change: change[0])
