"""The access log as it stands, in order, to be searched for what must not be in it."""

import json
from collections import Counter

from bot.services.access_log import verify
from storage.database import Database


async def acts_of(database: Database) -> tuple[Counter[str], str]:
    """How often each action, and all lines as text; the chain is whole."""
    async with database.snapshot_unit() as unit:
        assert (await verify(unit)).broken is None
        lines = [line async for line in unit.audit.lines()]
    told = [
        json.dumps(
            [line.actor, line.action, line.subject, line.whose, line.why, dict(line.details)],
            ensure_ascii=False,
        )
        for line in lines
    ]
    return Counter(line.action for line in lines), "\n".join(told)
