"""Mutants of queries: one token exchanged, and everything in quotes left alone."""

from __future__ import annotations

import sqlite3

import pytest

from greenroom_grader.gate.mutate import mutants
from greenroom_grader.gate.mutate_sql import is_query, sql_changes


def changed(query: str) -> set[str]:
    return {query[:begin] + text + query[end:] for begin, end, text, _kind in sql_changes(query)}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a >= b", {"a > b", "a < b"}),
        ("a = b", {"a <> b"}),
        ("a <> b", {"a = b"}),
        ("a AND b", {"a OR b"}),
        ("a BETWEEN b AND c", set()),
        ("a BETWEEN b AND c AND d", {"a BETWEEN b AND c OR d"}),
        ("a IS NOT NULL", {"a IS NULL"}),
        ("a IS NULL", {"a IS NOT NULL"}),
        ("a IN (b)", {"a NOT IN (b)"}),
        ("a NOT IN (b)", {"a IN (b)"}),
        ("NOT EXISTS (b)", {"EXISTS (b)"}),
        ("a + b", {"a - b"}),
        ("a * b", {"a + b"}),
        ("COUNT(*)", set()),
        ("SELECT *", set()),
        ("MIN(a)", {"MAX(a)"}),
        ("SUM(a)", {"AVG(a)"}),
        ("COUNT(DISTINCT a)", {"COUNT(a)"}),
        ("LEFT JOIN a", {"JOIN a"}),
        ("JOIN a", {"LEFT JOIN a"}),
        ("UNION ALL", {"UNION"}),
        ("UNION SELECT", {"UNION ALL SELECT"}),
        ("ORDER BY a DESC", {"ORDER BY a ASC"}),
        ("ORDER BY a, b", {"ORDER BY a DESC, b"}),
        ("OVER (PARTITION BY a ORDER BY b)", {"OVER (ORDER BY b)", "OVER (PARTITION BY a ORDER BY b DESC)"}),
        ("DENSE_RANK()", {"RANK()"}),
        ("LAG(a)", {"LEAD(a)"}),
        ("LIMIT 3", {"LIMIT 4", "LIMIT 2"}),
        ("a = 'b = 3 AND c'", {"a <> 'b = 3 AND c'"}),
        ('"a = 1"', set()),
        ("-- a = 1\n", set()),
        ("a7 :1 ?2 1.5", set()),
    ],
)
def test_tokens(part: str, expected: set[str]) -> None:
    assert changed(part) == expected


def test_only_queries_are_changed() -> None:
    assert is_query("\n  select a from b")
    assert is_query("WITH a AS (SELECT 1) SELECT a")
    assert not is_query("selected = 1")
    assert [str(mutant) for mutant in mutants('NOTE = "a = b"\n')] == []


def test_a_mutant_of_a_query_says_which_line_it_changed() -> None:
    source = 'GIVEN = "SELECT 5"\n\n\nQUERY = """\nSELECT a\nFROM b\nWHERE a < 3\n"""\n'
    found = mutants(source, skip='GIVEN = "SELECT 5"\n\n\n')
    assert [(mutant.line, mutant.after) for mutant in found] == [
        (7, "WHERE a <= 3"),
        (7, "WHERE a >= 3"),
        (7, "WHERE a < 4"),
        (7, "WHERE a < 2"),
    ]
    assert {mutant.operator for mutant in found} == {"sql comparison", "sql constant"}


def test_texts_one_after_another_and_escapes_are_left_alone() -> None:
    assert mutants('QUERY = "SELECT a " "WHERE a < b"\n') == []
    assert mutants('QUERY = "SELECT a\\n WHERE a < b"\n') == []


def test_mutants_of_queries_are_queries() -> None:
    """A syntax error is no mistake that people make and no case can miss it: it would only make the score look good."""
    query = """
        WITH ranked AS (
            SELECT a, b, DENSE_RANK() OVER (PARTITION BY a ORDER BY b DESC) AS place,
                LAG(b, 1) OVER (ORDER BY a) AS last
            FROM t WHERE b IS NOT NULL AND a BETWEEN 1 AND 9 OR b NOT IN (SELECT a FROM t)
        ), counted AS (SELECT a, COUNT(DISTINCT b) AS n, SUM(b) + 1 AS s FROM t GROUP BY a HAVING COUNT(*) >= 1)
        SELECT ranked.a AS a, place * 2, n / 2 FROM ranked LEFT JOIN counted ON counted.a = ranked.a
        WHERE EXISTS (SELECT 1 FROM t) UNION ALL SELECT 1, 2, 3 ORDER BY a LIMIT 5
    """
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (a INTEGER, b INTEGER)")
    texts = changed(query)
    assert len(texts) > 30
    for text in texts:
        connection.execute(text)
    connection.close()
