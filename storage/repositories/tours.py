"""Tours."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.digest import Matter, Topic
from bot.domain.ids import TourId
from bot.domain.tour import Tour
from storage.models import TourRow


class Tours:
    """Tours by name and id."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_id(self, tour: TourId) -> Tour:
        """Raises LookupError for an id that was never ours."""
        row = await self._session.get(TourRow, tour)
        if row is None:
            raise LookupError("no such tour")
        return _to_tour(row)

    async def named(self, name: str) -> Tour | None:
        """The tour of that name, locked until the transaction ends: two imports at once follow each other."""
        row = await self._session.scalar(
            select(TourRow)
            .where(TourRow.name == name)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return None if row is None else _to_tour(row)

    async def held(self, tour: TourId) -> Tour:
        """The tour, locked until the transaction ends: whoever changes a schedule takes this before reading it.

        Raises LookupError for an id that was never ours.
        """
        row = await self._session.scalar(
            select(TourRow)
            .where(TourRow.id == tour)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if row is None:
            raise LookupError("no such tour")
        return _to_tour(row)

    async def share(self) -> None:
        """Keeps every tour from being `held` until the transaction ends; others may share as well.

        Whoever changes notes takes this, so that no digest is made of them meanwhile.
        """
        await self._session.execute(select(TourRow.id).order_by(TourRow.id).with_for_update(read=True))

    async def hold(self) -> None:
        """Every tour `held` at once, in the order of `share`: whoever changes notes meanwhile waits.

        For what looks at a note, and writes to it later what it saw in other tables.
        """
        await self._session.execute(select(TourRow.id).order_by(TourRow.id).with_for_update())

    async def all(self) -> list[Tour]:
        return [_to_tour(row) for row in await self._session.scalars(select(TourRow).order_by(TourRow.name))]

    async def keep(self, tour: Tour) -> None:
        row = await self._session.get(TourRow, tour.id)
        if row is None:
            row = TourRow(id=tour.id)
            self._session.add(row)
        row.name = tour.name
        row.revision = tour.revision
        row.topics = [
            {
                "key": topic.key,
                "title": topic.title,
                "is_rest": topic.is_rest,
                "title_en": topic.title_en,
                "matters": [
                    {
                        "title": matter.title,
                        "keywords": list(matter.keywords),
                        "examples": list(matter.examples),
                    }
                    for matter in topic.matters
                ],
            }
            for topic in tour.topics
        ]
        await self._session.flush()


def _to_tour(row: TourRow) -> Tour:
    return Tour(
        id=row.id,
        name=row.name,
        topics=tuple(
            Topic(
                key=topic["key"],
                title=topic["title"],
                is_rest=topic["is_rest"],
                title_en=topic.get("title_en", ""),  # rows of the first version have none
                matters=tuple(
                    Matter(matter["title"], tuple(matter["keywords"]), tuple(matter["examples"]))
                    for matter in topic.get("matters", ())  # nor before 0008
                ),
            )
            for topic in row.topics
        ),
        revision=row.revision,
    )
