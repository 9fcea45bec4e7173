"""Seal notes: what a student writes for themselves is kept as nobody else can read it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep bytes instead of text. No release has had notes before, so there are none to seal."""
    op.execute(sa.text("delete from notes"))
    with op.batch_alter_table("notes") as notes:
        notes.drop_column("text")
        notes.add_column(sa.Column("body", sa.LargeBinary(), nullable=False))


def downgrade() -> None:
    """Keep text again; what is sealed is lost."""
    op.execute(sa.text("delete from notes"))
    with op.batch_alter_table("notes") as notes:
        notes.drop_column("body")
        notes.add_column(sa.Column("text", sa.Text(), nullable=False))
