"""The participants' page: notes come through a third door, and its consent is a text of its own.

SQLite builds the tables anew for it; `storage.database` turns foreign keys off meanwhile, so that dropping the old
table deletes nothing that refers to it.

Revision ID: 0002
Revises: 0001
"""

from collections.abc import Mapping, Sequence

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SOURCES = ("chat", "staff", "import")
_PURPOSES = ("feedback", "abroad")
_WITHOUT_ROWID = {"sqlite_with_rowid": False}


def _among(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _replace(table: str, checks: Mapping[str, str]) -> None:
    with op.batch_alter_table(table, table_kwargs=_WITHOUT_ROWID) as batch_op:
        for name, condition in checks.items():
            batch_op.drop_constraint(op.f(name), type_="check")
            batch_op.create_check_constraint(op.f(name), condition)


def upgrade() -> None:
    _replace(
        "notes",
        {
            "ck_notes_source": _among("source", (*_SOURCES, "page")),
            "ck_notes_promises_from_staff": "kind <> 'promise' OR source NOT IN ('chat', 'page')",
        },
    )
    _replace("consents", {"ck_consents_purpose": _among("purpose", (*_PURPOSES, "feedback_page"))})


def downgrade() -> None:
    """Fails while notes by the page are there: the older schema has no word for them, and they are not destroyed for it."""
    _replace("consents", {"ck_consents_purpose": _among("purpose", _PURPOSES)})
    _replace(
        "notes",
        {
            "ck_notes_source": _among("source", _SOURCES),
            "ck_notes_promises_from_staff": "kind <> 'promise' OR source <> 'chat'",
        },
    )
