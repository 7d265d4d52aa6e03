"""Which stored digest a message shows: kept after the message was sent, so that withdrawn words are edited out of it.

Messages sent before know nothing of it and stay as they are.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SHOWS_ONE = sa.text("shows IS NOT NULL")


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("shows", sa.String(length=32), nullable=True))
    op.create_index(
        op.f("ix_deliveries_shows"),
        "deliveries",
        ["shows"],
        sqlite_where=_SHOWS_ONE,
        postgresql_where=_SHOWS_ONE,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_deliveries_shows"), "deliveries")
    op.drop_column("deliveries", "shows")
