"""How the service is doing today, for those who must know: what got stuck, what was missed, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.delivery import DeliveryKind, DeliveryState
from bot.domain.person import Action, Person
from bot.domain.reminder import Reminder
from bot.services.intake_troubles import Trouble, troubles_now
from bot.services.requests.telling import answerers
from bot.services.sending.results import STOPPED
from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class AboutReminder:
    """A reminder, and the title of its meeting (None for a briefing)."""

    reminder: Reminder
    title: str | None


@dataclass(frozen=True, slots=True)
class AiToday:
    """Requests and tokens (those set aside for requests under way among them) of today, and how many it may take."""

    calls: int
    tokens: int
    tokens_a_day: int


@dataclass(frozen=True, slots=True)
class Report:
    """One person's view of today.

    `stopped_since`: nothing can be sent since then. `parked`: updates that were given up today. `lost`: deliveries that
    surely or possibly did not arrive; `late`: that were never sent, because their time was over when sending was possible. `intake`: what keeps updates from coming in, since when. `missed` and `coming` are of the person's regions only.
    `requests`: by when each request about personal data is to be answered; for those who answer them. `ai`: what a
    language model was asked today, where it was.
    """

    stopped_since: datetime | None
    parked: int
    lost: Mapping[DeliveryKind, Mapping[DeliveryState, int]]
    missed: tuple[AboutReminder, ...]
    coming: AboutReminder | None
    intake: Mapping[Trouble, datetime] = field(default_factory=dict)
    late: Mapping[DeliveryKind, int] = field(default_factory=dict)
    requests: tuple[date, ...] = ()
    ai: AiToday | None = None


class Status:
    """`zone` says when today began; `tokens_a_day` is what a language model may take (AI_BUDGET)."""

    def __init__(self, zone: ZoneInfo, tokens_a_day: int = 0) -> None:
        self._zone = zone
        self._tokens_a_day = tokens_a_day

    async def report(self, unit: Unit, person: Person, *, now: datetime) -> Report:
        """Counts tell nothing about anybody and are everybody's; schedules are told by region. Raises NotAllowed."""
        person.require_somewhere(Action.SEE_STATUS)
        midnight = datetime.combine(now.astimezone(self._zone).date(), time.min, tzinfo=self._zone)
        regions = person.regions_for(Action.SEE_STATUS, await unit.meetings.regions())
        missed = [one for one in await unit.reminders.missed_since(midnight) if one.region in regions]
        coming = await unit.reminders.next_of(regions, now)
        stopped = await unit.facts.get(STOPPED)
        return Report(
            stopped_since=datetime.fromisoformat(stopped) if stopped else None,
            parked=await unit.audit.count_since(midnight, "update_parked"),
            lost=await unit.deliveries.lost_since(midnight),
            missed=tuple([await _about(unit, one) for one in missed]),
            coming=None if coming is None else await _about(unit, coming),
            intake=await troubles_now(unit),
            late=await unit.deliveries.expired_since(midnight),
            requests=await _requests(unit, person),
            ai=await self._ai(unit, now.astimezone(self._zone).date()),
        )

    async def _ai(self, unit: Unit, today: date) -> AiToday | None:
        used = await unit.ai_usage.of_day(today)
        return AiToday(used.calls, used.used + used.reserved, self._tokens_a_day) if used.calls else None


async def _requests(unit: Unit, person: Person) -> tuple[date, ...]:
    if person.id not in {one.id for one in await answerers(unit)}:
        return ()
    return tuple(one.due_on for one in await unit.requests.waiting())


async def _about(unit: Unit, reminder: Reminder) -> AboutReminder:
    meeting = None if reminder.meeting is None else await unit.meetings.by_id(reminder.meeting)
    return AboutReminder(reminder, None if meeting is None else meeting.title)
