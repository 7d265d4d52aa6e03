"""The rehearsal's page as a person sees it: a headless browser over the real bot, asserting on what is on the screen."""

import io
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy
import pytest
import soundfile
from PIL import Image
from playwright.async_api import FilePayload, Locator, Page, async_playwright, expect

from bot.digest.write import MOST_SENTENCES
from bot.rehearse import Rehearsal, pulse_of
from bot.settings import read_settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SEOUL = ZoneInfo("Asia/Seoul")
WITHIN = 20_000.0
"""Real milliseconds that something may take to appear on a busy machine."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


def at(text: str) -> datetime:
    """A moment in Seoul: `21 18:00` of January 2026."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-01-{day} {clock}").replace(tzinfo=SEOUL)


@dataclass(frozen=True, slots=True)
class Screen:
    """The page in a browser, and the stage behind it."""

    page: Page
    stage: Rehearsal

    def pane(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name)

    @property
    def staff(self) -> Locator:
        return self.pane("수행 실무자 화면")

    @property
    def participant(self) -> Locator:
        return self.pane("참여자 화면")

    @property
    def manager(self) -> Locator:
        return self.pane("간부 화면")

    async def writes(self, pane: Locator, text: str) -> None:
        await pane.get_by_role("combobox").last.fill(text)
        await pane.get_by_role("button", name="보내기").click()

    async def taps(self, pane: Locator, label: str) -> None:
        """The button in the newest message that has it; playwright waits until it is there."""
        await pane.locator(".keys").get_by_role("button", name=label, exact=True).last.click()

    async def sends(self, pane: Locator, what: str, file: FilePayload) -> None:
        """A picture, a voice message or a file, by the button beside the text field."""
        await pane.get_by_role("button", name="사진·음성·파일 첨부").click()
        async with self.page.expect_file_chooser() as dialog:
            await pane.get_by_role("menuitem", name=what, exact=True).click()
        await (await dialog.value).set_files(file)

    async def goes_on(self) -> None:
        await self.page.get_by_role("button", name="다음 사건으로").click()


@pytest.fixture
async def screen(tmp_path: Path) -> AsyncIterator[Screen]:
    """The rehearsal on the evening before, its clock paused, shown at the size of an office screen."""
    settings = read_settings(None)
    stage = Rehearsal(settings, f"sqlite+aiosqlite:///{tmp_path / 'rehearsal.db'}", at("21 18:00"))
    expect.set_options(timeout=WITHIN)
    async with stage.telegram(0) as url, stage.bot() as bot, pulse_of(stage.driver):
        await stage.load(bot)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=CHROMIUM,
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"],
            )
            page = await browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(WITHIN)
            await page.goto(url)
            yield Screen(page, stage)
            await browser.close()


async def test_three_phones_stand_side_by_side_and_the_next_event_is_one_click_away(screen: Screen) -> None:
    page = screen.page
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    await expect(page.get_by_text("실제 자료가 아닙니다")).to_be_visible()
    boxes = [await pane.bounding_box() for pane in (screen.staff, screen.participant, screen.manager)]
    lefts = [box["x"] for box in boxes if box is not None]
    assert lefts == sorted(lefts)
    assert all(box is not None and box["width"] > 400 and box["y"] + box["height"] <= 900 for box in boxes)
    await expect(screen.staff).to_contain_text("전북 실무자")
    await expect(screen.manager).to_contain_text("전북 간부")
    await expect(page.get_by_text("멈춤", exact=True)).to_be_visible()

    await screen.goes_on()
    await expect(page.get_by_role("status").first).to_have_text("20:00 전북 일정 알림")
    await expect(screen.staff).to_contain_text("[전북] 1.22.(목) 일정 안내")
    await screen.goes_on()
    await expect(screen.staff).to_contain_text("1시간 뒤 시작합니다.")
    await expect(page.get_by_label("리허설 시각")).to_contain_text("1.22.(목) 06:30:0")

    await page.get_by_role("button", name="계속").click()
    await expect(page.get_by_text("진행 중", exact=True)).to_be_visible()
    await expect(page.get_by_label("리허설 시각")).not_to_contain_text("1.22.(목) 06:30:0")
    assert problems == []


async def test_a_participant_scans_the_code_on_the_staff_phone_and_leaves_a_note(screen: Screen) -> None:
    participant = screen.participant
    await screen.stage.driver.advance_to(at("22 09:40"))
    await screen.writes(screen.staff, "/qr")
    await screen.staff.get_by_role("button", name="QR 코드").click()
    await expect(participant).to_contain_text("국외 이전 동의")
    await screen.taps(participant, "모두 동의하고 시작")
    await screen.taps(participant, "근로자")
    await screen.taps(participant, "★★★★☆")
    await expect(participant.get_by_text("저장했습니다.")).to_be_visible()
    await screen.taps(participant, "주거·교통·문화")
    await expect(participant).to_contain_text("아래 입력란에 써서")
    await screen.writes(participant, "막차가 일찍 끊겨 야간조가 집에 가기 어렵습니다.")
    thanks = participant.locator(".row").last
    await expect(thanks).to_contain_text("남겼습니다. 고맙습니다.")
    await expect(thanks).to_contain_text("★★★★☆")
    await expect(thanks.get_by_role("button", name="거두기")).to_be_in_viewport()

    await screen.page.get_by_role("button", name="새 참여자").click()
    await expect(participant).not_to_contain_text("남겼습니다. 고맙습니다.")
    await expect(participant.get_by_role("button", name="시작")).to_be_visible()


