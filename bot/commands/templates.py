"""`template tour`, `template notes`: a workbook to fill in."""

from pathlib import Path

from bot.commands.desk import Failed
from bot.commands.files import write_private
from bot.domain.languages import KOREAN
from bot.domain.reading import TableKind
from bot.gateways.spreadsheet.template import workbook_of
from bot.outside import system_clock
from bot.services.files.templates import template_of
from bot.settings import Settings
from prompts.messages import Messages


async def template(settings: Settings, kind: TableKind, out: Path) -> None:
    """Saves the template, in Korean like all of the console. Raises Failed."""
    if out.suffix.lower() != ".xlsx":
        raise Failed("파일 이름은 .xlsx로 끝나야 합니다.")
    made = template_of(Messages(settings.timezone), kind, KOREAN, system_clock().now())
    write_private(workbook_of(made), out)
