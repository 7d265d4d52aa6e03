"""The work on files is killed anywhere: nothing is lost, nothing happens twice, and what kills each time is given up."""

from datetime import timedelta

import pytest

from bot.domain.ids import Region
from bot.domain.incoming import IncomingState
from bot.domain.person import Grant, Role
from bot.domain.tables.grid import Source
from bot.gateways.spreadsheet import table_of
from bot.services.files.work import PAUSES
from storage.database import Database
from storage.unit import Unit
from tests.support.chat import ADMIN, grant
from tests.support.filing import FilingDesk, filing
from tests.support.workbooks import meeting_line, tour_book

EVERYTHING = Grant(Role.ADMIN, None)
TOUR = tour_book(meeting_line(date="2026-01-23"))


class Killed(BaseException):
    """The process ends here: no handler of errors sees it."""


async def meetings(desk: FilingDesk) -> list[str]:
    async with desk.database.open_unit(read_only=True) as unit:
        found = await unit.meetings.ending_after(desk.clock.now(), [Region("전북")], 99)
    return [meeting.title for meeting in found]


class Reaper:
    """Kills the process at its n-th moment: when a file is opened, before and after a transaction is committed."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.left = 0
        commit = Unit.commit

        async def dying(unit: Unit) -> None:
            self._moment()
            await commit(unit)
            self._moment()

        patch.setattr(Unit, "commit", dying)

    def open_table(self, content: bytes) -> Source:
        self._moment()
        return table_of(content)

    def _moment(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


async def works_until_killed(desk: FilingDesk, reaper: Reaper, moment: int) -> bool:
    """A new process works; whether it was killed."""
    desk.work = desk.worker(reaper.open_table)
    reaper.left = moment
    try:
        await desk.works()
    except Killed:
        return True
    finally:
        reaper.left = 0
    return False


@pytest.mark.parametrize("confirmed", [False, True])
async def test_killed_anywhere_it_goes_on_after_the_restart(
    database: Database, confirmed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every moment of the work there is: nothing is lost, and nothing happens twice."""
    async with filing(database) as desk:
        await grant(database, ADMIN, EVERYTHING)
        reaper = Reaper(monkeypatch)
        killed = True
        for moment in range(1, 99):
            if not killed:
                break
            line = meeting_line(key=f"a-{moment}", date="2026-01-23", title=f"가상 {moment}")
            await desk.sends(ADMIN, tour_book(line))
            if confirmed:
                desk.work = desk.worker()
                await desk.works()
                await confirm(desk)
            killed = await works_until_killed(desk, reaper, moment)
            desk.work = desk.worker()
            await desk.works()
            if not confirmed:
                await confirm(desk)
                await desk.works()
        assert moment > 5
        assert sorted(await meetings(desk)) == sorted(f"가상 {n}" for n in range(1, moment))
        assert set(await desk.states()) == {IncomingState.APPLIED}
        async with database.open_unit(read_only=True) as unit:
            entries = await unit.audit.since(desk.clock.now() - timedelta(hours=1), "file_applied")
        assert len(entries) == moment - 1


async def confirm(desk: FilingDesk) -> None:
    """The person presses the newest file's button."""
    row = (await desk.rows())[-1]
    await desk.chat.presses(ADMIN, f"fl:a:{row.id}:{row.step}", 1)


async def test_a_file_that_always_breaks_something_is_given_up_in_words(sqlite: Database) -> None:
    def breaks(content: bytes) -> Source:
        raise RuntimeError("a mistake of ours")

    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        desk.work = desk.worker(breaks)
        await desk.sends(ADMIN, TOUR)
        said = [one for pause in (timedelta(), *PAUSES) for one in await desk.works(pause.total_seconds())]
        assert [one.key for one in said] == ["files.refused"]
        assert "문제가 생겨 파일을 확인하지 못했습니다" in said[0].text
        assert await desk.content() == [None]


async def test_a_file_that_kills_the_process_each_time_is_given_up(sqlite: Database) -> None:
    def kills(content: bytes) -> Source:
        raise Killed

    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, EVERYTHING)
        await desk.sends(ADMIN, TOUR)
        for _ in range(1 + len(PAUSES)):
            desk.work = desk.worker(kills)
            with pytest.raises(Killed):
                await desk.works()
        desk.work = desk.worker(kills)
        [told] = await desk.works()
        assert told.key == "files.refused"
