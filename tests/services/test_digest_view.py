"""How a stored digest reads in chat: sections by buttons, always of the newest revision that has words."""

from datetime import timedelta

import pytest

from bot.domain.errors import ButtonUnknown
from bot.services.digest_view import FILE, FORMS
from storage.database import Database
from tests.support.plans import DAY, at
from tests.support.report_day import EVENING, report_day


async def test_the_summary_carries_a_button_for_each_other_section(sqlite: Database) -> None:
    day = await report_day(sqlite)
    for n in range(6):
        await day.says(f"{n}번째 통근버스 의견입니다.")
    stored = await day.asks()
    *rest, last = day.view.drafts(stored, "sum", now=EVENING)
    assert all(not draft.keyboard for draft in rest)
    data = [button.data for row in last.keyboard for button in row]
    assert f"dg:{stored.id}:t0" in data
    assert f"dg:{stored.id}:led" in data
    assert all(one is not None and len(one.encode()) <= 64 for one in data)
    sections = [str(one).rsplit(":", 1)[1] for one in data]
    assert sections.pop() == FILE
    (choice,) = day.view.drafts(stored, FILE, now=EVENING)
    assert [one.data for row in choice.keyboard for one in row] == [
        f"dg:{stored.id}:{data}" for data in FORMS
    ]
    files = [day.view.drafts(stored, data, now=EVENING) for data in FORMS]
    endings = ("hwpx", "pdf", "docx", "html")
    assert [draft.document for (draft,) in files] == [f"digest:{stored.id}.{one}" for one in endings]
    for section in sections:
        for draft in day.view.drafts(stored, section, now=EVENING):
            assert draft.keyboard == ()
            part = draft.values["part"]
            assert isinstance(part, int)
            assert await day.shows(stored.id, section, part)


@pytest.mark.parametrize("section", ["t9", "nope", ""])
async def test_a_section_that_is_not_there_is_an_unknown_button(sqlite: Database, section: str) -> None:
    day = await report_day(sqlite)
    stored = await day.asks()
    with pytest.raises(ButtonUnknown):
        day.view.drafts(stored, section, now=EVENING)


async def test_what_waits_to_be_sent_shows_the_revision_that_came_meanwhile(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says()
    await day.publishes(EVENING)
    [first] = await day.revisions()
    await day.says("늦게 낸 의견입니다.")
    await day.publishes(at("21:30"))
    assert "제2판" in await day.shows(first.id)


async def test_a_draft_without_words_gives_way_to_what_was_published(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says()
    await day.publishes(EVENING)
    [first] = await day.revisions()
    await day.says("늦게 낸 의견입니다.")
    await day.asks()
    await day.says("더 늦게 낸 의견입니다.")
    assert [bool(row.body) for row in await day.revisions()] == [True, False]
    assert "제1판" in await day.shows(first.id), "managers are not sent an excuse in place of their digest"


async def test_a_draft_whose_notes_changed_is_said_to_be_outdated(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says()
    draft = await day.asks()
    await day.says("그사이 온 의견입니다.")
    assert "개정되었습니다" in await day.shows(draft.id)


async def test_a_section_or_part_that_is_gone_says_so(sqlite: Database) -> None:
    day = await report_day(sqlite)
    stored = await day.asks()
    assert "개정되었습니다" in await day.shows(stored.id, "t0")
    assert "개정되었습니다" in await day.shows(stored.id, "sum", 3)


async def test_a_digest_that_was_destroyed_says_so(sqlite: Database) -> None:
    day = await report_day(sqlite)
    stored = await day.asks()
    async with sqlite.open_unit() as unit:
        assert await unit.digests.destroy_before(DAY + timedelta(days=1)) == 1
        await unit.commit()
    assert "파기된 보고" in await day.shows(stored.id)


async def test_the_whole_text_has_no_markup_and_keeps_what_people_wrote(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says('5 < 7 & "따옴표" <b>버스</b> 노선을 늘려 주세요.', topic=None)
    text = day.view.whole_text(await day.asks(), now=EVENING)
    assert '5 < 7 & "따옴표" <b>버스</b> 노선을 늘려 주세요.' in text
    assert "&lt;" not in text
    assert "<blockquote" not in text


async def test_what_managers_do_not_have_yet_is_said_to_be_interim(sqlite: Database) -> None:
    day = await report_day(sqlite)
    due = day.digests.due_at(DAY)
    assert due == EVENING
    draft = await day.asks()
    early = day.view.remark(draft, due, now=at("20:59"))
    late = day.view.remark(draft, due, now=EVENING + timedelta(days=4))
    assert early is not None
    assert (early.key, early.values) == ("digest.interim", {"due": EVENING})
    assert late is not None
    assert late.key == "digest.not_sent"
    await day.publishes(EVENING)
    assert day.view.remark(await day.asks(), due, now=EVENING) is None
    await day.says("늦게 낸 의견입니다.")
    revision = day.view.remark(await day.asks(), due, now=EVENING)
    assert revision is not None
    assert revision.key == "digest.interim_revision"
