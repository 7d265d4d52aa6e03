"""What `run` says is still to be done, and that it says nothing when all is there."""

from bot.commands.first_steps import first_steps
from bot.domain.person import Grant, Role
from bot.settings import read_settings
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, grant
from tests.support.console import Console
from tests.support.feedback import on_tour
from tests.support.plans import at

NOON = at("12:00")


async def test_a_first_run_names_the_steps_in_their_order(console: Console, sqlite: Database) -> None:
    console.data.chmod(0o755)
    assert await first_steps(read_settings(None), sqlite, NOON) == (
        "다음에 할 일:",
        "  1. 관리자: 없습니다(봇을 차단한 사람은 세지 않습니다) → `python -m bot invite --role admin`을 실행해 나온 링크를 여십시오",
        "  2. 일정: 아직 가져오지 않았습니다 → `python -m bot import tour 일정파일`",
        f"  3. 자료 폴더: 다른 사용자도 들여다볼 수 있습니다 → chmod 700 {console.data}",
    )


async def test_with_everything_there_it_says_nothing(console: Console, sqlite: Database) -> None:
    console.data.chmod(0o700)
    settings = read_settings(None)
    await on_tour(sqlite)
    await grant(sqlite, ADMIN, Grant(Role.ADMIN, None))
    await grant(sqlite, STAFF, Grant(Role.STAFF, None))
    [_, only] = await first_steps(settings, sqlite, NOON)
    assert only.startswith("  1. 간부: 일정이 있는데 아직 없는 권역: ")
    await grant(sqlite, MANAGER, Grant(Role.MANAGER, None))
    assert await first_steps(settings, sqlite, NOON) == ()
