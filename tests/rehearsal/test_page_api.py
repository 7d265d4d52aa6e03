"""What the chat page asks of the server, and whom the server turns away."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from telegram import Bot, BotCommand, BotCommandScopeChat, InlineKeyboardButton, InlineKeyboardMarkup

from bot.rehearsal.page import Seat, add_page
from bot.rehearsal.server import create_app, serve
from bot.rehearsal.world import World
from tests.rehearsal.served import TOKEN, MovedClock

Answer = dict[str, Any]
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10"


@dataclass
class SteeredClock:
    """A clock that remembers what the page asked of it."""

    clock: MovedClock
    paused: bool = False
    speed: int = 1
    behind: float = 0.04
    notes: tuple[int, int] = (0, 0)
    asked: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        return self.clock.now()

    async def pause(self) -> None:
        self.paused = True

    async def resume(self) -> None:
        self.paused = False

    async def set_speed(self, speed: int) -> None:
        self.speed = speed

    async def next_event(self) -> str | None:
        self.clock.move(hours=2)
        return "저녁 브리핑"

    async def play_notes(self) -> int:
        return 130


@dataclass(frozen=True, slots=True)
class Page:
    """The page's server as a browser at this machine reaches it."""

    world: World
    clock: SteeredClock
    url: str
    seats: dict[Seat, int]
    browser: aiohttp.ClientSession

    async def post(self, action: str, /, **wish: object) -> Answer:
        async with self.browser.post(f"{self.url}/rehearsal/{action}", json=wish) as response:
            assert response.status == 200, await response.text()
            answer: Answer = await response.json()
            return answer

    async def refused(self, action: str, /, **wish: object) -> int:
        async with self.browser.post(f"{self.url}/rehearsal/{action}", json=wish) as response:
            return response.status

    async def state(self) -> Answer:
        async with self.browser.get(f"{self.url}/rehearsal/state") as response:
            answer: Answer = await response.json()
            return answer

    def texts(self, seat: Seat) -> list[str]:
        return [message.text for message in self.world.messages(self.seats[seat])]


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    clock = MovedClock()
    world, steered = World(clock.now), SteeredClock(clock)
    seats = {seat: world.add_user(f"연습생 {seat.value}").id for seat in Seat}
    world.start(seats[Seat.STAFF])
    app = create_app(world, TOKEN)
    add_page(app, world, steered, seats, timezone=ZoneInfo("Asia/Seoul"))
    async with serve(app) as url, aiohttp.ClientSession() as browser:
        yield Page(world, steered, url, seats, browser)


@pytest.fixture
async def bot(page: Page) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{page.url}/bot") as bot:
        yield bot


async def test_the_page_and_its_files_come_with_a_strict_policy(page: Page) -> None:
    for path in ("/", "/rehearsal/page/main.js", "/rehearsal/page/chat.css", "/rehearsal/page/icon.svg"):
        async with page.browser.get(page.url + path) as response:
            assert response.status == 200
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy


@pytest.mark.parametrize("name", ["..%2Fpage.py", "index.html", "missing.js", "%2Fetc%2Fpasswd"])
async def test_only_the_pages_own_files_are_served(page: Page, name: str) -> None:
    async with page.browser.get(f"{page.url}/rehearsal/page/{name}") as response:
        assert response.status == 404


