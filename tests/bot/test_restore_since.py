"""What happened between a backup and its restore: kept where the data that stands still tells it, never done twice."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, insert, select, update

from bot import commands
from bot.domain.feedback import Note
from bot.gateways.clock import SteppedClock
from bot.services.inbox import InboxService
from bot.services.ports import RawUpdate
from bot.settings import Settings, read_settings
from storage.database import Database
from storage.foreign_files import forget_stamp
from storage.models import Base
from tests.support.console import Console
from tests.support.feedback import DINNER, LUNCH, noted, notes_of
from tests.support.lived import GUESTS, NOON, lived, states
from tests.support.plans import DAY

LATER = NOON + timedelta(hours=3)
NAME, SINCE = "가상 이름", "가상 의견: 백업 뒤의 말씀"
WISHERS = (7_300_000_001, 7_300_000_002)
INVITATION = {"role": "staff", "region": "", "expires": NOON + timedelta(days=3), "state": "open"}


@pytest.fixture
def settings(console: Console, database: Database) -> Settings:
    url = SecretStr(database.url.render_as_string(hide_password=False))
    return read_settings(None).model_copy(update={"database_url": url, "data_dir": console.data})


def table(name: str) -> Any:
    return Base.metadata.tables[name]


async def rows(database: Database, name: str) -> list[Mapping[str, Any]]:
    async with database.snapshot() as connection:
        return [dict(row) for row in (await connection.execute(select(table(name)))).mappings()]


async def write(database: Database, *statements: Any) -> None:
    async with database.writing() as connection:
        for statement in statements:
            await connection.execute(statement)


def wish(chat: int) -> Any:
    values = {"id": f"wish-{chat}", "meeting_id": DINNER.id, "chat_id": chat, "language": "ko"}
    return insert(table("subscriptions")).values(**values)


def media(ident: str, note: str, content: bytes) -> Any:
    values = {"id": ident, "note_id": note, "kind": "photo", "state": "kept", "mime": "image/jpeg"}
    return insert(table("media")).values(**values, content=content)


def digest(revision: int, body: dict[str, Any]) -> Any:
    values = {"id": f"d{revision}", "tour_id": "tour", "region": "강원", "day": DAY, "revision": revision}
    return insert(table("digests")).values(**values, fingerprint="", body=body, published_at=NOON)


async def note_like(database: Database, words: str) -> Note:
    [found] = [one.note for one in await notes_of(database) if one.note.words.startswith(words)]
    return found


async def backed_up(database: Database, settings: Settings) -> Path:
    """At noon: somebody left a name, wishes to be reminded, was invited; a digest of 강원 is out."""
    await lived(database)
    words = await note_like(database, "가상 의견 0")
    await write(
        database,
        update(table("voices")).where(table("voices").c.id == words.voice).values(name=NAME),
        wish(WISHERS[0]),
        insert(table("invitations")).values(**INVITATION, token="a" * 64, id="used"),
        insert(table("invitations")).values(**INVITATION, token="b" * 64, id="waits"),
        digest(1, {"themes": ["가상 낱말"]}),
        media("old", words.id, b"old picture"),
    )
    lines = await commands.backup(settings, None, None, clock=SteppedClock(NOON))
    return Path(lines[0].removeprefix("백업했습니다: "))


async def meanwhile(database: Database) -> None:
    """Until three: all of that is ended, somebody speaks and somebody corrects themselves, a digest is revised."""
    first, second = await note_like(database, "가상 의견 0"), await note_like(database, "가상 의견 1")
    await noted(database, SINCE, GUESTS[2])
    new = await note_like(database, SINCE)
    imported = {"id": "imported", "voice_id": first.voice, "region": "전북", "day": DAY, "source": "import"}
    await write(
        database,
        update(table("voices")).where(table("voices").c.id == first.voice).values(name=None),
        update(table("notes")).where(table("notes").c.id == second.id).values(words="고쳐 쓴 가상 의견", rating=2),
        insert(table("notes")).values(**imported, kind="remark", words="가상 파일", withdrawn=False, heard=False),
        delete(table("subscriptions")),
        wish(WISHERS[1]),
        delete(table("invitations")).where(table("invitations").c.id == "used"),
        update(table("digests")).where(table("digests").c.id == "d1").values(body={}),
        digest(2, {"themes": []}),
        delete(table("media")),
        media("new", new.id, bytes(range(256))),
        update(table("deliveries")).where(table("deliveries").c.dedup == "future").values(
            state="sent", due_at=None, draft=None, settled_at=LATER, message_id=78
        ),
        update(table("reminders")).where(table("reminders").c.meeting_id == DINNER.id).values(
            state="planned", decided_at=LATER
        ),
    )  # fmt: skip
    inbox = InboxService(database.open_unit, SteppedClock(LATER), lambda _event: None)
    await inbox.receive([RawUpdate(900, '{"update_id": 900}')])


async def restored(settings: Settings, file: Path) -> str:
    clock = SteppedClock(NOON + timedelta(hours=4))
    return "\n".join(await commands.restore(settings, file, replace=True, clock=clock))


async def test_what_happened_since_is_kept_and_not_done_twice(settings: Settings, database: Database) -> None:
    file = await backed_up(database, settings)
    await meanwhile(database)
    await database.close()
    said = await restored(settings, file)
    assert "의견 1건과 고친 의견 1건, 나간 보고 1건은 지금 자료에서 옮겨 담았습니다" in said
    assert "지운 이름 1건" in said
    assert "앞으로 제때 보낼 발송은 0건" in said
    assert "다음 권역의 보고는" not in said
    await _said_and_ended(database)
    await _not_sent_again(database)
    await _digests_agree(database)
    await _updates_are_known(database)


async def _said_and_ended(database: Database) -> None:
    notes = {one.note.words: one for one in await notes_of(database)}
    assert {SINCE, "고쳐 쓴 가상 의견"} <= notes.keys()
    assert notes["고쳐 쓴 가상 의견"].note.rating == 2
    assert "가상 파일" not in notes, "the file can be brought in again, and may be what was wrong"
    assert all(one.name is None for one in notes.values()), "a name that was destroyed stays destroyed"
    assert [row["chat_id"] for row in await rows(database, "subscriptions")] == [WISHERS[1]]
    assert [row["id"] for row in await rows(database, "invitations")] == ["waits"]
    media = [(row["id"], row["content"]) for row in await rows(database, "media")]
    assert media == [("new", bytes(range(256)))]
    assert notes[SINCE].note.voice in {row["voice_id"] for row in await rows(database, "consents")}


async def _not_sent_again(database: Database) -> None:
    """Although its time in the backup's schedule is still to come."""
    assert (await states(database))["future"] == "sent"
    reminders = await rows(database, "reminders")
    assert {row["state"] for row in reminders if row["meeting_id"] == DINNER.id} == {"planned"}
    lunch = {row["state"] for row in reminders if row["meeting_id"] == LUNCH.id}
    assert lunch == {"missed"}, "what stands does not say that they went"


