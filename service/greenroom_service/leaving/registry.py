"""The registry of personal data: for every table, whose it is, whether it is exported, and what is left of it.

A table whose rows belong to a person names them in a column ``user_name``; such rows are deleted when the person
leaves. Whatever differs from this, and whether the person may have a copy, is said here. A table that is missing here
fails tests/contract/test_leaving.py, so a new domain adds its tables when it is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenroom_service.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

#: The column that says whose a row is.
OWNER = "user_name"
#: Columns of rows that outlive a person and name them: they get a name that stands for nobody.
RENAMED = {
    "audit_entries": ("actor", "target"),
    "cohorts": ("created_by",),
    "rejudges": ("created_by",),
}
#: Columns of JSON, in rows that outlive a person, in which names may stand anywhere.
SEARCHED = {"audit_entries": ("old", "new")}
#: Tables of personal rows whose owner is named in another column.
OWNED_BY = {"accounts": "name"}
#: Tables whose rows hang on rows of another and go with them: table -> the column that refers to it.
BELONGS_TO = {"rejudge_items": "submission_id", "verdict_history": "submission_id"}
#: Tables that say nothing about anybody.
IMPERSONAL = frozenset({"cohort_sheets", "daily_picks"})
#: Personal tables of which a person gets no copy, and why.
WITHHELD = {
    "outbox": "the events of the last days; each tells of a row that is exported itself",
    "rejudge_items": "verdicts that are not decided yet; what was decided is in verdict_history",
}
#: Columns that are of no use to anybody outside, by table.
LEFT_OUT = {"submissions": frozenset({"runner", "lease_until", "priority", "attempts"})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A table that holds rows about people."""

    table: sa.Table
    #: Names the person; None when the rows hang on another table's.
    owner: sa.Column[str] | None
    #: Refers to a row that a person owns; None when ``owner`` is given.
    parent: sa.Column[object] | None
    exported: bool


def holdings() -> Iterator[Holding]:
    """Every table with personal rows, children before the rows that they hang on."""
    for table in reversed(METADATA.sorted_tables):
        owner = table.columns.get(OWNED_BY.get(table.name, OWNER))
        parent = BELONGS_TO.get(table.name)
        if owner is not None or parent is not None:
            yield Holding(
                table=table,
                owner=owner,
                parent=None if parent is None else table.columns[parent],
                exported=table.name not in WITHHELD,
            )
