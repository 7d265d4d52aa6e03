"""The participant's page on a small phone without scripts: the whole way, as somebody walks it in a hall.

`SCREENSHOTS=folder` keeps a picture of every stop.
"""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, Request, async_playwright, expect

from bot.domain.feedback import Source
from storage.database import Database
from tests.support.feedback import LUNCH, notes_of, on_tour
from tests.support.page import Browser, page_open

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PICTURES = os.environ.get("SCREENSHOTS")
SMALL = {"width": 360, "height": 640}
LEAST_TOUCH = 44

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@dataclass
class Phone:
    page: Page
    site: Browser
    asked_elsewhere: list[str]
    stops: int = 0

    async def stop(self, name: str) -> None:
        """What holds on every page: it fits the narrowest phone, can be hit by a thumb, and is as large as text must be."""
        self.stops += 1
        assert await self.page.evaluate("1 + 1") == 2, "the test may look into the page"
        for width in (320, SMALL["width"]):
            await self.page.set_viewport_size({"width": width, "height": SMALL["height"]})
            wide = await self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} wide on {width}"
        small = await self.page.evaluate(_TOO_SMALL, LEAST_TOUCH)
        assert small == [], f"{name}: {small}"
        if PICTURES:
            file = Path(PICTURES) / f"{self.stops:02}-{name}.png"
            await self.page.screenshot(path=file, full_page=True)

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name).click()


_TOO_SMALL = """least => {
  const targets = document.querySelectorAll('label.choice, button, a.button, textarea, input[type=text], .switch a');
  const low = [...targets].filter(one => one.getBoundingClientRect().height < least).map(one => one.outerHTML);
  const texts = [...document.querySelectorAll('main *:not(input), footer *, textarea, input[type=text]')].filter(one => parseFloat(getComputedStyle(one).fontSize) < 16);
  return low.concat(texts.map(one => one.outerHTML));
}"""


@asynccontextmanager
async def phone_on(site: Browser) -> AsyncIterator[Phone]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        context = await browser.new_context(
            viewport={"width": 360, "height": 640}, java_script_enabled=False, locale="ko-KR"
        )
        page = await context.new_page()
        elsewhere: list[str] = []

        def asked(request: Request) -> None:
            if not request.url.startswith(site.url):
                elsewhere.append(request.url)

        page.on("request", asked)  # a route that could stop it would also turn the browser's cache off
        page.on(
            "console", lambda message: elsewhere.append(message.text) if "Policy" in message.text else None
        )
        yield Phone(page, site, elsewhere)
        assert await context.cookies() == []
        await browser.close()


async def test_the_whole_way_on_a_small_phone_without_scripts(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as site, phone_on(site) as phone:
        page = phone.page
        await page.goto(f"{site.url}/m/{LUNCH.code}")
        await expect(page.get_by_role("heading", level=1)).to_have_text("의견 남기기")
        await phone.stop("form")

        await page.get_by_role("radio", name="청년").check()
        await page.get_by_role("radio", name="4점, 좋음").check()
        await page.get_by_role("radio", name="일자리·임금").check()
        await page.get_by_label("하시고 싶은 말씀").fill("통근버스가 더 필요합니다.\n<b>둘째 줄</b>")
        await phone.press("의견 남기기")
        summary = page.get_by_role("alert")
        await expect(summary).to_contain_text("의견 수집·이용에 동의하셔야")
        await expect(page.get_by_role("radio", name="4점, 좋음")).to_be_checked()
        await expect(page.get_by_label("하시고 싶은 말씀")).to_have_value(
            "통근버스가 더 필요합니다.\n<b>둘째 줄</b>"
        )
        await phone.stop("consent-missing")
        assert await notes_of(sqlite) == []

        await summary.get_by_role("link").click()
        await page.get_by_role("checkbox", name="의견 수집·이용에 동의합니다").check()
        await phone.press("의견 남기기")
        await expect(page.get_by_role("heading", level=1)).to_have_text("남겼습니다. 고맙습니다.")
        await expect(page.get_by_text("<b>둘째 줄</b>")).to_be_visible()
        await phone.stop("receipt")

        await page.go_back()
        await page.get_by_role("radio", name="2점, 아쉬움").check()
        await phone.press("의견 남기기")
        await expect(page.get_by_text("2점, 아쉬움")).to_be_visible()
        [spoken] = await notes_of(sqlite)
        assert (spoken.note.source, spoken.note.rating) == (Source.PAGE, 2)

        await page.get_by_role("link", name="고치기").click()
        await page.get_by_label("이름 (선택)").fill("가상청년")
        await phone.stop("change")
        await phone.press("고친 내용 저장")
        await expect(page.get_by_role("status")).to_have_text("고친 내용을 저장했습니다.")
        await phone.stop("changed")
        await phone.press("이름 지우기")
        await expect(page.get_by_role("status")).to_have_text("이름을 지웠습니다.")

        await page.get_by_role("link", name="거두기").click()
        await phone.stop("withdraw")
        await phone.press("거두겠습니다")
        await expect(page.get_by_text("의견을 거두었습니다.")).to_be_visible()
        await phone.stop("withdrawn")
        [spoken] = await notes_of(sqlite)
        assert (spoken.note.withdrawn, spoken.note.words, spoken.name) == (True, "", None)
        assert phone.asked_elsewhere == [], "nothing is fetched from elsewhere, and no policy was broken"


async def test_going_back_to_the_empty_form_changes_the_same_note(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as site, phone_on(site) as phone:
        page = phone.page
        await page.goto(f"{site.url}/m/{LUNCH.code}")
        await page.get_by_role("checkbox").check()
        await page.get_by_role("radio", name="기업").check()
        await page.get_by_label("하시고 싶은 말씀").fill("첫 말씀")
        await phone.press("의견 남기기")
        await expect(page.get_by_role("heading", level=1)).to_have_text("남겼습니다. 고맙습니다.")
        await page.go_back()
        await page.get_by_label("하시고 싶은 말씀").fill("고쳐 쓴 말씀")
        await phone.press("의견 남기기")
        await expect(page.get_by_text("고쳐 쓴 말씀")).to_be_visible()
        assert [one.note.words for one in await notes_of(sqlite)] == ["고쳐 쓴 말씀"]