async def _digests_agree(database: Database) -> None:
    """What managers hold is known, and what was scrubbed from it stays so."""
    digests = {row["id"]: row for row in await rows(database, "digests")}
    assert digests["d1"]["body"] == {}
    assert digests["d2"]["published_at"] is not None
    calls = {(row["region"], row["day"]) for row in await rows(database, "revision_calls")}
    assert ("강원", DAY) in calls, "what they hold and what stands now may differ: it is issued again"


async def _updates_are_known(database: Database) -> None:
    """Telegram brings what was not acknowledged again; what was acknowledged, never."""
    assert 900 in {row["update_id"] for row in await rows(database, "inbox")}
    inbox = InboxService(database.open_unit, SteppedClock(LATER), lambda _event: None)
    assert await inbox.receive([RawUpdate(900, "{}"), RawUpdate(901, "{}")]) == 1


async def test_what_stands_and_does_not_come_from_this_backup_adds_nothing(
    settings: Settings, database: Database
) -> None:
    """Somebody began anew with an empty database: what is not there was lost, not ended; what is outright, counts."""
    file = await backed_up(database, settings)
    await write(
        database, delete(table("audit")), delete(table("audit_chain")), delete(table("subscriptions"))
    )
    await meanwhile(database)
    await database.close()
    said = await restored(settings, file)
    notes = await notes_of(database)
    assert SINCE not in {one.note.words for one in notes}
    assert all(one.name is None for one in notes)
    assert [row["chat_id"] for row in await rows(database, "subscriptions")] == [WISHERS[0]]
    assert "동안의 의견, 일정 변경, 초대와 역할은 이 자료에 없습니다" in said


class _Moving:
    """A clock that is read never twice the same, as the machine's is."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        self._now += timedelta(milliseconds=7)
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    async def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


async def test_what_was_said_since_is_kept_with_a_clock_that_moves(
    settings: Settings, database: Database
) -> None:
    await lived(database)
    first = await commands.backup(settings, None, None, clock=_Moving(NOON))
    await noted(database, SINCE, GUESTS[2])
    second = await commands.backup(settings, None, None, clock=_Moving(NOON + timedelta(hours=1)))
    await noted(database, f"{SINCE} 둘째", GUESTS[2])
    await database.close()
    for lines, since in ((first, 2), (second, 1)):
        file = Path(lines[0].removeprefix("백업했습니다: "))
        clock = _Moving(NOON + timedelta(hours=4))
        said = "\n".join(await commands.restore(settings, file, replace=True, clock=clock))
        assert f"동안의 의견 {since}건과" in said, said
        kept = {one.note.words for one in await notes_of(database)}
        assert {SINCE, f"{SINCE} 둘째"} <= kept
        await database.close()


async def test_a_later_backup_does_not_go_on_from_an_earlier_one_that_brought_nothing_along(
    settings: Settings, database: Database
) -> None:
    """A file copied by hand bears no stamp: what came since is not carried over, although the acts since are."""
    by_hand = await backed_up(database, settings)
    by_hand = by_hand.rename(by_hand.with_name("by-hand.db"))
    forget_stamp(by_hand)
    note = await note_like(database, "가상 의견 1")
    right = "고쳐 쓴 가상 의견"
    await write(database, update(table("notes")).where(table("notes").c.id == note.id).values(words=right))
    clock = SteppedClock(NOON + timedelta(hours=1))
    lines = await commands.backup(settings, None, None, clock=clock)
    later = Path(lines[0].removeprefix("백업했습니다: "))
    await database.close()
    await restored(settings, by_hand)
    assert right not in {one.note.words for one in await notes_of(database)}
    await database.close()
    said = await restored(settings, later)
    assert right in {one.note.words for one in await notes_of(database)}, "the older words are no correction"
    assert "고친 의견" not in said
