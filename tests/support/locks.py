"""Two transactions that want the same: waiting, on PostgreSQL, until one stands behind the other."""

import asyncio

from sqlalchemy import text

from bot.services.unit import Unit

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def waits_or_is_done(unit: Unit, other: asyncio.Task[None]) -> None:
    """On PostgreSQL, until the other's transaction waits for a lock; SQLite let it begin nothing."""
    if unit._session.get_bind().dialect.name == "sqlite":
        return
    while not other.done():
        await unit._session.execute(text("SELECT pg_stat_clear_snapshot()"))
        if (await unit._session.execute(_WAITING)).scalar_one():
            return
