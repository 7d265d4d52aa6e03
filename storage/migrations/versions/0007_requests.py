"""Requests of people about their own data, with the day by which each must be answered; people who want nothing sent;
a consent for each version of a text that somebody agreed to.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KINDS = ("access", "correction", "deletion", "suspension")
_STATES = ("open", "done", "refused", "none", "withdrawn")
_OPEN = sa.text("state = 'open'")


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=7), nullable=False),
        sa.Column("kind", _choice("kind", _KINDS), nullable=False),
        sa.Column("door", _choice("door", ("chat", "desk")), nullable=False),
        sa.Column("state", _choice("state", _STATES), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(door = 'chat') = (chat_id IS NOT NULL)", name=op.f("ck_requests_chat_ones_lead_back")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (closed_on IS NULL)", name=op.f("ck_requests_ended_ones_have_a_day")
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR (words IS NULL AND answer IS NULL)",
            name=op.f("ck_requests_withdrawn_ones_say_nothing"),
        ),
        sa.CheckConstraint(
            "received_on <= counted_from AND counted_from < due_on",
            name=op.f("ck_requests_days_follow_each_other"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_requests_number")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_requests_open",
        "requests",
        ["chat_id", "kind"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index(op.f("ix_requests_state_due_on"), "requests", ["state", "due_on"])
    # No batch: SQLite adds a column in place.
    op.add_column("people", sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false()))
    _key_of_consents("voice_id", "purpose", "version")


def downgrade() -> None:
    """Requests are destroyed, answered or not: `requests list` before it. Of several versions the newest stays."""
    newer = "SELECT 1 FROM consents AS newer WHERE newer.voice_id = consents.voice_id"
    newer += " AND newer.purpose = consents.purpose"
    newer += " AND CAST(newer.version AS INTEGER) > CAST(consents.version AS INTEGER)"
    op.execute(f"DELETE FROM consents WHERE EXISTS ({newer})")  # noqa: S608 (no word of it comes from elsewhere)
    _key_of_consents("voice_id", "purpose")
    op.drop_column("people", "paused")
    op.drop_table("requests")


def _key_of_consents(*columns: str) -> None:
    """Built anew on SQLite; nothing refers to this table (decision 14)."""
    with op.batch_alter_table("consents", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.drop_constraint(op.f("pk_consents"), type_="primary")
        batch_op.create_primary_key(op.f("pk_consents"), list(columns))
