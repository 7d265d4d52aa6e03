"""What is still to be done for media: claimed for a while, put off, or finished."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, select, update

from bot.domain.ids import ChatId, NoteId
from bot.domain.media import MediaJob, MediaState, Medium
from storage.models import MediaJobRow, MediumRow
from storage.repositories.ahead import SLACK
from storage.repositories.media.rows import Content, Part, free, to_job


class Jobs(Part):
    """By when they fall due, and by whose they are."""

    async def add(self, medium: Medium, job: MediaJob, album: str | None) -> None:
        """A medium that was named to us, and the order to fetch it."""
        self._session.add(
            MediumRow(id=medium.id, note_id=medium.note, kind=medium.kind, state=medium.state, album=album)
        )
        await self._session.flush()
        self._session.add(
            MediaJobRow(
                medium_id=medium.id,
                file_id=job.file_id,
                chat_id=job.chat,
                language=job.language,
                secret=job.secret,
                private=job.private,
                words_were=job.words_were,
                attempts=0,
                asked_at=job.asked_at,
                next_try_at=job.asked_at,
                gives_up_at=job.gives_up_at,
            )
        )
        await self._session.flush()

    async def claim(self, now: datetime, until: datetime) -> MediaJob | None:
        """Takes the job that has been due longest and that nobody works at, until `until`; None when there is none."""
        due = (
            select(MediaJobRow.medium_id)
            .where(MediaJobRow.next_try_at <= now, free(now))
            .order_by(MediaJobRow.next_try_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        claimed = await self._session.scalar(
            update(MediaJobRow)
            .where(MediaJobRow.medium_id == due, free(now))
            .values(leased_until=until, attempts=MediaJobRow.attempts + 1)
            .returning(MediaJobRow.medium_id)
            .execution_options(synchronize_session=False)
        )
        if claimed is None:
            return None
        row = (
            await self._session.execute(
                select(MediaJobRow, MediumRow.kind, MediumRow.state)
                .join(MediumRow, MediumRow.id == MediaJobRow.medium_id)
                .where(MediaJobRow.medium_id == claimed)
                .execution_options(populate_existing=True)
            )
        ).one()
        return to_job(row.MediaJobRow, row.kind, row.state)

    async def held(self, job: MediaJob) -> MediaJob | None:
        """The job as it is now, and kept from others until the transaction ends; None when it is ours no more.

        Its chat may be gone meanwhile: what tied it to somebody was destroyed.
        """
        row = (
            await self._session.execute(
                select(MediaJobRow, MediumRow.kind, MediumRow.state)
                .join(MediumRow, MediumRow.id == MediaJobRow.medium_id)
                .where(MediaJobRow.medium_id == job.medium, MediaJobRow.leased_until == job.leased_until)
                .with_for_update(of=MediaJobRow)
                .execution_options(populate_existing=True)
            )
        ).one_or_none()
        return None if row is None else to_job(row.MediaJobRow, row.kind, row.state)

    async def put_off(self, job: MediaJob, at: datetime, *, orderly: bool) -> None:
        """Tried again at `at`; a claim that was lost changes nothing. `orderly`: it is known why it did not work."""
        await self._session.execute(
            update(MediaJobRow)
            .where(MediaJobRow.medium_id == job.medium, MediaJobRow.leased_until == job.leased_until)
            .values(next_try_at=at, leased_until=None, attempts=0 if orderly else MediaJobRow.attempts)
            .execution_options(synchronize_session=False)
        )

    async def fetched(self, job: MediaJob, content: Content, gives_up_at: datetime) -> None:
        """A voice is here and waits to be written down: the messenger's name for it is of no use any more."""
        await self._settle(job.medium, MediaState.FETCHED, content)
        await self._session.execute(
            update(MediaJobRow)
            .where(MediaJobRow.medium_id == job.medium)
            .values(file_id=None, attempts=1, gives_up_at=gives_up_at)
            .execution_options(synchronize_session=False)
        )

    async def finish(self, medium: str, state: MediaState, content: Content | None) -> None:
        """The end of a medium's way: what is kept of it, and no job any more."""
        await self._settle(medium, state, content)
        await self._session.execute(delete(MediaJobRow).where(MediaJobRow.medium_id == medium))

    async def _settle(self, medium: str, state: MediaState, content: Content | None) -> None:
        data, mime = (None, None) if content is None else (content.data, content.mime)
        await self._session.execute(
            update(MediumRow)
            .where(MediumRow.id == medium)
            .values(state=state, content=data, mime=mime)
            .execution_options(synchronize_session=False)
        )

    async def words_are(self, note: NoteId, before: str, after: str) -> None:
        """One of a note's voices gave it words: the others wait for the words as they are now (hashes)."""
        own = select(MediumRow.id).where(MediumRow.note_id == note)
        await self._session.execute(
            update(MediaJobRow)
            .where(MediaJobRow.medium_id.in_(own), MediaJobRow.words_were == before)
            .values(words_were=after)
            .execution_options(synchronize_session=False)
        )

    async def next_try(self) -> datetime | None:
        """When the next job may be taken up, be it in the past."""
        later = func.coalesce(MediaJobRow.leased_until, MediaJobRow.next_try_at)
        return await self._session.scalar(select(later).order_by(later).limit(1))

    async def not_after(self, now: datetime, longest: timedelta, lease: timedelta) -> None:
        """What was asked for by a clock that was ahead was asked for now, and what it put off is due: nothing rests longer
        than `longest`. A claim that it made, for longer than `lease` from now, is over: whoever has it writes nothing."""
        await self._session.execute(
            update(MediaJobRow)
            .where(MediaJobRow.asked_at > now + SLACK)
            .values(asked_at=now, next_try_at=now)
            .execution_options(synchronize_session=False)
        )
        await self._session.execute(
            update(MediaJobRow)
            .where(MediaJobRow.next_try_at > now + longest + SLACK)
            .values(next_try_at=now)
            .execution_options(synchronize_session=False)
        )
        await self._session.execute(
            update(MediaJobRow)
            .where(MediaJobRow.leased_until > now + lease + SLACK)
            .values(leased_until=None)
            .execution_options(synchronize_session=False)
        )

    async def chats_asking(self, before: datetime, limit: int) -> Sequence[ChatId]:
        """Participants' chats with a medium that came up to `before` and is not done."""
        rows = await self._session.scalars(
            select(MediaJobRow.chat_id)
            .where(
                MediaJobRow.private.is_(True),
                MediaJobRow.chat_id.is_not(None),
                MediaJobRow.asked_at <= before,
            )
            .distinct()
            .limit(limit)
        )
        return [chat for chat in rows if chat is not None]

    async def let_go(
        self,
        chats: Collection[ChatId],
        before: datetime,
        *,
        times: tuple[datetime, datetime, datetime],
        everything: bool = False,
    ) -> int:
        """Destroys what ties media that came up to `before` to these chats. How many there were.

        `everything`: also what people with a role sent as such.

        What was not fetched is not fetched any more. A voice that waits to be written down goes on waiting, with times
        that are everybody's (`times`: asked, tried next, given up).
        """
        asked, later, end = times
        theirs = and_(MediaJobRow.chat_id.in_(list(chats)), MediaJobRow.asked_at <= before)
        if not everything:
            theirs = and_(theirs, MediaJobRow.private.is_(True))
        gone = await self._session.scalars(
            delete(MediaJobRow)
            .where(theirs, MediaJobRow.file_id.is_not(None))
            .returning(MediaJobRow.medium_id)
            .execution_options(synchronize_session=False)
        )
        freed = await self._session.scalars(
            update(MediaJobRow)
            .where(theirs)
            .values(
                chat_id=None,
                secret=None,
                attempts=0,
                language="",
                asked_at=asked,
                next_try_at=later,
                gives_up_at=end,
            )
            .returning(MediaJobRow.medium_id)
            .execution_options(synchronize_session=False)
        )
        return len(list(gone)) + len(list(freed))
