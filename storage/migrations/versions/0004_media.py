"""Voice and pictures of notes, what is to be done for them, and whether a note's words are a machine's.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KINDS = ("voice", "photo")
_STATES = ("awaited", "fetched", "transcribed", "kept", "silent", "lost")


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    # No batch: SQLite adds a column in place, and the table stays as it is (WITHOUT ROWID).
    op.add_column("notes", sa.Column("heard", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "media",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("note_id", sa.String(length=32), nullable=False),
        sa.Column("kind", _choice("kind", _KINDS), nullable=False),
        sa.Column("state", _choice("state", _STATES), nullable=False),
        sa.Column("mime", sa.String(length=40), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("album", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('awaited', 'lost') OR content IS NULL",
            name=op.f("ck_media_absent_ones_hold_nothing"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('fetched', 'kept') OR content IS NOT NULL",
            name=op.f("ck_media_present_ones_hold_something"),
        ),
        sa.CheckConstraint(
            "kind = 'voice' OR state IN ('awaited', 'kept', 'lost')",
            name=op.f("ck_media_pictures_say_nothing"),
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_media_note_id_notes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_media_note_id"), "media", ["note_id"])
    op.create_index(op.f("ix_media_state"), "media", ["state"])
    op.create_table(
        "media_jobs",
        sa.Column("medium_id", sa.String(length=32), nullable=False),
        sa.Column("file_id", sa.String(length=250), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("words_were", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gives_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["medium_id"], ["media.id"], name=op.f("fk_media_jobs_medium_id_media"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("medium_id", name=op.f("pk_media_jobs")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_media_jobs_chat_id"), "media_jobs", ["chat_id"])
    op.create_index(op.f("ix_media_jobs_next_try_at"), "media_jobs", ["next_try_at"])


def downgrade() -> None:
    """Voice and pictures are destroyed: the older schema has no place for them."""
    op.drop_table("media_jobs")
    op.drop_table("media")
    op.drop_column("notes", "heard")
