"""The participant's page over a real HTTP server, and a browser without scripts that fills in its forms.

async with page_open(database) as page:
    form = await page.opens(f"/m/{LUNCH.code}")
    receipt = await page.sends(form, speaker="youth", rating="4", agree="yes")
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser

import aiohttp

from bot.gateways.clock import SteppedClock
from bot.services.activity import Activity
from bot.services.codes import Codes
from bot.services.page_feedback import PageFeedback
from bot.services.unit import OpenUnit
from bot.web.participant import participant_page
from bot.web.site import build_site, serve_site
from prompts.messages import Messages
from storage.database import Database
from tests.support.chat import MESSAGES
from tests.support.feedback import NOON, TEXTS
from tests.support.plans import SEOUL

PAGE_FEEDBACK = PageFeedback(TEXTS, SEOUL)
CODES = Codes("hyeonjang_test_bot", "https://field.example")


@dataclass
class Shown(HTMLParser):
    """A page as it came: its words, its links, and the fields of its (first) form."""

    status: int = 0
    path: str = ""
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    links: list[str] = field(default_factory=list)
    action: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._area: str | None = None
        self._hidden = 0
        self.feed(self.html)
        self.text = " ".join(self.text.split())

    def __hash__(self) -> int:
        return id(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        name = given.get("name") or ""
        if tag == "a":
            self.links.append(given.get("href") or "")
        elif tag == "form" and self.action is None:
            self.action = given.get("action")
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""
        elif tag == "input" and (given.get("type") in ("hidden", "text") or "checked" in given):
            self.fields[name] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = None

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"
        if self._area is not None:
            self.fields[self._area] += data

    @property
    def secret(self) -> str:
        """The secret of the receipt that this page is."""
        return self.path.split("/")[3].partition("?")[0]


class Browser:
    """One person's browser. Redirects are followed, cookies would be kept (there are none)."""

    def __init__(self, session: aiohttp.ClientSession, url: str, clock: SteppedClock) -> None:
        self.session = session
        self.url = url
        self.clock = clock

    async def opens(self, path: str, *, method: str = "GET", **headers: str) -> Shown:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(method, self.url + path, headers=given) as response:
            return await self._shown(response)

    async def posts(
        self, path: str, data: Mapping[str, str] | bytes, *, follow: bool = True, **headers: str
    ) -> Shown:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(data, bytes):
            given.setdefault("Content-Type", "application/x-www-form-urlencoded")
        async with self.session.post(
            self.url + path, data=data, headers=given, allow_redirects=follow
        ) as response:
            return await self._shown(response)

    async def sends(self, form: Shown, **answers: str) -> Shown:
        """Fills in a form and presses its button."""
        assert form.action is not None, form.text
        return await self.posts(form.action, {**form.fields, **answers})

    async def _shown(self, response: aiohttp.ClientResponse) -> Shown:
        assert not response.cookies
        body = (await response.read()).decode("utf-8")
        html = body if response.content_type == "text/html" else ""
        return Shown(response.status, str(response.url.relative()), html, response.headers)


@asynccontextmanager
async def page_open(
    database: Database,
    *,
    now: datetime = NOON,
    messages: Messages = MESSAGES,
    open_unit: OpenUnit | None = None,
    codes: Codes = CODES,
    feedback: PageFeedback = PAGE_FEEDBACK,
) -> AsyncIterator[Browser]:
    """The page over the tour that is in the database, at `now`."""
    clock = SteppedClock(now)
    part = participant_page(feedback, codes, open_unit or database.open_unit, messages, clock, Activity())
    async with (
        serve_site(build_site(part), "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as session,
    ):
        yield Browser(session, f"http://127.0.0.1:{port}", clock)


WHOLE = {
    "speaker": "youth",
    "rating": "4",
    "topic": "jobs",
    "words": "통근버스가 더 필요합니다.",
    "agree": "yes",
}
"""Everything that a form asks, answered."""
