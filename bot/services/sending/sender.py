"""Sending: claim → commit "sending" → the messenger → record. The only place from which messages leave.

Telegram has no idempotency key, so a delivery is marked before its request leaves, and one whose answer is lost is
*unknown*, never planned again in silence (bot.domain.delivery, POLICY). No transaction is open during a request.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.limits import GROUP, Limits
from bot.services.activity import Activity
from bot.services.ports import (
    Clock,
    FateUnknown,
    Messenger,
    NotSent,
    SendError,
    SlowDown,
    TokenRefused,
)
from bot.services.sending.choice import Ready, make_ready
from bot.services.sending.courier import Courier
from bot.services.sending.ends import Ends
from bot.services.sending.gate import Gate
from bot.services.sending.pace import Pace
from bot.services.sending.rest import Rest
from bot.services.sending.results import (
    FATE_UNKNOWN,
    RESUMED,
    STOPPED,
    End,
    note,
    unsure,
)
from bot.services.unit import OpenUnit
from bot.services.wording import Wording
from storage.repositories.audit import AuditEntry

log = structlog.get_logger(__name__)

_AFTER_TROUBLE = 1.0
"""Seconds until the next try when the database failed, or somebody else took what was due."""


class Sender:
    """Sends what is due, people before broadcasts, within Telegram's limits. One process sends with one token.

    Call `recover` once, then `run`; call `wake` after every commit that planned something. `limits` belong to this
    sender alone. `alert` hears of `sending_stopped`, `sending_resumed` and `delivery_unknown`.
    """

    def __init__(
        self,
        open_unit: OpenUnit,
        messenger: Messenger,
        wording: Wording,
        clock: Clock,
        limits: Limits,
        activity: Activity,
        *,
        alert: Callable[[str], None] | None = None,
    ) -> None:
        self._open_unit = open_unit
        self._wording = wording
        self._courier = Courier(messenger, wording)
        self._clock = clock
        self._activity = activity
        self._alert = alert or (lambda _act: None)
        self._pace = Pace(limits)
        self._gate = Gate()
        self._told_refused = False
        self._probing = False
        self._stopping = False
        self._rest = Rest(clock)
        self._ends = Ends(open_unit)
        self._stuck = False

    async def recover(self) -> None:
        """What an earlier process left: its fates are unknown, its speed counts for ours.

        Nothing goes out in the first second; and nothing before the messenger answers, if there was any doubt.
        """
        now, monotonic = self._clock.now(), self._clock.monotonic()
        async with self._activity.working(), self._open_unit() as unit:
            left = await unit.deliveries.left_sending()
            states = [await unsure(unit, delivery, now=now) for delivery in left]
            in_doubt = bool(left) or await unit.deliveries.resends_wait()
            self._told_refused = bool(await unit.facts.get(STOPPED))
            past = await unit.deliveries.sent_since(now - timedelta(seconds=GROUP.seconds))
            await unit.commit()
        for delivery, state in zip(left, states, strict=True):
            self._tell_end(delivery, state, None)
        self._pace.restart(past, now=now, monotonic=monotonic)
        if in_doubt:
            self._gate.doubt(monotonic)
        if self._told_refused:
            self._gate.refuse(monotonic, ask_in=timedelta(0))

    async def run(self) -> None:
        """Send until `stop` was called and what is in flight has been recorded.

        Cancelled, it drops its requests: their deliveries stay `sending`, for `recover` to judge.
        """
        async with asyncio.TaskGroup() as tasks:
            while not (self._stopping and self._is_empty()):
                self._rest.begin_work()
                async with self._activity.working():
                    await self._rest.set_alarm(await self._guarded_round(tasks))
                await self._rest.sleep()

    def stop(self) -> None:
        """Begin nothing more; `run` ends once what is in flight has been recorded."""
        self._stopping = True
        self.wake()

    def wake(self) -> None:
        """Something may be due: look."""
        self._rest.wake()

    async def open_work(self, now: datetime) -> bool:
        """Whether something can go on without the clock moving: then a driver of the clock must wait.

        What waits for a limit, a resend's time or the messenger's return is no open work. Wakes the sender
        when it finds something due of which nobody told.
        """
        monotonic = self._clock.monotonic()
        if self._probing or self._pace.under_way > len(self._ends):
            return True
        if self._stopping:
            return not self._is_empty()
        if self._rest.is_over:
            return True
        if self._stuck or self._gate.closed or self._pace.room(monotonic) == 0:
            return False
        async with self._open_unit(read_only=True) as unit:
            busy, least = self._pace.busy(monotonic), self._pace.least(monotonic)
            due = await unit.deliveries.next_due(busy, least=least)
        if due is None or due > now:
            return False
        self.wake()
        return True

    def _is_empty(self) -> bool:
        return not self._pace.under_way and not len(self._ends) and not self._probing

    async def _guarded_round(self, tasks: asyncio.TaskGroup) -> float | None:
        """A round; a database that fails for a while ends nothing: ends are kept and written down later."""
        self._stuck = False
        try:
            return await self._round(tasks)
        except Exception:
            log.exception("sending is in trouble")
            self._stuck = True
            return self._clock.monotonic() + _AFTER_TROUBLE

    async def _round(self, tasks: asyncio.TaskGroup) -> float | None:
        """Record what ended, send what may go. Until when to rest; None: until woken."""
        await self._write_down()
        await self._tell_refusal()
        rest = await self._send_more(tasks)
        moments = [moment for moment in (rest, self._ends.again_at) if moment is not None]
        return min(moments, default=None)

    async def _send_more(self, tasks: asyncio.TaskGroup) -> float | None:
        """Sends what may go, if anything may. Until when to rest; None: until woken."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        if self._stopping:
            return monotonic if self._is_empty() else None
        if self._gate.closed:
            return self._knock(monotonic, tasks)
        slots = self._pace.slots(careful=self._gate.careful)
        if slots == 0:
            return None
        if self._pace.room(monotonic) == 0:
            return self._pace.room_at(monotonic)
        async with self._open_unit(read_only=True) as unit:
            busy, least = self._pace.busy(monotonic), self._pace.least(monotonic)
            due = await unit.deliveries.next_due(busy, least=least)
        if due is not None and due <= now:
            if await self._send_due(slots, tasks):
                return monotonic
            self._stuck = True
            return min([monotonic + _AFTER_TROUBLE, *self._pace.changes(monotonic)])
        moments = self._pace.changes(monotonic)
        if due is not None:
            moments.append(monotonic + (due - now).total_seconds())
        return min(moments, default=None)

    async def _send_due(self, slots: int, tasks: asyncio.TaskGroup) -> bool:
        """Claims a batch, commits, and starts its requests. Whether anything at all could be done."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        async with self._open_unit() as unit:
            due = await unit.deliveries.due(
                now,
                self._pace.busy(monotonic),
                min(slots, self._pace.room(monotonic)),
                least=self._pace.least(monotonic),
            )
            picked = self._pace.pick(due, monotonic)
            ready = await make_ready(unit, picked, self._wording, now=now)
            await unit.commit()
        leaving = self._clock.monotonic()
        for one in ready:
            self._pace.starts(one.delivery.chat, leaving)
            tasks.create_task(self._send(one))
        return bool(picked)

    async def _send(self, ready: Ready) -> None:
        """One request, and what it means at once; what it means for the rows is written down by the next round."""
        chat = ready.delivery.chat
        async with self._activity.working():
            result = await self._courier.hand_over(ready)
            monotonic = self._clock.monotonic()
            self._pace.landed(chat, monotonic)
            match result:
                case FateUnknown():
                    self._gate.doubt(monotonic)
                case NotSent():
                    self._gate.no_way_out(monotonic)
                case TokenRefused():
                    self._gate.refuse(monotonic)
                case SlowDown(after=after):
                    self._gate.answered()
                    self._pace.hold(chat, monotonic + after.total_seconds())
                case _:
                    self._gate.answered()
            self._ends.add(End(ready.delivery, self._clock.now(), result))
            self.wake()

    async def _write_down(self) -> None:
        for end, state in await self._ends.write_down(self._clock.monotonic()):
            self._pace.recorded(end.delivery.chat, self._clock.monotonic())
            self._tell_end(end.delivery, state, end.result)

    def _tell_end(self, delivery: Delivery, state: DeliveryState, result: int | SendError | None) -> None:
        note(delivery, state, result)
        if state is DeliveryState.UNKNOWN and delivery.is_last_attempt:
            self._alert(FATE_UNKNOWN)

    async def _tell_refusal(self) -> None:
        """Keeps, audits and alerts that nothing can be sent (or that it can again): once, whoever noticed."""
        refused = self._gate.refused
        if refused == self._told_refused:
            return
        now, act = self._clock.now(), STOPPED if refused else RESUMED
        async with self._open_unit() as unit:
            await unit.facts.put(STOPPED, now.isoformat() if refused else "")
            await unit.audit.record(AuditEntry(now, None, act, "messenger", {}))
            await unit.commit()
        self._told_refused = refused
        log.error("token refused, sending stopped") if refused else log.warning("sending resumed")
        self._alert(act)

    def _knock(self, monotonic: float, tasks: asyncio.TaskGroup) -> float | None:
        """Ask the messenger whether sending is possible again, when it is time to."""
        if self._probing:
            return None
        if self._gate.probe_at > monotonic:
            return self._gate.probe_at
        self._probing = True
        tasks.create_task(self._probe())
        return None

    async def _probe(self) -> None:
        async with self._activity.working():
            error = await self._courier.ask()
            if error is None:
                self._gate.probe_succeeded()
            else:
                self._gate.probe_failed(error, self._clock.monotonic())
                log.warning("messenger does not answer", failure=type(error).__name__)
            self._probing = False
            self.wake()
