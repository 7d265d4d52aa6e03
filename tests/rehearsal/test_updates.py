"""getUpdates: the offset confirms, one poller at a time, ids jump after a quiet week."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict

from tests.rehearsal.served import Served


def ids(updates: list[dict[str, object]]) -> list[int]:
    return [int(str(update["update_id"])) for update in updates]


def speak(served: Served, count: int) -> None:
    for number in range(count):
        served.world.say(served.chat, served.chat, f"말 {number}")


async def test_updates_come_again_until_an_offset_confirms_them(served: Served) -> None:
    speak(served, 3)
    first = ids(await served.updates())
    assert first == ids(await served.updates())
    assert first == sorted(set(first))
    assert served.world.pending_updates == 3
    assert ids(await served.updates(offset=first[1])) == first[1:]
    assert served.world.pending_updates == 2
    assert await served.updates(offset=first[2] + 1) == []
    assert served.world.pending_updates == 0


async def test_at_most_a_hundred_updates_come_at_once(served: Served) -> None:
    speak(served, 130)
    assert len(await served.updates()) == 100
    assert len(await served.updates(limit=1000)) == 100
    assert len(await served.updates(limit=7)) == 7


async def test_a_negative_offset_forgets_what_came_before(served: Served) -> None:
    speak(served, 5)
    last = await served.updates(offset=-1)
    assert len(last) == 1
    assert served.world.pending_updates == 1


async def test_a_long_poll_is_answered_when_somebody_speaks(served: Served) -> None:
    polling = asyncio.create_task(served.updates(timeout=30))
    await served.world.until(lambda: served.world.updates.polled)
    speak(served, 1)
    assert len(await polling) == 1


async def test_a_long_poll_ends_empty_after_its_seconds(served: Served) -> None:
    assert await served.updates(timeout=0.05) == []


async def test_a_newer_poller_ends_the_older_one(served: Served, bot: Bot) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await served.world.until(lambda: served.world.updates.polled)
    assert await served.updates() == []
    with pytest.raises(Conflict, match=r"terminated by other getUpdates request; make sure that only one"):
        await older


async def test_a_poll_under_way_does_not_keep_the_server_from_closing(served: Served) -> None:
    polling = asyncio.create_task(served.updates(timeout=30))
    await served.world.until(lambda: served.world.updates.polled)
    served.world.close()
    assert await polling == []


async def test_a_webhook_and_polling_exclude_each_other(served: Served, bot: Bot) -> None:
    await bot.set_webhook("https://example.org/telegram/webhook")
    assert (await bot.get_webhook_info()).url == "https://example.org/telegram/webhook"
    with pytest.raises(Conflict, match=r"can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


@pytest.mark.parametrize("url", ["http://example.org/hook", "https://example.org:8080/hook"])
async def test_a_webhook_needs_https_and_a_known_port(served: Served, bot: Bot, url: str) -> None:
    with pytest.raises(BadRequest, match=r"(?i)bad webhook"):
        await bot.set_webhook(url)


async def test_pending_updates_can_be_dropped(served: Served, bot: Bot) -> None:
    speak(served, 3)
    await bot.delete_webhook(drop_pending_updates=True)
    assert served.world.pending_updates == 0


async def test_only_the_wanted_kinds_are_queued(served: Served, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    speak(served, 1)
    assert served.world.pending_updates == 0
    await bot.get_updates(allowed_updates=[])
    speak(served, 1)
    assert served.world.pending_updates == 1


async def test_ids_jump_after_a_quiet_week(served: Served) -> None:
    speak(served, 1)
    before = ids(await served.updates())[0]
    await served.updates(offset=before + 1)
    served.clock.move(days=7)
    speak(served, 2)
    after = ids(await served.updates())
    assert after[0] > before + 1
    assert after[1] == after[0] + 1


async def test_updates_are_kept_for_a_day(served: Served) -> None:
    speak(served, 1)
    served.clock.move(hours=24)
    speak(served, 1)
    assert len(await served.updates()) == 1


async def test_drained_waits_for_the_confirmation(served: Served) -> None:
    speak(served, 1)
    waiting = asyncio.create_task(served.world.drained())
    update = ids(await served.updates())[0]
    assert not waiting.done()
    await served.updates(offset=update + 1)
    await waiting
