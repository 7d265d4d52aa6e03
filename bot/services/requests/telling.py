"""Who is told what about a request. Everything said is a delivery under a key of the request's id."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.delivery import Button, DeliveryKind, Draft, Keyboard, Need, notice_key
from bot.domain.feedback import REISSUE_EVERY, reissue_due
from bot.domain.ids import Region
from bot.domain.person import Action, Person, Role
from bot.domain.request import KEPT_AFTER, Answer, Request, RequestKind
from bot.domain.values import Phrase, Value
from bot.services.saying import Recipient, plan
from bot.services.unit import Unit

_EVERYWHERE = Region("")
"""The region of a need that only a grant for all regions covers."""


def kind_phrase(kind: RequestKind) -> Phrase:
    return Phrase(f"requests.kind_{kind.value}")


def values_of(request: Request) -> dict[str, Value]:
    """Its number and kind."""
    return {"number": request.number, "kind": kind_phrase(request.kind)}


async def answerers(unit: Unit) -> Sequence[Person]:
    """Who answers: administrators of all regions; where there is none, every administrator.

    Whoever asks may have been anywhere, and may speak of any region.
    """
    admins = await unit.people.with_role(Role.ADMIN)
    wide = [one for one in admins if one.may(Action.ANSWER_REQUESTS, None)]
    return wide or admins


async def tell_admins(
    unit: Unit,
    request: Request,
    event: str,
    values: dict[str, Value],
    now: datetime,
    *,
    by_asker: bool = False,
    about: str = "",
) -> None:
    """Plans `requests.told_<event>` to whom messages reach, once a day and event; with `about`, and thing that it is about.

    `by_asker`: what somebody just pressed. It is planned as of the half hour and sent on the next one: its row outlives
    the fifteen minutes and names the request, whose row names the chat.
    """
    due = reissue_due(now) if by_asker else now
    planned = due - REISSUE_EVERY if by_asker else now
    opening: Keyboard = ((Button("requests.open_button", data=f"ra:s:{request.id}"),),)
    for admin in await answerers(unit):
        if not admin.reachable:
            continue
        draft = Draft(
            f"requests.told_{event}",
            {**values_of(request), **values},
            opening if request.is_open else (),
            needs=_needs(admin),
        )
        key = admin_key(request, f"{event}{about}:{request.told_on.isoformat()}:{admin.id}")
        to = Recipient(admin.chat, admin.language, admin.id)
        await plan(unit, DeliveryKind.NOTICE, key, to, draft, now=planned, due=due)


def admin_key(request: Request, rest: str = "") -> str:
    """The key of what administrators are told, or with an empty `rest` its beginning."""
    return notice_key("request", f"{request.id}:admin:{rest}")


def answer_key(request: Request) -> str:
    """How the keys of answers begin."""
    return f"{about(request)}answer:"


def about(request: Request) -> str:
    """How the keys of everything that was said about a request begin."""
    return notice_key("request", f"{request.id}:")


async def tell_asker(unit: Unit, request: Request, answer: Answer, *, paused: bool, now: datetime) -> bool:
    """The answer, to the chat that asked. False for a request without one.

    It belongs to no person on file, so that it still goes when the asker's roles end; and it is not private, so that
    it waits for a messenger that is away longer than fifteen minutes. Its row goes with the request.
    """
    if request.chat is None:
        return False
    said = "requests.line_reason" if answer is Answer.POSTPONED else "requests.line_answer"
    lines = [Phrase(said, {"words": request.answer}) if request.answer else Phrase("requests.line_no_answer")]
    if paused:
        lines.append(Phrase("requests.line_paused"))
    values: dict[str, Value] = {**values_of(request), "lines": tuple(lines)}
    if answer is Answer.POSTPONED:
        values["due"] = request.due_on
    else:
        values["until"] = kept_until(request)
    key = f"{answer_key(request)}{answer.value}"
    to = Recipient(request.chat, request.language)
    draft = Draft(f"requests.answer_{answer.value}", values)
    return await plan(unit, DeliveryKind.NOTICE, key, to, draft, now=now)


def kept_until(request: Request) -> date:
    """The last day on which a request that was answered is on file."""
    return (request.closed_on or request.due_on) + KEPT_AFTER


def _needs(admin: Person) -> tuple[Need, ...]:
    """The rights by which this administrator is one who answers, as they stand when the message leaves."""
    regions = {grant.region or _EVERYWHERE for grant in admin.grants if grant.role is Role.ADMIN}
    return tuple(Need(Action.ANSWER_REQUESTS, region) for region in sorted(regions))
