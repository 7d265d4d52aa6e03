"""The participant's page over a real HTTP server: every state that a person can come upon."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.feedback import Source, Speaker
from bot.domain.ids import new_secret
from bot.services.codes import Codes
from storage.database import Database
from tests.support.feedback import DINNER, LUNCH, TOUR, notes_of, on_tour
from tests.support.page import WHOLE, page_open
from tests.support.plans import at

PATH = f"/m/{LUNCH.code}"


async def test_a_note_from_the_form_to_the_receipt(database: Database) -> None:
    await on_tour(database)
    async with page_open(database) as page:
        form = await page.opens(PATH)
        assert (form.status, form.headers["Cache-Control"]) == (200, "private, no-cache")
        for said in (LUNCH.title, "1.22.(목) 11:40", "제15조", "90일", "텔레그램"):
            assert said in form.text
        assert LUNCH.plan.venue not in form.html, "a page tells its title and time, nothing of where"
        assert "https://t.me/hyeonjang_test_bot?start=m_codelunch" in form.links
        receipt = await page.sends(form, **WHOLE)
        assert receipt.status == 200
        assert receipt.headers["Cache-Control"] == "no-store"
        for said in ("남겼습니다", "청년", "4점, 좋음", "일자리·임금", WHOLE["words"], "익명"):
            assert said in receipt.text
        assert f"https://field.example/m/receipt/{receipt.secret}" in receipt.links
    [spoken] = await notes_of(database)
    assert (spoken.note.source, spoken.note.rating, spoken.speaker) == (Source.PAGE, 4, Speaker.YOUTH)


async def test_opening_pages_writes_nothing_and_each_form_is_another(sqlite: Database) -> None:
    await on_tour(sqlite)

    def reads_only(*, read_only: bool = False):  # type: ignore[no-untyped-def]
        assert read_only, "a page that was only opened asked to write"
        return sqlite.open_unit(read_only=True)

    async with page_open(sqlite, open_unit=reads_only) as page:
        secrets = {(await page.opens(PATH)).fields["note"] for _ in range(5)}
        assert len(secrets) == 5
        assert (await page.opens(PATH, method="HEAD")).status == 200
        assert (await page.opens(f"/m/receipt/{secrets.pop()}")).status == 404


async def test_what_was_typed_is_there_again_when_consent_is_missing(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        form = await page.opens(PATH)
        again = await page.sends(form, **{**WHOLE, "name": "가상청년", "agree": ""})
        assert again.status == 422
        assert again.text.startswith("확인해 주십시오")
        kept = {name: again.fields[name] for name in ("speaker", "rating", "topic", "words", "name", "note")}
        wanted = {**WHOLE, "name": "가상청년", "note": form.fields["note"]}
        del wanted["agree"]
        assert kept == wanted
        assert "agree" not in again.fields
        assert "#agree" in again.links
        assert await notes_of(sqlite) == []
        assert (await page.sends(again, agree="yes")).status == 200
    assert len(await notes_of(sqlite)) == 1


async def test_every_problem_is_told_at_its_question_and_nothing_is_cut(sqlite: Database) -> None:
    await on_tour(sqlite)
    long = "가" * 2001
    async with page_open(sqlite) as page:
        form = await page.opens(PATH)
        again = await page.sends(form, words=long, name="나" * 41, rating="7", topic="nonsense")
        assert again.status == 422
        assert (again.fields["words"], again.fields["name"]) == (long, "나" * 41)
        assert [link for link in again.links if link.startswith("#") and link != "#main"] == [
            "#agree",
            "#speaker",
            "#rating",
            "#topic",
            "#words",
            "#name",
        ]
        assert "2001자를 쓰셨습니다" in again.text
        marked = {given["id"] for tag, given in again.tags if given.get("aria-invalid") == "true"}
        assert marked == {"agree", "words", "name"}
        nothing = await page.sends(form, speaker="youth", agree="yes")
        assert "하나는 답해 주십시오" in nothing.text
    assert await notes_of(sqlite) == []


async def test_the_same_form_again_is_the_same_note(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        form = await page.opens(PATH)
        first = await page.sends(form, **WHOLE)
        second = await page.sends(form, **{**WHOLE, "words": "뒤로 가서 고쳤습니다."})
        assert first.secret == second.secret
    assert [one.note.words for one in await notes_of(sqlite)] == ["뒤로 가서 고쳤습니다."]


async def test_a_sent_form_leads_on_so_that_a_reload_sends_nothing(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        form = await page.opens(f"{PATH}?lang=ko")
        assert form.action == f"{PATH}/send"
        sent = await page.posts(form.action, {**form.fields, **WHOLE}, follow=False)
        assert sent.status == 303
        assert sent.headers["Location"] == f"/m/receipt/{form.fields['note']}?lang=ko&done=left"
        assert (await page.opens(form.action)).action == form.action, (
            "the address of sending leads to the form"
        )


async def test_change_withdraw_and_say_more(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        receipt = await page.sends(await page.opens(PATH), **WHOLE)
        here = f"/m/receipt/{receipt.secret}"
        form = await page.opens(f"{here}/change")
        assert {name: form.fields[name] for name in ("speaker", "rating", "words")} == {
            "speaker": "youth",
            "rating": "4",
            "words": WHOLE["words"],
        }
        changed = await page.sends(form, rating="1", name="가상청년")
        assert "고친 내용을 저장했습니다." in changed.text
        assert "가상청년" in changed.text
        unnamed = await page.posts(f"{here}/forget-name", b"")
        assert "이름을 지웠습니다." in unnamed.text
        more = await page.sends(await page.opens(f"{here}/another"), words="하나 더 있습니다.")
        assert more.secret != receipt.secret
        assert {one.note.words for one in await notes_of(sqlite)} == {WHOLE["words"], "하나 더 있습니다."}
        assert len({one.note.voice for one in await notes_of(sqlite)}) == 1
        asked = await page.opens(f"{here}/withdraw")
        assert WHOLE["words"] in asked.text
        gone = await page.sends(asked)
        assert "의견을 거두었습니다" in gone.text
        assert WHOLE["words"] not in gone.html
        for path in (f"{here}/change", f"{here}/withdraw", here):
            assert "의견을 거두었습니다" in (await page.opens(path)).text
        late = await page.sends(form, words="그래도 고칩니다.")
        assert "의견을 거두었습니다" in late.text
        assert {one.note.words for one in await notes_of(sqlite)} == {"", "하나 더 있습니다."}


@pytest.mark.parametrize(
    ("hours", "heading", "status"),
    [(-2, "아직 열리지 않았습니다", 200), (26, "의견 접수가 끝났습니다", 200)],
)
async def test_too_early_and_too_late(sqlite: Database, hours: int, heading: str, status: int) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite, now=LUNCH.start + timedelta(hours=hours)) as page:
        shown = await page.opens(PATH)
        assert (shown.status, shown.action) == (status, None)
        assert heading in shown.text
        if hours < 0:
            assert "11:10부터" in shown.text
            assert "https://t.me/hyeonjang_test_bot?start=m_codelunch" in shown.links


async def test_a_form_that_comes_too_late_loses_no_words(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        form = await page.opens(PATH)
        page.clock.advance_to(LUNCH.end + timedelta(hours=25))
        late = await page.sends(form, **WHOLE)
        assert late.status == 409
        assert WHOLE["words"] in late.text
        assert "저장하지 않았습니다" in late.text
    assert await notes_of(sqlite) == []


async def test_a_cancelled_meeting_an_unknown_code_and_a_lost_receipt_are_told_in_words(
    sqlite: Database,
) -> None:
    await on_tour(sqlite, replace(LUNCH, cancelled=True), DINNER)
    async with page_open(sqlite) as page:
        assert "취소되어" in (await page.opens(PATH)).text
        for path in (
            "/m/nonsense",
            f"/m/receipt/{new_secret()}",
            f"/m/receipt/{new_secret()}/change",
            "/m",
            "/m/a/b",
        ):
            shown = await page.opens(path)
            assert shown.status == 404
            assert "찾을 수 없습니다" in shown.text
            assert shown.action is None


async def test_before_the_start_and_after_it_the_receipt_offers_what_can_be_done(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        receipt = await page.sends(await page.opens(PATH), **WHOLE)
        here = f"/m/receipt/{receipt.secret}"
        assert f"{here}/another" in receipt.links
        page.clock.advance_to(LUNCH.end + timedelta(hours=25))
        later = await page.opens(here)
        assert f"{here}/another" not in later.links
        assert f"{here}/change" in later.links
        assert "의견 접수가 끝났습니다" in (await page.opens(f"{here}/another")).text


async def test_english_is_a_link_away_and_stays(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite, now=at("12:00")) as page:
        korean = await page.opens(PATH, Accept_Language="ko-KR")
        assert f"{PATH}?lang=en" in korean.links
        english = await page.opens(PATH, Accept_Language="en-US,en;q=0.9")
        assert ("html", {"lang": "en"}) in english.tags
        assert "Leave a comment" in english.text
        chosen = await page.opens(f"{PATH}?lang=en", Accept_Language="ko")
        again = await page.sends(chosen)
        assert ("html", {"lang": "en"}) in again.tags
        receipt = await page.sends(again, **{**WHOLE, "words": "통근버스 <b>more</b> xe buýt"})
        assert "Your comment is saved" in receipt.text
        assert receipt.path.endswith("?lang=en&done=left")
        assert "통근버스 <b>more</b> xe buýt" in receipt.text, "words are as they were written"
    [spoken] = await notes_of(sqlite)
    assert spoken.note.words == "통근버스 <b>more</b> xe buýt"


async def test_topics_are_read_in_english_where_the_tour_has_them_so(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with sqlite.open_unit() as unit:
        jobs, *others = TOUR.topics
        await unit.tours.keep(replace(TOUR, topics=(replace(jobs, title_en="Jobs and pay"), *others)))
        await unit.commit()
    async with page_open(sqlite) as page:
        form = await page.opens(PATH, Accept_Language="en")
        assert "Jobs and pay" in form.text
        assert jobs.title not in form.text
        assert others[0].title in form.text
        receipt = await page.sends(form, **{**WHOLE, "topic": "jobs"})
        assert "Jobs and pay" in (await page.opens(receipt.path, Accept_Language="en")).text


async def test_without_an_address_of_its_own_the_receipt_is_a_link(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite, codes=Codes("hyeonjang_test_bot")) as page:
        receipt = await page.sends(await page.opens(PATH), **WHOLE)
        assert f"/m/receipt/{receipt.secret}" in receipt.links
        port = page.url.rpartition(":")[2]
        assert f"127.0.0.1:{port}/m/receipt/{receipt.secret}" in receipt.text, (
            "to be written down, with its host"
        )


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("field.example.invalid", "field.example.invalid"),
        ("[2001:db8::1]:8080", "[2001:db8::1]:8080"),
        ("a<b>.example", ""),
        ("x y", ""),
        ("a@b.example", ""),
    ],
)
async def test_a_host_that_is_none_is_not_shown(sqlite: Database, host: str, shown: str) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite, codes=Codes("hyeonjang_test_bot")) as page:
        receipt = await page.sends(await page.opens(PATH), **WHOLE)
        again = await page.opens(receipt.path.partition("?")[0], Host=host)
        if again.status == 200:
            assert f" {shown}/m/receipt/{receipt.secret}" in again.text
            assert f"/m/receipt/{receipt.secret}" in again.links
        else:
            assert (again.status, shown) == (400, "")
