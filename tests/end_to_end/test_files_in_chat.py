"""A schedule as a workbook, over HTTP: the template comes, is filled in, is sent back, is shown and applied; others hear."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from bot.domain.ids import Region
from bot.domain.person import Role
from bot.rehearsal.page import Seat
from bot.rehearsal.play import press
from bot.rehearsal.values import Message
from bot.rehearse import Rehearsal
from bot.settings import read_settings
from tests.support.wire import Wire
from tests.support.workbooks import changed

SEOUL = ZoneInfo("Asia/Seoul")
EVENING = datetime(2026, 1, 21, 18, 0, tzinfo=SEOUL)


class Sender:
    """Somebody who works with files."""

    def __init__(self, stage: Rehearsal, user: int) -> None:
        self.stage = stage
        self.user = user

    async def says(self, text: str, *labels: str) -> None:
        self.stage.world.say(self.user, self.user, text)
        await self.taps(*labels)

    async def taps(self, *labels: str) -> None:
        for label in labels:
            await self.stage.driver.accompany(press(self.stage.world, self.user, label))
        await self.passes()

    async def sends(self, data: bytes, name: str) -> None:
        self.stage.world.send_document(self.user, data, name=name)
        await self.passes()

    async def passes(self) -> None:
        await self.stage.driver.advance_to(self.stage.clock.now() + timedelta(seconds=5))

    @property
    def newest(self) -> Message:
        return self.stage.world.from_bot(self.user)[-1]


def moved(book: Workbook) -> None:
    """One meeting of the sample an hour later, in another room."""
    line = ["jb-0122-2", 1, "전북", "2026-01-22", "10:40", "12:00", "기업", "새만금 입주기업 현장 간담회"]
    book.worksheets[0].append([*line, "가상의 다른 회의실", "", "", ""])


@pytest.mark.timeout(300)
async def test_a_template_is_filled_in_sent_back_and_applied(tmp_path: Path) -> None:
    stage = Rehearsal(read_settings(None), f"sqlite+aiosqlite:///{tmp_path / 'files.db'}", EVENING)
    wire = Wire()
    async with stage.telegram(0, wire.middleware), stage.bot() as bot:
        await stage.load(bot)
        colleague = stage.world.add_user("가상 동료").id
        await stage.invite(bot, colleague, Role.STAFF, Region("전북"))
        sender = Sender(stage, stage.seats[Seat.STAFF])
        await sender.passes()

        await sender.says("/files", "일정 양식 받기")
        template = sender.newest.attachment
        assert template is not None
        assert template.file.name == "일정 양식.xlsx"

        await sender.sends(changed(template.file.data, moved), "채운 양식.xlsx")
        assert "○ 채운 양식.xlsx (시트: 일정)" in sender.newest.text
        assert "추가 0 · 변경 1 · 빠짐 5 · 그대로 0 · 거절 0" in sender.newest.text
        heard = len(stage.world.from_bot(colleague))

        await sender.taps("반영")
        assert "일정을 반영하고 관계자에게 알렸습니다" in sender.newest.text
        assert sender.newest.buttons == ()
        [notice] = stage.world.from_bot(colleague)[heard:]
        assert "10:40" in notice.text
        assert "가상의 다른 회의실" in notice.text

        await sender.sends(b"%PDF-1.7 invented", "가상.xlsx")
        assert "표 파일이 아닙니다" in sender.newest.text
        stage.world.send_document(stage.seats[Seat.PARTICIPANT], b"%PDF-1.7", name="가상.pdf")
        await sender.passes()
        assert (
            "그 밖의 파일은 저장하지 않았습니다"
            in stage.world.from_bot(stage.seats[Seat.PARTICIPANT])[-1].text
        )
        async with stage.database.open_unit(read_only=True) as unit:
            (tour,) = await unit.tours.all()
            meeting = (await unit.meetings.by_keys(tour.id, ["jb-0122-2"]))["jb-0122-2"]
    assert meeting.start.astimezone(SEOUL).strftime("%H:%M") == "10:40"
    assert wire.check_all() > 10
