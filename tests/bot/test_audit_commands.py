"""The access log at the console: looked along, its end noted, and kept whole by backup and restore."""

import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot import commands
from bot.domain.access_log import Head
from bot.gateways.clock import SteppedClock
from bot.services.access_log import verify
from bot.settings import Settings, read_settings
from storage.access_log import head_in
from storage.database import Database
from storage.repositories.audit import AuditEntry
from tests.bot.test_commands import shipped
from tests.support.console import Console
from tests.support.lived import NOON, lived

LATER = NOON + timedelta(hours=1)
AFTER = SteppedClock(NOON + timedelta(hours=2))
HEAD = re.compile(r"\d+:[0-9a-f]{64}")


@pytest.fixture
def settings(console: Console, database: Database) -> Settings:
    url = SecretStr(database.url.render_as_string(hide_password=False))
    return read_settings(None).model_copy(update={"database_url": url, "data_dir": console.data})


def noted(lines: list[str] | str) -> Head:
    """The end that a command printed."""
    said = lines if isinstance(lines, str) else "\n".join(lines)
    (found,) = HEAD.findall(said)
    return Head.parse(found)


async def backed_up(settings: Settings) -> tuple[Path, Head]:
    lines = await commands.backup(settings, None, None, clock=SteppedClock(NOON))
    return Path(lines[0].removeprefix("백업했습니다: ")), noted(lines)


async def restored(settings: Settings, database: Database, file: Path) -> str:
    await database.close()  # a file of its own comes into its place
    return "\n".join(await commands.restore(settings, file, replace=True, clock=AFTER))


async def acts(database: Database, *subjects: str) -> None:
    for subject in subjects:
        async with database.open_unit() as unit:
            await unit.audit.record(AuditEntry(LATER, None, "가상", subject, {}))
            await unit.commit()


async def actions(database: Database) -> list[str]:
    """Of the whole chain, which is in order; those of `acts` by their subject."""
    async with database.snapshot_unit() as unit:
        assert (await verify(unit)).broken is None
        return [one.subject if one.action == "가상" else one.action async for one in unit.audit.lines()]


def tampered(console: Console, statement: str) -> None:
    with sqlite3.connect(console.data / "hyeonjang.db") as connection:
        connection.execute(statement)
    connection.close()


def test_a_log_that_was_changed_is_said_to_be_by_both_who_look(console: Console) -> None:
    console.runs("import", "tour", shipped("tour.csv"))
    console.runs("invite", "--role", "admin", exits=1)
    out = str(console.folder / "log.csv")
    end = noted(console.runs("export", "audit", "--out", out).stdout)
    assert f"✓ 접속기록: {end.seq}줄이 온전합니다. 끝: {end}" in console.runs("doctor").stdout
    well = console.runs("audit", "verify", "--noted", f"{end.seq}:{end.seal[:16]}").stdout
    assert f"접속기록 {end.seq}줄이 모두 온전합니다." in well
    assert f"적어 두신 {end.seq}번째 줄의 봉인과 같습니다" in well
    assert noted(well) == end

    tampered(console, "UPDATE audit SET actor = 'somebody-else' WHERE seq = 1")
    said = console.runs("audit", "verify", exits=1).stderr
    assert "온전하지 않습니다: 1번째 줄이 봉인된 뒤에 바뀌었거나" in said
    assert "✗ 접속기록: 1번째 줄이 봉인된 뒤에" in console.runs("doctor", exits=1).stdout


def test_an_end_that_was_noted_finds_what_the_chain_itself_does_not(console: Console) -> None:
    """Everything destroyed and written anew, as if there had been nothing before."""
    console.runs("import", "tour", shipped("tour.csv"))
    end = noted(console.runs("audit", "verify").stdout)
    tampered(console, "DELETE FROM audit")
    tampered(console, "DELETE FROM audit_chain")
    gone = "접속기록이 시작된 적이 있으나 그 기록이 통째로 사라졌습니다."
    assert gone in console.runs("audit", "verify", exits=1).stderr
    assert gone[:-1] in console.runs("doctor", exits=1).stdout
    console.runs("export", "audit", "--out", "x.csv", exits=1)
    assert (
        f"{end.seq}번째 줄부터 끝이 없습니다"
        in console.runs("audit", "verify", "--noted", str(end), exits=1).stderr
    )
    other = console.runs("import", "tour", shipped("tour.csv"), "--dry-run")
    assert other.exit_code == 0
    said = console.runs("audit", "verify", "--noted", str(end), exits=1).stderr
    assert f"{end.seq}번째 줄의 봉인이 적어 두신 것과 다릅니다" in said


