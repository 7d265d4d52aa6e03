"""The participant's page under attack and in trouble: nothing runs, nothing leaks, nothing typed is lost, nobody sees a 500."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlencode

import pytest
import structlog

from bot.domain.digest import Topic
from bot.domain.ids import new_secret
from bot.services.unit import Unit
from bot.web.rate import NOTES_EACH, PAGES_EACH, UNKNOWN_COSTS
from storage.database import Database
from tests.support.feedback import DINNER, LUNCH, TOUR, notes_of, on_tour
from tests.support.page import WHOLE, Shown, page_open

PATH = f"/m/{LUNCH.code}"
SEND = f"{PATH}/send"
BAD = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{%raw%}</textarea></title>"
SAFE_TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "link",
    "body",
    "a",
    "header",
    "p",
    "main",
    "h1",
    "h2",
    "strong",
    "br",
} | {
    *(
        "ul",
        "li",
        "form",
        "input",
        "fieldset",
        "legend",
        "div",
        "label",
        "span",
        "textarea",
        "button",
        "section",
    ),
    *("footer", "dl", "dt", "dd", "blockquote", "nav", "b"),
}


def harmless(page: Shown) -> None:
    """Nothing but our own tags, no handler, no script, no style, no address of elsewhere but Telegram's."""
    assert {tag for tag, _ in page.tags} <= SAFE_TAGS
    for _, given in page.tags:
        assert not [name for name in given if name.startswith("on") or name == "style"]
    elsewhere = [link for link in page.links if not link.startswith(("/m/", "#", "https://field.example/m/"))]
    assert all(link.startswith("https://t.me/hyeonjang_test_bot?start=m_") for link in elsewhere)
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Robots-Tag"].startswith("noindex")


async def test_nothing_that_was_written_becomes_part_of_a_page(sqlite: Database) -> None:
    """In titles, the tour's name, topics and every field, on every page that shows them."""
    plan = replace(LUNCH.plan, title=BAD[:120])
    async with sqlite.open_unit() as unit:
        await unit.tours.keep(replace(TOUR, name=BAD, topics=(Topic("jobs", BAD), Topic("other", "<b>기타"))))
        await unit.meetings.keep(replace(LUNCH, plan=plan))
        await unit.commit()
    async with page_open(sqlite) as page:
        form = await page.opens(PATH)
        problems = await page.sends(
            form, words=BAD, name=BAD, topic=BAD, rating=BAD, speaker=BAD, lang=BAD, notice=BAD
        )
        assert problems.fields["words"] == BAD
        receipt = await page.sends(form, **{**WHOLE, "words": BAD, "name": BAD[:40]})
        here = f"/m/receipt/{receipt.secret}"
        assert BAD in receipt.text
        assert "&lt;b&gt;기타" in form.html
        shown = [form, problems, receipt]
        for path in (
            f"{here}/change",
            f"{here}/withdraw",
            f"{here}/another",
            f"{here}?done={BAD}&lang={BAD}",
        ):
            shown.append(await page.opens(path))
        shown.append(await page.posts(SEND, {**WHOLE, "words": BAD, "note": BAD, "name": BAD}))
        shown.append(await page.opens(f"/m/{'%3Cscript%3E'}"))
        page.clock.advance_to(LUNCH.end.replace(day=28))
        shown.append(await page.sends(form, note=new_secret(), words=BAD))
        for one in shown:
            harmless(one)
            assert one.status < 500


