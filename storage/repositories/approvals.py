"""Drafts that wait for an approval, and who was named to give it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.approval import NOTHING_DECIDED, Editing, Office
from bot.domain.ids import PersonId, Region, TourId
from storage.models import ApprovalRow, ApproverRow, DigestRow
from storage.repositories.ahead import SLACK


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that somebody was asked to approve; `office` is whose turn it is, until `due`.

    `turn` counts its changes: a button knows the one that it was drawn for. `shown`: the fingerprint of the draft that was
    shown in this `round`, or a word that is none.
    """

    digest: str
    turn: int
    round: int
    office: Office
    due: datetime
    shown: str
    editor: PersonId | None = None
    deputy: PersonId | None = None
    approved_by: Office | None = None
    approved_at: datetime | None = None
    editing: Editing = NOTHING_DECIDED

    def office_of(self, person: PersonId) -> Office | None:
        """In which capacity somebody was asked; None: they were not."""
        asked = {self.editor: Office.EDITOR, self.deputy: Office.DEPUTY}
        return asked.get(person)

    @property
    def asked(self) -> tuple[PersonId, ...]:
        return tuple(one for one in (self.editor, self.deputy) if one is not None)

    def approves(self, fingerprint: str) -> bool:
        """Whether somebody approved the draft of this fingerprint."""
        return self.approved_by is not None and self.shown == fingerprint


@dataclass(frozen=True, slots=True)
class Held:
    """A region's day whose draft waits, and the fingerprint of the draft as it is stored."""

    tour: TourId
    region: Region
    day: date
    fingerprint: str
    waiting: Waiting


class Approvals:
    """By digest and by region."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, digest: str) -> Waiting | None:
        row = await self._session.scalar(
            select(ApprovalRow)
            .where(ApprovalRow.digest_id == digest)
            .execution_options(populate_existing=True)  # what was read before a lock was waited for is stale
        )
        return None if row is None else _to_waiting(row)

    async def held(self) -> Sequence[Held]:
        """All that wait."""
        rows = await self._session.execute(
            select(
                ApprovalRow, DigestRow.tour_id, DigestRow.region, DigestRow.day, DigestRow.fingerprint
            ).join(DigestRow, DigestRow.id == ApprovalRow.digest_id)
        )
        return [
            Held(tour, region, day, fingerprint, _to_waiting(row))
            for row, tour, region, day, fingerprint in rows
        ]

    async def keep(self, waiting: Waiting) -> None:
        row = await self._session.get(ApprovalRow, waiting.digest)
        if row is None:
            row = ApprovalRow(digest_id=waiting.digest)
            self._session.add(row)
        row.turn, row.round, row.office, row.due = waiting.turn, waiting.round, waiting.office, waiting.due
        row.shown, row.editing = waiting.shown, waiting.editing.to_json()
        row.editor_id, row.deputy_id = waiting.editor, waiting.deputy
        row.approved_by, row.approved_at = waiting.approved_by, waiting.approved_at
        await self._session.flush()

    async def drop(self, digest: str) -> None:
        """Nobody is waited for any more."""
        await self._session.execute(delete(ApprovalRow).where(ApprovalRow.digest_id == digest))

    async def not_after(self, now: datetime, longest: timedelta) -> None:
        """Nobody is waited for longer than `longest` from now: what a clock that was ahead put later begins anew."""
        await self._session.execute(
            update(ApprovalRow)
            .where(ApprovalRow.due > now + longest + SLACK)
            .values(due=now + longest)
            .execution_options(synchronize_session=False)
        )

    async def next_due(self, now: datetime) -> datetime | None:
        return await self._session.scalar(select(func.min(ApprovalRow.due)).where(ApprovalRow.due > now))

    async def named(self, region: Region) -> Mapping[Office, PersonId]:
        """Whom an administrator named for a region."""
        rows = await self._session.scalars(select(ApproverRow).where(ApproverRow.region == region))
        return {row.office: row.person_id for row in rows}

    async def name(self, region: Region, office: Office, person: PersonId | None) -> None:
        """Names somebody in place of whoever was; None: nobody."""
        await self._session.execute(
            delete(ApproverRow).where(ApproverRow.region == region, ApproverRow.office == office)
        )
        if person is not None:
            self._session.add(ApproverRow(region=region, office=office, person_id=person))
            await self._session.flush()


def _to_waiting(row: ApprovalRow) -> Waiting:
    return Waiting(
        digest=row.digest_id,
        turn=row.turn,
        round=row.round,
        office=row.office,
        due=row.due,
        shown=row.shown,
        editor=row.editor_id,
        deputy=row.deputy_id,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        editing=Editing.from_json(row.editing),
    )
