"""Where staff sorted notes whose author chose no topic, and who of them did: destroyed with the note and with its words.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "triage",
        sa.Column("note_id", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_triage_note_id_notes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_triage_person_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_triage")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """What staff sorted is not sorted any more: their notes stand under their meetings again."""
    op.drop_table("triage")
