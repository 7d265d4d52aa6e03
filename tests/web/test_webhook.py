"""The webhook: who may bring updates, what is acknowledged, and what comes again."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from bot.gateways.clock import SteppedClock
from bot.intake.mailbox import Mailbox
from bot.services.activity import Activity
from bot.services.inbox import InboxService
from bot.services.ports import RawUpdate
from bot.web.site import LARGEST_BODY
from bot.web.webhook import PATH, SECRET_HEADER, webhook
from storage.database import Database
from tests.support import raw_updates
from tests.support.plans import at
from tests.support.raw_updates import YOUTH
from tests.web.served import Answer, Site, served

SECRET = "Secret_of-the-webhook"
NOON = at("12:00")


@dataclass
class Hook:
    """The endpoint over a real inbox; what it set aside, by type."""

    site: Site
    database: Database
    alerts: list[str]
    taken: list[RawUpdate] = field(default_factory=list)

    async def brings(self, body: bytes | object, headers: Mapping[str, str] | None = None) -> int:
        return (await self.answer(body, headers)).status

    async def answer(self, body: bytes | object, headers: Mapping[str, str] | None = None) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.site.asks(
            "POST", PATH, data, {SECRET_HEADER: SECRET} if headers is None else headers
        )

    async def kept(self) -> dict[int, str]:
        async with self.database.open_unit(read_only=True) as unit:
            waiting = await unit.inbox.next_of_chats(NOON, [], 99)
        return {one.update_id: one.payload for one in waiting}

    async def set_aside(self) -> int:
        async with self.database.open_unit(read_only=True) as unit:
            return await unit.audit.count_since(at("00:00"), "update_parked")


@pytest.fixture
async def hook(sqlite: Database) -> AsyncIterator[Hook]:
    alerts: list[str] = []
    inbox = InboxService(sqlite.open_unit, SteppedClock(NOON), alerts.append)
    mailbox = Mailbox(inbox, Activity(), lambda: None, patience=0.2)
    running = asyncio.create_task(mailbox.run())
    async with served(webhook(SECRET, mailbox.take, inbox.set_aside)) as site:
        yield Hook(site, sqlite, alerts)
    mailbox.close()
    async with asyncio.timeout(15):
        await running


def update(number: int, text: str = "안녕하십니까") -> dict[str, object]:
    return {"update_id": number, **raw_updates.text_message(YOUTH, text, number, NOON)}


async def test_an_update_is_kept_whole_and_then_acknowledged_with_nothing_said(hook: Hook) -> None:
    words = "주차가 어렵습니다 🚗"
    answer = await hook.answer(update(7, words))
    assert (answer.status, answer.text) == (200, "")
    kept = await hook.kept()
    assert json.loads(kept[7]) == update(7, words)
    assert words in kept[7]
    assert await hook.brings(update(7, words)) == 200, "it came again: the answer was lost"
    assert len(await hook.kept()) == 1
    assert hook.alerts == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {SECRET_HEADER: ""},
        {SECRET_HEADER: SECRET + "x"},
        {SECRET_HEADER: SECRET[:-1]},
        {SECRET_HEADER: SECRET.lower()},
        {SECRET_HEADER: "비밀"},
        {"Authorization": SECRET},
    ],
)
async def test_without_the_secret_nothing_is_read_kept_or_said(
    hook: Hook, headers: Mapping[str, str]
) -> None:
    answer = await hook.answer(update(1), headers)
    assert (answer.status, answer.text) == (401, "")
    assert await hook.brings(b"{", headers) == 401
    assert await hook.brings(b"x" * (LARGEST_BODY + 1), headers) == 401
    assert await hook.kept() == {}
    assert await hook.set_aside() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\xfa",
        b"[" * 100_000,
        b'{"update_id": ' + b"9" * 5000 + b"}",
        b"[]",
        b'"text"',
        b"null",
        {"message": {"text": "no id"}},
        {"update_id": "7"},
        {"update_id": 7.5},
        {"update_id": True},
        {"update_id": -1},
        {"update_id": 2**63},
        b'{"update_id": 1, "x": "' + b"x" * LARGEST_BODY + b'"}',
    ],
    ids=lambda body: repr(body)[:30],
)
async def test_what_will_never_be_an_update_is_acknowledged_and_recorded_by_its_type(
    hook: Hook, body: bytes | object
) -> None:
    assert await hook.brings(body) == 200, "anything else would bring it again for a day"
    assert await hook.kept() == {}
    assert await hook.set_aside() == 1
    assert hook.alerts == ["update_lost"]


@pytest.mark.parametrize(
    "strange",
    [
        {"update_id": 0},
        {"update_id": 2**63 - 1, "brain_wave": {"words": "a\x00b", "n": 2**70}},
        {"update_id": 3, "message": {"chat": {"id": 2**70}, "text": "\ud83d"}},
        {"update_id": 5, "message": "no object", "callback_query": []},
        {"update_id": 5, "deep": json.loads("[" * 200 + "]" * 200)},
    ],
    ids=lambda strange: repr(strange)[:30],
)
async def test_any_update_with_an_id_is_kept_whatever_it_is(hook: Hook, strange: dict[str, object]) -> None:
    assert await hook.brings(strange) == 200
    [payload] = (await hook.kept()).values()
    assert json.loads(payload) == strange


async def test_while_the_database_is_locked_nothing_is_acknowledged_and_afterwards_it_is_there_once(
    hook: Hook,
) -> None:
    assert hook.database.url.database is not None
    other = sqlite3.connect(hook.database.url.database, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        assert set(await asyncio.gather(hook.brings(update(1)), hook.brings(update(2)))) == {503}
        assert await hook.kept() == {}
        other.execute("ROLLBACK")
    finally:
        other.close()
    assert await hook.brings(update(1)) == 200
    assert await hook.brings(update(2)) == 200
    async with hook.database.open_unit(read_only=True) as unit:
        assert await unit.inbox.waiting() == 2


async def test_it_is_nothing_but_a_place_to_post_to(hook: Hook) -> None:
    assert (await hook.site.asks("GET", PATH)).status == 405
    assert (await hook.site.asks("POST", PATH + "/x", b"{}", {SECRET_HEADER: SECRET})).status == 404


async def test_whoever_hangs_up_in_the_middle_loses_nothing_that_was_whole(hook: Hook) -> None:
    body = json.dumps(update(3)).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with capture_logs() as logs:
        for sent in (head + body[:20], head + body):
            _, writer = await asyncio.open_connection("127.0.0.1", hook.site.port)
            writer.write(sent)
            await writer.drain()
            await asyncio.sleep(0.01)
            writer.transport.abort()
        assert await hook.brings(update(4)) == 200
        async with asyncio.timeout(5):
            while 3 not in await _all_ids(hook):
                await asyncio.sleep(0.01)
    assert logs == [], "people hang up every day"
    assert await hook.set_aside() == 0, "half a body is no poisoned update: it comes again"


async def _all_ids(hook: Hook) -> set[int]:
    found = set()
    async with hook.database.open_unit() as unit:
        while rows := await unit.inbox.next_of_chats(NOON, [], 9):
            for row in rows:
                found.add(row.update_id)
                await unit.inbox.settle(row.update_id)
    return found
