"""Somebody of every kind in two regions, with something of every kind that could be asked about; and how they ask.

Everything is invented. It is built once into a file; a test copies the file (`World.opened`), and what its bot does there
is seen by `World.kept`: every table but those of messages.
"""

import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import delete

from bot.digest.as_chat import sections
from bot.domain.approval import Office
from bot.domain.delivery import Draft
from bot.domain.errors import Refusal
from bot.domain.ids import ChatId, MeetingId, Region, Secret, hash_of
from bot.domain.incoming import IncomingFile, IncomingState
from bot.domain.meeting import Meeting
from bot.domain.person import Grant, Person, Role
from bot.domain.reading import TableKind
from bot.domain.request import RequestKind, asked
from bot.gateways.clock import SteppedClock
from bot.services.bundle import Services
from bot.services.digests import RegionDay, digest_of
from bot.services.inbox import Waiting
from bot.services.ports import RawUpdate
from bot.services.updates import open_envelope
from bot.settings import Settings
from bot.use_cases import build_services
from handlers.application import HandlerChain
from handlers.registry import REGISTERS
from storage.database import Database
from storage.models import DeliveryRow, InboxRow, MenuRow, SeenUpdateRow
from storage.repositories.approvals import Waiting as WaitingDraft
from tests.support.chat import (
    ADMIN,
    BOT,
    MANAGER,
    MESSAGES,
    STAFF,
    STRANGER,
    YOUTH,
    Chat,
    Said,
    User,
    grant,
    said,
    talking,
)
from tests.support.feedback import TOUR
from tests.support.feedback_chat import given
from tests.support.plans import DAY, at, meeting
from tests.support.raw_updates import Json

HERE, ELSEWHERE = Region("전북"), Region("강원")
ROOT = User(7_300_000_001, "가상총괄")
STAFF_ELSEWHERE = User(7_300_000_002, "가상수행원강원")
MANAGER_ELSEWHERE = User(7_300_000_003, "가상국장강원")
ADMIN_ELSEWHERE = User(7_300_000_004, "가상관리자강원")
FORMER = User(7_300_000_005, "가상전임자")
TARGET = User(7_300_000_006, "가상대상자")
CLAIMANT = User(7_300_000_007, "가상수락자")
HOLDING: Mapping[User, Grant] = {
    ROOT: Grant(Role.ADMIN, None),
    STAFF: Grant(Role.STAFF, HERE),
    MANAGER: Grant(Role.MANAGER, HERE),
    ADMIN: Grant(Role.ADMIN, HERE),
    STAFF_ELSEWHERE: Grant(Role.STAFF, ELSEWHERE),
    MANAGER_ELSEWHERE: Grant(Role.MANAGER, ELSEWHERE),
    ADMIN_ELSEWHERE: Grant(Role.ADMIN, ELSEWHERE),
    TARGET: Grant(Role.STAFF, HERE),
    FORMER: Grant(Role.STAFF, HERE),
}
ACTORS: Mapping[str, User] = {
    "outsider": STRANGER,
    "participant": YOUTH,
    "staff": STAFF,
    "staff elsewhere": STAFF_ELSEWHERE,
    "manager": MANAGER,
    "manager elsewhere": MANAGER_ELSEWHERE,
    "admin": ADMIN,
    "admin elsewhere": ADMIN_ELSEWHERE,
    "former staff": FORMER,
    "staff, group": STAFF,
    "outsider, group": STRANGER,
    "anonymous admin, group": STRANGER,
}
WORDS = "가상 통근버스 배차를 늘려 주십시오."
ASKED = "가상 요구의 말씀입니다."
FRESH = Secret("fresh-secret-of-nobody")
_OF_MESSAGES = {row.__tablename__ for row in (DeliveryRow, InboxRow, SeenUpdateRow, MenuRow)}


def real(key: str, start: str, end: str, region: Region) -> Meeting:
    """A meeting whose id is as long as real ones, and whose title is nobody else's business."""
    planned = meeting(key, start, end, region=region)
    plan = replace(planned.plan, title=f"가상 {region} 비공개 {key}", venue=f"가상 {region} 회의실")
    return replace(planned, id=MeetingId(key.ljust(22, "m")), tour=TOUR.id, plan=plan)


NOON_HERE, EARLIER, LATER = (
    real("here", "11:40", "13:10", HERE),
    real("earlier", "09:00", "10:00", HERE),
    real("later", "18:00", "19:00", HERE),
)
MEETINGS = (NOON_HERE, EARLIER, LATER, real("there", "11:30", "13:00", ELSEWHERE))


def real_services() -> Services:
    """As the composition root builds them."""
    return build_services(Settings(_env_file=None), MESSAGES, "hyeonjang_test_bot")


@dataclass(frozen=True, slots=True)
class World:
    """The file, the ids in it by their names in the matrix, and what nobody else may read."""

    file: Path
    ids: Mapping[str, str]
    canaries: tuple[str, ...]

    @asynccontextmanager
    async def opened(self, file: Path) -> AsyncIterator[Chat]:
        """A copy of its own, and a bot with everything in it."""
        file.write_bytes(self.file.read_bytes())
        database = Database(f"sqlite+aiosqlite:///{file}")
        chain = HandlerChain(BOT, real_services(), REGISTERS)
        await chain.start()
        try:
            yield Quick(database, chain, SteppedClock(at("12:00")))
        finally:
            await chain.stop()
            await database.close()

    def restore(self, file: Path) -> None:
        """Everything in an opened copy is as it was at first."""
        with closing(sqlite3.connect(self.file)) as first, closing(sqlite3.connect(file)) as copy:
            first.backup(copy)


