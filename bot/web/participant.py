"""The participant's plain page: `/m/CODE` and the receipt behind it. HTML; no script, no cookie, nothing written by opening it.

There is no session, so a form from elsewhere has nobody's rights to borrow: a new note needs none, and a receipt's right
is in its address. A token would protect nothing, since anybody can fetch one. What a forged form could do is send notes
from visitors' browsers: one that a browser says another site sent is shown first, to be sent by a press of one's own.
"""

from collections.abc import Collection
from enum import StrEnum

from aiohttp import hdrs, web

from bot.domain.errors import Refusal
from bot.domain.feedback import AlreadyWithdrawn
from bot.domain.ids import Secret
from bot.domain.networks import LOOPBACK, Network
from bot.services.activity import Activity
from bot.services.codes import Codes
from bot.services.joining import Early
from bot.services.note_keeping import require_open
from bot.services.page_answers import Field, Incomplete, Problem
from bot.services.page_feedback import PageFeedback, Place
from bot.services.ports import Clock
from bot.services.unit import OpenUnit, Unit
from bot.web import participant_view as view
from bot.web.participant_forms import Sent, blank_form, comes_from_elsewhere, filled_form
from bot.web.participant_visits import ICON, STYLE, Visit, Visits, static
from bot.web.site import Part
from prompts.messages import Messages

_CODE = r"/m/{code:[A-Za-z0-9_-]{1,64}}"
_RECEIPT = r"/m/receipt/{secret:[A-Za-z0-9_-]{22}}"
_SEND = "/send"
_OPEN_AGAIN = "private, no-cache"
"""For a form of a new note: going back shows the same form with its secret (browsers keep it for that), so that sending
it again changes the same note."""


class Mode(StrEnum):
    """What a form is for."""

    LEAVE = "leave"
    CHANGE = "change"
    ANOTHER = "another"


_HEADING = {Mode.LEAVE: "page.heading", Mode.CHANGE: "page.change", Mode.ANOTHER: "page.another"}
_BUTTON = {Mode.LEAVE: "page.send", Mode.CHANGE: "page.send_change", Mode.ANOTHER: "page.send"}


