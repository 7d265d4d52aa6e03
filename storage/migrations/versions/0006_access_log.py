"""The audit becomes a chain: each line seals the one before. Lines that are there are numbered without gaps and sealed.

Revision ID: 0006
Revises: 0005
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BATCH = 500
_TEXTS = (("whose", 120), ("why", 40), ("previous", 64), ("seal", 64))
_NOTHING = "0" * 64

_AUDIT = sa.table(
    "audit",
    sa.column("seq", sa.BigInteger()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor", sa.String()),
    sa.column("action", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("details", sa.JSON()),
    sa.column("previous", sa.String()),
    sa.column("seal", sa.String()),
)
_CHAIN = sa.table(
    "audit_chain",
    sa.column("id", sa.Integer()),
    sa.column("cut", sa.BigInteger()),
    sa.column("cut_seal", sa.String()),
    sa.column("last", sa.BigInteger()),
    sa.column("last_seal", sa.String()),
)


def upgrade() -> None:
    for name, length in _TEXTS:
        op.add_column("audit", sa.Column(name, sa.String(length=length), server_default="", nullable=False))
    op.create_table(
        "audit_chain",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cut", sa.BigInteger(), nullable=False),
        sa.Column("cut_seal", sa.String(length=64), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("last_seal", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_chain_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_chain")),
    )
    last, seal = _seal_all()
    if last:
        row = {"id": 1, "cut": 0, "cut_seal": _NOTHING, "last": last, "last_seal": seal}
        op.get_bind().execute(_CHAIN.insert(), [row])
        op.execute("INSERT INTO facts (name, value) VALUES ('access_log', 'begun')")


def downgrade() -> None:
    """The seals are lost; the lines stay, without whose and why."""
    op.drop_table("audit_chain")
    op.execute("DELETE FROM facts WHERE name = 'access_log'")
    with op.batch_alter_table("audit") as audit:
        for name, _ in _TEXTS:
            audit.drop_column(name)
    if (
        op.get_bind().dialect.name == "postgresql"
    ):  # lines numbered themselves; the sequence knows nothing of it
        op.execute(
            "SELECT setval(pg_get_serial_sequence('audit', 'seq'), coalesce(max(seq), 1), max(seq) IS NOT NULL) FROM audit"
        )


def _seal_all() -> tuple[int, str]:
    """The last number and seal. A new number is never above the old one, so none is taken when it is given."""
    bind = op.get_bind()
    place, seal = 0, _NOTHING
    change = (
        _AUDIT.update()
        .where(_AUDIT.c.seq == sa.bindparam("old"))
        .values(seq=sa.bindparam("new"), previous=sa.bindparam("before"), seal=sa.bindparam("after"))
    )
    for rows in _batches(bind):
        changes = []
        for row in rows:
            place, before = place + 1, seal
            seal = _seal(before, place, row)
            changes.append({"old": row.seq, "new": place, "before": before, "after": seal})
        bind.execute(change, changes)
    return place, seal


def _batches(bind: sa.Connection) -> Iterator[Sequence[Any]]:
    done = None
    while True:
        query = sa.select(_AUDIT).order_by(_AUDIT.c.seq).limit(_BATCH)
        rows = bind.execute(query if done is None else query.where(_AUDIT.c.seq > done)).all()
        if not rows:
            return
        done = rows[-1].seq
        yield rows


def _seal(previous: str, place: int, row: Any) -> str:
    """As bot.domain.access_log seals a line, as it was when this was released."""
    at: datetime = row.at
    moment = (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)).isoformat(
        timespec="microseconds"
    )
    fields = [place, moment, row.actor, row.action, row.subject, "", "", row.details]
    plain = json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{plain}".encode("ascii")).hexdigest()
