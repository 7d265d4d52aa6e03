"""Files sent into the chat, to be brought in.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STATES = ("received", "fetched", "previewed", "confirmed", "applied", "dropped", "refused", "expired")
_OPEN = "state IN ('received', 'fetched', 'previewed', 'confirmed')"


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "incoming_files",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.String(length=250), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("state", _choice("state", _STATES), nullable=False),
        sa.Column("kind", _choice("kind", ("tour", "notes")), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("preview", sa.String(length=64), nullable=True),
        sa.Column("card", sa.BigInteger(), nullable=True),
        sa.Column("cancels", sa.Boolean(), nullable=False),
        sa.Column("swept", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            f"{_OPEN} OR (file_id IS NULL AND name IS NULL AND content IS NULL AND report IS NULL)",
            name=op.f("ck_incoming_files_ended_ones_hold_nothing"),
        ),
        sa.CheckConstraint(
            "state <> 'received' OR file_id IS NOT NULL",
            name=op.f("ck_incoming_files_received_ones_can_be_fetched"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('fetched', 'previewed', 'confirmed') OR content IS NOT NULL",
            name=op.f("ck_incoming_files_fetched_ones_are_here"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('previewed', 'confirmed') OR (kind IS NOT NULL AND preview IS NOT NULL)",
            name=op.f("ck_incoming_files_shown_ones_are_known"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_incoming_files_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_files")),
    )
    op.create_index(op.f("ix_incoming_files_state_next_try_at"), "incoming_files", ["state", "next_try_at"])
    op.create_index(op.f("ix_incoming_files_person_id"), "incoming_files", ["person_id"])


def downgrade() -> None:
    """Files that wait for a decision are destroyed: they are sent again."""
    op.drop_table("incoming_files")
