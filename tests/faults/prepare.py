"""Before the first fault: the tour comes in and everybody is invited, at the console as in life: `python -m tests.faults.prepare`.

Reads {"tour": file, "roles": {user: [role, region]}} as JSON from standard input; prints {"payloads": {user: payload}, "codes": [[start, code]]}.
"""

import asyncio
import json
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.commands.desk import desk
from bot.commands.importing import import_tour
from bot.domain.ids import Region
from bot.domain.person import Role
from bot.logs import set_up_logs
from bot.rehearse import TOUR
from bot.settings import read_settings
from tests.faults.people import REGIONS

HEAD = "key,round,region,date,start,end,track,title,venue,address,host,notes"
_HOURS = (("09:00", "10:00"), ("13:00", "14:10"), ("16:00", "17:00"))


def tour_file(first: date, days: int, *, later: int = 0) -> str:
    """Three meetings a region and day, all invented; each title tells its region. `later`: minutes by which the last is moved."""
    lines = [HEAD]
    for region in REGIONS:
        for day in range(days):
            for place, (start, end) in enumerate(_HOURS):
                number = day * len(_HOURS) + place
                by = later if place == len(_HOURS) - 1 else 0
                when = (first + timedelta(days=day)).isoformat()
                title = f"가상 회의-{region}-{number:03d}"
                lines.append(
                    f"{region}-{number:03d},1,{region},{when},{_moved(start, by)},{_moved(end, by)},youth,"
                    f"{title},가상 회의실,가상시 가상로 1,가상 주최,"
                )
    return "\n".join(lines) + "\n"


def _moved(clock: str, minutes: int) -> str:
    return (datetime.strptime(clock, "%H:%M") + timedelta(minutes=minutes)).strftime("%H:%M")  # noqa: DTZ007


async def prepare(tour: Path, roles: dict[str, tuple[str, str | None]]) -> dict[str, object]:
    """Brings the tour in and makes an invitation for each user."""
    settings = read_settings(None)
    set_up_logs("json")
    await import_tour(settings, tour, name=TOUR, topics=None, cancel_missing=False, dry=False)
    payloads: dict[str, str] = {}
    async with desk(settings, "hyeonjang_rehearsal_bot") as at:
        for user, (role, region) in roles.items():
            async with at.database.open_unit() as unit:
                where = None if region is None else Region(region)
                token = await at.services.invitations.invite(
                    unit, None, Role(role), where, now=at.clock.now()
                )
                await unit.commit()
            payloads[user] = f"i_{token}"
        async with at.database.open_unit(read_only=True) as unit:
            meetings = await unit.meetings.between(date(2000, 1, 1), date(2100, 1, 1))
    return {
        "payloads": payloads,
        "codes": [[meeting.start.isoformat(), meeting.code] for meeting in meetings],
    }


if __name__ == "__main__":
    given = json.loads(sys.stdin.read())
    print(json.dumps(asyncio.run(prepare(Path(given["tour"]), given["roles"]))))
