"""`doctor` about the database, and what is missing to begin."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.commands import diagnose
from bot.commands.alone import alone
from bot.domain.person import Grant, Role
from bot.gateways.clock import SteppedClock
from bot.services.clock_leap import RETENTION_DAY
from bot.settings import Settings
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, grant
from tests.support.console import Console
from tests.support.doctor import NOON, bot_api, diagnosed, found, fresh, with_token
from tests.support.feedback import on_tour
from tests.support.lived import JEONBUK


@pytest.fixture
def settings(console: Console) -> Settings:
    return fresh(console)


async def test_a_database_in_order(settings: Settings, database: Database) -> None:
    url = SecretStr(database.url.render_as_string(hide_password=False))
    there = settings.model_copy(update={"database_url": url})
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    assert (await found(there, "database")).line.startswith(f"✓ 데이터베이스: {kind} ")
    assert (await found(there, "schema")).line == "✓ 구조: 이 프로그램과 맞습니다"
    async with database.open_unit(read_only=True) as unit:
        assert await unit.facts.get("doctor") is None, "what was tried was taken back"
    if not database.is_sqlite:
        assert "(UTF8)" in (await found(there, "database")).line


async def test_a_database_that_is_not_there_is_not_made(settings: Settings, console: Console) -> None:
    file = console.data / "hyeonjang.db"
    file.unlink()
    assert (await found(settings, "database")).line.startswith("– 데이터베이스: 아직 없습니다")
    assert not file.exists()
    nowhere = settings.model_copy(update={"database_url": SecretStr("sqlite:////no/such/folder/x.db")})
    assert (await found(nowhere, "database")).line.startswith(
        "✗ 데이터베이스: 둘 폴더가 없습니다(/no/such/folder)"
    )


async def test_a_database_that_cannot_be_opened(settings: Settings, console: Console) -> None:
    (console.data / "hyeonjang.db").write_bytes(b"broken" * 1000)
    assert (await found(settings, "database")).line.startswith(
        "✗ 데이터베이스: 열지 못했습니다(DatabaseError) → "
    )
    url = SecretStr("postgresql://nobody:hidden@127.0.0.1:1/nowhere")
    diagnosis = await diagnosed(settings.model_copy(update={"database_url": url}))
    [line] = [one.line for one in diagnosis.findings if one.check == "database"]
    assert line.startswith("✗ 데이터베이스: 열지 못했습니다(OperationalError) → DATABASE_URL")
    assert "hidden" not in diagnosis.as_text() + diagnosis.as_json()


async def test_a_file_with_a_broken_page(settings: Settings, console: Console) -> None:
    file = console.data / "hyeonjang.db"
    content = bytearray(file.read_bytes())
    content[4096 * 4 : 4096 * 5] = b"\xff" * 4096
    file.write_bytes(content)
    assert (await found(settings, "database")).line.startswith("✗ 데이터베이스: ")


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ("0001", "– 구조: 이 프로그램보다 "),
        ("9999", "✗ 구조: 이 프로그램보다 새로운 판이 쓰던 데이터베이스입니다 → "),
    ],
)
async def test_a_schema_of_another_version_is_told_and_left_alone(
    settings: Settings, console: Console, revision: str, said: str
) -> None:
    file = console.data / "hyeonjang.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    assert (await found(settings, "schema")).line.startswith(said)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (revision,)


async def test_whether_the_bot_runs(settings: Settings, database: Database) -> None:
    url = SecretStr(database.url.render_as_string(hide_password=False))
    there = settings.model_copy(update={"database_url": url})
    assert (await found(there, "run")).line.startswith("– 실행: 봇이 실행 중이 아닙니다")
    with alone(there.data_dir):
        assert (await found(there, "run")).line == "✓ 실행: 봇이 실행 중입니다"
    if not database.is_sqlite:
        async with database.sending_alone():
            assert (await found(there, "run")).line == "✓ 실행: 봇이 실행 중입니다"


async def test_what_is_missing_to_begin_must_be_done_when_there_is_a_token(settings: Settings) -> None:
    async with bot_api() as url:
        live = await diagnosed(with_token(settings, url))
    lines = [one.line for one in live.findings if one.check in {"admin", "tour"}]
    assert lines == [
        "✗ 관리자: 없습니다(봇을 차단한 사람은 세지 않습니다) → `python -m bot invite --role admin`을 실행해 나온 링크를 여십시오",
        "✗ 일정: 아직 가져오지 않았습니다 → `python -m bot import tour 일정파일`",
    ]
    assert not live.is_well
    assert live.as_text().endswith("\n고쳐야 할 것이 2가지 있습니다.")


async def test_the_people_of_the_coming_days(settings: Settings, console: Console) -> None:
    database = Database(settings.database)
    await on_tour(database)
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await grant(database, STAFF, Grant(Role.STAFF, None))
    await grant(database, MANAGER, Grant(Role.MANAGER, JEONBUK))
    await database.close()
    async with bot_api() as url:
        live = await diagnosed(with_token(settings, url))
        lines = {one.check: one.line for one in live.findings}
        much_later = await diagnose(with_token(settings, url), clock=SteppedClock(NOON + timedelta(days=30)))
    assert live.is_well
    assert lines["admin"] == "✓ 관리자: 1명"
    assert lines["tour"] == "✓ 일정: 앞으로 7일 안에 3건"
    assert lines["staff"] == "✓ 실무자: 일정이 있는 모든 권역에 있습니다"
    assert lines["managers"].startswith("– 간부: 일정이 있는데 아직 없는 권역: 강원 → 대화방에서 /invite")
    [tour] = [one.line for one in much_later.findings if one.check == "tour"]
    assert tour.startswith("– 일정: 앞으로 7일 안에 일정이 없습니다")


def retention_ran_long_ago(console: Console) -> None:
    with closing(sqlite3.connect(console.data / "hyeonjang.db")) as connection, connection:
        connection.execute("INSERT INTO facts (name, value) VALUES (?, '2020-01-02')", (RETENTION_DAY,))


async def test_a_clock_that_leapt_is_told(settings: Settings, console: Console) -> None:
    retention_ran_long_ago(console)
    assert (await found(settings, "clock")).line == (
        "✗ 시계: 마지막 파기일(2020-01-02)보다 여러 날 앞서 있어(2026-01-22 12:00) 보존 기간이 지난 자료의 파기를 멈추었습니다 "
        "→ 시계가 맞으면 `python -m bot purge --clock-is-right`. 그대로 두면 2026-01-25부터 파기합니다"
    )


def test_after_a_leap_purge_waits_for_a_word(console: Console) -> None:
    retention_ran_long_ago(console)
    assert "--clock-is-right" in console.runs("purge", exits=1).stderr
    assert console.runs("purge", "--clock-is-right").stdout == ""
    assert console.runs("purge").stdout == ""
