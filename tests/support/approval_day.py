"""A day whose digest waits for an approval: what stands in the approvers' chats, and what they press there.

day = await approval_day(database)
await day.begins()                     # 21:00, sent
await day.presses(EDITOR, "승인")
await day.ticks()
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain.approval import Office as Capacity
from bot.domain.delivery import DeliveryKind
from bot.domain.digest import DayInput, Digest
from bot.domain.ids import ChatId
from bot.domain.person import Grant, Person, Role
from bot.services.approval.deciding import Deciding, Pressed
from bot.services.digests import digest_of
from bot.services.ports import Outgoing
from bot.services.saying import Recipient, plan
from storage.database import Database
from storage.models import ApprovalRow, AuditRow
from storage.repositories.approvals import Waiting
from tests.support.chat import MANAGER, STAFF, STRANGER, User, grant
from tests.support.digest_office import Office
from tests.support.kept import JEONBUK
from tests.support.report_day import EVENING, SUBJECT, ReportDay, report_day

EDITOR, DEPUTY, READER = MANAGER, STRANGER, STAFF
"""Managers of the region, the first two; and a staff member who may read its digests."""
_DATA = re.compile(r"^ap:(?P<digest>[^:]+):(?P<turn>\d+):(?P<act>.+)$")
WORDS = (
    "통근버스가 하루 두 번뿐이라 교대시간과 맞지 않습니다.",
    "산단 통근버스 첫차가 늦어 지각하는 날이 많습니다.",
    "통근버스 노선을 늘려 주시기 바랍니다.",
    "버스 정류장이 공장에서 너무 멉니다.",
    "퇴근 시간 통근버스가 늘 만차입니다.",
    "통근버스 배차 간격을 줄여 주십시오.",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of a chat as it stands: its id, its words, its buttons by label."""

    message: int
    text: str
    buttons: dict[str, str]


class ApprovalDay(ReportDay):
    """With people who read and approve; `office` really sends."""

    people: dict[int, Person]
    office: Office
    deciding: Deciding

    async def begins(self, now: datetime = EVENING) -> None:
        self.clock.jump_to(now)
        await self.ticks()

    async def ticks(self, seconds: float = 6) -> None:
        """The clock's edge looks, and everything due leaves; each time as another process."""
        await self._process().publish_due()
        await self.office.sends(seconds)

    async def passes(self, minutes: float) -> None:
        self.clock.jump_to(self.clock.now() + timedelta(minutes=minutes))
        await self.ticks()

    def chat(self, user: User) -> list[Seen]:
        """The messages of a chat, in order, as they stand now."""
        standing: dict[int, Outgoing] = {}
        for place, call in enumerate(self.office.messenger.calls, start=1):
            if call.accepted and call.message.chat == user.id:
                standing[call.message.edits or place] = call.message
        return [
            Seen(place, one.text, {button.label: button.data or "" for row in one.keyboard for button in row})
            for place, one in standing.items()
        ]

    def card(self, user: User) -> Seen:
        """The last message with a decision on it."""
        return [
            one for one in self.chat(user) if any(data.startswith("ap:") for data in one.buttons.values())
        ][-1]

    async def presses(self, user: User, label: str) -> None:
        """Presses a button of the last card and sends what comes of it. Raises the refusal."""
        seen = self.card(user)
        await self.presses_data(user, seen.buttons[label], seen.message)

    async def presses_data(self, user: User, data: str, message: int) -> None:
        match = _DATA.match(data)
        assert match is not None
        pressed = Pressed(match["digest"], int(match["turn"]), message)
        act, person, now = match["act"], self.people[user.id], self.clock.now()
        async with self.database.open_unit() as unit:
            if act == "y":
                draft = await self.deciding.approve(unit, person, pressed, now=now)
            elif act == "b":
                draft = await self.deciding.shown(unit, person, pressed, now=now)
            elif act[0] in "dw":
                draft = await self.deciding.sentences(unit, person, pressed, act[0], int(act[1:]), now=now)
            else:
                draft = await self.deciding.decide(
                    unit, person, pressed, act[0].lower(), int(act[1:]), now=now
                )
            key = f"reply:{len(self.office.messenger.calls)}:{now.isoformat()}:{user.id}:{data}"
            to = Recipient(ChatId(user.id), "ko", person.id)
            await plan(unit, DeliveryKind.EDIT, key, to, draft, now=now)
            await unit.commit()
        await self.office.sends(3)

    async def waiting(self) -> Waiting | None:
        async with self.database.open_unit(read_only=True) as unit:
            row = await unit._session.scalar(select(ApprovalRow))
            return None if row is None else await unit.approvals.of(row.digest_id)

    async def digest(self) -> Digest:
        """The newest edition that has words."""
        rows = [row for row in await self.revisions() if row.body]
        async with self.database.open_unit(read_only=True) as unit:
            stored = await unit.digests.by_id(rows[-1].id)
        assert stored is not None
        return digest_of(stored)

    async def input(self) -> DayInput:
        async with self.database.open_unit() as unit:
            return (await self.digests.prepare(unit, SUBJECT)).input

    async def audited(self) -> list[AuditRow]:
        async with self.database.open_unit(read_only=True) as unit:
            return list(await unit._session.scalars(select(AuditRow).order_by(AuditRow.seq)))


async def approval_day(database: Database, *, speaks: bool = True, managers: int = 2) -> ApprovalDay:
    """Six youths spoke of one topic; an editor and a deputy, and somebody who reads."""
    await report_day(database)
    day = ApprovalDay(database, approval=True)
    day.deciding, day.people, day.office = Deciding(), {}, Office(day)
    for user in (EDITOR, DEPUTY)[:managers]:
        day.people[user.id] = await grant(database, user, Grant(Role.MANAGER, JEONBUK))
    day.people[READER.id] = await grant(database, READER, Grant(Role.STAFF, JEONBUK))
    if managers == 2:
        async with database.open_unit() as unit:
            for office, user in ((Capacity.EDITOR, EDITOR), (Capacity.DEPUTY, DEPUTY)):
                await unit.approvals.name(JEONBUK, office, day.people[user.id].id)
            await unit.commit()
    if speaks:
        for words in WORDS:
            await day.says(words)
    return day
