"""Change notices: everybody concerned is told once what changed, old → new, whether or not a reminder had gone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.delivery import DeliveryKind, Draft, Need, change_key
from bot.domain.ids import ChatId, MeetingId, Region
from bot.domain.meeting import Meeting
from bot.domain.person import Action, Person
from bot.domain.tour import Tour
from bot.domain.values import Phrase
from bot.services.audience import Listener, schedule_listeners
from bot.services.fitting import fitting
from bot.services.saying import Planned, Recipient, plan_all
from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class Altered:
    """A meeting before and after a change; `before` None: it is new."""

    before: Meeting | None
    after: Meeting
    worth_telling: bool = True

    def concerns(self, now: datetime) -> bool:
        """Whether somebody may still act on it: before or after, it is not over yet."""
        ends = [m.end for m in (self.before, self.after) if m is not None and not m.cancelled]
        return self.worth_telling and any(now < end for end in ends)


def lines_of(altered: Altered) -> tuple[Phrase, ...]:
    """What people are told of one change, old → new; empty when nothing changed that they plan by."""
    before, after = altered.before, altered.after
    title = after.title
    if before is None or (before.cancelled and not after.cancelled):
        key = "change.added" if before is None else "change.restored"
        return (Phrase(key, {"title": title, "start": after.start, "venue": after.plan.venue}),)
    if after.cancelled:
        return (Phrase("change.cancelled", {"title": title, "start": before.start}),)
    lines: list[Phrase] = []
    if before.title != title:
        lines.append(Phrase("change.title", {"old": before.title, "new": title}))
    if before.start != after.start:
        same_day = before.day == after.day
        key = "change.start" if same_day else "change.day"
        lines.append(Phrase(key, {"title": title, "old": before.start, "new": after.start}))
    if before.end not in (after.end, after.end - (after.start - before.start)):  # not merely moved along
        lines.append(Phrase("change.end", {"title": title, "old": before.end, "new": after.end}))
    if (before.plan.venue, before.plan.address) != (after.plan.venue, after.plan.address):
        lines.append(Phrase("change.place", {"title": title, "old": _place(before), "new": _place(after)}))
    if before.plan.host != after.plan.host and after.plan.host:
        lines.append(Phrase("change.host", {"title": title, "new": after.plan.host}))
    return tuple(lines)


def _place(meeting: Meeting) -> str:
    return ", ".join(part for part in (meeting.plan.venue, meeting.plan.address) if part) or "-"


async def tell_changes(
    unit: Unit, tour: Tour, altered: Sequence[Altered], *, actor: Person | None, now: datetime
) -> None:
    """Plans one notice a person for all that changed in their regions, and one a subscriber for their meeting.

    Who made the change sees it in the answer to their button and is not told again.
    """
    told = [one for one in altered if one.concerns(now) and lines_of(one)]
    by_region: dict[Region, list[Altered]] = {}
    for one in told:
        for region in {m.region for m in (one.before, one.after) if m is not None}:
            by_region.setdefault(region, []).append(one)
    news: dict[str, tuple[Listener, dict[MeetingId, Altered]]] = {}
    for region, changes in by_region.items():
        for listener in await schedule_listeners(unit, region):
            if actor is None or listener.ident != actor.id:
                _, seen = news.setdefault(listener.ident, (listener, {}))
                seen.update({one.after.id: one for one in changes})
    messages = [
        Planned(change_key(tour.id, tour.revision, listener.ident), listener.to, _notice(list(seen.values())))
        for listener, seen in news.values()
    ]
    await plan_all(unit, DeliveryKind.CHANGE, messages, now=now)
    know = {(listener.to.chat, meeting) for listener, seen in news.values() for meeting in seen}
    if actor is not None:
        know |= {(actor.chat, one.after.id) for one in told}
    await _tell_subscribers(unit, tour, told, know, now)


async def _tell_subscribers(
    unit: Unit,
    tour: Tour,
    told: Sequence[Altered],
    know: Collection[tuple[ChatId, MeetingId]],
    now: datetime,
) -> None:
    """`know`: which chats hear of which meeting anyhow, or made the change themselves."""
    by_meeting = {one.after.id: one for one in told}
    news: dict[ChatId, tuple[str, str, list[Altered]]] = {}
    for subscription in await unit.subscriptions.of_meetings(list(by_meeting)):
        if (subscription.chat, subscription.meeting) in know:
            continue
        entry = news.setdefault(subscription.chat, (subscription.id, subscription.language, []))
        entry[2].append(by_meeting[subscription.meeting])
    messages = [
        Planned(
            change_key(tour.id, tour.revision, ident),
            Recipient(chat, language),
            _notice(changes, private=True),
        )
        for chat, (ident, language, changes) in news.items()
    ]
    await plan_all(unit, DeliveryKind.CHANGE, messages, now=now)


def _notice(changes: Sequence[Altered], *, private: bool = False) -> Draft:
    ordered = sorted(changes, key=lambda one: one.after.start)
    lines = fitting([line for one in ordered for line in lines_of(one)], "change.more")
    ends = [m.end for one in changes for m in (one.before, one.after) if m is not None]
    regions = sorted({m.region for one in changes for m in (one.before, one.after) if m is not None})
    return Draft(
        key="change.notice",
        values={"lines": lines},
        expires=max(ends),
        private=private,
        needs=() if private else tuple(Need(Action.SEE_SCHEDULE, region) for region in regions),
    )
