"""`restore`: the drill, on both databases. What comes back, what stays ended, what is never sent again, what is refused."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from pydantic import SecretStr

from bot import commands
from bot.commands import Failed
from bot.commands.alone import alone
from bot.domain.ids import ChatId
from bot.gateways.clock import SteppedClock
from bot.services.people import People
from bot.settings import Settings, read_settings
from storage.backups import TAKEN as STAMP
from storage.backups import sqlite_url
from storage.condition import examine
from storage.database import Database, alembic_config
from storage.repositories.audit import AuditEntry
from tests.support.chat import MANAGER
from tests.support.console import Console
from tests.support.feedback import noted, notes_of
from tests.support.lived import GUESTS, NOON, lived, rows_of, states

AFTER = SteppedClock(NOON + timedelta(hours=2))


@pytest.fixture
def settings(console: Console, database: Database) -> Settings:
    """Settings that lead to `database`."""
    url = SecretStr(database.url.render_as_string(hide_password=False))
    return read_settings(None).model_copy(update={"database_url": url, "data_dir": console.data})


@pytest.fixture
def on_sqlite(console: Console, sqlite: Database) -> Settings:
    return read_settings(None).model_copy(
        update={"database_url": SecretStr(str(sqlite.url)), "data_dir": console.data}
    )


async def taken(settings: Settings) -> Path:
    lines = await commands.backup(settings, None, None, clock=SteppedClock(NOON))
    return Path(lines[0].removeprefix("백업했습니다: "))


async def restored(settings: Settings, file: Path, *, replace: bool = True) -> str:
    return "\n".join(await commands.restore(settings, file, replace=replace, clock=AFTER))


def beside(settings: Settings) -> set[str]:
    """The database's files, by what follows `hyeonjang.db`."""
    folder = Path(Database(settings.database).url.database or "").parent
    found = {one.name for one in folder.iterdir() if one.is_file()}
    return {name for name in found if name.startswith(("hyeonjang.db", "."))}


async def test_the_drill(settings: Settings, database: Database) -> None:
    """Backed up at noon; then somebody speaks, somebody takes a note back, somebody leaves; restored at two."""
    await lived(database)
    file = await taken(settings)
    kept = file.read_bytes()
    [first, *_] = [one.note for one in await notes_of(database) if one.note.words.startswith("가상 의견")]
    await noted(database, "가상 의견: 백업 뒤의 말씀", GUESTS[1])
    async with database.open_unit() as unit:
        await unit.notes.keep(first.taken_back())
        manager = await unit.people.by_chat(ChatId(MANAGER.id))
        assert manager is not None
        await People().revoke(unit, None, manager.id, now=NOON + timedelta(minutes=5))
        await unit.commit()
    await database.close()

    said = await restored(settings, file)

    back = {one.note.id: one.note for one in await notes_of(database)}
    assert len(back) == 5, "what was said after the backup was carried over"
    assert back[first.id].withdrawn, "what was taken back after it is not back"
    async with database.open_unit(read_only=True) as unit:
        assert await unit.people.by_id(manager.id) is None
        assert await unit.facts.get(STAMP) is None
        assert await unit.facts.get("가상 사실") == "값"
    assert await states(database) == {
        "past": "expired",
        "sending": "unknown",
        "doubtful": "unknown",
        "sent": "sent",
        "future": "planned due",
    }
    assert "1.22.(목) 12:00에 백업한 자료" in said
    assert (
        "그 뒤 2시간 동안의 의견 1건과 고친 의견 0건, 나간 보고 0건은 지금 자료에서 옮겨 담았습니다" in said
    )
    assert "때가 지난 알림 2건도 보내지 않습니다" in said
    assert "    전북 1.22.(목) 10:40 60분 전 알림" in said
    assert "철회한 의견 1건, 지운 이름 0건과, 역할을 끝냈거나 삭제를 요청한 1명은 되살리지 않았습니다" in said
    assert "앞으로 제때 보낼 발송은 1건" in said
    assert file.read_bytes() == kept, "the backup is as it was"
    async with database.open_unit() as unit:  # automatic numbers go on where they were
        await unit.audit.record(AuditEntry(NOON, None, "가상", "가상", {}))
        await unit.commit()


async def test_digests_that_may_go_out_twice_are_named(on_sqlite: Settings, sqlite: Database) -> None:
    await lived(sqlite)
    file = await taken(on_sqlite)
    evening = SteppedClock(NOON + timedelta(hours=9, minutes=1))
    said = "\n".join(await commands.restore(on_sqlite, file, replace=True, clock=evening))
    assert "    강원 1.22.(목)\n" in said
    assert "    전북 1.22.(목)\n" not in said, "it had been published before the backup"


