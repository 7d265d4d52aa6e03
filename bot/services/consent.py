"""The notices that consent rests on, with what this operator's settings say filled in."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.dialogue import DIALOGUE_LIFE, Progress
from bot.domain.feedback import Purpose
from prompts.consent import Notice, Notices


class ConsentTexts:
    """Which text is in force, and what was shown to somebody.

    `zone` tells the day; `retention_days` is what the texts promise and the purge keeps.
    """

    def __init__(self, notices: Notices, zone: ZoneInfo, retention_days: int) -> None:
        self._notices = notices
        self._zone = zone
        self._values = {"days": retention_days, "minutes": int(DIALOGUE_LIFE.total_seconds()) // 60}

    def in_force(self, *, now: datetime) -> dict[Purpose, str]:
        """The version in force of each purpose."""
        return {notice.purpose: notice.version for notice in self._current(now, "ko")}

    def texts(self, *, now: datetime, language: str) -> tuple[str, ...]:
        """The texts in force, as Telegram HTML."""
        return tuple(notice.filled(self._values) for notice in self._current(now, language))

    def shown(self, progress: Progress, language: str) -> tuple[str, ...]:
        """The texts put before this person, as Telegram HTML."""
        return tuple(
            self._notices.version(purpose, version, language).filled(self._values)
            for purpose, version in progress.shown.items()
        )

    def _current(self, now: datetime, language: str) -> tuple[Notice, ...]:
        day = now.astimezone(self._zone).date()
        return tuple(self._notices.current(purpose, day, language) for purpose in Purpose)
