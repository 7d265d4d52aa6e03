"""Faults on order: refused, dropped before or after acceptance, held."""

import asyncio
import contextlib

import aiohttp
import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter

from tests.rehearsal.served import Served


async def test_a_5xx_strikes_once_and_takes_nothing(served: Served, bot: Bot) -> None:
    served.world.faults.reply(502, "Bad Gateway", method="sendMessage")
    await bot.get_me()
    with pytest.raises(NetworkError, match=r"Bad Gateway"):
        await bot.send_message(served.chat, "하나")
    assert served.world.ledger == []
    await bot.send_message(served.chat, "하나")
    assert len(served.world.ledger) == 1


async def test_a_5xx_can_come_although_the_message_was_taken(served: Served, bot: Bot) -> None:
    served.world.faults.reply(500, accepted=True)
    with pytest.raises(NetworkError):
        await bot.send_message(served.chat, "하나")
    assert [entry.text for entry in served.world.ledger] == ["하나"]


async def test_a_429_names_its_seconds(served: Served, bot: Bot) -> None:
    served.world.faults.reply(429, "Too Many Requests: retry after 7", retry_after=7, chat=served.chat)
    with pytest.raises(RetryAfter):
        await bot.send_message(served.chat, "하나")


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_dropped_connection_looks_the_same_before_and_after(
    served: Served, bot: Bot, *, accepted: bool
) -> None:
    served.world.faults.drop(method="sendMessage", accepted=accepted)
    with pytest.raises(NetworkError):
        await bot.send_message(served.chat, "하나")
    assert len(served.world.ledger) == int(accepted)
    assert served.world.faults.pending == 0
    await bot.send_message(served.chat, "둘")


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_held_request_waits_for_its_release(served: Served, bot: Bot, *, accepted: bool) -> None:
    fault = served.world.faults.hold(method="sendMessage", accepted=accepted)
    sending = asyncio.create_task(bot.send_message(served.chat, "하나"))
    await fault.arrived.wait()
    assert len(served.world.ledger) == int(accepted)
    assert not sending.done()
    fault.release()
    assert (await sending).text == "하나"
    assert len(served.world.ledger) == 1


async def test_a_fault_for_one_chat_leaves_others_alone(served: Served, bot: Bot) -> None:
    other = served.world.add_user("다른 연습생")
    served.world.start(other.id)
    served.world.faults.reply(500, chat=other.id, times=2)
    await bot.send_message(served.chat, "하나")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(other.id, "하나")
    await bot.send_message(other.id, "하나")


@pytest.mark.parametrize("kind", ["reply", "drop", "webhook"])
async def test_a_poll_that_was_turned_away_is_not_waited_for(served: Served, kind: str) -> None:
    """What waits cannot reach the bot before it comes again, and it comes again by the clock."""
    served.world.say(served.chat, served.chat, "하나")
    assert served.world.updates.moving == 1
    match kind:
        case "reply":
            served.world.faults.reply(502, method="getUpdates")
        case "drop":
            served.world.faults.drop(method="getUpdates")
        case _:
            await served.raw("setWebhook", url="https://example.org/hook")
    with contextlib.suppress(aiohttp.ServerDisconnectedError):
        await served.raw("getUpdates")
    await served.raw("deleteWebhook")
    assert served.world.updates.moving == 0
    assert len(await served.updates()) == 1
    assert served.world.updates.moving == 1
