"""Codes on the wall: which meetings have one to show, and where it leads."""

from datetime import datetime

from bot.domain.meeting import Meeting
from bot.domain.person import Action, Person
from bot.services.unit import Unit

MOST_CHOICES = 6


class Codes:
    """Links that lead participants to a meeting. `username` is the bot's, without @."""

    def __init__(self, username: str) -> None:
        self._username = username

    def link(self, meeting: Meeting) -> str:
        """The meeting's address: opens the bot with the meeting's code (Telegram deep link)."""
        return f"https://t.me/{self._username}?start=m_{meeting.code}"

    async def choices(self, unit: Unit, person: Person, *, now: datetime) -> list[Meeting]:
        """The meeting in progress or next first, then what follows, in the person's regions."""
        regions = person.regions_for(Action.SHOW_CODE, await unit.meetings.regions())
        return list(await unit.meetings.ending_after(now, regions, MOST_CHOICES))
