"""Words typed at the console as values; what makes no sense is wrong use (exit 2)."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.domain.access_log import Head

Out = Annotated[Path, typer.Option("--out", help="저장할 파일(.xlsx 또는 .csv)")]
Day = Annotated[str | None, typer.Option("--date", help="날짜. 예: 2026-01-22. 없으면 전체")]


class Invitable(StrEnum):
    """Roles that an invitation can give."""

    STAFF = "staff"
    MANAGER = "manager"
    ADMIN = "admin"


class Form(StrEnum):
    """Forms of a digest."""

    JSON = "json"
    TEXT = "text"
    HTML = "html"
    HWPX = "hwpx"
    PDF = "pdf"
    DOCX = "docx"


def require_file(form: Form, out: Path | None) -> None:
    """A screen shows no HWPX, PDF and DOCX."""
    if out is None and form in (Form.HWPX, Form.PDF, Form.DOCX):
        raise typer.BadParameter(
            f"{form.upper()}는 --out으로 저장할 파일을 적어 주십시오.", param_hint="--format"
        )


def date_of(text: str) -> date:
    """A day such as `2026-01-22`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("2026-01-22와 같이 적어 주십시오.", param_hint="--date") from None


def subject_of(
    region: str | None, day: str | None, *, tour: bool, publish: bool, only_tour: bool
) -> tuple[str, date] | None:
    """The region's day that a digest is asked of; None: the whole tour. One of them, and what belongs to it."""
    if tour:
        if region is not None or day is not None or publish:
            raise typer.BadParameter(
                "순방 누적 보고는 --region, --date, --publish 없이 만듭니다.", param_hint="--tour"
            )
        return None
    if only_tour:
        raise typer.BadParameter("--final과 --name은 --tour와 함께 적어 주십시오.", param_hint="--tour")
    if region is None or day is None:
        raise typer.BadParameter(
            "--region과 --date를, 또는 --tour를 적어 주십시오.",
            param_hint="--region" if region is None else "--date",
        )
    return region, date_of(day)


def day_of(text: str | None) -> date | None:
    """The day that was typed, if any."""
    return None if text is None else date_of(text)


def head_of(text: str | None) -> Head | None:
    """The end of the access log as it was noted, if it was typed."""
    try:
        return None if text is None else Head.parse(text)
    except ValueError:
        raise typer.BadParameter("12:3f2a…와 같이 적어 주십시오.", param_hint="--noted") from None


def moment_of(text: str, zone: ZoneInfo) -> datetime:
    """A local time such as `2026-01-21 18:00`, as an aware moment."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        raise typer.BadParameter("2026-01-21 18:00과 같이 적어 주십시오.", param_hint="--at") from None
