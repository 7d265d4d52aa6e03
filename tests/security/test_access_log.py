"""Every way to read what others said is gone once, for real, and the access log holds exactly the lines of the table.

And nothing that the matrix knows (so: nothing that the bot listens to) shows others' words or names without a line, and
what participants do with their own notes leaves none.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.access_log import Line, Why
from bot.domain.ids import ChatId, PersonId
from bot.gateways.documents.html import html_of
from bot.services.digest_files import DigestFiles
from bot.services.digests import RegionDay
from bot.services.ports import Document
from bot.services.tour.files import TourFiles
from bot.services.triage_cards import CardWords
from bot.services.wording import MakeDocument
from storage.database import Database
from tests.security.access import CHAT, Reading, fits
from tests.security.asking import prepare, tries
from tests.security.matrix import ROWS, Row
from tests.security.test_matrix import shown
from tests.security.world import (
    ACTORS,
    ASKED,
    CLAIMANT,
    HERE,
    HOLDING,
    ROOT,
    TARGET,
    WORDS,
    World,
    real_services,
)
from tests.support.chat import MESSAGES, Chat, Said
from tests.support.feedback import TOUR
from tests.support.plans import DAY

STAFF_WORDS = "가상 실무 의견"
TREE = Path(__file__).parents[2]
OTHERS: Mapping[str, tuple[str, ...]] = {
    "participant": (STAFF_WORDS, TARGET.first_name),
    "staff": (WORDS, TARGET.first_name, CLAIMANT.first_name),
    "manager": (WORDS, STAFF_WORDS, TARGET.first_name, CLAIMANT.first_name),
    "admin": (WORDS, STAFF_WORDS, TARGET.first_name, CLAIMANT.first_name, ASKED),
    "root": (WORDS, STAFF_WORDS, TARGET.first_name, CLAIMANT.first_name, ASKED),
}
"""What is somebody else's, for each of them. "root" is administrator of all regions."""
EVERYBODY = {**ACTORS, "root": ROOT}
SECRETS = {
    *(WORDS, STAFF_WORDS, ASKED),
    *(known for user in (*HOLDING, *ACTORS.values(), CLAIMANT) for known in (user.first_name, str(user.id))),
}
"""What no line may hold: words, names, chats."""
READS = {
    *("digest_opened", "digest_file_taken", "tour_opened", "tour_file_taken"),
    *("people_listed", "person_shown", "claim_shown", "request_read"),
}
"""Actions that only say that something was read."""


async def lines_after(database: Database, last: int) -> list[Line]:
    async with database.open_unit(read_only=True) as unit:
        return [line async for line in unit.audit.lines(after=last)]


async def last_of(database: Database) -> int:
    async with database.open_unit(read_only=True) as unit:
        return (await unit.audit.chain()).last.seq


async def told(database: Database, lines: list[Line]) -> list[str]:
    """As the table says it: actor, action, whose, why."""
    async with database.open_unit(read_only=True) as unit:
        names: dict[PersonId | None, str] = {None: "console"}
        for who, user in EVERYBODY.items():
            person = await unit.people.by_chat(ChatId(user.id))
            if person is not None:
                names.setdefault(person.id, who)
    return [
        f"{names.get(line.actor, 'gone')} {line.action} {line.whose.replace(' ', '_')} {line.why}"
        for line in lines
    ]


async def asks(chat: Chat, who: str, attempt: str, ids: Mapping[str, str]) -> list[Said]:
    """As somebody of the matrix, or as the administrator of all regions, who is not in it."""
    await prepare(chat, attempt, EVERYBODY[who])
    if who != "root":
        return await tries(chat, who, attempt, ids)
    chat.clock.advance_to(chat.clock.now() + timedelta(milliseconds=1))
    verb, _, what = attempt.format_map(dict(ids)).partition(" ")
    if verb == "send":
        return []
    return await (chat.says(ROOT, what) if verb == "say" else chat.presses(ROOT, what, 77))


@pytest.fixture
async def sent(world: World, tmp_path: Path) -> World:
    """The world after managers got the day's digest."""
    file = tmp_path / "sent.db"
    async with world.opened(file) as chat:
        async with chat.database.open_unit() as unit:
            stored = await real_services().digests.current(unit, RegionDay(TOUR.id, HERE, DAY))
            await unit.digests.keep(replace(stored, published_at=chat.clock.now()))
            await unit.commit()
        await chat.database.truncate_log()
    return replace(world, file=file, ids={**world.ids, "digest": stored.id})


