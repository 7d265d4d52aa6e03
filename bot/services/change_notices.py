"""Change notices: everybody concerned is told once what changed, old → new, whether or not a reminder had gone.

One notice a person may speak of several regions. Each of its lines hangs on those by which the person hears of it: with a
right that ends, the lines that hung on it alone go, and the rest is told.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
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

MORE = "change.more"
"""The line that counts those that did not fit."""


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


@dataclass(frozen=True, slots=True)
class Heard:
    """A change, and the regions by which a person hears of it; of none: a participant, of their own meeting."""

    altered: Altered
    by: set[Region] = field(default_factory=set)


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
    news: dict[str, tuple[Listener, dict[MeetingId, Heard]]] = {}
    for region, changes in by_region.items():
        for listener in await schedule_listeners(unit, region):
            if actor is None or listener.ident != actor.id:
                _, seen = news.setdefault(listener.ident, (listener, {}))
                for one in changes:
                    seen.setdefault(one.after.id, Heard(one)).by.add(region)
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
            _notice([Heard(one) for one in changes]),
        )
        for chat, (ident, language, changes) in news.items()
    ]
    await plan_all(unit, DeliveryKind.CHANGE, messages, now=now)


def _notice(changes: Sequence[Heard]) -> Draft:
    ordered = sorted(changes, key=lambda one: one.altered.after.start)
    told = [(line, _needs(one.by)) for one in ordered for line in lines_of(one.altered)]
    ends = [m.end for one in changes for m in (one.altered.before, one.altered.after) if m is not None]
    regions = {region for one in changes for region in one.by}
    return Draft(
        key="change.notice",
        values={"lines": fitting([line for line, _ in told], MORE)},
        expires=max(ends),
        private=not regions,
        needs=_needs(regions),
        line_needs=tuple(needs for _, needs in told) if len(regions) > 1 else (),
    )


def _needs(regions: Collection[Region]) -> tuple[Need, ...]:
    return tuple(Need(Action.SEE_SCHEDULE, region) for region in sorted(regions))


def what_is_left(draft: Draft, person: Person) -> Draft | None:
    """A notice without the lines that are not this person's to read any more; None when none is left.

    `line_needs` goes on behind the lines that did not fit, so that these are counted anew.
    """
    lines = draft.values.get("lines")
    if not draft.line_needs or not isinstance(lines, tuple):
        return None
    shown = [line for line in lines if line.key != MORE]
    theirs = [any(need.is_met_by(person) for need in needs) for needs in draft.line_needs]
    kept = [line for line, is_theirs in zip(shown, theirs, strict=False) if is_theirs]
    unsaid = sum(theirs[len(shown) :])
    if not kept and not unsaid:
        return None
    line_needs = tuple(needs for needs, is_theirs in zip(draft.line_needs, theirs, strict=True) if is_theirs)
    more = (Phrase(MORE, {"count": unsaid}),) if unsaid else ()
    needs = _needs({need.region for needs in line_needs for need in needs if need.is_met_by(person)})
    return replace(draft, values={"lines": (*kept, *more)}, needs=needs, line_needs=line_needs)