def test_of_what_is_destroyed_nothing_is_confirmed(console: Console) -> None:
    """By hand, the first line; and then the noted one too."""
    console.runs("import", "tour", shipped("tour.csv"))
    console.runs("export", "audit", "--out", str(console.folder / "log.csv"))
    end = noted(console.runs("audit", "verify").stdout)
    tampered(console, "UPDATE audit_chain SET cut = 1, cut_seal = (SELECT seal FROM audit WHERE seq = 1)")
    tampered(console, "DELETE FROM audit WHERE seq = 1")
    said = console.runs("audit", "verify", "--noted", str(end), exits=1).stderr
    assert "앞의 1번째 줄까지 없으나, 보존 기간(2년)이 지나 파기하였다는 기록이 없습니다." in said
    tampered(console, "UPDATE audit_chain SET cut = last, cut_seal = last_seal")
    tampered(console, "DELETE FROM audit")
    said = console.runs("audit", "verify", "--noted", str(end), exits=1).stderr
    assert f"적어 두신 {end.seq}번째 줄이 파기된 것으로 되어 있어" in said


@pytest.mark.parametrize("typed", ["", "12", "12:abc", "x:" + "a" * 64, f"1:{'a' * 64}:x"])
def test_what_is_no_end_is_wrong_use(console: Console, typed: str) -> None:
    assert "--noted" in console.runs("audit", "verify", "--noted", typed, exits=2).output


def test_without_a_database_there_is_nothing_to_look_at(console: Console) -> None:
    (console.data / "hyeonjang.db").unlink()
    assert "아직 데이터베이스가" in console.runs("audit", "verify", exits=1).stderr
    assert "접속기록" not in console.runs("doctor").stdout


async def test_a_restore_carries_on_the_log_that_stood(settings: Settings, database: Database) -> None:
    await lived(database)
    await acts(database, "앞")
    file, end = await backed_up(settings)
    assert head_in(file) == end
    await acts(database, *(f"뒤 {number}" for number in range(3)))
    stood = await actions(database)
    said = await restored(settings, database, file)
    assert "\n  접속기록은 백업 뒤의 4줄까지 그대로 이었습니다.\n" in said  # the backup's own line among them
    after = await actions(database)
    assert after[: len(stood)] == stood
    assert after[len(stood) :][0] == "restored"
    async with database.snapshot_unit() as unit:
        assert (await verify(unit, end)).broken is None
    await acts(database, "더 뒤")
    assert (await actions(database))[-1] == "더 뒤"


async def test_a_backup_of_another_log_and_a_broken_one_are_not_mixed(
    settings: Settings, database: Database
) -> None:
    await lived(database)
    file, _ = await backed_up(settings)
    await acts(database, "뒤")
    async with database.writing() as connection:
        await connection.execute(text("UPDATE audit SET whose = 'x' WHERE subject = '뒤'"))
    said = await restored(settings, database, file)
    assert "접속기록이 온전하지 않아 이어 붙이지 않았습니다" in said
    assert "뒤" not in await actions(database)
    async with database.writing() as connection:  # another log: the same number, another seal
        await connection.execute(text("DELETE FROM audit"))
        await connection.execute(text("DELETE FROM audit_chain"))
    await acts(database, *"가나다라")
    said = await restored(settings, database, file)
    assert "이 백업 뒤를 잇는 것이 아니어서 옮기지 않았습니다" in said
    assert "가" not in await actions(database)


async def test_a_backup_that_cannot_be_recorded_leaves_no_file(
    settings: Settings, database: Database, console: Console
) -> None:
    await lived(database)
    async with database.writing() as connection:  # behind it there is no number any more
        await connection.execute(text(f"UPDATE audit SET seq = {2**63 - 1} WHERE seq = 1"))
    with pytest.raises((OverflowError, DBAPIError)):
        await commands.backup(settings, None, None, clock=SteppedClock(NOON))
    assert list(console.data.glob("backups/*.db")) == []
