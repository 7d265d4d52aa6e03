"""Where chats stand in a dialogue."""

from datetime import timedelta

from bot.domain.ids import ChatId
from storage.database import Database
from storage.repositories.dialogues import Dialogue
from tests.support.kept import NOON

MINUTE = timedelta(minutes=1)
FIRST = Dialogue(ChatId(41), "rating", {"secret": "비밀"}, private=True, last_step_at=NOON)
SECOND = Dialogue(ChatId(42), "words", {}, private=False, last_step_at=NOON + MINUTE)


async def test_a_dialogue_goes_on_where_it_was(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.dialogues.keep(FIRST)
        await unit.commit()
    further = Dialogue(FIRST.chat, "topic", {"a": "1", "b": "2"}, private=False, last_step_at=NOON + MINUTE)
    async with database.open_unit() as unit:
        assert await unit.dialogues.of(FIRST.chat) == FIRST
        assert await unit.dialogues.of(SECOND.chat) is None
        await unit.dialogues.keep(further)
        assert await unit.dialogues.of(FIRST.chat) == further
        await unit.dialogues.drop(FIRST.chat)
        assert await unit.dialogues.of(FIRST.chat) is None


async def test_idle_and_living_dialogues_are_told_apart_by_their_last_step(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.dialogues.keep(FIRST)
        await unit.dialogues.keep(SECOND)
        chats = [FIRST.chat, SECOND.chat, ChatId(43)]
        assert await unit.dialogues.idle_since(NOON - MINUTE, 9) == {}
        assert await unit.dialogues.idle_since(NOON, 9) == {FIRST.chat: True}
        assert await unit.dialogues.idle_since(NOON + MINUTE, 9) == {FIRST.chat: True, SECOND.chat: False}
        assert len(await unit.dialogues.idle_since(NOON + MINUTE, 1)) == 1
        assert await unit.dialogues.alive_of(chats, NOON) == {SECOND.chat}
        await unit.dialogues.drop_all(chats)
        assert await unit.dialogues.idle_since(NOON + MINUTE, 9) == {}
