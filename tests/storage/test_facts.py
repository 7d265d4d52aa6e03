"""Facts outlive the process."""

from storage.database import Database


async def test_a_fact_is_kept_and_replaced(database: Database) -> None:
    async with database.open_unit() as unit:
        assert await unit.facts.get("offset") is None
        await unit.facts.put("offset", "7")
        await unit.facts.put("offset", "8")
        await unit.facts.put("other", "")
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        assert await unit.facts.get("offset") == "8"
        assert await unit.facts.get("other") == ""


async def test_who_puts_a_fact_first_has_put_it(database: Database) -> None:
    async with database.open_unit() as unit:
        assert await unit.facts.put_first("secret", "ours") == "ours"
        assert await unit.facts.put_first("secret", "theirs") == "ours"
        await unit.commit()
    async with database.open_unit() as unit:
        assert await unit.facts.put_first("secret", "later") == "ours"
        assert await unit.facts.get("secret") == "ours"
