"""`doctor`: a line for everything that must be in order, and what to do about what is not.

Looks and asks, changes nothing; every question has a short time-out and is put once. No secret is printed.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands.desk import Failed, clock_for
from bot.commands.doctor.access_log import check_access_log
from bot.commands.doctor.analysis import check_analysis
from bot.commands.doctor.data import check_data
from bot.commands.doctor.finding import Finding, Mark, bad
from bot.commands.doctor.machine import check_folder, check_program, check_settings
from bot.commands.doctor.model import check_model
from bot.commands.doctor.pages import check_pages
from bot.commands.doctor.telegram import check_telegram
from bot.outside import system_clock
from bot.services.ports import Clock
from bot.settings import Settings, SettingsProblem, read_settings

__all__ = ["Diagnosis", "diagnose", "diagnose_settings"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings, in the order in which things are set up."""

    findings: Sequence[Finding]

    @property
    def is_well(self) -> bool:
        return all(one.mark is not Mark.BAD for one in self.findings)

    def as_text(self) -> str:
        bads = sum(one.mark is Mark.BAD for one in self.findings)
        end = f"고쳐야 할 것이 {bads}가지 있습니다." if bads else "고쳐야 할 것이 없습니다."
        return "\n".join([*(one.line for one in self.findings), end])

    def as_json(self) -> str:
        lines = [dict(one.for_machines) for one in self.findings]
        return json.dumps({"ok": self.is_well, "findings": lines}, ensure_ascii=False, indent=2)


async def diagnose(settings: Settings, *, clock: Clock | None = None) -> Diagnosis:
    """Everything, with settings that make sense."""
    clock = clock or await _time(settings)
    telegram, data, pages, model, analysis, log = await asyncio.gather(
        check_telegram(settings, clock),
        check_data(settings, clock.now()),
        check_pages(settings),
        check_model(settings),
        check_analysis(settings),
        check_access_log(settings),
    )
    machine = [*check_settings(settings), *check_program(), *check_folder(settings)]
    return Diagnosis([*machine, *telegram, *pages, *model, *analysis, *data, *log])


async def _time(settings: Settings) -> Clock:
    """The bot's time; the machine's when a rehearsal's clock does not answer (the bot says so at its start)."""
    try:
        return await clock_for(settings)
    except Failed:
        return system_clock()


def diagnose_settings() -> Settings | Diagnosis:
    """The settings, or what is wrong with them."""
    try:
        return read_settings()
    except SettingsProblem as problem:
        lines = str(problem).splitlines()[1:]
        todo = ".env(또는 환경 변수)를 고친 뒤 다시 실행하십시오"
        return Diagnosis([bad("settings", "설정", line.removeprefix("- "), todo) for line in lines])