async def test_what_is_past_its_period_does_not_come_back(on_sqlite: Settings, sqlite: Database) -> None:
    await lived(sqlite)
    file = await taken(on_sqlite)
    late = SteppedClock(NOON + timedelta(days=91))
    said = "\n".join(await commands.restore(on_sqlite, file, replace=True, clock=late))
    assert "보존 기간이 지난 의견 4건은 되돌리지 않고 파기했습니다" in said
    assert await notes_of(sqlite) == []


async def test_a_server_that_holds_data_is_replaced_only_on_request(
    settings: Settings, database: Database
) -> None:
    await lived(database)
    file = await taken(settings)
    if database.is_sqlite:
        await restored(settings, file, replace=False)
        return
    before = await rows_of(database)
    with pytest.raises(Failed, match="--replace"):
        await restored(settings, file, replace=False)
    assert await rows_of(database) == before


async def test_the_file_that_stood_is_set_aside(on_sqlite: Settings, sqlite: Database) -> None:
    await lived(sqlite)
    file = await taken(on_sqlite)
    await noted(sqlite, "가상 의견: 백업 뒤의 말씀", GUESTS[1])
    await sqlite.close()
    said = await restored(on_sqlite, file)
    aside = "hyeonjang.db.before-restore-20260122-140000"
    assert beside(on_sqlite) == {"hyeonjang.db", aside}
    stood = Path(str(sqlite.url.database)).with_name(aside)
    assert f"옆에 두었습니다: {stood} " in said
    assert "백업 뒤의 말씀".encode() in stood.read_bytes()
    assert stood.stat().st_mode & 0o777 == 0o600


async def test_a_broken_database_is_what_a_restore_is_for(on_sqlite: Settings, sqlite: Database) -> None:
    await lived(sqlite)
    file = await taken(on_sqlite)
    await sqlite.close()
    there = Path(str(sqlite.url.database))
    there.write_bytes(b"broken" * 1000)
    said = await restored(on_sqlite, file)
    assert len(await notes_of(sqlite)) == 4
    assert "되살아났을 수 있습니다" in said


async def test_a_lost_database_is_what_a_restore_is_for(on_sqlite: Settings, sqlite: Database) -> None:
    await lived(sqlite)
    file = await taken(on_sqlite)
    await sqlite.close()
    Path(str(sqlite.url.database)).unlink()
    said = await restored(on_sqlite, file)
    assert len(await notes_of(sqlite)) == 4
    assert "옆에 두었습니다" not in said
    assert "동안의 의견, 일정 변경, 초대와 역할은 이 자료에 없습니다" in said


async def test_a_file_copied_by_hand_with_its_log_is_taken(
    on_sqlite: Settings, sqlite: Database, tmp_path: Path
) -> None:
    """Not made by `backup`, so its time is not known; what lies in the log only comes along."""
    await lived(sqlite)
    there = Path(str(sqlite.url.database))
    copy = tmp_path / "copied.db"
    for end in ("", "-wal"):
        copy.with_name(copy.name + end).write_bytes(there.with_name(there.name + end).read_bytes())
    await sqlite.close()
    assert "언제의 자료인지 알 수 없습니다" in await restored(on_sqlite, copy)
    assert len(await notes_of(sqlite)) == 4


async def test_an_older_schema_is_brought_up_to_date(
    on_sqlite: Settings, sqlite: Database, tmp_path: Path
) -> None:
    """A file of the first version, restored by this one."""
    old = Database(sqlite_url(tmp_path / "old.db"))
    async with old.writing() as connection:
        await connection.run_sync(lambda plain: command.upgrade(alembic_config(plain), "0001"))
        await connection.exec_driver_sql("INSERT INTO facts (name, value) VALUES ('가상 사실', '값')")
    await old.truncate_log()
    await old.close()
    await sqlite.close()
    await restored(on_sqlite, tmp_path / "old.db")
    assert (await examine(sqlite)).is_current
    async with sqlite.open_unit(read_only=True) as unit:
        assert await unit.facts.get("가상 사실") == "값"


async def test_nothing_is_restored_under_a_running_bot(settings: Settings, database: Database) -> None:
    """On the same folder, or from another one on the same server."""
    file = await taken(settings)
    with alone(settings.data_dir), pytest.raises(Failed, match="봇이 실행 중입니다"):
        await restored(settings, file)
    if not database.is_sqlite:
        async with database.sending_alone():
            with pytest.raises(Failed, match="봇이 실행 중입니다"):
                await restored(settings, file)


def test_on_the_console(console: Console) -> None:
    file = str(console.folder / "mine.db")
    console.runs("backup", "--out", file)
    assert console.runs("restore", file).stdout.startswith(f"되돌렸습니다: {file} (")
    said = console.runs("restore", "no-such-file.db", exits=1)
    assert said.stderr == "파일을 읽지 못했습니다: no-such-file.db\n"
    assert said.stdout == ""
    assert console.runs("restore", exits=2).stdout == ""
