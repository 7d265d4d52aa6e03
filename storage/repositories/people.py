"""People with grants."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ids import ChatId, PersonId, Region
from bot.domain.person import Grant, Person, Role
from storage.models import GrantRow, PersonRow
from storage.models.people import EVERYWHERE
from storage.repositories.media import MediaFiles


class People:
    """People by chat and by role."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_id(self, person: PersonId) -> Person | None:
        row = await self._session.get(PersonRow, person)
        return None if row is None else (await self._with_grants([row]))[0]

    async def by_chat(self, chat: ChatId) -> Person | None:
        row = await self._session.scalar(select(PersonRow).where(PersonRow.chat_id == chat))
        return None if row is None else (await self._with_grants([row]))[0]

    async def reachable_with(self, role: Role, region: Region) -> Sequence[Person]:
        """Those who hold `role` in `region` or everywhere, whom messages reach and who want any, by id."""
        rows = await self._session.scalars(
            select(PersonRow)
            .join(GrantRow, GrantRow.person_id == PersonRow.id)
            .where(
                GrantRow.role == role,
                GrantRow.region.in_([region, EVERYWHERE]),
                PersonRow.reachable.is_(True),
                PersonRow.paused.is_(False),
            )
            .order_by(PersonRow.id)
            .distinct()
        )
        return await self._with_grants(list(rows))

    async def with_role(self, role: Role) -> Sequence[Person]:
        """All who hold `role` anywhere, by id."""
        rows = await self._session.scalars(
            select(PersonRow)
            .join(GrantRow, GrantRow.person_id == PersonRow.id)
            .where(GrantRow.role == role)
            .order_by(PersonRow.id)
            .distinct()
        )
        return await self._with_grants(list(rows))

    async def all(self) -> Sequence[Person]:
        """Everybody on file, by name."""
        return await self._with_grants(
            list(await self._session.scalars(select(PersonRow).order_by(PersonRow.name, PersonRow.id)))
        )

    async def locked_with_role(self, role: Role) -> Sequence[Person]:
        """`with_role`, and nobody else changes who holds it until the transaction ends."""
        await self._session.execute(select(GrantRow.person_id).where(GrantRow.role == role).with_for_update())
        return await self.with_role(role)

    async def names(self) -> frozenset[str]:
        """The names of all people on file, to be redacted in outputs."""
        return frozenset(await self._session.scalars(select(PersonRow.name)))

    async def keep(self, person: Person) -> None:
        row = await self._session.get(PersonRow, person.id)
        if row is None:
            row = PersonRow(id=person.id)
            self._session.add(row)
        row.chat_id, row.name, row.language = person.chat, person.name, person.language
        row.wants_reminders, row.reachable = person.wants_reminders, person.reachable
        row.paused = person.paused
        await self._session.flush()
        await self._session.execute(delete(GrantRow).where(GrantRow.person_id == person.id))
        self._session.add_all(
            GrantRow(person_id=person.id, role=grant.role, region=grant.region or EVERYWHERE)
            for grant in person.grants
        )
        await self._session.flush()

    async def add_grant(self, person: PersonId, grant: Grant) -> None:
        """Adds one grant and touches no other; given twice, it is there once."""
        await self._session.merge(
            GrantRow(person_id=person, role=grant.role, region=grant.region or EVERYWHERE)
        )
        await self._session.flush()

    async def end_grants(self, person: PersonId, grants: Collection[Grant]) -> None:
        """Ends these grants and touches no other."""
        for grant in grants:
            await self._session.execute(
                delete(GrantRow).where(
                    GrantRow.person_id == person,
                    GrantRow.role == grant.role,
                    GrantRow.region == (grant.region or EVERYWHERE),
                )
            )

    async def want_reminders(self, person: PersonId, *, wanted: bool) -> None:
        await self._session.execute(
            update(PersonRow).where(PersonRow.id == person).values(wants_reminders=wanted)
        )

    async def pause(self, chat: ChatId, *, paused: bool) -> bool:
        """Whether anything is sent to this person of itself. False when nobody is on file for the chat."""
        found = await self._session.scalars(
            update(PersonRow).where(PersonRow.chat_id == chat).values(paused=paused).returning(PersonRow.id)
        )
        return bool(list(found))

    async def speak(self, person: PersonId, language: str) -> None:
        """What the person is written to in."""
        await self._session.execute(update(PersonRow).where(PersonRow.id == person).values(language=language))

    async def remove(self, person: PersonId) -> set[tuple[Region, date]]:
        """Destroys the person with their grants and the invitations they made, and what is recorded of their voice.

        The region-days whose notes say less without it.
        """
        days = await MediaFiles(self._session).silence(person)
        row = await self._session.get(PersonRow, person)
        if row is not None:
            await self._session.delete(row)
            await self._session.flush()
        return days

    async def mark_reachable(self, chat: ChatId, *, reachable: bool) -> None:
        await self._session.execute(
            update(PersonRow).where(PersonRow.chat_id == chat).values(reachable=reachable)
        )

    async def _with_grants(self, rows: list[PersonRow]) -> list[Person]:
        grants: dict[PersonId, set[Grant]] = {row.id: set() for row in rows}
        for grant in await self._session.scalars(select(GrantRow).where(GrantRow.person_id.in_(grants))):
            grants[grant.person_id].add(
                Grant(role=grant.role, region=None if grant.region == EVERYWHERE else grant.region)
            )
        return [
            Person(
                id=row.id,
                chat=row.chat_id,
                name=row.name,
                language=row.language,
                grants=frozenset(grants[row.id]),
                wants_reminders=row.wants_reminders,
                reachable=row.reachable,
                paused=row.paused,
            )
            for row in rows
        ]
