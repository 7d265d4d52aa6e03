"""Digests that wait for an approval, and whom an administrator named to give it.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OFFICES = ("editor", "deputy")


def _choice(name: str) -> sa.Enum:
    return sa.Enum(*_OFFICES, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("digest_id", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("office", _choice("office"), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("editor_id", sa.String(length=32), nullable=True),
        sa.Column("deputy_id", sa.String(length=32), nullable=True),
        sa.Column("approved_by", _choice("approved_by"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("editing", sa.JSON(), nullable=False),
        sa.CheckConstraint("turn >= 1 AND round >= 1", name=op.f("ck_approvals_counted_from_one")),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)", name=op.f("ck_approvals_approved_at_a_time")
        ),
        sa.ForeignKeyConstraint(
            ["digest_id"],
            ["digests.id"],
            name=op.f("fk_approvals_digest_id_digests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["editor_id"], ["people.id"], name=op.f("fk_approvals_editor_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["people.id"], name=op.f("fk_approvals_deputy_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("digest_id", name=op.f("pk_approvals")),
    )
    op.create_table(
        "approvers",
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("office", _choice("office"), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_approvers_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("region", "office", name=op.f("pk_approvers")),
    )


def downgrade() -> None:
    """What waits is sent without an approval by the version before."""
    op.drop_table("approvers")
    op.drop_table("approvals")
