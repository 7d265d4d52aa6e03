"""From a planned delivery to a message: words, labels, the picture, and Telegram's lengths."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.delivery import Button, Delivery, DeliveryKind, DeliveryState, Draft
from bot.domain.ids import ChatId, DeliveryId
from bot.services.sending.choice import make_ready
from bot.services.unit import Unit
from bot.services.wording import LONGEST_CAPTION, LONGEST_TEXT, Composed, Wording, visible_length
from prompts.messages import WordsError
from storage.database import Database
from tests.support.sending_rig import START, messages


def picture(text: str) -> bytes:
    return b"PNG " + text.encode()


def delivery(draft: Draft, *, language: str = "ko") -> Delivery:
    return Delivery(
        id=DeliveryId("d"),
        dedup="d",
        kind=DeliveryKind.REPLY,
        state=DeliveryState.PLANNED,
        chat=ChatId(7),
        person=None,
        language=language,
        draft=draft,
        planned_at=START,
        due_at=START,
    )


def say(words: str, **more: str) -> Draft:
    return Draft("t.say", {"words": words}, picture=more.get("picture"))


def section_of(digest: str, part: int) -> Draft:
    return Draft("digest.section", {"digest": digest, "section": "sum", "part": part})


@pytest.fixture
def wording(tmp_path: Path) -> Wording:
    return Wording(messages(tmp_path), picture)


async def test_a_message_is_worded_for_its_moment(wording: Wording, sqlite: Database) -> None:
    draft = Draft(
        "t.left",
        {"start": START + timedelta(minutes=30)},
        keyboard=(
            (
                Button("t.label", {"words": "<예>"}, data="x:1"),
                Button("t.label", {"words": "지도"}, url="https://a.kr"),
            ),
            (),
        ),
        silent=True,
    )
    async with sqlite.open_unit() as unit:
        made = await wording.render(unit, delivery(draft), START + timedelta(minutes=10))
    assert (made.chat, made.text, made.silent, made.edits, made.picture) == (7, "20분 뒤", True, None, None)
    [[yes, link]] = made.keyboard
    assert (yes.label, yes.data, link.url) == ("<예>", "x:1", "https://a.kr")


async def test_what_people_wrote_is_escaped_once(wording: Wording, sqlite: Database) -> None:
    async with sqlite.open_unit() as unit:
        first = await wording.render(unit, delivery(say("a < b & c")), START)
        again = await wording.render(unit, replace(delivery(say("a < b & c")), resend=True), START)
    assert first.text == "a &lt; b &amp; c"
    assert again.text == "[다시 보냄] a &lt; b &amp; c"
    assert (first.silent, again.silent) == (False, True)


async def test_a_language_that_is_not_spoken_falls_back_to_korean(wording: Wording, sqlite: Database) -> None:
    async with sqlite.open_unit() as unit:
        made = await wording.render(unit, delivery(say("예"), language="fr-CA"), START)
    assert made.text == "예"


async def test_a_picture_is_drawn_only_in_the_end(wording: Wording, sqlite: Database) -> None:
    async with sqlite.open_unit() as unit:
        worded = await wording.words(unit, delivery(say("벽에", picture="link")), START)
    assert worded.message.picture is None
    assert wording.drawn(worded).picture == b"PNG link"


@pytest.mark.parametrize(
    ("draft", "fits"),
    [
        (say("가" * LONGEST_TEXT), True),
        (say("가" * (LONGEST_TEXT + 1)), False),
        (say("&" * LONGEST_TEXT), True),  # five bytes each on the wire, one for Telegram
        (Draft("t.bold", {"words": "가" * LONGEST_TEXT}), True),
        (Draft("t.bold", {"words": "가" * (LONGEST_TEXT + 1)}), False),
        (say("가" * LONGEST_CAPTION, picture="link"), True),
        (say("가" * (LONGEST_CAPTION + 1), picture="link"), False),
        (say("  \n "), False),
        (Draft("t.say", {"words": "예"}, keyboard=((Button("t.label", {"words": " "}, data="x"),),)), False),
        (Draft("t.unknown"), False),
        (Draft("t.say"), False),
    ],
)
async def test_what_telegram_would_refuse_never_leaves(
    wording: Wording, sqlite: Database, draft: Draft, fits: bool
) -> None:
    async with sqlite.open_unit() as unit:
        if fits:
            assert (await wording.render(unit, delivery(draft), START)).text
            return
        with pytest.raises(WordsError):
            await wording.render(unit, delivery(draft), START)


async def test_a_label_that_does_not_fit_any_more_is_noticed(wording: Wording, sqlite: Database) -> None:
    async with sqlite.open_unit() as unit:
        with pytest.raises(WordsError):
            await wording.render(unit, replace(delivery(say("가" * LONGEST_TEXT)), resend=True), START)


async def test_a_digests_words_are_composed_in_the_same_transaction(tmp_path: Path, sqlite: Database) -> None:
    seen: list[tuple[Unit, str, str, str, datetime]] = []

    async def compose(unit: Unit, digest: str, section: str, language: str, now: datetime) -> Composed:
        seen.append((unit, digest, section, language, now))
        return Composed(("<b>전북</b> 일일 보고", "둘째"), "바뀌었습니다")

    wording = Wording(messages(tmp_path), picture, compose)
    async with sqlite.open_unit() as unit:
        made = [
            (await wording.render(unit, delivery(section_of("d1", part)), START)).text for part in (0, 1, 2)
        ]
        assert seen[0] == (unit, "d1", "sum", "ko", START)
    assert made == ["<b>전북</b> 일일 보고", "둘째", "바뀌었습니다"]


async def test_what_one_batch_shares_is_composed_once(tmp_path: Path, sqlite: Database) -> None:
    composed: list[tuple[str, str, str]] = []

    async def compose(unit: Unit, digest: str, section: str, language: str, now: datetime) -> Composed:
        composed.append((digest, section, language))
        return Composed((f"{digest} 하나", f"{digest} 둘"), "바뀌었습니다")

    wording = Wording(messages(tmp_path), picture, compose)
    drafts = [section_of("d1", 0), section_of("d1", 1), section_of("d2", 0), section_of("d1", 0)]
    async with sqlite.open_unit() as unit:
        due = [
            replace(delivery(one), id=DeliveryId(f"{n}"), dedup=f"{n}", chat=ChatId(n + 1))
            for n, one in enumerate(drafts)
        ]
        await unit.deliveries.plan_all(due)
        ready = await make_ready(unit, due, wording, now=START)
        assert [one.worded.message.text for one in ready] == ["d1 하나", "d1 둘", "d2 하나", "d1 하나"]
        assert composed == [("d1", "sum", "ko"), ("d2", "sum", "ko")]
        await wording.words(unit, due[0], START)
        assert len(composed) == 3, "the next transaction may find other words"


async def test_a_composer_that_fails_spoils_nobody_elses_transaction(
    tmp_path: Path, database: Database
) -> None:
    async def compose(unit: Unit, digest: str, section: str, language: str, now: datetime) -> Composed:
        await unit.facts.put("half", "done")
        raise LookupError("no such digest")

    wording = Wording(messages(tmp_path), picture, compose)
    async with database.open_unit() as unit:
        await unit.facts.put("whole", "done")
        with pytest.raises(LookupError, match="no such digest"):
            await wording.render(unit, delivery(section_of("d1", 0)), START)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        assert (await unit.facts.get("whole"), await unit.facts.get("half")) == ("done", None)


def test_length_is_what_the_reader_sees() -> None:
    assert visible_length(' <b>가</b>&amp;<a href="https://a.kr">나</a>\n') == 3