async def test_each_phone_shows_its_own_chat_and_menu(page: Page, bot: Bot) -> None:
    staff = page.seats[Seat.STAFF]
    await bot.send_message(staff, "<b>다음</b> 일정", parse_mode="HTML", disable_notification=True)
    await bot.set_my_commands([BotCommand("next", "다음 일정")], scope=BotCommandScopeChat(staff))
    panes = (await page.state())["panes"]
    shown = panes["staff"]["messages"][-1]
    assert (shown["text"], shown["silent"], shown["edited"]) == ("다음 일정", True, False)
    assert shown["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert panes["staff"]["menu"] == [{"command": "next", "description": "다음 일정"}]
    assert panes["manager"]["messages"] == panes["manager"]["menu"] == []
    assert panes["manager"]["standing"] == "never"


async def test_the_clock_is_given_with_its_offset(page: Page) -> None:
    clock = (await page.state())["clock"]
    assert clock["now_ms"] == page.clock.now().timestamp() * 1000
    assert clock["offset_minutes"] == 540


async def test_saying_and_starting_reach_the_bot(page: Page) -> None:
    await page.post("say", seat="staff", text="/next")
    await page.post("start", seat="manager")
    assert page.texts(Seat.STAFF)[-1] == "/next"
    assert page.texts(Seat.MANAGER) == ["/start"]
    assert page.world.pending_updates == 3


async def test_a_press_is_named_and_its_answer_shown(page: Page, bot: Bot) -> None:
    staff = page.seats[Seat.STAFF]
    keyboard = InlineKeyboardMarkup.from_button(InlineKeyboardButton("20분 늦음", callback_data="late"))
    sent = await bot.send_message(staff, "?", reply_markup=keyboard)
    press = (await page.post("press", seat="staff", message_id=sent.message_id, data="late"))["press"]
    await bot.answer_callback_query(press, "알렸습니다", show_alert=True)
    assert (await page.state())["panes"]["staff"]["answers"] == [
        {"press": press, "text": "알렸습니다", "alert": True}
    ]
    assert await page.refused("press", seat="staff", message_id=sent.message_id, data="other") == 409


async def test_a_meetings_link_opens_on_the_participants_phone(page: Page) -> None:
    link = f"https://t.me/{page.world.bot.username}?start="
    assert (await page.post("open", seat="staff", url=f"{link}m_AB12"))["opened"] == "participant"
    assert page.texts(Seat.PARTICIPANT) == ["/start m_AB12"]
    assert (await page.post("open", seat="manager", url=f"{link}i_SECRET"))["opened"] == "manager"
    assert page.texts(Seat.MANAGER) == ["/start i_SECRET"]
    assert await page.refused("open", seat="staff", url="https://t.me/another_bot?start=m_AB12") == 409
    assert await page.refused("open", seat="staff", url="https://example.org/?start=m_AB12") == 409


async def test_a_qr_photo_is_scanned_by_the_participant(page: Page, bot: Bot) -> None:
    caption = f"현장 간담회 👍\nhttps://t.me/{page.world.bot.username}?start=m_AB12"
    photo = await bot.send_photo(page.seats[Seat.STAFF], PNG, caption=caption)
    state = await page.post("scan", seat="staff", message_id=photo.message_id)
    assert page.texts(Seat.PARTICIPANT) == ["/start m_AB12"]
    assert state["codes"] == [{"payload": "m_AB12", "label": "현장 간담회 👍", "page": None}]
    address = state["panes"]["staff"]["messages"][-1]["attachment"]["address"]
    async with page.browser.get(page.url + address) as response:
        assert response.content_type == "image/png"
        assert await response.read() == PNG
    assert await page.refused("scan", seat="staff", message_id=1) == 409


async def test_a_new_participant_has_an_empty_chat_and_can_scan_a_code(page: Page) -> None:
    await page.post("scan", payload="m_AB12")
    before = (await page.state())["panes"]["participant"]
    fresh = (await page.post("new-participant", seat="participant"))["panes"]["participant"]
    assert fresh["user"]["id"] != before["user"]["id"]
    assert (fresh["messages"], fresh["standing"]) == ([], "never")
    after = (await page.post("scan", payload="m_AB12"))["panes"]["participant"]
    assert [message["text"] for message in after["messages"]] == ["/start m_AB12"]


async def test_the_clock_is_steered(page: Page) -> None:
    assert (await page.post("clock", action="pause"))["clock"]["paused"] is True
    assert (await page.post("clock", action="resume"))["clock"]["paused"] is False
    assert (await page.post("clock", action="speed", speed=60))["clock"]["speed"] == 60
    assert (await page.post("clock", action="next"))["event"] == "저녁 브리핑"
    assert (await page.post("clock", action="notes"))["notes"] == 130
    assert (await page.post("clock", action="speed", speed=7))["clock"]["speed"] == 7
    assert [await page.refused("clock", action="speed", speed=speed) for speed in (0, 61, "9")] == [400] * 3
    assert await page.refused("clock", action="stop") == 400


async def test_events_answer_at_once_when_the_page_is_behind(page: Page) -> None:
    revision = (await page.state())["revision"]
    await page.post("say", seat="staff", text="네")
    async with page.browser.get(f"{page.url}/rehearsal/events?after={revision}") as response:
        assert (await response.json())["revision"] > revision


@pytest.mark.parametrize(
    "host", ["rebinding.example", "rebinding.example:8080", "10.0.0.7", "127.0.0.1.example"]
)
async def test_another_host_name_is_turned_away(page: Page, host: str) -> None:
    for path in ("/", "/rehearsal/state", f"/bot{TOKEN}/getMe"):
        async with page.browser.get(page.url + path, headers={"Host": host}) as response:
            assert response.status == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
async def test_this_machines_own_names_are_served(page: Page, host: str) -> None:
    async with page.browser.get(page.url + "/", headers={"Host": f"{host}:8080"}) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
async def test_another_sites_page_cannot_act_here(page: Page, headers: dict[str, str]) -> None:
    wish = {"seat": "staff", "text": "/late"}
    async with page.browser.post(f"{page.url}/rehearsal/say", json=wish, headers=headers) as response:
        assert response.status == 403
    assert "/late" not in page.texts(Seat.STAFF)


async def test_a_page_of_ours_that_names_no_referrer_may_act(page: Page) -> None:
    """Its forms come with `Origin: null`; the browser itself says where they come from."""
    wish, headers = {"seat": "staff", "text": "/late"}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    async with page.browser.post(f"{page.url}/rehearsal/say", json=wish, headers=headers) as response:
        assert response.status == 200


async def test_the_pages_own_origin_may_act_but_no_form_can(page: Page) -> None:
    wish, address = {"seat": "staff", "text": "/late"}, f"{page.url}/rehearsal/say"
    async with page.browser.post(address, json=wish, headers={"Origin": page.url}) as response:
        assert response.status == 200
    async with page.browser.post(address, data=wish) as response:
        assert response.status == 415


@pytest.mark.parametrize(
    "wish", [{}, {"seat": "minister", "text": "가"}, {"seat": "staff"}, {"seat": 3, "text": "가"}]
)
async def test_a_broken_wish_is_refused(page: Page, wish: dict[str, object]) -> None:
    assert await page.refused("say", **wish) == 400


async def attached(page: Page, seat: str, kind: str, data: bytes, **wish: str) -> int:
    """The status of sending a file from a phone."""
    address = f"{page.url}/rehearsal/attach"
    query = {"seat": seat, "as": kind, "name": "표.csv", "caption": ""} | wish
    headers = {"Content-Type": "application/octet-stream"}
    async with page.browser.post(address, params=query, data=data, headers=headers) as response:
        return response.status


async def test_files_photos_and_voices_are_sent_from_a_phone(page: Page) -> None:
    assert await attached(page, "staff", "document", b"a,b", name="가상 일정표.xlsx", caption="초안") == 200
    assert await attached(page, "participant", "voice", b"OggS" + bytes(9000)) == 200
    assert await attached(page, "manager", "photo", PNG) == 200
    panes = (await page.state())["panes"]
    shown = {seat: pane["messages"][-1]["attachment"] for seat, pane in panes.items()}
    assert panes["staff"]["messages"][-1]["text"] == "초안"
    assert (shown["staff"]["name"], shown["staff"]["size"]) == ("가상 일정표.xlsx", 3)
    assert (shown["participant"]["media"], shown["participant"]["seconds"]) == ("voice", 3)
    assert (shown["manager"]["media"], shown["manager"]["width"]) == ("photo", 16)


@pytest.mark.parametrize(
    ("seat", "kind", "data", "status"),
    [
        ("nobody", "photo", PNG, 400),
        ("staff", "sticker", PNG, 400),
        ("staff", "document", b"", 400),
    ],
)
async def test_what_no_phone_could_send_is_refused(
    page: Page, seat: str, kind: str, data: bytes, status: int
) -> None:
    assert await attached(page, seat, kind, data) == status


async def test_a_form_cannot_send_a_file(page: Page) -> None:
    query = {"seat": "staff", "as": "document", "name": "a", "caption": ""}
    address = f"{page.url}/rehearsal/attach"
    async with page.browser.post(address, params=query, data={"file": "x"}) as response:
        assert response.status == 415


async def test_a_file_is_only_offered_and_keeps_its_name(page: Page) -> None:
    stored = page.world.send_document(page.seats[Seat.STAFF], b"<script>", name="가상.html").attachment
    assert stored is not None
    async with page.browser.get(f"{page.url}/rehearsal/files/{stored.file.id}") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%EA")
        assert await response.read() == b"<script>"


@pytest.mark.parametrize(
    ("wanted", "status", "given"),
    [
        (None, 200, b"OggS456789"),
        ("bytes=0-", 206, b"OggS456789"),
        ("bytes=4-6", 206, b"456"),
        ("bytes=-2", 206, b"89"),
        ("bytes=8-99", 206, b"89"),
        ("bytes=10-", 416, None),
        ("bytes=x-y", 416, None),
    ],
)
async def test_a_player_may_ask_for_a_stretch_of_a_sound(
    page: Page, wanted: str | None, status: int, given: bytes | None
) -> None:
    stored = page.world.send_voice(page.seats[Seat.STAFF], b"OggS456789", seconds=1).attachment
    assert stored is not None
    headers = {} if wanted is None else {"Range": wanted}
    async with page.browser.get(f"{page.url}/rehearsal/files/{stored.file.id}", headers=headers) as response:
        assert response.status == status
        if given is not None:
            assert response.content_type == "audio/ogg"
            assert await response.read() == given


async def test_a_participant_may_speak_english_and_so_does_the_next(page: Page) -> None:
    await page.post("language", seat="participant", language="en")
    await page.post("say", seat="participant", text="hello")
    update = page.world.updates.first_of(page.seats[Seat.PARTICIPANT])
    assert update is not None
    assert update.json()["message"]["from"]["language_code"] == "en"  # type: ignore[index]
    state = await page.post("new-participant")
    assert state["panes"]["participant"]["user"]["language"] == "en"
    assert await page.refused("language", seat="participant", language="xx") == 400


async def test_a_code_that_leads_to_a_page_names_it(page: Page) -> None:
    staff = page.seats[Seat.STAFF]
    async with Bot(TOKEN, base_url=f"{page.url}/bot") as bot:
        await bot.send_photo(staff, PNG, caption="간담회\nhttps://field.example.kr/m/AB12")
    state = await page.post("scan", seat="staff", message_id=page.world.last_id(staff))
    assert state["codes"] == [
        {"payload": "m_AB12", "label": "간담회", "page": "https://field.example.kr/m/AB12"}
    ]
    assert page.texts(Seat.PARTICIPANT) == ["/start m_AB12"]
