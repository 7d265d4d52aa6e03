"""A notice that changes, on the page: the form comes back with the new text, its box empty and everything else kept."""

from pathlib import Path

from bot.services.page_feedback import PageFeedback
from storage.database import Database
from tests.support.feedback import LUNCH, notes_of, on_tour
from tests.support.notices import NEXT, changing
from tests.support.page import WHOLE, page_open
from tests.support.plans import SEOUL, at

PATH = f"/m/{LUNCH.code}"
AFTER = at("09:00", day=NEXT)


async def test_a_form_opened_before_a_change_comes_back_with_the_new_notice(
    sqlite: Database, tmp_path: Path
) -> None:
    await on_tour(sqlite)
    pages = PageFeedback(changing(tmp_path / "notices", "feedback_page"), SEOUL)
    async with page_open(sqlite, feedback=pages) as page:
        form = await page.opens(PATH)
        assert form.fields["notice"] == "1"
        page.clock.advance_to(AFTER)
        again = await page.sends(form, **WHOLE)
        assert again.status == 422
        assert "보시는 사이에 동의 안내가 바뀌었습니다" in again.text
        assert again.fields["notice"] == "2"
        assert "agree" not in again.fields, "nobody agrees to what they did not read"
        assert again.fields["words"] == WHOLE["words"]
        assert await notes_of(sqlite) == []
        receipt = await page.sends(again, agree="yes")
        assert "남겼습니다" in receipt.text


async def test_another_note_shows_the_new_notice_and_asks_for_it_once(
    sqlite: Database, tmp_path: Path
) -> None:
    await on_tour(sqlite)
    pages = PageFeedback(changing(tmp_path / "notices", "feedback_page"), SEOUL)
    async with page_open(sqlite, feedback=pages) as page:
        receipt = await page.sends(await page.opens(PATH), **WHOLE)
        another = f"/m/receipt/{receipt.secret}/another"
        assert "notice" not in (await page.opens(another)).fields, "the same text asks for nothing"
        page.clock.advance_to(AFTER)
        form = await page.opens(another)
        assert form.fields["notice"] == "2"
        assert "앞서 남기신 의견은 그때의 동의에 따릅니다" in form.text
        assert "2분이면 됩니다" not in form.text
        refused = await page.sends(form, words="하나 더 있습니다.")
        assert refused.status == 422
        assert "동의하셔야" in refused.text
        more = await page.sends(refused, agree="yes")
        assert "남겼습니다" in more.text
        change = await page.opens(f"/m/receipt/{receipt.secret}/change")
        assert "notice" not in change.fields
        assert "notice" not in (await page.opens(f"/m/receipt/{more.secret}/another")).fields
    assert len(await notes_of(sqlite)) == 2


async def test_every_page_says_whom_to_ask_about_personal_data(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        for path in (PATH, "/m/nosuchcode"):
            assert "개인정보 보호책임자에게 요구하실 수 있습니다" in (await page.opens(path)).text
        assert "data protection officer" in (await page.opens(f"{PATH}?lang=en")).text