async def test_a_manager_reads_the_digest_and_opens_the_words_behind_a_line(screen: Screen) -> None:
    theme = "에너지·인프라"
    stage, manager = screen.stage, screen.manager
    notes = [note for note in await stage.played_notes() if note.topic == theme and note.words][:5]
    stage.script.add(notes)
    await expect(screen.page.get_by_role("button", name="의견 재생 중 0/5건")).to_be_disabled()
    await stage.driver.advance_to(at("22 20:59"))
    await expect(screen.page.get_by_role("button", name="의견 5건 재생 끝")).to_be_visible()
    await screen.goes_on()
    digest = manager.locator(".row").filter(has_text="[전북] 일일 권역 보고 1.22.(목)")
    await expect(digest).to_contain_text("의견 5")
    await expect(digest.get_by_text("[전북] 일일 권역 보고")).to_be_in_viewport()

    await digest.get_by_role("button", name=theme).click()
    words = manager.locator(".row").last
    await expect(words).to_contain_text(f"[전북] 1.22.(목) {theme}")
    await expect(words).to_contain_text("요청(건의)")
    long = max((note.words for note in notes), key=len)
    assert long not in await digest.inner_text()
    shown = " ".join((await words.inner_text()).split())
    quoted = [note for note in notes if " ".join(note.words.split()) in shown]
    assert len(quoted) > MOST_SENTENCES, "of five, three that ask have room beside what is told"
    await words.get_by_role("button", name="펼치기").first.click()
    await expect(words.get_by_role("button", name="접기").first).to_be_visible()


def photo() -> FilePayload:
    held = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(held, "JPEG")
    return {"name": "현장.jpg", "mimeType": "image/jpeg", "buffer": held.getvalue()}


def voice() -> FilePayload:
    held = io.BytesIO()
    soundfile.write(held, numpy.zeros(96_000, "float32"), 48_000, format="OGG", subtype="OPUS")
    return {"name": "voice.oga", "mimeType": "audio/ogg", "buffer": held.getvalue()}


async def test_the_top_line_tells_and_a_pasted_invitation_is_opened(screen: Screen) -> None:
    """What is rehearsed, and how late the fast clock is."""
    page = screen.page
    await expect(page.get_by_text("일정: 표본(5극3특 현장 행보) · 의견: 표본(전북 1.22.)")).to_be_visible()
    await expect(page.get_by_role("button", name="1월 22일 의견 재생")).to_be_enabled()
    await page.get_by_label("시계 속도").select_option("60×")
    await page.get_by_role("button", name="계속").click()
    await expect(page.get_by_text("지연 ")).to_be_visible()
    await page.get_by_role("button", name="일시정지").click()
    await expect(page.get_by_text("지연 ")).to_be_hidden()
    assert screen.stage.driver.speed == 60
    link = f"https://t.me/{screen.stage.world.bot.username}?start=i_{'x' * 43}"
    await screen.writes(screen.manager, link)
    await expect(screen.manager.locator(".row.mine").last).to_have_text(re.compile(r"^/start"))


async def test_photos_voices_and_files_can_be_sent_seen_heard_and_saved(screen: Screen) -> None:
    page, staff, manager = screen.page, screen.staff, screen.manager
    problems: list[str] = []
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    await staff.get_by_role("combobox").last.fill("가상 회의실입니다.")
    await screen.sends(staff, "사진", photo())
    mine = staff.locator(".row.mine")
    await expect(mine.last).to_contain_text("가상 회의실입니다.")
    await expect(mine.last.get_by_role("img", name="사진")).to_have_js_property("naturalWidth", 640)
    await expect(staff.get_by_role("combobox").last).to_have_value("")

    await screen.sends(staff, "음성", voice())
    await expect(mine.last).to_contain_text("음성 0:02")
    player = mine.last.locator("audio")
    await expect(player).to_have_js_property("readyState", 4)
    assert await player.evaluate("player => Math.round(player.duration)") == 2

    await screen.sends(manager, "파일", {"name": "가상 일정표.xlsx", "mimeType": "", "buffer": bytes(20_000)})
    card = manager.get_by_role("link", name="가상 일정표.xlsx 내려받기")
    await expect(card).to_contain_text("20KB")
    async with page.expect_download() as saving:
        await card.click()
    saved = await saving.value
    assert saved.suggested_filename == "가상 일정표.xlsx"
    assert Path(await saved.path()).read_bytes() == bytes(20_000)
    assert problems == []


async def test_an_english_participant_opens_the_page_behind_the_code(screen: Screen) -> None:
    participant = screen.participant
    await screen.stage.driver.advance_to(at("22 09:40"))
    await expect(participant.get_by_role("link", name="웹 페이지로 열기")).to_be_hidden()
    await participant.get_by_label("참여자 텔레그램의 언어").select_option("English")
    await screen.writes(screen.staff, "/qr")
    await screen.staff.get_by_role("button", name="QR 코드").click()
    await expect(participant.locator(".keys").get_by_role("button").first).to_be_visible()
    async with screen.page.context.expect_page() as opening:
        await participant.get_by_role("link", name="웹 페이지로 열기").click()
    web = await opening.value
    await expect(web.locator("body")).to_contain_text("새만금 입주기업 현장 간담회")