class ParticipantPage:
    """The handlers; see `participant_page`."""

    def __init__(
        self, feedback: PageFeedback, codes: Codes, open_unit: OpenUnit, visits: Visits, activity: Activity
    ) -> None:
        self._feedback = feedback
        self._codes = codes
        self._open_unit = open_unit
        self._visits = visits
        self._activity = activity

    def routes(self) -> Part:
        opening, sending = self._visits.opening, self._visits.sending
        return [
            web.get(f"/m/{STYLE.name}", static),
            web.get(f"/m/{ICON.name}", static),
            web.get(_RECEIPT, opening(self.receipt)),
            *self._form_routes(f"{_RECEIPT}/change", Mode.CHANGE),
            *self._form_routes(f"{_RECEIPT}/another", Mode.ANOTHER),
            web.get(f"{_RECEIPT}/withdraw", opening(self.ask_withdraw)),
            web.post(f"{_RECEIPT}/withdraw", sending(self.withdraw)),
            web.post(f"{_RECEIPT}/forget-name", sending(self.forget_name)),
            *self._form_routes(_CODE, Mode.LEAVE),
            web.route(hdrs.METH_ANY, "/m{rest:(?:/.*)?}", opening(self.nothing_here)),
        ]

    def _form_routes(self, path: str, mode: Mode) -> Part:
        """A form is sent to an address of its own: sending to the form's would drop it from the browser's cache."""
        opening, sending = self._visits.opening, self._visits.sending
        return [
            web.get(path, opening(lambda visit: self._form(visit, mode))),
            web.get(f"{path}{_SEND}", opening(_to_form)),
            web.post(f"{path}{_SEND}", sending(lambda visit: self._send(visit, mode))),
        ]

    async def receipt(self, visit: Visit) -> web.Response:
        """The note as it stands, with its author's power over it."""
        async with self._open_unit(read_only=True) as unit:
            receipt = await self._feedback.receipt(unit, _secret(visit), now=visit.now)
        context = view.receipt_of(
            receipt.told_in(visit.language), visit.request.query.get("done", ""), visit.say
        )
        context["address"] = self._codes.address(visit.here) + visit.query
        context["shown_address"] = ("" if self._codes.has_page else visit.host) + context["address"]
        return self._visits.show(visit, "receipt.html", context)

    async def ask_withdraw(self, visit: Visit) -> web.Response:
        """Asked once more, because it cannot be undone."""
        async with self._open_unit(read_only=True) as unit:
            receipt = await self._feedback.receipt(unit, _secret(visit), now=visit.now)
        if receipt.note.withdrawn:
            return visit.goes_to(_receipt(_secret(visit)))
        context = {
            "heading": visit.say("page.withdraw"),
            "meeting": receipt.place.meeting,
            "words": receipt.note.words,
            "back": _receipt(_secret(visit)) + visit.query,
        }
        return self._visits.show(visit, "withdraw.html", context)

    async def withdraw(self, visit: Visit) -> web.Response:
        async with self._activity.working(), self._open_unit() as unit:
            await self._feedback.withdraw(unit, _secret(visit), now=visit.now)
            await unit.commit()
        return visit.goes_to(_receipt(_secret(visit)))

    async def forget_name(self, visit: Visit) -> web.Response:
        async with self._activity.working(), self._open_unit() as unit:
            await self._feedback.forget_name(unit, _secret(visit), now=visit.now)
            await unit.commit()
        return visit.goes_to(_receipt(_secret(visit)), "unnamed")

    async def nothing_here(self, visit: Visit) -> web.Response:
        """No page of ours, or nothing that can be done at one."""
        if visit.request.method in (hdrs.METH_GET, hdrs.METH_HEAD):
            return self._visits.message(
                visit, visit.say("page.not_there"), visit.say("page.no_page"), status=404
            )
        response = self._visits.message(
            visit, visit.say("page.not_here"), visit.say("page.not_here_text"), status=405
        )
        response.headers[hdrs.ALLOW] = "GET, HEAD, POST"
        return response

    async def _form(
        self, visit: Visit, mode: Mode, sent: Sent | None = None, problems: tuple[Problem, ...] = ()
    ) -> web.Response:
        """A form: empty, as its note is, or as it was just sent (then with what stands in the way)."""
        async with self._open_unit(read_only=True) as unit:
            where = await self._where(unit, visit, mode)
        if isinstance(where, Early):
            return self._early(visit, where)
        place, begun, asks = where
        if begun is None:
            return visit.goes_to(_receipt(_secret(visit)))
        context = view.form_of(
            place.told_in(visit.language), begun if sent is None else sent, problems, visit.say
        )
        context |= self._around(visit, mode, place, asks=asks)
        response = self._visits.show(visit, "form.html", context, status=422 if problems else 200)
        if mode is not Mode.CHANGE:
            response.headers[hdrs.CACHE_CONTROL] = _OPEN_AGAIN
        return response

    async def _where(self, unit: Unit, visit: Visit, mode: Mode) -> tuple[Place, Sent | None, bool] | Early:
        """What a form is about, what stands in it at first (None: its note was withdrawn), and whether it asks consent."""
        if mode is Mode.LEAVE:
            where = await self._feedback.open(unit, visit.request.match_info["code"], now=visit.now)
            return where if isinstance(where, Early) else (where, blank_form(), True)
        receipt = await self._feedback.receipt(unit, _secret(visit), now=visit.now)
        if mode is Mode.CHANGE:
            filled = None if receipt.note.withdrawn else filled_form(receipt.note, receipt.voice)
            return receipt.place, filled, False
        require_open(receipt.place.meeting, visit.now)
        return receipt.place, blank_form().spoken_by(receipt.voice), receipt.asks_consent

    def _around(self, visit: Visit, mode: Mode, place: Place, *, asks: bool) -> view.Context:
        leaves = mode is Mode.LEAVE
        version, text = self._feedback.notice(now=visit.now, language=visit.language)
        return {
            "heading": visit.say(_HEADING[mode]),
            "action": visit.here.removesuffix(_SEND) + _SEND,
            "send": visit.say(_BUTTON[mode]),
            "explains": leaves,
            "asks_consent": asks,
            "notice": view.notice_shown(version, text),
            "telegram": self._codes.telegram_link(place.meeting) if leaves else None,
            "back": None if leaves else _receipt(_secret(visit)) + visit.query,
        }

    def _early(self, visit: Visit, early: Early) -> web.Response:
        meeting = early.meeting
        text = visit.say("page.early_text", title=meeting.title, start=meeting.start, opens=early.opens)
        context = {
            "heading": visit.say("page.early"),
            "text": text,
            "hint": visit.say("page.telegram_remind"),
            "link": self._codes.telegram_link(meeting),
            "label": visit.say("page.telegram_open"),
            "words": visit.sent["words"],
        }
        return self._visits.show(visit, "message.html", context)

    async def _send(self, visit: Visit, mode: Mode) -> web.Response:
        """A form was sent: kept and shown as a receipt, or shown again with everything that was typed."""
        sent = visit.sent
        secret = _secret(visit) if mode is Mode.CHANGE else sent.secret
        if secret is None or comes_from_elsewhere(visit.request):
            heading, text = visit.say("page.elsewhere"), visit.say("page.elsewhere_sent")
            return self._visits.again(visit, heading, text, status=403, renewed=True)
        if sent.garbled:
            problem = Problem(Field.WORDS, Refusal("page.garbled"))
            return await self._form(visit, mode, sent, (problem,))
        try:
            async with self._activity.working(), self._open_unit() as unit:
                await self._keep(unit, visit, mode, secret)
                await unit.commit()
        except Incomplete as refused:
            return await self._form(visit, mode, sent, refused.problems)
        except AlreadyWithdrawn:
            return visit.goes_to(_receipt(secret))
        return visit.goes_to(_receipt(secret), "changed" if mode is Mode.CHANGE else "left")

    async def _keep(self, unit: Unit, visit: Visit, mode: Mode, secret: Secret) -> None:
        answers, agreed, now = visit.sent.answers(), visit.sent.agreed, visit.now
        match mode:
            case Mode.LEAVE:
                code = visit.request.match_info["code"]
                await self._feedback.leave(unit, code, secret, answers, agreed, now=now)
            case Mode.CHANGE:
                await self._feedback.change(unit, secret, answers, now=now)
            case Mode.ANOTHER:
                await self._feedback.another(unit, _secret(visit), secret, answers, agreed, now=now)


def participant_page(
    feedback: PageFeedback,
    codes: Codes,
    open_unit: OpenUnit,
    messages: Messages,
    clock: Clock,
    activity: Activity,
    proxies: Collection[Network] = LOOPBACK,
) -> Part:
    """The routes under `/m/`, for a site or for the rehearsal."""
    return ParticipantPage(feedback, codes, open_unit, Visits(messages, clock, proxies), activity).routes()


async def _to_form(visit: Visit) -> web.Response:
    """Somebody opened the address that forms are sent to."""
    return visit.goes_to(visit.here.removesuffix(_SEND))


def _secret(visit: Visit) -> Secret:
    """The one in a receipt's address."""
    return Secret(visit.request.match_info["secret"])


def _receipt(secret: Secret) -> str:
    return f"/m/receipt/{secret}"
