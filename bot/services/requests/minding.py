"""Requests that are not forgotten: administrators are reminded by a tick over rows, and what is over is destroyed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.delivery import notice_key
from bot.domain.request import KEPT_AFTER, Answer, Request
from bot.domain.values import Value
from bot.services.ports import Clock
from bot.services.requests.records import DESTROYED, record, skeleton
from bot.services.requests.telling import about, admin_key, answer_key, answerers, tell_admins
from bot.services.unit import OpenUnit, Unit

LOST = "lost"
REMINDED_FROM = time(9)
"""Local time: a reminder of a duty of the office belongs in its hours."""
_AT_ONCE = 200


class Minding:
    """Takes the day's look at what waits. `zone` tells the day; `planned` is called when somebody is to be told."""

    def __init__(
        self, open_unit: OpenUnit, clock: Clock, zone: ZoneInfo, planned: Callable[[], None]
    ) -> None:
        self._open_unit = open_unit
        self._clock = clock
        self._zone = zone
        self._planned = planned

    async def run(self) -> None:
        """A tick's job."""
        now = self._clock.now()
        if now.astimezone(self._zone).time() < REMINDED_FROM:
            return
        today = now.astimezone(self._zone).date()
        async with self._open_unit(read_only=True) as unit:
            if not any(one.reachable for one in await answerers(unit)):
                return  # whoever comes back is told then
            due = any(one.wants_telling(today) for one in await unit.requests.waiting())
            lost = await _lost_answers(unit)
        if not due and not lost:
            return
        async with self._open_unit() as unit:
            await remind(unit, now=now, zone=self._zone)
            for request, answer in lost:
                await tell_admins(unit, request, LOST, {}, now, about=f"-{answer.value}")
            await unit.commit()
        self._planned()


async def _lost_answers(unit: Unit) -> list[tuple[Request, Answer]]:
    """Answers that did not reach their chat (the bot was blocked, for example), of which nobody was told yet.

    A request has two at most: a postponement, and the one that closed it. Older programs told of one for both.
    """
    found = await unit.deliveries.arrived_of(notice_key("request", ""))
    if all(found.values()):
        return []
    return [
        (request, answer)
        for request in await unit.requests.all()
        for answer in Answer
        if not found.get(f"{answer_key(request)}{answer.value}", True)
        and not any(
            key.startswith((admin_key(request, f"{LOST}-{answer.value}:"), admin_key(request, f"{LOST}:")))
            for key in found
        )
    ]


async def remind(unit: Unit, *, now: datetime, zone: ZoneInfo) -> int:
    """Tells administrators of what is due soon or over: each request once a day at most. How many requests.

    After a long stop, or a clock that jumped, what is said is what is true now; days that passed unsaid are not made up.
    """
    today = now.astimezone(zone).date()
    told: list[Request] = []
    wanting = [one for one in await unit.requests.untold(today) if one.wants_telling(today)]
    for request in wanting[:_AT_ONCE]:
        left = (request.due_on - today).days
        event = "overdue" if left < 0 else "last_day" if left == 0 else "again"
        values: dict[str, Value] = {"due": request.due_on}
        if event == "again":
            values["days"] = left
        await tell_admins(unit, replace(request, told_on=today), event, values, now)
        told.append(request)
    await unit.requests.told([one.id for one in told], today)
    return len(told)


async def forget_over(unit: Unit, today: date, *, now: datetime) -> int:
    """Destroys requests whose time is over, with every message about them. How many.

    What stays is a line of the audit for each: kind, days and result, no chat, no name, no word.
    """
    over = await unit.requests.over(today - KEPT_AFTER)
    for request in over:
        await unit.deliveries.forget_about(about(request))
        await record(unit, DESTROYED, request, skeleton(request), now=now)
    await unit.requests.destroy([one.number for one in over])
    return len(over)
