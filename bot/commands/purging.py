"""`purge`: what is due is destroyed now."""

from datetime import timedelta

from bot.commands.desk import Failed, desk
from bot.commands.leftovers import clear_unless_in_use
from bot.services.clock_leap import leap_of
from bot.services.purge import Purge
from bot.settings import Settings
from storage.database import LogBusy

_LEAPT = (
    "보존 기간이 지난 자료는 파기하지 않았습니다. 파기가 마지막으로 이루어진 날은 {ran_on:%Y-%m-%d}인데, 지금 이 컴퓨터의 시계는 "
    "{today:%Y-%m-%d %H:%M}입니다. 시계가 맞으면 `python -m bot purge --clock-is-right`로 파기하고, 틀리면 시계부터 맞추어 주십시오."
)


async def purge(settings: Settings, *, clock_is_right: bool = False) -> None:
    """Destroys what is due, now. After a leap of the clock, what days end waits for `clock_is_right` (Failed)."""
    async with desk(settings) as at:
        clear_unless_in_use(settings, at.database)
        leap = None
        if not clock_is_right:
            async with at.database.open_unit(read_only=True) as unit:
                keeps = timedelta(days=settings.retention_days)
                leap = await leap_of(unit, now=at.clock.now(), zone=settings.timezone, keeps=keeps)
        try:
            await Purge(at.clock, settings.timezone, settings.retention_days).run(
                at.database.open_unit, at.database.truncate_log, retention=leap is None
            )
        except LogBusy:
            raise Failed(
                "자료는 파기했으나 다른 프로그램이 읽고 있어 파일 정리를 마치지 못했습니다. 잠시 뒤 다시 실행해 주십시오."
            ) from None
        if leap is not None:
            raise Failed(
                _LEAPT.format(ran_on=leap.ran_on, today=at.clock.now().astimezone(settings.timezone))
            )
