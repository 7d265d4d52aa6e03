"""What `run` says after it has started: what is still missing before the bot is of use to anybody."""

import stat
from collections.abc import Sequence
from datetime import datetime

from bot.commands.doctor.data import beginnings
from bot.commands.doctor.finding import Mark
from bot.services.readiness import readiness
from bot.settings import Settings
from storage.database import Database


async def first_steps(settings: Settings, database: Database, now: datetime) -> Sequence[str]:
    """Numbered lines in the order in which they are done; none when nothing is missing."""
    async with database.open_unit(read_only=True) as unit:
        found = await readiness(unit, now.astimezone(settings.timezone).date())
    missing = [one for one in beginnings(found, begins=True) if one.mark is not Mark.GOOD]
    steps = [f"{one.title}: {one.text} → {one.todo}" for one in missing]
    if settings.data_dir.stat().st_mode & stat.S_IRWXO:
        folder = settings.data_dir
        steps.append(f"자료 폴더: 다른 사용자도 들여다볼 수 있습니다 → chmod 700 {folder}")
    if not steps:
        return ()
    return ("다음에 할 일:", *(f"  {number}. {step}" for number, step in enumerate(steps, start=1)))
