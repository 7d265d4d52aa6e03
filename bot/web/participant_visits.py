"""One request of the participant's page: whether it may come in, in which language, and every way in which it can fail.

Whatever goes wrong, what was typed is shown again with a button, and a person reads a sentence. Nothing is logged of a
visit that went well; of one that failed the type of the error and where it was, never the address or the page.
"""

import asyncio
import hashlib
import re
import uuid
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from aiohttp import hdrs, web

from bot.domain.errors import Refusal
from bot.domain.ids import new_secret
from bot.domain.languages import ENGLISH, KOREAN
from bot.domain.networks import LOOPBACK, Network
from bot.services.ports import Clock
from bot.web import participant_view as view
from bot.web.addresses import address_of
from bot.web.pages import STATIC, Pages, Say
from bot.web.participant_forms import Sent, language_of, read_form
from bot.web.rate import Gate
from prompts.messages import Messages

log = structlog.get_logger(__name__)

STYLE, ICON = STATIC / "participant.css", STATIC / "participant.svg"
RESTS = 10
"""Seconds after which to try again what failed."""
_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?", re.ASCII)
_OTHER = {KOREAN: ENGLISH, ENGLISH: KOREAN}
_EMPTY = Sent({})


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that came in. `sent` is what a form said; empty for a page that was only opened."""

    request: web.Request
    language: str
    chosen: str
    now: datetime
    say: Say
    sent: Sent = field(default=_EMPTY)

    @property
    def here(self) -> str:
        return self.request.path

    @property
    def host(self) -> str:
        """Where the browser says that it is, to be read by the person in front of it and used for nothing."""
        return self.request.host if _HOST.fullmatch(self.request.host) else ""

    @property
    def query(self) -> str:
        """What keeps the language that was chosen."""
        return f"?lang={self.chosen}" if self.chosen else ""

    def goes_to(self, path: str, done: str = "") -> web.Response:
        """On to a page that may be reloaded (303)."""
        told = "&".join(
            part for part in (self.query.removeprefix("?"), f"done={done}" if done else "") if part
        )
        where = f"{path}?{told}" if told else path
        return web.Response(status=303, headers={hdrs.LOCATION: where})


Work = Callable[[Visit], Awaitable[web.Response]]


class Visits:
    """Lets requests in and shows what became of them. `proxies` are believed about whom they speak for."""

    def __init__(self, messages: Messages, clock: Clock, proxies: Collection[Network] = LOOPBACK) -> None:
        self._proxies = proxies
        self._pages = Pages(messages)
        self._clock = clock
        self._gate = Gate(clock.monotonic, _later)
        self.style, self.icon = _versioned(STYLE.name), _versioned(ICON.name)

    def opening(self, work: Work) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A handler of a page that is opened."""
        return self._handler(work, sends=False)

    def sending(self, work: Work) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A handler of a form that is sent."""
        return self._handler(work, sends=True)

    def show(self, visit: Visit, template: str, context: view.Context, *, status: int = 200) -> web.Response:
        """The page; its switch leads to the same page in the other language, unless a form would be lost by it."""
        other = _OTHER[visit.language]
        can_switch = other in self._pages.languages and visit.request.method in (
            hdrs.METH_GET,
            hdrs.METH_HEAD,
        )
        shared: view.Context = {
            "style": self.style,
            "icon": self.icon,
            "other": other if can_switch else None,
            "here": visit.here,
            "query": visit.query,
            "chosen": visit.chosen,
        }
        text = self._pages.render(
            f"participant/{template}", {**shared, **context}, language=visit.language, now=visit.now
        )
        headers = {"X-Robots-Tag": "noindex, nofollow", hdrs.CONTENT_LANGUAGE: visit.language}
        return web.Response(
            text=text, status=status, content_type="text/html", charset="utf-8", headers=headers
        )

    def message(self, visit: Visit, heading: str, text: str, *, status: int = 200) -> web.Response:
        """A sentence on a page of its own, with what was typed if anything was."""
        context = {"heading": heading, "text": text, "hint": None, "link": None, "words": visit.sent["words"]}
        return self.show(visit, "message.html", context, status=status)

    def again(
        self, visit: Visit, heading: str, text: str, *, status: int, renewed: bool = False
    ) -> web.Response:
        """What was sent, to be sent again by a button. `renewed`: under a secret of our own making."""
        sent = visit.sent.under(new_secret()) if renewed else visit.sent
        context = {
            "heading": heading,
            "text": text,
            "hidden": view.hidden_fields(sent),
            "with_words": "words" in sent.fields,
            "words": sent["words"],
        }
        return self.show(visit, "again.html", context, status=status)

    def _handler(self, work: Work, *, sends: bool) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            visit = self._visit(request, None)
            forwarded = ",".join(request.headers.getall(hdrs.X_FORWARDED_FOR, ()))
            address = address_of(request.remote, forwarded, self._proxies)
            wait = self._gate.admit(address, sends=sends)
            try:
                visit = self._visit(request, await read_form(request) if sends else None)
                return self._busy(visit, wait) if wait else await work(visit)
            except Refusal as refusal:
                return self._refused(visit, refusal, address)
            except web.HTTPException:
                raise
            except Exception as error:  # noqa: BLE001 (whatever it is: what was typed must not be lost)
                return self._failed(visit, error)

        return handle

    def _visit(self, request: web.Request, sent: Sent | None) -> Visit:
        now = self._clock.now()
        chosen = request.query.get("lang", "") or ("" if sent is None else sent["lang"])
        language = self._pages.language_for(language_of(request, sent))
        return Visit(
            request,
            language,
            chosen if chosen in _OTHER else "",
            now,
            self._pages.say(language, now),
            _EMPTY if sent is None else sent,
        )

    def _busy(self, visit: Visit, wait: int) -> web.Response:
        heading = visit.say("page.wait")
        if visit.sent.fields:
            text = visit.say("page.busy_sent", seconds=wait)
            response = self.again(visit, heading, text, status=429)
        else:
            text = visit.say("page.busy", seconds=wait)
            response = self.message(visit, heading, text, status=429)
        response.headers[hdrs.RETRY_AFTER] = str(wait)
        return response

    def _refused(self, visit: Visit, refusal: Refusal, address: str) -> web.Response:
        status, context = view.refused(refusal, visit.say)
        if status == web.HTTPNotFound.status_code:
            self._gate.charge_unknown(address)
        if visit.request.method == hdrs.METH_POST and status == web.HTTPOk.status_code:
            status = web.HTTPConflict.status_code
        return self.message(visit, context["heading"], context["text"], status=status)

    def _failed(self, visit: Visit, error: Exception) -> web.Response:
        reference = uuid.uuid4().hex[:8]
        log.error("page failed", reference=reference, failure=type(error).__name__, exc_info=error)
        heading = visit.say("page.failed")
        if visit.sent.fields:
            text = visit.say("page.failed_sent", reference=reference)
            response = self.again(visit, heading, text, status=503)
        else:
            text = visit.say("page.failed_text", reference=reference)
            response = self.message(visit, heading, text, status=503)
        response.headers[hdrs.RETRY_AFTER] = str(RESTS)
        return response


async def static(request: web.Request) -> web.Response:
    """The style or the icon; its address changes with its content, so it may be kept."""
    file, kind = (STYLE, "text/css") if request.path.endswith(STYLE.name) else (ICON, "image/svg+xml")
    headers = {hdrs.CACHE_CONTROL: "public, max-age=31536000, immutable"}
    return web.Response(text=file.read_text("utf-8"), content_type=kind, headers=headers)


def _later(seconds: float, call: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(seconds, call)


def _versioned(name: str) -> str:
    """The address of a static file, another one whenever its content is: browsers may keep it."""
    content = (STATIC / name).read_bytes()
    return f"/m/{name}?{hashlib.sha256(content).hexdigest()[:12]}"
