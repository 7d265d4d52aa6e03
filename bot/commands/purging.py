"""`purge`: what is due is destroyed now."""

from bot.commands.desk import Failed, desk
from bot.commands.leftovers import clear_unless_in_use
from bot.services.purge import Purge
from bot.settings import Settings
from storage.database import LogBusy


async def purge(settings: Settings) -> None:
    """Destroys what is due, now."""
    async with desk(settings) as at:
        clear_unless_in_use(settings, at.database)
        try:
            await Purge(at.clock, settings.timezone, settings.retention_days).run(
                at.database.open_unit, at.database.truncate_log, retention=True
            )
        except LogBusy:
            raise Failed(
                "자료는 파기했으나 다른 프로그램이 읽고 있어 파일 정리를 마치지 못했습니다. 잠시 뒤 다시 실행해 주십시오."
            ) from None
