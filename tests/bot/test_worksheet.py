"""The operator's worksheet: what each setting changes in it, what it never holds, and that nothing is made or changed for it."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.commands import worksheet as made
from bot.commands.worksheet import UNKNOWN
from bot.domain.person import Grant, Role
from bot.gateways.clock import SteppedClock
from bot.settings import Settings, read_settings
from prompts.worksheet import WorksheetError, document, keys, piece
from storage.database import Database
from tests.support.canaries import Canaries
from tests.support.chat import ADMIN, MANAGER, STAFF, grant
from tests.support.console import Console
from tests.support.doctor import NOON
from tests.support.feedback import on_tour
from tests.support.lived import JEONBUK

GOLDEN = Path(__file__).parents[1] / "golden" / "worksheet.md"
CANARIES = Canaries()
HERE = {"openai_model": "가상모형", "openai_base_url": "http://127.0.0.1:8000/v1"}
TRUSTED = {**HERE, "openai_base_url": "https://llm.example.kr:9443/v1", "ai_trusted_hosts": "llm.example.kr"}
ABROAD = {**HERE, "openai_base_url": "https://llm.example.com/v1", "external_ai": "on"}
VOICES = {"openai_model": None, "openai_transcribe_model": "가상음성"}


@pytest.fixture
def settings(console: Console) -> Settings:
    return read_settings(None)


async def told(settings: Settings, **changes: object) -> str:
    return await made(settings.model_copy(update=changes), clock=SteppedClock(NOON))


async def test_the_whole_reads_as_it_was_last_approved(settings: Settings) -> None:
    """`RERECORD=1 pytest tests/bot/test_worksheet.py` writes the file anew: read it then."""
    whole = await told(settings, public_url="https://field.example.kr", **ABROAD) + "\n"
    if os.environ.get("RERECORD") == "1":
        GOLDEN.write_text(whole, encoding="utf-8")
    assert whole == GOLDEN.read_text(encoding="utf-8")


PG = SecretStr("postgresql://hj:canary-db-pass%2F0004@db.example.kr:6432/name")


@pytest.mark.parametrize(
    ("changes", "says", "says_not"),
    [
        ({"retention_days": 30}, ["일정일부터 30일", "보유기간 30일이 공공기록물"], ["90일", "1년을 넘습니다"]),
        ({"retention_days": 400}, ["400일로 1년을 넘습니다"], ["90일"]),
        ({}, ["PUBLIC_URL이 없어", "없습니다(폴링)", "사용하지 않습니다"], ["PostgreSQL", "(언어 모델) |"]),
        ({"public_url": "https://field.example.kr"}, ["HTTPS(field.example.kr)", "`/m/` 경로"], ["PUBLIC_URL이 없어"]),
        (HERE, ["서버 안의 모델을 사용", "127.0.0.1 (언어 모델) | 8000/tcp"], ["위탁 계약", "이전받는 자 | 127"]),
        (TRUSTED, ["기관이 지정한 서버(llm.example.kr)", "9443/tcp", "위탁 계약(법 제26조)"], ["EXTERNAL_AI=on"]),
        (ABROAD, ["이전받는 자 | llm.example.com의 운영자", "HTTPS 여부: 예", "EXTERNAL_AI=on 입니다"], ["지정한 서버(llm"]),
        ({**HERE, **VOICES}, ["받아쓰는 즉시 파기", "사용하지 않습니다"], ["음성이 90일 동안"]),
        ({**ABROAD, **VOICES}, ["참여자의 음성은 외부로 보내지 않고", "음성이 90일 동안"], ["즉시 파기"]),
        ({"telegram_api_url": "http://10.0.0.7:8081"}, ["10.0.0.7 (Bot API) | 8081/tcp", "암호화하지 않은 HTTP", "누가 운영합니까"], ["api.telegram.org"]),
        ({"host": "0.0.0.0"}, ["HOST가 0.0.0.0여서"], []),
        ({"trusted_proxies": "10.1.0.0/16"}, ["10.1.0.0/16"], []),
        ({"metrics_token": SecretStr(CANARIES.metrics)}, ["METRICS_TOKEN"], ["서버 안에서만"]),
        ({"log_format": "json"}, ["표준 오류(json 형식)"], []),
    ],
)  # fmt: skip
async def test_each_setting_changes_what_it_should(
    settings: Settings, changes: dict[str, object], says: list[str], says_not: list[str]
) -> None:
    whole = await told(settings, **changes)
    assert [words for words in says if words not in whole] == []
    assert [words for words in says_not if words in whole] == []
    assert "{" not in whole
    assert CANARIES.sung_in(whole) == set()


async def test_a_database_elsewhere_is_named_by_its_host_and_not_waited_for_in_vain(
    settings: Settings,
) -> None:
    there = PG.get_secret_value().replace("db.example.kr:6432", "127.0.0.1:9")
    whole = await told(settings, database_url=SecretStr(there))
    assert "PostgreSQL 127.0.0.1:9" in whole
    assert "VACUUM" in whole
    assert "데이터베이스를 읽지 못하여" in whole
    assert CANARIES.sung_in(whole) == set()


async def test_people_are_counted_and_not_named(settings: Settings, database: Database) -> None:
    for user, role in ((ADMIN, Role.ADMIN), (MANAGER, Role.MANAGER), (STAFF, Role.STAFF)):
        await grant(database, user, Grant(role, JEONBUK))
    await on_tour(database)
    url = SecretStr(database.url.render_as_string(hide_password=False))
    whole = await told(settings, database_url=url)
    assert whole.count("| 1명 |") == 3
    assert "관리자가 한 명입니다" in whole
    async with database.open_unit(read_only=True) as unit:
        tours = [tour.name for tour in await unit.tours.all()]
    assert all(f"대상 행사: {name}" in whole for name in tours)
    for user in (ADMIN, MANAGER, STAFF):
        assert user.first_name not in whole
        assert str(user.id) not in whole


async def test_nothing_is_made_for_it(settings: Settings, console: Console) -> None:
    (console.data / "hyeonjang.db").unlink()
    whole = await told(settings)
    assert f"대상 행사: {UNKNOWN}" in whole
    assert list(console.data.iterdir()) == []


def test_at_the_console_it_is_printed_or_saved_for_its_reader_only(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in CANARIES.environment("http://127.0.0.1:1", "http://127.0.0.1:2/v1").items():
        monkeypatch.setenv(name, value)
    printed = console.runs("worksheet").output
    file = console.folder / "worksheet.md"
    assert str(file) in console.runs("worksheet", "--out", str(file)).stdout
    assert file.read_text(encoding="utf-8").strip() in printed
    assert file.stat().st_mode & 0o077 == 0
    assert CANARIES.sung_in(printed) == set()
    console.runs("worksheet", "--out", str(console.folder / "nowhere" / "x.md"), exits=1)


def test_every_piece_is_used_and_none_is_missing() -> None:
    source = Path("bot/commands/worksheet.py")
    code = (Path(__file__).parents[2] / source).read_text(encoding="utf-8")
    unused = {key for key in keys() if key.split(".")[0] + "." not in code}
    assert unused == set()
    with pytest.raises(WorksheetError):
        piece("questions.nobody_asks")
    with pytest.raises(WorksheetError):
        piece("questions.own_api")
    with pytest.raises(WorksheetError):
        document({"days": "90"})