class Quick(Chat):
    """As the inbox settles an update, without keeping it first and counting its attempts: a thousand are tried."""

    async def gets(self, body: Json) -> list[Said]:
        update_id, now = 900_000_000 + self._next(), self.clock.now()
        payload = json.dumps({"update_id": update_id, **body}, ensure_ascii=False)
        envelope = open_envelope(payload)
        waiting = Waiting(0, update_id, envelope.chat, payload, now, 1)
        async with self.database.open_unit() as unit:
            await unit._session.execute(delete(DeliveryRow))  # what was said before is of no interest
            replies = await self._inbox._replies(unit, waiting, envelope, now)
            try:
                async with unit.savepoint():
                    await self._chain(unit, RawUpdate(update_id, payload), replies, now=now)
            except Refusal as refusal:
                replies = await self._inbox._replies(unit, waiting, envelope, now)
                await replies.say(Draft(refusal.key, refusal.values))
            await unit.commit()
        return await said(self.database, now)


def kept(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that is not of messages, in no order."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted(database.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for name in names
            if name not in _OF_MESSAGES
        }


async def build(file: Path) -> World:
    """Puts everybody and everything into an empty, migrated file."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    services = real_services()
    async with database.open_unit() as unit:
        await unit.tours.keep(TOUR)
        for one in MEETINGS:
            await unit.meetings.keep(one)
        await unit.commit()
    people = {user: await grant(database, user, held) for user, held in HOLDING.items()}
    async with talking(database, services, *REGISTERS) as chat:
        done = await given(chat, WORDS, YOUTH, f"/start m_{NOON_HERE.code}")
        [card] = await chat.says(STAFF, "가상 실무 의견입니다.")
        ids = {"secret": _data(done, "f:e:"), "note": _data(card, "n:e:")}
        ids |= await _things(database, services, people)
    async with (
        database.open_unit() as unit
    ):  # nothing of how it came about: updates are numbered anew in every copy
        for row in (DeliveryRow, InboxRow, SeenUpdateRow):
            await unit._session.execute(delete(row))
        await unit.commit()
    await database.truncate_log()
    await database.close()
    canaries = (
        NOON_HERE.title,
        NOON_HERE.code,
        WORDS,
        TARGET.first_name,
        NOON_HERE.plan.venue,
        "가상 실무 의견",
        ASKED,
    )
    return World(file, ids, canaries)


async def _things(database: Database, services: Services, people: Mapping[User, Person]) -> dict[str, str]:
    """A digest, a file that waits, invitations, somebody who was staff."""
    now, ids = at("12:00"), dict[str, str]()
    async with database.open_unit() as unit:
        digest = await services.digests.current(unit, RegionDay(TOUR.id, HERE, DAY))
        await unit.approvals.name(HERE, Office.EDITOR, people[MANAGER].id)
        await unit.approvals.name(HERE, Office.DEPUTY, people[TARGET].id)
        await unit.approvals.keep(
            WaitingDraft(digest.id, 1, 1, Office.EDITOR, at("12:30"), digest.fingerprint, people[MANAGER].id)
        )
        ids["token"] = await services.invitations.invite(unit, people[ADMIN], Role.MANAGER, HERE, now=now)
        taken = await services.invitations.invite(unit, people[ADMIN], Role.STAFF, HERE, now=now)
        claim = await services.invitations.claim(
            unit, taken, ChatId(CLAIMANT.id), CLAIMANT.first_name, "ko", now=now
        )
        staff = people[STAFF]
        file = IncomingFile("file".ljust(22, "f"), staff.id, staff.chat, "f", "표.xlsx", 9, now, now)
        await unit.incoming.keep(file)
        await unit.incoming.put_content(file.id, b"bytes")
        shown = replace(file, state=IncomingState.PREVIEWED, kind=TableKind.TOUR, preview="p", step=2)
        await unit.incoming.keep(shown)
        await services.people.revoke(unit, people[ROOT], people[FORMER].id, now=now)
        request = asked(RequestKind.ACCESS, DAY, DAY, chat=ChatId(YOUTH.id), language="ko", words=ASKED)
        await unit.requests.keep(request)
        await unit.commit()
    return ids | {
        "digest": digest.id,
        "section": sections(digest_of(digest))[-1].key,
        "claim": claim.invitation.id,
        "person": people[TARGET].id,
        "file": file.id,
        "request": request.id,
        "fresh": FRESH,
        "meeting": NOON_HERE.id,
        "second": EARLIER.id,
        "code": NOON_HERE.code,
        "tour": TOUR.id,
        "later": LATER.code,
        "region": hash_of(HERE)[:12],
        "revision": str(TOUR.revision),
    }


def _data(card: Said, prefix: str) -> str:
    [data] = [tap.data for row in card.buttons for tap in row if tap.data and tap.data.startswith(prefix)]
    return data.removeprefix(prefix)
