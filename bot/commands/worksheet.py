"""`worksheet`: the privacy worksheet, filled from the live settings and the database. No personal data and no secret is in it.

Reads only, makes no database, brings no schema up. What the machine cannot know is marked 〔직접 기입〕 in the words.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.commands.opening import clock_for
from bot.domain.endpoint import LOOPBACK, Place
from bot.domain.person import Role
from bot.services.ports import Clock
from bot.settings import TELEGRAM, Settings
from prompts.worksheet import document, piece
from storage.condition import CannotOpen, is_there, schema_of
from storage.database import Database

UNKNOWN = "〔직접 기입〕"
_PORTS = {"https": 443, "http": 80}
_POSTGRES = 5432
_YEAR = 365


@dataclass(frozen=True, slots=True)
class Counted:
    """What the database tells: how many have a role (a person with two counts in both), which tours there are."""

    people: Mapping[Role, int]
    tours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """Where this service connects to; `database` None: a file. Passwords and user names are not in it."""

    telegram: tuple[str, int]
    model: tuple[str, int] | None
    database: tuple[str, int] | None

    @property
    def remote_database(self) -> bool:
        return self.database is not None and self.database[0] not in LOOPBACK


async def worksheet(settings: Settings, *, clock: Clock | None = None) -> str:
    """The worksheet as Markdown, in Korean. Raises Failed when a rehearsal's clock is gone."""
    now = (clock or await clock_for(settings)).now().astimezone(settings.timezone)
    database = Database(settings.database)
    try:
        counted = await _counted(database)
        ends = _ends(settings, database)
    finally:
        await database.close()
    questions = "\n".join(f"- [ ] {one}" for one in _questions(settings, ends, counted))
    return document(
        {
            "made_on": f"{now.year}. {now.month}. {now.day}.",
            "days": str(settings.retention_days),
            "questions": questions,
            **_places(settings, ends),
            **_model(settings, ends),
            **_doors(settings),
            **_people(counted),
        }
    ).rstrip("\n")


async def _counted(database: Database) -> Counted | None:
    """None for a database that is not there, cannot be opened or is of another version: it is not changed for this."""
    try:
        if not is_there(database) or (await schema_of(database)).behind != 0:
            return None
    except CannotOpen:
        return None
    async with database.open_unit(read_only=True) as unit:
        roles = Counter(
            role for person in await unit.people.all() for role in {one.role for one in person.grants}
        )
        return Counted(roles, tuple(tour.name for tour in await unit.tours.all()))


def _ends(settings: Settings, database: Database) -> Ends:
    url = database.url
    away = None if database.is_sqlite else (url.host or "이 컴퓨터", url.port or _POSTGRES)
    asked = settings.openai_model or settings.openai_transcribe_model
    return Ends(
        telegram=_host_and_port(settings.telegram_api_url),
        model=_host_and_port(settings.ai_endpoint.url) if asked else None,
        database=away,
    )


def _host_and_port(address: str) -> tuple[str, int]:
    """Of an address, without what stands before the host; nothing of one that has no host."""
    try:
        parts = urlsplit(address)
        return parts.hostname or UNKNOWN, parts.port or _PORTS.get(parts.scheme, 443)
    except ValueError:
        return UNKNOWN, 443


def _secured(address: str) -> str:
    return "https" if address.lower().startswith("https:") else "http"


def _place(settings: Settings) -> str:
    return {Place.HERE: "here", Place.TRUSTED: "trusted", Place.ABROAD: "abroad"}[
        settings.ai_endpoint.place(settings.ai_hosts)
    ]


