"""Which menu a chat shows."""

from bot.domain.ids import ChatId, hash_of
from storage.database import Database


async def test_the_newest_menu_of_a_chat_is_known_until_it_is_dropped(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.menus.keep(ChatId(41), hash_of("one"))
        await unit.menus.keep(ChatId(41), hash_of("two"))
        await unit.menus.keep(ChatId(42), hash_of("one"))
        assert await unit.menus.all() == {41: hash_of("two"), 42: hash_of("one")}
        await unit.menus.drop(ChatId(42))
        assert await unit.menus.all() == {41: hash_of("two")}
