"""Codes on the wall: which meetings have one to show, and where it leads."""

from datetime import datetime

from bot.domain.meeting import Meeting
from bot.domain.person import Action, Person
from bot.services.unit import Unit

MOST_CHOICES = 6


class Codes:
    """Links that lead participants to a meeting. `username` is the bot's, without @.

    `public_url` is this service's address without a slash at its end: with it, a code leads to the participant's page,
    which offers Telegram as the other door; without it, to Telegram.
    """

    def __init__(self, username: str, public_url: str | None = None) -> None:
        self._username = username
        self._public_url = public_url

    @property
    def has_page(self) -> bool:
        return self._public_url is not None

    def link(self, meeting: Meeting) -> str:
        """Where the code on the wall leads."""
        if self._public_url is None:
            return self.telegram_link(meeting)
        return self.address(f"/m/{meeting.code}")

    def telegram_link(self, meeting: Meeting) -> str:
        """Opens the bot with the meeting's code (Telegram deep link)."""
        return f"https://t.me/{self._username}?start=m_{meeting.code}"

    def address(self, path: str) -> str:
        """The whole address of a page of ours; the path alone where the service's own address is not known."""
        return f"{self._public_url or ''}{path}"

    async def choices(self, unit: Unit, person: Person, *, now: datetime) -> list[Meeting]:
        """The meeting in progress or next first, then what follows, in the person's regions."""
        regions = person.regions_for(Action.SHOW_CODE, await unit.meetings.regions())
        return list(await unit.meetings.ending_after(now, regions, MOST_CHOICES))
