"""What a machine read in a note, kept with it and destroyed with it.

Keywords and examples of a tour's topics need no change: they are in the JSON of `tours.topics`.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note_readings",
        sa.Column("note_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_note_readings_note_id_notes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_note_readings")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Readings are destroyed: they can be made anew."""
    op.drop_table("note_readings")
