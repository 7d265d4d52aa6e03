"""The whole bot with its site: a participant's page is served beside the chat, over the same database."""

import aiohttp

from bot.app import Bot
from bot.gateways.clock import SteppedClock
from bot.outside import Outside
from bot.settings import Settings
from bot.web.site import serve_site
from storage.database import Database
from tests.support.chat import BOT
from tests.support.fake_messenger import FakeMessenger
from tests.support.feedback import LUNCH, NOON, notes_of, on_tour
from tests.support.page import WHOLE, Browser
from tests.support.updates_queue import QueuedUpdates


async def test_the_page_is_part_of_the_bots_site_and_leads_to_the_public_address(sqlite: Database) -> None:
    await on_tour(sqlite)
    clock = SteppedClock(NOON)
    settings = Settings(_env_file=None, public_url="https://field.example")
    outside = Outside(clock, FakeMessenger(clock), QueuedUpdates())
    async with (
        Bot(settings, sqlite, outside, BOT, pulse=False) as bot,
        serve_site(bot.site(), "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as session,
    ):
        assert bot.services.codes.link(LUNCH) == f"https://field.example/m/{LUNCH.code}"
        page = Browser(session, f"http://127.0.0.1:{port}", clock)
        receipt = await page.sends(await page.opens(f"/m/{LUNCH.code}"), **WHOLE)
        assert f"https://field.example/m/receipt/{receipt.secret}" in receipt.links
        assert not bot.activity.busy
    assert [one.note.words for one in await notes_of(sqlite)] == [WHOLE["words"]]
