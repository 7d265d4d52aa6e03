"""The pairs: each opens what it needs and gives the two ways."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

from bot.digest.pipeline import make_digest
from bot.digest.redact import redact
from bot.domain.delivery import DeliveryKind
from bot.domain.feedback import Speaker
from bot.domain.ids import ChatId, NoteId, new_id, new_secret
from bot.services.page_answers import Answers
from storage.database import Database
from storage.repositories.readings import Kept
from tests.bench import notes as made
from tests.bench.large import fill
from tests.bench.measure import Pair
from tests.support import kept
from tests.support.feedback import LUNCH, NOON, on_tour
from tests.support.page import PAGE_FEEDBACK
from tests.support.plans import DAY

_VERSION = "bench"
_ROUND = 28
"""Deliveries that a sender's round takes: a second of Telegram's."""
_PLAIN = re.compile(
    r"\d{2,3}[-. ]?\d{3,4}[-. ]?\d{4}|\d{6}-\d{7}|\d{3}-\d{2}-\d{5}|[\w.]+@[\w.]+|\d{2,3}[가-힣] ?\d{4}"
)
"""What one writes in five minutes."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of each. The smallest is for a test that everything still runs."""

    digest: int = 1_000
    intake: int = 500
    many: int = 10_000
    few: int = 100
    texts: int = 3_000
    read: int = 5_000


SMALLEST = Sizes(digest=20, intake=5, many=60, few=30, texts=50, read=40)


class Bench:
    """`template`: an empty database file to copy; `folder` takes the copies."""

    def __init__(self, sizes: Sizes, template: Path, folder: Path) -> None:
        self._sizes, self._template, self._folder = sizes, template, folder

    @asynccontextmanager
    async def pairs(self) -> AsyncIterator[list[Callable[[], Awaitable[Pair]]]]:
        """Makers of all pairs; what they opened is closed with the block."""
        async with AsyncExitStack() as self._open:
            yield [self._digest, self._redaction, self._intake, self._round, self._look, self._number]

    async def _database(self) -> Database:
        file = self._folder / f"{new_id()}.db"
        copyfile(self._template, file)
        database = Database(f"sqlite+aiosqlite:///{file}")
        self._open.push_async_callback(database.close)
        return database

    async def _digest(self) -> Pair:
        day = made.as_input(*made.kept(self._sizes.digest, DAY, topics=0.7))
        told = [[n.number, n.voice, n.speaker, n.meeting, n.rating, n.topic, n.words] for n in day.notes]

        async def ours() -> None:
            make_digest(day)

        async def plain() -> None:
            json.loads(json.dumps(told, ensure_ascii=False))

        return Pair(f"digest of {self._sizes.digest:,} notes", "the same notes to JSON and back", ours, plain)

    async def _redaction(self) -> Pair:
        texts = list(made.texts(self._sizes.texts))
        size = sum(len(text.encode()) for text in texts) / 1e6

        async def ours() -> None:
            for text in texts:
                redact(text)

        async def plain() -> None:
            for text in texts:
                _PLAIN.sub("", text)

        return Pair(f"redaction of {size:.2f} MB", "one plain pattern for five kinds", ours, plain)

    async def _intake(self) -> Pair:
        whole, bare = await self._database(), await self._database()
        for database in (whole, bare):
            await on_tour(database)
        texts = list(made.texts(self._sizes.intake))

        async def ours() -> None:
            for words in texts:
                async with whole.open_unit() as unit:
                    answers = Answers(Speaker.YOUTH, 4, "jobs", words)
                    await PAGE_FEEDBACK.leave(unit, LUNCH.code, new_secret(), answers, "1", now=NOON)
                    await unit.commit()

        async def plain() -> None:
            for words in texts:
                async with bare.open_unit() as unit:
                    voice = await kept.voice(unit, about=LUNCH.id)
                    await unit.notes.add([kept.note(voice, words=words, about=LUNCH.id)])
                    await unit.commit()

        return Pair(
            f"intake of {self._sizes.intake} notes by the page", "bare inserts of voice and note", ours, plain
        )

    async def _round(self) -> Pair:
        async def waiting(count: int) -> Callable[[], Awaitable[None]]:
            database = await self._database()
            async with database.open_unit() as unit:
                await unit.deliveries.plan_all(
                    [kept.delivery(f"d:{n:06d}:", chat=n + 1, kind=DeliveryKind.DIGEST) for n in range(count)]
                )
                await unit.commit()

            async def takes_a_round() -> None:
                async with database.open_unit() as unit:  # and puts it back: it is not committed
                    due = await unit.deliveries.due(NOON, [ChatId(1)], _ROUND)
                    await unit.deliveries.claim([one.id for one in due], NOON)
                    await unit.deliveries.next_due([ChatId(1)])

            return takes_a_round

        many, few = await waiting(self._sizes.many), await waiting(self._sizes.few)
        return Pair(
            f"a sender's round, {self._sizes.many:,} waiting",
            f"the same with {self._sizes.few} waiting",
            many,
            few,
        )

    async def _filled(self, count: int) -> Database:
        database = await self._database()
        await fill(database, count, 0.0)
        async with database.open_unit() as unit:
            spoken = await unit.notes.of_day(made.REGION, DAY)
            await unit.readings.keep(
                _VERSION, {one.note.id: Kept(one.note.words, one.name, bytes(1500)) for one in spoken}
            )
            await unit.commit()
        return database

    async def _look(self) -> Pair:
        async def looked_through(count: int) -> Callable[[], Awaitable[None]]:
            database = await self._filled(count)

            async def looks() -> None:
                async with database.open_unit(read_only=True) as unit:
                    assert not await unit.readings.unread(_VERSION, 256)

            return looks

        many, few = await looked_through(self._sizes.read), await looked_through(self._sizes.few)
        return Pair(
            f"a look for unread notes among {self._sizes.read:,}",
            f"the same among {self._sizes.few}",
            many,
            few,
        )

    async def _number(self) -> Pair:
        async def cited(count: int) -> Callable[[], Awaitable[None]]:
            database = await self._filled(count)
            async with database.open_unit() as unit:
                spoken = await unit.notes.of_day(made.REGION, DAY)
                numbers = {NoteId(one.note.id): f"{made.REGION}-{at}" for at, one in enumerate(spoken)}
                await unit.notes.deal(numbers)
                await unit.commit()

            async def finds() -> None:
                async with database.open_unit(read_only=True) as unit:
                    for at in range(10):
                        assert await unit.notes.by_number(made.REGION, DAY, f"{made.REGION}-{at}")

            return finds

        many, few = await cited(self._sizes.read), await cited(self._sizes.few)
        return Pair(
            f"search of ten cited notes among {self._sizes.read:,}",
            f"the same among {self._sizes.few}",
            many,
            few,
        )
