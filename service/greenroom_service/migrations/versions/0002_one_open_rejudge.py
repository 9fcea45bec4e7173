"""Let a problem have one open rejudge at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lay the index."""
    op.create_index(
        "ix_rejudges_one_open",
        "rejudges",
        ["problem_id"],
        unique=True,
        sqlite_where=sa.text("state in ('previewing', 'ready')"),
        postgresql_where=sa.text("state in ('previewing', 'ready')"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_rejudges_one_open", table_name="rejudges")