def _places(settings: Settings, ends: Ends) -> Mapping[str, str]:
    """Where data lies and what it crosses."""
    host, port = ends.database or ("", 0)
    kind = "sqlite" if ends.database is None else "postgresql"
    official = ends.telegram[0] == TELEGRAM
    return {
        "hosting": piece("hosting.remote" if ends.remote_database else "hosting.local", host=host),
        "destruction": piece(f"destruction.{kind}"),
        "database": piece(f"database.{kind}", host=host, port=port),
        "database_row": "" if ends.database is None else piece("rows.database", host=host, port=port),
        "telegram_way": piece(f"telegram_way.{'official' if official else 'own'}", host=ends.telegram[0]),
        "telegram_link": piece(f"telegram_link.{_secured(settings.telegram_api_url)}", host=ends.telegram[0]),
        "telegram_host": ends.telegram[0],
        "telegram_port": str(ends.telegram[1]),
        "log_format": settings.log_format,
    }


def _model(settings: Settings, ends: Ends) -> Mapping[str, str]:
    """The language model and what writes voices down: one endpoint, each only where it is named."""
    host, port = ends.model or ("", 0)
    place = _place(settings)
    scheme = "예" if _secured(settings.ai_endpoint.url) == "https" else "아니요"
    writes = place if settings.openai_model else "none"
    listens = place if settings.openai_transcribe_model else "none"
    processor = "none" if ends.model is None or place == "here" else place
    row = piece(f"trusted_row.{processor}", host=host)
    return {
        "model": piece(f"model.{writes}", host=host, scheme=scheme),
        "voices": piece(f"voices.{listens}", host=host),
        "trusted_row": f"{row}\n" if row else "",
        "model_row": "" if ends.model is None else piece("rows.model", host=host, port=port),
    }


def _doors(settings: Settings) -> Mapping[str, str]:
    """What is open to the outside."""
    kind = "none" if settings.public_url is None else "page"
    host = _host_and_port(settings.public_url or "")[0]
    return {
        "other_door": piece(f"other_door.{kind}"),
        "transport": piece(f"transport.{kind}", host=host),
        "incoming": piece(f"incoming.{kind}", host=host),
        "listens": settings.host,
        "port": str(settings.port),
        "proxies": ", ".join(map(str, settings.proxies)),
        "metrics": piece("metrics.loopback" if settings.metrics_token is None else "metrics.token"),
    }


def _people(counted: Counted | None) -> Mapping[str, str]:
    names = {"admins": Role.ADMIN, "managers": Role.MANAGER, "staff": Role.STAFF}
    if counted is None:
        return dict.fromkeys((*names, "tours"), UNKNOWN)
    people = {name: f"{counted.people.get(role, 0)}명" for name, role in names.items()}
    return {**people, "tours": ", ".join(counted.tours) or UNKNOWN}


def _questions(settings: Settings, ends: Ends, counted: Counted | None) -> Iterator[str]:
    """What these settings raise, the gravest first."""
    days = settings.retention_days
    yield from _questions_of_the_model(settings, ends)
    if settings.public_url is None:
        yield piece("questions.no_page")
    else:
        yield piece("questions.page", host=_host_and_port(settings.public_url)[0])
    if ends.database is not None:
        if ends.remote_database:
            yield piece("questions.remote_database", host=ends.database[0])
        yield piece("questions.postgresql")
    if ends.telegram[0] != TELEGRAM:
        yield piece("questions.own_api", host=ends.telegram[0])
    if settings.host not in LOOPBACK:
        yield piece("questions.open_port", host=settings.host)
    if days > _YEAR:
        yield piece("questions.long_retention", days=days)
    yield from _questions_of_people(counted)
    yield piece("questions.always_records", days=days)
    yield piece("questions.always_disk")


def _questions_of_the_model(settings: Settings, ends: Ends) -> Iterator[str]:
    place = _place(settings)
    if ends.model is not None and place != "here":
        yield piece(f"questions.model_{place}", host=ends.model[0])
    if settings.openai_transcribe_model is None or place == "abroad":
        yield piece("questions.voices_kept", days=settings.retention_days)


def _questions_of_people(counted: Counted | None) -> Iterator[str]:
    if counted is None:
        yield piece("questions.not_read")
        return
    match counted.people.get(Role.ADMIN, 0):
        case 0:
            yield piece("questions.no_admin")
        case 1:
            yield piece("questions.one_admin")
