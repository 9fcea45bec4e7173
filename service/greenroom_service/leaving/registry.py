"""The registry of personal data: for every table, whose its rows are, who gets a copy, and what is left of them.

Each domain has its lines here. A table without one fails tests/contract/test_leaving.py; until then its rows are
deleted with their owner all the same, by the column ``user_name``, and are not exported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from greenroom_service.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OWNER = "user_name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a table says about people."""

    #: The column that names whose a row is; such rows are deleted when that person leaves.
    owner: str = ""
    #: What stands before the name in that column.
    prefix: str = ""
    #: Instead of an owner: the column that refers to a row of another table, with which a row goes.
    parent: str = ""
    #: Columns of rows that stay, in which a name is replaced by one that stands for nobody.
    renamed: tuple[str, ...] = ()
    #: Columns of JSON of such rows, in which it is replaced wherever it stands.
    searched: tuple[str, ...] = ()
    #: Why a person gets no copy; empty when they do.
    withheld: str = ""
    #: Columns that nobody outside has a use for.
    left_out: frozenset[str] = frozenset()
    #: Columns that are sealed, and which members of what is in them a person gets; all for none.
    sealed: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


_OWN = Entry(owner=OWNER)
_NOBODYS = Entry()
REGISTRY: Mapping[str, Entry] = MappingProxyType(
    {
        # the service
        "accounts": Entry(owner="name"),
        "audit_entries": Entry(renamed=("actor", "target"), searched=("old", "new")),
        "outbox": Entry(owner=OWNER, withheld="each event of the last days tells of a row that is exported itself"),
        # practice
        "drafts": _OWN,
        "draft_versions": _OWN,
        "hints_opened": _OWN,
        "submissions": Entry(owner=OWNER, left_out=frozenset({"runner", "lease_until", "priority", "attempts"})),
        "verdict_history": Entry(parent="submission_id"),
        "rejudges": Entry(renamed=("created_by",)),
        "rejudge_items": Entry(parent="submission_id", withheld="verdicts that are not decided yet"),
        # study, notices, leaving
        "review_cards": _OWN,
        "review_answers": _OWN,
        "reviews": _OWN,
        "bookmarks": _OWN,
        "notes": Entry(owner=OWNER, sealed=MappingProxyType({"body": ()})),
        "goals": _OWN,
        "daily_picks": _NOBODYS,
        "cohort_sheets": _NOBODYS,
        "notices": _OWN,
        "departures": _OWN,
        # classroom
        "cohorts": Entry(renamed=("created_by",)),
        "memberships": _OWN,
        # contests: boards stay as they were, with another name
        "contests": Entry(renamed=("created_by",)),
        "contest_problems": _NOBODYS,
        "contest_pauses": _NOBODYS,
        "contest_parties": Entry(renamed=("name",)),
        "contest_members": _OWN,
        "contest_submissions": _OWN,
        "contest_standings": Entry(renamed=("name",)),
        "contest_messages": Entry(renamed=("author",)),
        # interviews
        "interviews": _OWN,
        "interview_turns": Entry(parent="interview_id", left_out=frozenset({"lease_until"})),
        "interview_messages": Entry(
            parent="interview_id",
            # The rest is what Claude was sent: the question behind the question.
            sealed=MappingProxyType({"body": ("text", "code", "event")}),
        ),
        "interview_reports": Entry(parent="interview_id", withheld="each report has an export of its own, on its page"),
        "ai_budgets": Entry(owner="scope", prefix="user:"),
        "ai_charges": _OWN,
        "ai_buckets": Entry(owner=OWNER, withheld="how fast one may ask at this minute"),
        "ai_switches": Entry(renamed=("changed_by",)),
    }
)


@dataclass(frozen=True, slots=True)
class Holding:
    """A table, and what it says about people."""

    table: sa.Table
    entry: Entry

    @property
    def personal(self) -> bool:
        """Whether rows of it belong to a person."""
        return bool(self.entry.owner or self.entry.parent)

    def rows_of(self, user: str) -> sa.ColumnElement[bool]:
        """The rows that belong to a person."""
        if self.entry.owner:
            return self.table.c[self.entry.owner] == self.entry.prefix + user
        column = self.table.c[self.entry.parent]
        (key,) = column.foreign_keys
        above: Holding = holding(key.column.table)
        return column.in_(sa.select(key.column).where(above.rows_of(user)))


def holding(table: sa.Table) -> Holding:
    """What a table holds, as it is registered, or as its columns say."""
    unknown = Entry(owner=OWNER, withheld="not registered") if OWNER in table.columns else _NOBODYS
    return Holding(table, REGISTRY.get(table.name, unknown))


def holdings() -> Iterator[Holding]:
    """Every table, children before the rows that they hang on."""
    for table in reversed(METADATA.sorted_tables):
        yield holding(table)


def opened(entry: Entry, column: str, value: Any) -> Any:
    """What of a sealed value a person gets."""
    kept = entry.sealed[column]
    if not kept or not isinstance(value, dict):
        return value
    return {name: value[name] for name in kept if name in value}
