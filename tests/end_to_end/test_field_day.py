"""A whole field day over HTTP, by every door: the evening of 21 January to the night of 22 January 2026, in 전북.

The real bot against the local Bot API, the clock stepped from event to event, in the middle a restart that changes
between polling and webhook. Judged from the outside: by what the local Telegram accepted, and by the digest's JSON.
"""

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.digest.redact import redact
from bot.domain.feedback import Source
from bot.rehearsal.sources import read_sample
from bot.settings import Settings, read_settings
from storage.repositories.notes import SpokenNote
from tests.support.acts import acts_of
from tests.support.databases import Postgres
from tests.support.field_day import BY_PAGE, BY_VOICE, JEONBUK, FieldDay, FieldStage, at
from tests.support.field_endpoint import Models, models
from tests.support.wire import Wire
from tests.support.workbooks import workbook

AWAY = (at("22 12:00"), at("22 12:05"))
"""The bot is restarted; people go on writing."""


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path, postgres: Postgres | None) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'day.db'}"
    if postgres is None:
        pytest.skip("no PostgreSQL: set TEST_POSTGRES_URL (.ci/run starts a server)")
    postgres.empty()
    return postgres.url


@pytest.mark.timeout(900)
async def test_a_whole_field_day(where: str) -> None:
    """Polling and then a webhook on SQLite, the other way round on PostgreSQL."""
    webhook_first = not where.startswith("sqlite")
    wire = Wire()
    async with models() as endpoint:
        stage = FieldStage(_settings(endpoint), where, at("21 18:00"), AWAY)
        driver = stage.driver
        async with stage.telegram(0, wire.middleware):
            day = FieldDay(stage)
            async with stage.bot(webhook=webhook_first) as bot:
                await day.bring_tour(bot, _tour())
                await day.gather(bot)
                stage.crowd.add(await stage.played_notes())
                endpoint.ear.answers = [(200, json.dumps({"text": w})) for w in stage.crowd.spoken_words]
                await driver.advance_to(AWAY[0])
            await driver.advance_to(at("22 12:04"))
            async with stage.bot(webhook=not webhook_first):
                await driver.advance_to(at("22 13:30"))
                await day.does(day.staff, "/late", "+20분", "이후 일정도 모두 늦추기", "3건 바꾸고 알리기")
                await driver.advance_to(at("22 22:00"))
            body, spoken = await _digest_of(stage)
            acts, log = await acts_of(stage.database)

    assert stage.crowd.failed == 0
    assert len(stage.crowd.users) == 130 - BY_PAGE
    assert len(set(stage.crowd.receipts)) == BY_PAGE
    _judge_doors(day, stage, spoken, endpoint)
    _judge_reminders(day)
    _judge_changes(day)
    _judge_digest(body, {one.note.number or "": one.note.words for one in spoken})
    _judge_manager(day, body)
    _judge_log(acts, log, spoken)
    assert stage.world.violations == []
    assert wire.check_all() > 110 * 5


def _settings(endpoint: Models) -> Settings:
    """Of an operator with models of their own, on this machine."""
    given = {
        "openai_base_url": endpoint.url,
        "openai_model": "가상모형-1",
        "openai_transcribe_model": "가상받아쓰기-1",
    }
    return read_settings(None).model_copy(update=given)


def _tour() -> bytes:
    """The sample's schedule as somebody keeps it in a spreadsheet."""
    return workbook(list(csv.reader(io.StringIO(read_sample().tour))), sheet="일정")


def _judge_doors(day: FieldDay, stage: FieldStage, spoken: list[SpokenNote], endpoint: Models) -> None:
    """Each door kept what came through it; the English guest read English."""
    assert Counter(one.note.source for one in spoken) == {Source.PAGE: BY_PAGE, Source.CHAT: 130 - BY_PAGE}
    assert sum(one.note.heard for one in spoken) == BY_VOICE == len(endpoint.ear.asked)
    assert all(one.file.startswith(b"OggS") for one in endpoint.ear.asked)
    assert sorted(one.note.words for one in spoken if one.note.heard) == sorted(stage.crowd.spoken_words)
    assert stage.crowd.english is not None
    thanks = day.sent(stage.crowd.english)[-1].text
    assert "Your comment is saved. Thank you." in thanks
    told = [line for line in thanks.splitlines() if not line.startswith(("Meeting", "Topic"))]
    assert not re.search("[가-힣]", "\n".join(told))
    (applied,) = [e for e in day.world.ledger if e.chat == day.admin and "일정을 반영" in e.text]
    assert "추가 43" in applied.text


