"""Consent per purpose, asked anew when its text changes, on both databases: by the chat and by the page, mid-dialogue too."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.domain.dialogue import Step
from bot.domain.errors import Refusal
from bot.domain.feedback import Purpose, Speaker
from bot.domain.ids import Secret, hash_of, new_secret
from bot.services.consent import ConsentTexts
from bot.services.feedback import Feedback
from bot.services.feedback_places import Stand
from bot.services.joining import Declined, Joining
from bot.services.own_notes import OwnNotes
from bot.services.page_answers import Answers, Field, Incomplete
from bot.services.page_feedback import PageFeedback
from storage.database import Database
from tests.support.feedback import GUEST, LUNCH, notes_of, on_tour
from tests.support.notices import NEXT, changing
from tests.support.plans import DAY, SEOUL, at

BEFORE, AFTER = at("12:00"), at("00:30", day=NEXT)
"""The noon of lunch, and half past midnight: its feedback is open until the next afternoon."""
WHOLE = Answers(Speaker.YOUTH, 4, "jobs", "통근버스가 더 필요합니다.")


class Guest:
    """A participant in the chat, with the notices of a test."""

    def __init__(self, database: Database, texts: ConsentTexts) -> None:
        self.database = database
        self.joining, self.feedback = Joining(texts), Feedback(SEOUL, texts)
        self.own = OwnNotes(texts)

    async def scans(self, now: datetime = BEFORE) -> Stand:
        async with self.database.open_unit() as unit:
            stand = await self.joining.scan(unit, GUEST, LUNCH.code, now=now)
            await unit.commit()
        assert isinstance(stand, Stand)
        return stand

    async def agrees(self, secret: Secret, now: datetime = BEFORE) -> Stand:
        async with self.database.open_unit() as unit:
            stand = await self.joining.agree(unit, GUEST, secret, now=now)
            await unit.commit()
        return stand

    async def speaks(self, secret: Secret, now: datetime = BEFORE) -> Stand:
        async with self.database.open_unit() as unit:
            stand = await self.feedback.speak_as(unit, GUEST, secret, Speaker.YOUTH, editing=False, now=now)
            await unit.commit()
        return stand

    async def rates(self, secret: Secret, now: datetime = BEFORE) -> Stand:
        async with self.database.open_unit() as unit:
            stand = await self.feedback.rate(unit, GUEST, secret, 4, editing=False, now=now)
            await unit.commit()
        return stand

    async def writes(self, words: str, now: datetime = BEFORE) -> Stand:
        async with self.database.open_unit() as unit:
            stand = await self.feedback.write(unit, GUEST, words, now=now)
            await unit.commit()
        assert stand is not None
        return stand

    async def another(self, secret: Secret, now: datetime) -> Stand:
        async with self.database.open_unit() as unit:
            stand = await self.own.another(unit, GUEST, secret, now=now)
            await unit.commit()
        return stand

    async def has_said(self) -> Secret:
        """A whole note before midnight."""
        secret = (await self.scans()).progress.secret
        await self.agrees(secret)
        await self.speaks(secret)
        await self.writes("자정 전 의견")
        return secret


async def consents(database: Database) -> dict[Purpose, list[tuple[str, date]]]:
    """All agreements of the only voice, by purpose."""
    [voice] = {one.note.voice for one in await notes_of(database)}
    found: dict[Purpose, list[tuple[str, date]]] = {}
    async with database.open_unit(read_only=True) as unit:
        for one in await unit.voices.all_agreements(voice):
            found.setdefault(one.purpose, []).append((one.version, one.day))
    return found


KEPT: Mapping[str, Mapping[Purpose, list[tuple[str, date]]]] = {
    "feedback": {Purpose.FEEDBACK: [("2", DAY), ("3", NEXT)], Purpose.ABROAD: [("1", DAY)]},
    "abroad": {Purpose.FEEDBACK: [("2", DAY)], Purpose.ABROAD: [("1", DAY), ("2", NEXT)]},
}


@pytest.mark.parametrize("purpose", ["feedback", "abroad"])
async def test_another_note_asks_for_the_changed_purpose_alone_and_the_old_one_keeps_its_day(
    database: Database, tmp_path: Path, purpose: str
) -> None:
    await on_tour(database)
    guest = Guest(database, changing(tmp_path / "notices", purpose))
    secret = await guest.has_said()
    asked = await guest.another(secret, AFTER)
    assert (asked.progress.step, asked.progress.again) == (Step.CONSENT, frozenset({Purpose(purpose)}))
    assert not asked.progress.consented
    assert len(await notes_of(database)) == 1
    first = await guest.agrees(asked.progress.secret, AFTER)
    assert first.progress.step is Step.RATING, "who speaks is known"
    await guest.rates(asked.progress.secret, AFTER)
    assert len(await notes_of(database)) == 2
    assert await consents(database) == KEPT[purpose]


async def test_with_nothing_changed_nothing_is_asked(database: Database, tmp_path: Path) -> None:
    await on_tour(database)
    guest = Guest(database, changing(tmp_path / "notices"))
    more = await guest.another(await guest.has_said(), AFTER)
    assert more.progress.step is Step.RATING


async def test_both_changed_are_asked_together(sqlite: Database, tmp_path: Path) -> None:
    await on_tour(sqlite)
    guest = Guest(sqlite, changing(tmp_path / "notices", "feedback", "abroad"))
    asked = await guest.another(await guest.has_said(), AFTER)
    assert asked.progress.again == {Purpose.FEEDBACK, Purpose.ABROAD}


async def test_who_is_in_the_middle_at_midnight_is_asked_before_anything_is_kept(
    database: Database, tmp_path: Path
) -> None:
    """Agreed at five to twelve, the first star at five past."""
    await on_tour(database)
    guest = Guest(database, changing(tmp_path / "notices", "feedback"))
    before, after = at("23:55"), at("00:05", day=NEXT)
    secret = (await guest.scans(before)).progress.secret
    await guest.agrees(secret, before)
    await guest.speaks(secret, before)
    for asked in (await guest.rates(secret, after), await guest.scans(after)):
        assert (asked.progress.step, asked.progress.again) == (Step.CONSENT, frozenset({Purpose.FEEDBACK}))
    with pytest.raises(Refusal):
        await guest.writes("이 말씀은 남지 않습니다.", after)
    assert await notes_of(database) == []
    await guest.agrees(secret, after)
    await guest.rates(secret, after)
    assert await consents(database) == {Purpose.FEEDBACK: [("3", NEXT)], Purpose.ABROAD: [("1", NEXT)]}


async def test_a_text_that_changed_while_it_was_read_is_not_agreed_to(
    database: Database, tmp_path: Path
) -> None:
    await on_tour(database)
    guest = Guest(database, changing(tmp_path / "notices", "abroad"))
    before, after = at("23:55"), at("00:05", day=NEXT)
    secret = (await guest.scans(before)).progress.secret
    asked = await guest.agrees(secret, after)
    assert (asked.progress.step, asked.progress.again) == (Step.CONSENT, frozenset({Purpose.ABROAD}))
    assert asked.progress.shown[Purpose.ABROAD] == "2"
    again = await guest.agrees(secret, after)
    assert again.progress.step is Step.SPEAKER


async def test_words_after_midnight_are_kept_nowhere_before_consent(
    database: Database, tmp_path: Path
) -> None:
    await on_tour(database)
    guest = Guest(database, changing(tmp_path / "notices", "feedback"))
    secret = (await guest.scans(at("23:50"))).progress.secret
    await guest.agrees(secret, at("23:50"))
    await guest.speaks(secret, at("23:50"))
    await guest.writes("자정 전 의견", at("23:55"))
    asked = await guest.writes("자정 뒤의 다른 의견", at("00:05", day=NEXT))
    assert asked.progress.again == {Purpose.FEEDBACK}
    assert [one.note.words for one in await notes_of(database)] == ["자정 전 의견"]
    await guest.agrees(asked.progress.secret, at("00:06", day=NEXT))
    await guest.writes("자정 뒤의 다른 의견", at("00:07", day=NEXT))
    assert len(await notes_of(database)) == 2


async def test_a_note_that_stands_is_changed_and_taken_back_without_being_asked(
    database: Database, tmp_path: Path
) -> None:
    await on_tour(database)
    guest = Guest(database, changing(tmp_path / "notices", "feedback", "abroad"))
    secret = await guest.has_said()
    async with database.open_unit() as unit:
        await guest.own.ask(unit, GUEST, secret, Step.WORDS, now=AFTER)
        changed = await guest.feedback.write(unit, GUEST, "고친 의견", now=AFTER)
        assert changed is not None
        assert changed.progress.step is Step.DONE
        await guest.own.withdraw(unit, GUEST, secret, now=AFTER)
        await unit.commit()
    assert await consents(database) == {Purpose.FEEDBACK: [("2", DAY)], Purpose.ABROAD: [("1", DAY)]}


async def test_who_does_not_agree_anew_keeps_what_was_said(database: Database, tmp_path: Path) -> None:
    await on_tour(database)
    guest = Guest(database, changing(tmp_path / "notices", "feedback"))
    secret = await guest.has_said()
    asked = await guest.another(secret, AFTER)
    async with database.open_unit() as unit:
        left = await guest.joining.decline(unit, GUEST, asked.progress.secret, now=AFTER)
        await unit.commit()
    assert left == Declined(notes_stand=True)
    assert [one.note.words for one in await notes_of(database)] == ["자정 전 의견"]
    async with database.open_unit() as unit:
        assert (await guest.own.show(unit, GUEST, secret, now=AFTER)).note is not None


async def test_only_what_is_asked_anew_can_be_toggled(sqlite: Database, tmp_path: Path) -> None:
    await on_tour(sqlite)
    guest = Guest(sqlite, changing(tmp_path / "notices", "feedback"))
    asked = (await guest.another(await guest.has_said(), AFTER)).progress
    async with sqlite.open_unit() as unit:
        for purpose, given in ((Purpose.ABROAD, False), (Purpose.FEEDBACK, True)):
            stand = await guest.joining.toggle(unit, GUEST, asked.secret, purpose, now=AFTER)
            assert stand.progress.consented is given


class OnPage:
    """A participant on the page, with the notices of a test."""

    def __init__(self, database: Database, texts: ConsentTexts) -> None:
        self.database, self.page = database, PageFeedback(texts, SEOUL)

    async def leaves(self, agreed: str | None, now: datetime, answers: Answers = WHOLE) -> Secret:
        secret = new_secret()
        async with self.database.open_unit() as unit:
            await self.page.leave(unit, LUNCH.code, secret, answers, agreed, now=now)
            await unit.commit()
        return secret

    async def leaves_another(self, secret: Secret, agreed: str | None, now: datetime) -> Secret:
        more = new_secret()
        async with self.database.open_unit() as unit:
            await self.page.another(unit, secret, more, WHOLE, agreed, now=now)
            await unit.commit()
        return more


def wrong(refused: pytest.ExceptionInfo[Incomplete]) -> dict[Field, str]:
    return {one.field: one.refusal.key for one in refused.value.problems}


async def test_a_form_that_was_opened_before_a_change_is_shown_again_with_the_new_text(
    database: Database, tmp_path: Path
) -> None:
    await on_tour(database)
    on_page = OnPage(database, changing(tmp_path / "notices", "feedback_page"))
    with pytest.raises(Incomplete) as refused:
        await on_page.leaves("1", AFTER)
    assert wrong(refused) == {Field.AGREE: "page.agree_changed"}
    assert await notes_of(database) == []
    await on_page.leaves("2", AFTER)
    assert await consents(database) == {Purpose.FEEDBACK_PAGE: [("2", NEXT)]}


async def test_another_note_by_the_page_asks_anew_and_the_first_keeps_its_day(
    database: Database, tmp_path: Path
) -> None:
    await on_tour(database)
    on_page = OnPage(database, changing(tmp_path / "notices", "feedback_page"))
    secret = await on_page.leaves("1", BEFORE)
    async with database.open_unit(read_only=True) as unit:
        assert not (await on_page.page.receipt(unit, secret, now=BEFORE)).asks_consent
        assert (await on_page.page.receipt(unit, secret, now=AFTER)).asks_consent
    for agreed, why in (
        (None, "page.agree_missing"),
        ("1", "page.agree_changed"),
        ("9", "page.agree_missing"),
    ):
        with pytest.raises(Incomplete) as refused:
            await on_page.leaves_another(secret, agreed, AFTER)
        assert wrong(refused) == {Field.AGREE: why}
    more = await on_page.leaves_another(secret, "2", AFTER)
    assert await consents(database) == {Purpose.FEEDBACK_PAGE: [("1", DAY), ("2", NEXT)]}
    async with database.open_unit(read_only=True) as unit:
        assert await unit.notes.by_secret(hash_of(more)) is not None
    await on_page.leaves_another(secret, None, AFTER)  # once is enough


async def test_the_pages_form_is_changed_without_being_asked(database: Database, tmp_path: Path) -> None:
    await on_tour(database)
    on_page = OnPage(database, changing(tmp_path / "notices", "feedback_page", "feedback", "abroad"))
    secret = await on_page.leaves("1", BEFORE)
    async with database.open_unit() as unit:
        await on_page.page.change(unit, secret, WHOLE, now=AFTER)
        await unit.commit()
    assert await consents(database) == {Purpose.FEEDBACK_PAGE: [("1", DAY)]}


async def test_a_change_of_the_chats_texts_asks_nobody_on_the_page(sqlite: Database, tmp_path: Path) -> None:
    await on_tour(sqlite)
    on_page = OnPage(sqlite, changing(tmp_path / "notices", "feedback", "abroad"))
    secret = await on_page.leaves("1", BEFORE)
    await on_page.leaves_another(secret, None, AFTER)
