"""Whoever is cancelled within a transaction, at whatever moment, leaves no lock behind: a bot that stops cancels."""

import asyncio
import random

from storage.database import Database

ROUNDS = 60
"""Of four writers, cancelled within 20 ms; before closing took the transaction back, one of the first twenty locked the file."""


async def write_on(database: Database, key: str) -> None:
    while True:
        async with database.open_unit() as unit:
            for value in range(3):
                await unit.facts.put(key, str(value))
            await unit.commit()


async def test_nobody_is_locked_out(database: Database) -> None:
    rng = random.Random(1)
    for _ in range(ROUNDS):
        writers = [asyncio.create_task(write_on(database, f"key-{number}")) for number in range(4)]
        await asyncio.sleep(rng.uniform(0, 0.02))
        for writer in writers:
            writer.cancel()
        ends = await asyncio.gather(*writers, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends)
        async with database.open_unit() as unit:  # waits ten seconds for a lock that stays, and raises
            await unit.facts.put("after", "1")
            await unit.commit()