async def test_a_receipt_cannot_be_guessed_and_guessing_is_soon_told_to_wait(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        receipt = await page.sends(await page.opens(PATH), **WHOLE)
        almost = receipt.secret[:-1] + ("A" if receipt.secret[-1] != "A" else "B")
        statuses = [(await page.opens(f"/m/receipt/{almost}")).status]
        while len(statuses) < PAGES_EACH.burst and statuses[-1] == 404:
            statuses.append((await page.opens(f"/m/receipt/{new_secret()}")).status)
        assert statuses[-1] == 429
        assert len(statuses) <= PAGES_EACH.burst / UNKNOWN_COSTS + 1
        for path in (f"/m/receipt/{almost}/withdraw", f"/m/receipt/{almost}/forget-name"):
            assert (await page.posts(path, b"")).status == 404
    [spoken] = await notes_of(sqlite)
    assert not spoken.note.withdrawn


async def test_another_meetings_form_and_topic_are_refused(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        form = await page.opens(PATH)
        await page.sends(form, **WHOLE)
        elsewhere = await page.posts(
            f"/m/{DINNER.code}/send", {**form.fields, **WHOLE, "words": "남의 일정에"}
        )
        assert elsewhere.status in (404, 409)
        assert "남의 일정에" in elsewhere.text
        wrong = await page.posts(
            SEND, {**WHOLE, "note": new_secret(), "notice": "1", "topic": "of_another_tour"}
        )
        assert wrong.status == 422
    assert [one.note.words for one in await notes_of(sqlite)] == [WHOLE["words"]]


async def test_the_same_form_from_many_taps_at_once_is_one_note(database: Database) -> None:
    await on_tour(database)
    async with page_open(database) as page:
        form = await page.opens(PATH)
        shown = await asyncio.gather(*(page.sends(form, **WHOLE) for _ in range(12)))
        assert {one.status for one in shown} == {200}
        assert len({one.secret for one in shown}) == 1
    assert len(await notes_of(database)) == 1


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"words": "x"}', 400),
        ("text/plain", b"words=x", 400),
        ("multipart/form-data; boundary=x", b"--x--", 400),
        (FORM, b"\xff\xfe\x00", 400),
        (FORM, b"", 403),
        (FORM, b"&&&===", 403),
        (FORM, b"note=%00%00&words=%F0%28%8C%28", 403),
        (f"{FORM}; charset=nonsense", urlencode({**WHOLE, "note": "a" * 22, "notice": "1"}).encode(), 200),
        (f"{FORM}; charset=euc-kr", urlencode({**WHOLE, "note": "b" * 22, "notice": "1"}).encode(), 200),
        (FORM, urlencode({**WHOLE, "note": "c" * 22, "notice": "1", "words": "가\x00나"}).encode(), 200),
        (FORM, b"note=dddddddddddddddddddddd&notice=1&agree=1&speaker=youth&words=%ED%A0%80%FF", 422),
        (FORM, b"note=eeeeeeeeeeeeeeeeeeeeee&words=" + b"a" * 100_000, 422),
        (FORM, b"note=ffffffffffffffffffffff&words=" + b"a" * 200_000, 413),
        (FORM, b"a=1&" * 500, 400),
    ],
)
async def test_whatever_is_sent_gets_a_page_in_words(
    sqlite: Database, kind: str, body: bytes, status: int
) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        shown = await page.posts(SEND, body, Content_Type=kind)
        assert (shown.status, shown.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
        harmless(shown)


async def test_signs_that_a_database_refuses_are_left_out(database: Database) -> None:
    await on_tour(database)
    async with page_open(database) as page:
        form = await page.opens(PATH)
        body = urlencode({**form.fields, **WHOLE, "words": "가\x00나\u200b\U0001f44d", "name": "가\x00상"})
        assert (await page.posts(SEND, body.encode())).status == 200
    [spoken] = await notes_of(database)
    assert (spoken.note.words, spoken.name) == ("가나\u200b\U0001f44d", "가상")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_do_nothing(sqlite: Database, method: str) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        for path in (PATH, f"/m/receipt/{new_secret()}", "/m/participant.css"):
            shown = await page.opens(path, method=method)
            assert shown.status == 405
            assert shown.headers["Allow"] == "GET, HEAD, POST"


async def test_a_form_that_another_site_sent_is_shown_and_not_kept(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        form = await page.opens(PATH)
        forged = {**form.fields, **WHOLE}
        shown = await page.posts(SEND, forged, Sec_Fetch_Site="cross-site")
        assert shown.status == 403
        assert shown.fields["words"] == WHOLE["words"]
        assert shown.fields["note"] != form.fields["note"], (
            "whoever made the form does not know this note's secret"
        )
        assert await notes_of(sqlite) == []
        assert (await page.sends(shown)).status == 200
    assert len(await notes_of(sqlite)) == 1


async def test_a_flood_is_told_to_wait_and_loses_nothing_of_what_was_typed(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        form = await page.opens(PATH)
        shown, sent = form, {"note": form.fields["note"], **WHOLE, "notice": "1", "agree": ""}
        for _ in range(int(NOTES_EACH.burst) + 1):
            shown = await page.posts(SEND, sent, X_Forwarded_For="203.0.113.66")
        assert (shown.status, shown.headers["Retry-After"]) == (429, "1")
        assert shown.fields["words"] == WHOLE["words"]
        harmless(shown)
        other = await page.posts(SEND, {**form.fields, **WHOLE}, X_Forwarded_For="203.0.113.9", follow=False)
        assert other.status == 303, "somebody else behind the same proxy"
        spoofing = await page.session.post(
            page.url + SEND,
            data={"note": form.fields["note"]},
            headers=[("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", "203.0.113.66")],
        )
        assert spoofing.status == 429, "what stands before the proxy's own line anybody may have written"
    assert len(await notes_of(sqlite)) == 1


class Broken(Exception):
    """The database is away."""


async def test_when_the_database_is_away_what_was_typed_stays_and_the_log_tells_nobody(
    sqlite: Database,
) -> None:
    await on_tour(sqlite)
    away = False

    @asynccontextmanager
    async def sometimes(*, read_only: bool = False) -> AsyncIterator[Unit]:
        if away:
            raise Broken(f"cannot keep {WHOLE['words']}")
        async with sqlite.open_unit(read_only=read_only) as unit:
            yield unit

    async with page_open(sqlite, open_unit=sometimes) as page:
        form = await page.opens(PATH)
        away = True
        with structlog.testing.capture_logs() as events:
            failed = await page.sends(form, **WHOLE)
            opened = await page.opens(PATH)
        assert (failed.status, opened.status) == (503, 503)
        assert failed.fields["words"] == WHOLE["words"]
        assert failed.headers["Retry-After"]
        for event in events:
            told = {name: value for name, value in event.items() if name != "exc_info"}
            assert told.keys() == {"event", "failure", "reference", "log_level"}
            assert event["failure"] == "Broken"
        away = False
        assert (await page.sends(failed)).status == 200
    assert len(await notes_of(sqlite)) == 1


async def test_a_visit_that_goes_well_leaves_no_line_in_the_log(sqlite: Database) -> None:
    await on_tour(sqlite)
    with structlog.testing.capture_logs() as events:
        async with page_open(sqlite) as page:
            receipt = await page.sends(await page.opens(PATH), **WHOLE)
            await page.opens("/m/nonsense")
            await page.sends(await page.opens(f"/m/receipt/{receipt.secret}/withdraw"))
    assert events == []


async def test_style_and_icon_are_ours_and_may_be_kept(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        form = await page.opens(PATH)
        linked = [given["href"] or "" for tag, given in form.tags if tag == "link"]
        assert len(linked) == 2
        for href in linked:
            assert href.startswith("/m/participant.")
            shown = await page.opens(href)
            assert shown.status == 200
            assert "immutable" in shown.headers["Cache-Control"]
