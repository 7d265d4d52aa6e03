"""What the commands of `python -m bot` do. Each gives lines to print, or raises Failed with what to say."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.app import build_services, system_clock, telegram_outside
from bot.digest.ledger import Unbalanced
from bot.domain.errors import Refusal
from bot.domain.ids import Region
from bot.domain.person import Role
from bot.domain.reading import read_notes, read_topics, read_tour
from bot.domain.tables.sheet import RefusedLine
from bot.import_reports import notes_report, refused_lines, tour_report
from bot.rehearse import TOUR, read_sample
from bot.services.bundle import Services
from bot.services.notes_import import import_notes
from bot.services.ports import Clock, SendError, TokenRefused
from bot.services.publishing import Publishing
from bot.services.purge import Purge
from bot.settings import Settings
from prompts.messages import Messages
from storage.database import Database, LogBusy
from storage.repositories.audit import AuditEntry

TELEGRAM_REFUSES = "텔레그램이 토큰을 거절했습니다. TELEGRAM_BOT_TOKEN을 확인해 주십시오."
NO_TELEGRAM = "텔레그램에 연결하지 못했습니다. 네트워크와 TELEGRAM_API_URL을 확인해 주십시오."


class Failed(Exception):
    """A command could not do what was asked; the text says why."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command at the console works with."""

    database: Database
    services: Services
    messages: Messages
    clock: Clock

    def said(self, refusal: Refusal) -> str:
        return self.messages.plain(refusal.key, refusal.values, now=self.clock.now())


def database_of(settings: Settings) -> Database:
    """The database of the settings; DATA_DIR is made for it. Raises Failed for a file in a folder that is not there."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    folder = Path(database.url.database or "").parent
    if database.is_sqlite and not folder.is_dir():
        raise Failed(f"데이터베이스를 둘 폴더가 없습니다: {folder}")
    return database


@asynccontextmanager
async def desk(settings: Settings, username: str = "") -> AsyncIterator[Desk]:
    """Opens the database (brought up to date) for one command; refusals become Failed."""
    database, clock = database_of(settings), system_clock()
    messages = Messages(settings.timezone)
    opened = Desk(database, build_services(settings, messages, username), messages, clock)
    try:
        await database.migrate()
        yield opened
    except Refusal as refusal:
        raise Failed(opened.said(refusal)) from None
    finally:
        await database.close()


async def import_tour(
    settings: Settings, file: Path, *, name: str, topics: Path | None, cancel_missing: bool, dry: bool
) -> list[str]:
    """Brings a schedule in; the lines say what was added, changed, cancelled, refused."""
    data = _read(file)
    async with desk(settings) as at:
        table, now = read_tour(data, settings.timezone), at.clock.now()
        if not table.plans:
            raise Failed(_nothing_taken(at, table.refused))
        if cancel_missing:
            table.require_whole()
        async with at.database.open_unit() as unit:
            known = await unit.tours.named(name)
            text = _text(topics) if topics else None if known else read_sample().topics
            applied = await at.services.schedule.bring_in(
                unit,
                table.plans,
                tour_name=name,
                topics=None if text is None else read_topics(text),
                cancel_missing=cancel_missing,
                dry=dry,
                now=now,
            )
            await unit.commit()
        return tour_report(at.messages, applied, table.refused, now)


async def import_notes_file(settings: Settings, file: Path, *, dry: bool) -> list[str]:
    """Brings notes in; the lines say what was added, changed, refused."""
    data = _read(file)
    async with desk(settings) as at:
        now = at.clock.now()
        async with at.database.open_unit() as unit:
            tour = await at.services.schedule.some_tour(unit, TOUR, read_topics(read_sample().topics))
            table = read_notes(data, settings.timezone, tour.topics)
            if not table.notes:
                raise Failed(_nothing_taken(at, table.refused))
            report = await import_notes(unit, table, now=now)
            if not dry:
                await unit.commit()
        return notes_report(at.messages, report, now, dry=dry)


async def invite(settings: Settings, role: Role, region: str | None) -> str:
    """A one-time link; needs the bot's name, so it asks Telegram."""
    clock = system_clock()
    if settings.telegram_bot_token is None:
        raise Failed(
            "초대 링크를 만들려면 TELEGRAM_BOT_TOKEN이 필요합니다. 리허설에서는 초대가 자동으로 처리됩니다."
        )
    messenger, _ = telegram_outside(settings, clock)
    try:
        async with messenger:
            identity = await messenger.identity()
    except TokenRefused:
        raise Failed(TELEGRAM_REFUSES) from None
    except SendError:
        raise Failed(NO_TELEGRAM) from None
    async with desk(settings, identity.username) as at:
        async with at.database.open_unit() as unit:
            where = Region(region) if region else None
            token = await at.services.invitations.invite(unit, None, role, where, now=at.clock.now())
            await unit.commit()
        return at.services.invitations.link(token)


async def digest(settings: Settings, region: str, day: date, *, form: str, publish: bool) -> str:
    """The digest of a region's day as JSON (the operator's full form) or as text for people."""
    async with desk(settings) as at:
        async with at.database.open_unit(read_only=True) as unit:
            subject = await at.services.digests.subject(unit, Region(region), day)
        try:
            if publish:
                publishing = Publishing(at.database.open_unit, at.services.digests, at.clock)
                stored = await publishing.publish(subject)
            else:
                stored = await at.services.digests.make(at.database.open_unit, subject)
        except Unbalanced:
            raise Failed(
                "의견의 수가 맞지 않아 보고를 만들지 않았습니다. 의견은 그대로 보관되어 있습니다."
            ) from None
        async with at.database.open_unit() as unit:
            entry = AuditEntry(
                at.clock.now(),
                None,
                "digest_read",
                stored.id,
                {"form": form, "revision": stored.revision, "day": day.isoformat()},
            )
            await unit.audit.record(entry)
            await unit.commit()
        if form == "json":
            return json.dumps(stored.body, ensure_ascii=False, indent=2)
        return at.services.digest_view.whole_text(stored, now=at.clock.now())


async def purge(settings: Settings) -> None:
    """Destroys what is due, now."""
    async with desk(settings) as at:
        try:
            await Purge(at.clock, settings.timezone, settings.retention_days).run(
                at.database.open_unit, at.database.truncate_log, retention=True
            )
        except LogBusy:
            raise Failed(
                "자료는 파기했으나 다른 프로그램이 읽고 있어 파일 정리를 마치지 못했습니다. 잠시 뒤 다시 실행해 주십시오."
            ) from None


def _nothing_taken(at: Desk, refused: Sequence[RefusedLine]) -> str:
    lines = refused_lines(at.messages, refused, at.clock.now())
    return "\n".join(["파일에서 반영할 수 있는 줄을 찾지 못했습니다.", *lines])


def write_out(text: str, file: Path) -> None:
    """Saves what a command made. Raises Failed."""
    try:
        file.write_text(text + "\n", encoding="utf-8")
    except OSError:
        raise Failed(f"파일을 저장하지 못했습니다: {file}") from None


def _text(file: Path) -> str:
    try:
        return _read(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Failed(f"UTF-8로 저장한 파일이 아닙니다: {file}") from None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise Failed(f"파일을 읽지 못했습니다: {file}") from None
