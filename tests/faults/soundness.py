"""Whether a PostgreSQL database is what its catalogue says: references, pages of tables, indexes against their tables."""

from collections.abc import Iterator

import psycopg
from psycopg import sql

_REFERENCES = """
SELECT c.conname, c.conrelid::regclass::text, c.confrelid::regclass::text,
       array_agg(a.attname ORDER BY k.place), array_agg(b.attname ORDER BY k.place)
FROM pg_constraint c
CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k(ours, theirs, place)
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.ours
JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.theirs
WHERE c.contype = 'f' GROUP BY c.oid, c.conname, c.conrelid, c.confrelid ORDER BY c.conname
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, i.indexrelid FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE m.amname = 'btree' AND n.nspname = 'public' AND i.indisready AND i.indisvalid ORDER BY 1
"""
_TABLES = """
SELECT c.oid::regclass::text, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY 1
"""


def unsound(connection: psycopg.Connection) -> list[str]:
    """Everything that is wrong, in words. What it needs (amcheck) is installed and taken back in one transaction.

    `connection` commits by itself, and may read and create extensions. Without amcheck only references are checked.
    """
    found = list(_references(connection))
    connection.execute("BEGIN")
    try:
        if _has_amcheck(connection):
            found += _pages(connection)
            found += _trees(connection)
    finally:
        connection.execute("ROLLBACK")
    return found


def _references(connection: psycopg.Connection) -> Iterator[str]:
    for name, table, other, ours, theirs in connection.execute(_REFERENCES).fetchall():
        same = sql.SQL(" AND ").join(
            sql.SQL("o.{} = t.{}").format(sql.Identifier(b), sql.Identifier(a))
            for a, b in zip(ours, theirs, strict=True)
        )
        whole = sql.SQL(" AND ").join(sql.SQL("t.{} IS NOT NULL").format(sql.Identifier(a)) for a in ours)
        query = sql.SQL("SELECT count(*) FROM {} t WHERE {} AND NOT EXISTS (SELECT 1 FROM {} o WHERE {})")
        tables = sql.Identifier(table), whole, sql.Identifier(other), same
        row = connection.execute(query.format(*tables)).fetchone()
        if row is not None and row[0]:
            yield f"{name}: {row[0]} rows of {table} refer to none of {other}"


def _has_amcheck(connection: psycopg.Connection) -> bool:
    there = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'").fetchone()
    if there is not None:
        connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
    return there is not None


def _pages(connection: psycopg.Connection) -> Iterator[str]:
    for table, oid in connection.execute(_TABLES).fetchall():
        for block, message in connection.execute(
            "SELECT blkno, msg FROM verify_heapam(%s::regclass)", (oid,)
        ).fetchall():
            yield f"{table}, page {block}: {message}"


def _trees(connection: psycopg.Connection) -> Iterator[str]:
    for index, oid in connection.execute(_INDEXES).fetchall():
        connection.execute("SAVEPOINT tree")
        try:
            connection.execute("SELECT bt_index_check(%s::regclass, heapallindexed => true)", (oid,))
        except psycopg.errors.InternalError as error:
            connection.execute("ROLLBACK TO SAVEPOINT tree")
            yield f"{index}: {error.diag.message_primary}"
        else:
            connection.execute("RELEASE SAVEPOINT tree")
