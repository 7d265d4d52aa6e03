"""The notices that consent rests on, with what this operator's settings say filled in."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.dialogue import DIALOGUE_LIFE, Progress
from bot.domain.feedback import ASKED_IN_CHAT, Purpose
from prompts.consent import Notice, NoticeError, Notices


class ConsentTexts:
    """Which text is in force, and what was shown to somebody.

    `zone` tells the day; `retention_days` is what the texts promise and the purge keeps.
    """

    def __init__(self, notices: Notices, zone: ZoneInfo, retention_days: int) -> None:
        self._notices = notices
        self._zone = zone
        self._values = {"days": retention_days, "minutes": int(DIALOGUE_LIFE.total_seconds()) // 60}

    def in_force(self, *, now: datetime) -> dict[Purpose, str]:
        """The version in force of each purpose that the chat asks for."""
        return {notice.purpose: notice.version for notice in self._current(now, "ko")}

    def changed(self, agreed: Mapping[Purpose, str], *, now: datetime) -> dict[Purpose, str]:
        """The versions in force of those purposes of the chat of which another one was agreed to, or none."""
        return {
            purpose: version
            for purpose, version in self.in_force(now=now).items()
            if agreed.get(purpose) != version
        }

    def texts(self, *, now: datetime, language: str) -> tuple[str, ...]:
        """The texts in force, as Telegram HTML."""
        return tuple(notice.filled(self._values) for notice in self._current(now, language))

    def shown(self, progress: Progress, language: str) -> tuple[str, ...]:
        """The texts put before this person, as Telegram HTML: of those that are asked anew only these."""
        return tuple(
            self._notices.version(purpose, version, language).filled(self._values)
            for purpose, version in progress.shown.items()
            if not progress.again or purpose in progress.again
        )

    def page(self, *, now: datetime, language: str) -> tuple[str, str]:
        """The version in force on the participants' page, and its text (HTML)."""
        notice = self._notices.current(Purpose.FEEDBACK_PAGE, self.day(now), language)
        return notice.version, notice.filled(self._values)

    def page_version(self, *, now: datetime) -> str:
        """The version in force on the participants' page."""
        return self._notices.current(Purpose.FEEDBACK_PAGE, self.day(now)).version

    def known_on_page(self, version: str) -> bool:
        """Whether there is such a version of the page's text: one that was in force when the form was opened."""
        try:
            self._notices.version(Purpose.FEEDBACK_PAGE, version)
        except NoticeError:
            return False
        return True

    def _current(self, now: datetime, language: str) -> tuple[Notice, ...]:
        return tuple(self._notices.current(purpose, self.day(now), language) for purpose in ASKED_IN_CHAT)

    def day(self, now: datetime) -> date:
        """The day of a consent."""
        return now.astimezone(self._zone).date()