@pytest.mark.parametrize("reading", CHAT, ids=lambda one: one.attempt)
async def test_what_is_read_in_the_chat(world: World, sent: World, tmp_path: Path, reading: Reading) -> None:
    who, there = next(line.split()[0] for line in reversed(reading.lines)), sent
    if reading.attempt.startswith("press ap:"):
        there = world  # where the digest is a draft
    ids = there.ids
    async with there.opened(tmp_path / "copy.db") as chat:
        asker = "outsider" if reading.attempt.startswith("press iv:") else who
        for time in ("once", "again", "an hour later") if reading.once else ("once",):
            last = await last_of(chat.database)
            if time == "an hour later":
                chat.clock.advance_to(chat.clock.now() + timedelta(hours=1))
            assert await asks(chat, asker, reading.attempt, ids)
            found = await told(chat.database, await lines_after(chat.database, last))
            wanted = () if time == "again" else reading.lines
            assert fits(wanted, found, ids), f"{time}: {found}"


async def aloud(chat: Chat, messages: list[Said]) -> str:
    """All that can be read in messages, digests and files included."""
    services, texts, now = real_services(), [shown(messages)], chat.clock.now()
    view = services.tour_view
    makers: dict[str, MakeDocument] = {
        "digest": DigestFiles(services.digest_view, MESSAGES, lambda report, _: html_of(report)).file,
        "tour": TourFiles(services.tour_reports, view, MESSAGES, lambda report, _: html_of(report)).file,
    }
    words = CardWords(MESSAGES, view)
    async with chat.database.open_unit() as unit:
        for one in messages:
            if one.key == "digest.section":
                digest, section = str(one.draft.values["digest"]), str(one.draft.values["section"])
                texts += (await words(unit, digest, section, "ko", now)).parts
            kind, _, argument = (one.draft.document or "").partition(":")
            if kind in makers:
                document = (await makers[kind](unit, argument, "ko", now))()
                assert isinstance(document, Document)
                texts.append(document.content.decode())
    return "\n".join(texts)


async def judge(chat: Chat, who: str, attempt: str, messages: list[Said], lines: list[Line]) -> bool:
    """Whether others' words or names were shown; then a line says so, else none says that something was read."""
    where = f"{who}: {attempt}"
    if attempt.startswith(AUTHORS):
        assert lines == [], f"{where}: an author's own act is written down"
        return False
    read = [one for one in messages if one.chat == EVERYBODY[who].id]
    words = await aloud(chat, read)
    seen = [one for one in OTHERS[who] if one in words] + [one.key for one in read if _of_a_digest(one)]
    entries = [line for line in lines if line.whose and line.why in set(Why)]
    own = [one for one in await told(chat.database, entries) if one.startswith(f"{who} ")]
    if seen:
        assert own, f"{where} shows {seen} and leaves no line"
        return True
    assert not READS & {one.split()[1] for one in own}, f"{where} leaves {own} and shows nothing"
    return False


def _of_a_digest(message: Said) -> bool:
    """Its numbers say something of people even where it quotes none."""
    return message.key == "digest.section" or (message.draft.document or "").startswith(("digest:", "tour:"))


AUTHORS = ("press f:", "say /start m_", "say 가상", "say @", "send voice", "press n:")
"""What anybody does with their own note, as participant or staff; whoever holds its secret is its author."""


def may(row: Row, who: str) -> bool:
    """The administrator of all regions, who is not in the matrix: what nobody in it may."""
    if who == "root":
        return not {"yes", "own"} & set(row.cells.values())
    return row.cells[who] in ("yes", "own")


@pytest.mark.parametrize("who", OTHERS)
async def test_nothing_shows_others_words_or_names_without_a_line(
    sent: World, tmp_path: Path, who: str
) -> None:
    shows, log = set[str](), ""
    async with sent.opened(tmp_path / "copy.db") as chat:
        for row in ROWS:
            for attempt in row.attempts if may(row, who) else ():
                last = await last_of(chat.database)
                messages = await asks(chat, who, attempt, sent.ids)
                lines = await lines_after(chat.database, last)
                log += repr(lines)
                if await judge(chat, who, attempt, messages, lines):
                    shows.add(row.what)
                sent.restore(tmp_path / "copy.db")
    reads = {"read a digest", "a day's digest", "a digest's section or file"}
    tour = {"a section or file of the tour's report"}
    people = {"see people", "turn the list of people", "take grants back"}
    requests = {"answer a request, as administrator of all regions"}
    wanted = {"staff": reads, "manager": reads | tour, "admin": people, "root": requests}
    assert wanted.get(who, set()) <= shows, "or nothing was found because nothing was shown"
    assert [secret for secret in SECRETS if secret in log] == []


def test_handlers_come_to_digests_by_the_one_way_that_writes_a_line() -> None:
    past = re.compile(r"digests\.(ready|open_for|current|make|look|prepare)\(|digest_of\(")
    found = [file.name for file in (TREE / "handlers").glob("*.py") if past.search(file.read_text("utf-8"))]
    assert found == []
