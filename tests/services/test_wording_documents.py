"""Documents: worded with their message, made outside the transaction, sent with their name; what fails costs only itself."""

import asyncio
import threading
from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.delivery import Delivery, Draft, Priority
from bot.gateways.clock import SteppedClock
from bot.gateways.spreadsheet.template import workbook_of
from bot.services.files.documents import FileDocuments
from bot.services.ports import Document, Rejected
from bot.services.sending.choice import Ready, make_ready
from bot.services.sending.courier import Courier
from bot.services.unit import Unit
from bot.services.wording import LONGEST_CAPTION, Make, Wording
from prompts.messages import WordsError
from storage.database import Database
from tests.support.chat import MESSAGES
from tests.support.fake_messenger import FakeMessenger
from tests.support.kept import delivery
from tests.support.plans import at


class _Maker:
    """Makes `kind:argument` as a text of its argument; remembers what happened when."""

    def __init__(self) -> None:
        self.happened: list[str] = []

    async def __call__(self, unit: Unit, argument: str, language: str, now: datetime) -> Make:
        if argument == "broken":
            raise LookupError("no such thing")
        self.happened.append(f"asked {argument} {language}")

        def make() -> Document:
            self.happened.append("made")
            if argument == "unmakeable":
                raise ValueError("cannot be made")
            return Document(f"{argument}.txt", argument.encode())

        return make


def wording(maker: _Maker) -> Wording:
    return Wording(MESSAGES, lambda text: b"", documents={"paper": maker})


def named(document: str | None, key: str = "files.report_sent") -> Delivery:
    return replace(delivery("d"), draft=Draft(key, document=document))


async def test_a_document_is_asked_for_with_the_words_and_made_afterwards(sqlite: Database) -> None:
    maker = _Maker()
    async with sqlite.open_unit() as unit:
        worded = await wording(maker).words(unit, named("paper:a:b"), at("12:00"))
    assert maker.happened == ["asked a:b ko"]
    assert worded.message.document is None
    drawn = wording(maker).drawn(worded)
    assert drawn.document == Document("a:b.txt", b"a:b")
    assert drawn.text == "<b>파일을 확인한 내용 전체입니다.</b>"


@pytest.mark.parametrize("document", ["paper:broken", "stone:a", "nonsense"])
async def test_a_document_that_cannot_be_worded_costs_only_its_own_delivery(
    sqlite: Database, document: str
) -> None:
    async with sqlite.open_unit() as unit:
        planned = (("bad", document), ("good", "paper:a"), ("plain", None))
        for chat, (dedup, wanted) in enumerate(planned, start=41):
            draft = Draft("files.report_sent", document=wanted)
            await unit.deliveries.plan(replace(delivery(dedup, chat=chat), draft=draft))
        due = await unit.deliveries.due(at("12:00"), set(), 9, least=Priority.BULK)
        ready = await make_ready(unit, due, wording(_Maker()), now=at("12:00"))
        await unit.commit()
    assert [one.delivery.dedup for one in ready] == ["good", "plain"]


async def test_a_document_that_cannot_be_made_fails_and_nothing_leaves(sqlite: Database) -> None:
    messenger = FakeMessenger(SteppedClock(at("12:00")))
    maker = _Maker()
    async with sqlite.open_unit() as unit:
        bad = Ready(named(None), await wording(maker).words(unit, named("paper:unmakeable"), at("12:00")))
        good = Ready(named(None), await wording(maker).words(unit, named("paper:a"), at("12:00")))
    courier = Courier(messenger, wording(maker))
    assert isinstance(await courier.hand_over(bad), Rejected)
    assert messenger.calls == []
    assert await courier.hand_over(good) == 1
    assert messenger.calls[0].message.document == Document("a.txt", b"a")


async def test_however_many_are_asked_for_others_find_a_thread(sqlite: Database) -> None:
    opened = threading.Event()

    class Slow(_Maker):
        async def __call__(self, unit: Unit, argument: str, language: str, now: datetime) -> Make:
            def make() -> Document:
                opened.wait()
                return Document(f"{argument}.txt", b"")

            return make

    maker, messenger = wording(Slow()), FakeMessenger(SteppedClock(at("12:00")))
    courier = Courier(messenger, maker)
    async with sqlite.open_unit() as unit:
        ready = [
            Ready(named(None), await maker.words(unit, named("paper:a"), at("12:00"))) for _ in range(40)
        ]
    sent = asyncio.gather(*map(courier.hand_over, ready))
    try:
        async with asyncio.timeout(10):
            assert await asyncio.to_thread(lambda: "somebody else's") == "somebody else's"
    finally:
        opened.set()
    assert all(isinstance(one, int) for one in await sent)


async def test_a_caption_is_shorter_than_a_message(sqlite: Database) -> None:
    long = replace(
        named("paper:a"),
        draft=Draft("files.name_only", {"name": "가" * (LONGEST_CAPTION + 1)}, document="paper:a"),
    )
    async with sqlite.open_unit() as unit:
        with pytest.raises(WordsError):
            await wording(_Maker()).words(unit, long, at("12:00"))


async def test_the_bots_own_documents(sqlite: Database) -> None:
    makers = FileDocuments(MESSAGES, workbook_of)
    async with sqlite.open_unit() as unit:
        tour = (await makers.template(unit, "tour", "ko", at("12:00")))()
        notes = (await makers.template(unit, "notes", "en", at("12:00")))()
        gone = (await makers.report(unit, "no such file", "ko", at("12:00")))()
    assert (tour.name, notes.name) == ("일정 양식.xlsx", "comments-template.xlsx")
    assert tour.content.startswith(b"PK")
    assert (gone.name, gone.content.decode("utf-8-sig")) == (
        "확인 결과.txt",
        "이미 파기하여 보여 드릴 수 없습니다.",
    )
