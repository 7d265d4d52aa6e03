"""Voice and pictures from end to end: the real bot, real files over the local Bot API, real decoders, an endpoint on loopback."""

import io
import json
from pathlib import Path

from PIL import Image

from bot.domain.ids import Region
from bot.domain.media import MediaKind, MediaState
from bot.rehearsal.page import Seat
from bot.rehearsal.play import press
from bot.rehearse import Rehearsal
from bot.settings import read_settings
from tests.support.field_day import FieldDay, at
from tests.support.media import PHONE, encoded, photo, spoken
from tests.support.transcriptions import transcriptions

JEONBUK = Region("전북")
GUESTS, STAFFS = "통근버스가 한 시간에 한 대뿐입니다.", "도지사가 송전선로 조기 준공을 건의함."


async def test_what_people_say_and_show_reaches_the_notes_and_nothing_else(tmp_path: Path) -> None:
    async with transcriptions() as endpoint:
        endpoint.answers = [(200, json.dumps({"text": words})) for words in (GUESTS, STAFFS)]
        settings = read_settings(None).model_copy(
            update={"openai_transcribe_model": "an-invented-model", "openai_base_url": endpoint.url}
        )
        file = tmp_path / "day.db"
        stage = Rehearsal(settings, f"sqlite+aiosqlite:///{file}", at("22 12:00"))
        async with stage.telegram(0), stage.bot() as bot:
            await stage.load(bot)
            day = FieldDay(stage)
            code = await day.code_of("jb-0122-3")
            stage.world.start(day.guest, f"m_{code}")
            for label in ("모두 동의하고 시작", "청년", "★★★★☆"):
                await stage.driver.accompany(press(stage.world, day.guest, label))
            stage.world.send_photo(day.guest, photo((3000, 2000)))
            await stage.driver.advance_to(stage.clock.now())
            stage.world.send_voice(day.guest, encoded(spoken(2.0)), seconds=2)
            await stage.driver.advance_to(at("22 12:01"))
            stage.world.send_voice(stage.seats[Seat.STAFF], encoded(spoken(1.5)), seconds=2)
            await stage.driver.advance_to(at("22 12:02"))
            [told] = day.sent(day.guest, "기계가 받아씀")
            assert GUESTS in told.text
            [told] = day.sent(stage.seats[Seat.STAFF], "기계가 받아씀")
            assert STAFFS in told.text
            await _judge_notes(stage)
            await stage.driver.advance_to(at("22 12:30"))
        left = file.read_bytes()
    assert len(endpoint.asked) == 2
    assert all(one.file.startswith(b"OggS") for one in endpoint.asked)
    assert stage.world.violations == []
    for needle in (PHONE.encode(), b"Exif", b"xmp canary", str(day.guest).encode()):
        assert needle not in left, needle


async def _judge_notes(stage: Rehearsal) -> None:
    async with stage.database.open_unit(read_only=True) as unit:
        notes = await unit.notes.of_day(JEONBUK, at("22 12:00").date())
        media = [
            m for found in (await unit.media.of_day(JEONBUK, at("22 12:00").date())).values() for m in found
        ]
        [picture] = [await unit.media.content(one.id) for one in media if one.kind is MediaKind.PHOTO]
        voices = {one.state: await unit.media.content(one.id) for one in media if one.kind is MediaKind.VOICE}
    assert {one.note.words for one in notes} == {GUESTS, STAFFS}
    assert all(one.note.heard for one in notes)
    assert picture is not None
    with Image.open(io.BytesIO(picture.data)) as shown:
        assert shown.size == (2000, 1333)
        assert dict(shown.getexif()) == {}
    assert set(voices) == {MediaState.TRANSCRIBED}
