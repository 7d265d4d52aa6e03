"""Questions of the notes (/ask), and the words by which a note is found: kept with what was read in it, destroyed with it.

What was read before has no such words, and is read anew for that (repositories.readings).

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note_terms",
        sa.Column("note_id", sa.String(length=32), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"],
            ["note_readings.note_id"],
            name=op.f("fk_note_terms_note_id_note_readings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_note_terms")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_questions_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("person_id", name=op.f("uq_questions_person_id")),
    )


def downgrade() -> None:
    """Search words are destroyed: they can be made anew. Questions were for minutes."""
    op.drop_table("questions")
    op.drop_table("note_terms")
