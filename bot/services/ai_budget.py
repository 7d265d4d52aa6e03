"""A cap on what the language model takes in a day: set aside before a call, counted after it."""

import asyncio
from datetime import date
from zoneinfo import ZoneInfo

from bot.digest.ports import Answer, Form, LanguageModel, ModelFailed, Request, Trouble
from bot.services.ports import Clock
from bot.services.unit import OpenUnit


class Budgeted:
    """A language model that is asked only while the day's tokens last. The day is the people's, in `zone`.

    Two processes on one database share the cap. What a call may take is set aside first, so that calls side by side
    cannot overdraw it together; a process that dies in a call leaves that set aside until the day is over.
    """

    def __init__(
        self, model: LanguageModel, open_unit: OpenUnit, clock: Clock, zone: ZoneInfo, tokens_a_day: int
    ) -> None:
        self._model = model
        self._open_unit = open_unit
        self._clock = clock
        self._zone = zone
        self._tokens_a_day = tokens_a_day

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def abroad(self) -> bool:
        return self._model.abroad

    async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
        """Raises ModelFailed; BUDGET when what the call may take does not fit any more."""
        day = self._clock.now().astimezone(self._zone).date()
        reserved = request.tokens_at_most
        async with self._open_unit() as unit:
            fits = await unit.ai_usage.reserve(day, reserved, self._tokens_a_day)
            await unit.commit()
        if not fits:
            raise ModelFailed(Trouble.BUDGET)
        try:
            answer = await self._model.complete(request, form)
        except ModelFailed as failure:
            await self._settle(day, reserved, failure.tokens, estimated=failure.estimated)
            raise
        except (
            asyncio.CancelledError,
            Exception,
        ):  # given up on, or an error of ours: it may have been written
            await self._settle(day, reserved, reserved, estimated=True)
            raise
        await self._settle(day, reserved, answer.tokens, estimated=answer.estimated)
        return answer

    async def _settle(self, day: date, reserved: int, used: int, *, estimated: bool) -> None:
        async with self._open_unit() as unit:
            await unit.ai_usage.settle(day, reserved, used, estimated=estimated)
            await unit.commit()