def _judge_reminders(day: FieldDay) -> None:
    """Every reminder due arrives once, at its minute, to the right people only."""
    briefing, soon, almost = "일정 안내", "1시간 뒤 시작", "10분 뒤 시작"
    hour = ["22 06:30", "22 08:40", "22 10:40", "22 13:10", "22 15:10", "22 17:20"]
    ten = ["22 07:20", "22 09:30", "22 11:30", "22 14:20", "22 16:00", "22 18:10"]
    for person in (day.staff, day.colleague, day.keen_manager):
        assert day.minutes(person, briefing) == ["21 20:00"]
        assert day.minutes(person, soon) == hour
        assert day.minutes(person, almost) == ten
    assert day.minutes(day.manager, briefing) == day.minutes(day.manager, "뒤 시작") == []
    assert day.minutes(day.elsewhere, briefing) == ["22 20:00"]
    assert day.minutes(day.elsewhere, "뒤 시작") == []
    assert day.minutes(day.guest, "뒤 시작") == ["22 08:40", "22 09:30"]


def _judge_changes(day: FieldDay) -> None:
    """Everybody concerned is told once what changed; who changed it sees it in place of the button."""
    change = "일정이 바뀌었습니다"
    for person in (day.colleague, day.keen_manager):
        (notice,) = day.sent(person, change)
        for old, new in (("14:10", "14:30"), ("15:50", "16:10"), ("18:00", "18:20")):
            assert f"{old} → {new}" in notice.text
    for person in (day.staff, day.manager, day.elsewhere, day.guest):
        assert day.sent(person, change) == []
    edits = [e for e in day.world.ledger if e.chat == day.staff and "관계자에게 알렸습니다" in e.text]
    assert len(edits) == 1


def _judge_manager(day: FieldDay, body: dict[str, Any]) -> None:
    """At 21:00 both managers of the region have the digest, and nobody else."""
    for person in (day.manager, day.keen_manager):
        assert day.minutes(person, "[전북] 일일 권역 보고") == ["22 21:00"]
    for person in (day.staff, day.colleague, day.elsewhere, day.guest):
        assert day.sent(person, "일일 권역 보고") == []
    (digest,) = day.sent(day.manager, "[전북] 일일 권역 보고")
    assert "접수 130" in digest.text
    assert "AI로 작성됨(가상모형-1" in digest.text
    assert all(theme["title"] in digest.text for theme in body["themes"])


def _judge_log(acts: Counter[str], log: str, spoken: list[SpokenNote]) -> None:
    """One chain over the restart; who read and sent is in it, and nothing of what 130 people said or are called."""
    assert acts["digest_published"] == 1
    assert '"readers": 2' in log
    assert acts["file_previewed"] == acts["file_applied"] == 1
    assert sum(acts.values()) < 40, "a line for what participants do"
    words = {one.note.words for one in spoken if len(one.note.words) > 8} | {n.name for n in spoken if n.name}
    assert [one for one in words if one in log] == []
    assert not re.search(r"가상[^ ]*(국장|수행원|관리자)", log)


def _judge_digest(body: dict[str, Any], words: dict[str, str]) -> None:
    """The ledger balances at 130; a model wrote; every citation exists, every quote is found in its redacted note."""
    assert body["engine"]["kind"] == "language_model"
    assert body["engine"]["fallback_reason"] is None
    assert body["engine"]["tokens"] > 0
    ledger = body["ledger"]
    classes = [
        ledger["cited"],
        ledger["covered"],
        ledger["unplaced"],
        *(merged["note_ids"] for merged in ledger["merged"]),
        *(aside["note_ids"] for aside in ledger["set_aside"]),
    ]
    counted = Counter(number for one in classes for number in one)
    assert ledger["received"] == 130 == sum(counted.values()) + ledger["withdrawn"]
    assert set(counted) == set(words)
    assert max(counted.values()) == 1
    findings = [f for theme in body["themes"] for f in theme["findings"]]
    findings += body["minority"]
    assert findings
    assert all(finding["note_ids"] and set(finding["note_ids"]) <= set(words) for finding in findings)
    shown = [*findings, *body["unplaced"]]
    for quote in (quote for one in shown for quote in one["quotes"]):
        redacted = unicodedata.normalize("NFC", redact(words[quote["note_id"]]).text)
        assert quote["text"] in redacted
    assert body["checks"]["findings"] == body["checks"]["passed"] + body["checks"]["dropped"]


async def _digest_of(stage: FieldStage) -> tuple[dict[str, Any], list[SpokenNote]]:
    """The published digest as JSON, and all notes of the day."""
    async with stage.database.open_unit(read_only=True) as unit:
        (tour,) = await unit.tours.all()
        day = at("22 12:00").date()
        stored = await unit.digests.newest_published(tour.id, JEONBUK, day)
        spoken = await unit.notes.of_day(JEONBUK, day)
    assert stored is not None
    return stored.body, list(spoken)
