"""Long polling: updates come in as they were written, whatever they are."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.gateways.telegram import KINDS, TelegramUpdates
from bot.services.ports import (
    FateUnknown,
    Rejected,
    SecondPoller,
    SendError,
    SlowDown,
    TokenRefused,
    Updates,
    WebhookInTheWay,
    Webhooks,
    WebhookState,
)
from tests.gateways.conftest import HURRIED
from tests.gateways.served import TOKEN, Drop, Hang, Reply, Served, done, refused

NO_WAIT = timedelta(0)


async def test_a_poll_asks_from_the_offset_for_what_we_understand(
    updates: TelegramUpdates, served: Served
) -> None:
    served.script.append(done([]))
    port: Updates = updates
    assert await port.fetch(12, timedelta(seconds=30)) == []
    method, params = served.calls[0]
    assert method == "getUpdates"
    assert params["offset"] == "12"
    assert params["timeout"] == "30"
    assert params["limit"] == "100"
    assert json.loads(str(params["allowed_updates"])) == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]


async def test_an_update_of_a_kind_nobody_knows_yet_is_kept_whole(
    updates: TelegramUpdates, served: Served
) -> None:
    strange = {
        "update_id": 12,
        "brain_wave": {"from": {"id": 1}, "words": "주차가 어렵습니다 🚗", "n": 2**60},
    }
    plain = {"update_id": 10, "message": {"message_id": 1, "date": 1, "chat": {"id": 5}, "text": "a\u0000b"}}
    served.script.append(done([strange, plain]))
    fetched = await updates.fetch(0, NO_WAIT)
    assert [item.update_id for item in fetched] == [12, 10]
    assert [json.loads(item.payload) for item in fetched] == [strange, plain]
    assert "주차가 어렵습니다 🚗" in fetched[0].payload
    assert "\x00" not in fetched[1].payload


async def test_half_a_surrogate_pair_can_still_be_stored(updates: TelegramUpdates, served: Served) -> None:
    served.script.append(Reply(b'{"ok": true, "result": [{"update_id": 1, "words": "\\ud83d"}]}'))
    [item] = await updates.fetch(0, NO_WAIT)
    assert json.loads(item.payload.encode())["words"] == "\ud83d"


async def test_an_item_without_an_id_does_not_hold_up_the_others(
    updates: TelegramUpdates, served: Served
) -> None:
    """It would stand before them at every poll, for ever."""
    served.script.append(done([{"no": "id"}, {"update_id": 2**70}, "text", {"update_id": 7}]))
    assert [item.update_id for item in await updates.fetch(0, NO_WAIT)] == [7]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refused(409, "Conflict: terminated by other getUpdates request"), SecondPoller),
        (refused(409, "Conflict: can't use getUpdates method while webhook is active"), WebhookInTheWay),
        (refused(401, "Unauthorized"), TokenRefused),
        (refused(404, "Not Found"), TokenRefused),
        (done({"not": "a list"}), FateUnknown),
        (done([{"no": "id"}]), FateUnknown),
        (done(["text"]), FateUnknown),
        (Reply(b"<html>", 502), FateUnknown),
        (Drop(), FateUnknown),
    ],
)
async def test_every_failure_of_a_poll_is_told_apart(
    updates: TelegramUpdates, served: Served, reply: Reply | Drop, kind: type[SendError]
) -> None:
    served.script.append(reply)
    with pytest.raises(kind):
        await updates.fetch(0, NO_WAIT)
    assert len(served.calls) == 1


async def test_a_held_poll_is_not_given_up_before_its_time(served: Served) -> None:
    served.script.append(Hang())
    async with TelegramUpdates(TOKEN, served.url, patience=HURRIED) as updates:
        poll = asyncio.create_task(updates.fetch(0, timedelta(seconds=1)))
        await served.hung()
        done_early, _ = await asyncio.wait({poll}, timeout=0.5)
        assert not done_early, (
            "an answer is awaited for 0.2 s, but a poll for as long as Telegram may hold it"
        )
        with pytest.raises(FateUnknown):
            await poll


async def test_a_poll_whose_answer_does_not_come_ends_with_an_error(served: Served) -> None:
    served.script.append(Hang())
    async with TelegramUpdates(TOKEN, served.url, patience=HURRIED) as updates:
        with pytest.raises(FateUnknown):
            await updates.fetch(0, NO_WAIT)


async def test_a_webhook_that_was_left_is_removed_and_what_waits_is_kept(
    updates: TelegramUpdates, served: Served
) -> None:
    served.script.append(done(True))
    await updates.drop_webhook()
    assert served.calls == [("deleteWebhook", {})]


async def test_a_webhook_is_set_with_its_secret_and_what_waits_is_kept(
    updates: TelegramUpdates, served: Served
) -> None:
    served.script.append(done(True))
    port: Webhooks = updates
    await port.set_webhook("https://field.example.invalid/telegram/webhook", "Secret_1")
    [(method, params)] = served.calls
    assert method == "setWebhook"
    assert params.keys() == {"url", "secret_token", "allowed_updates", "max_connections"}
    assert params["url"] == "https://field.example.invalid/telegram/webhook"
    assert params["secret_token"] == "Secret_1"
    assert json.loads(str(params["allowed_updates"])) == list(KINDS)


async def test_how_the_webhook_stands_is_told_without_what_is_quoted(
    updates: TelegramUpdates, served: Served
) -> None:
    bare = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
    why = 'SSL error {self-signed certificate "가상"}' + "x" * 400
    full = {
        **bare,
        "url": "https://field.example.invalid/x",
        "pending_update_count": 12,
        "last_error_date": 1_769_000_000,
        "last_error_message": why,
    }
    served.script.extend([done(bare), done(full)])
    assert await updates.webhook() == WebhookState("", 0)
    state = await updates.webhook()
    assert (state.url, state.pending, state.failed_at) == (full["url"], 12, 1_769_000_000)
    assert state.failure.startswith("SSL error {self-signed certificate …}")
    assert len(state.failure) <= 200


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refused(400, "Bad Request: bad webhook: Failed to resolve host"), Rejected),
        (refused(429, "Too Many Requests", retry_after=1), SlowDown),
        (refused(401, "Unauthorized"), TokenRefused),
        (done({"pending_update_count": 1}), FateUnknown),
        (done("text"), FateUnknown),
        (Drop(), FateUnknown),
    ],
)
async def test_every_failure_about_the_webhook_is_told_apart(
    updates: TelegramUpdates, served: Served, reply: Reply | Drop, kind: type[SendError]
) -> None:
    served.script.append(reply)
    with pytest.raises(kind):
        await updates.webhook()
