"""Voices and what they agreed to."""

from datetime import timedelta

from bot.domain.feedback import Consent, Purpose, Speaker, Voice
from bot.domain.ids import MeetingId, PersonId, VoiceId
from bot.domain.person import Grant, Role
from storage.database import Database
from tests.support.kept import note, person, tour_with, voice
from tests.support.plans import DAY

MEETING = MeetingId("id-a")


async def test_a_voice_comes_back_and_can_say_more_of_itself(database: Database) -> None:
    named = Voice(VoiceId("v"), MEETING, Speaker.COMPANY, "가상 대표")
    async with database.open_unit() as unit:
        await tour_with(unit)
        await unit.voices.keep(Voice(VoiceId("v"), MEETING, Speaker.YOUTH))
        assert await unit.voices.by_id(VoiceId("v")) == Voice(VoiceId("v"), MEETING, Speaker.YOUTH)
        await unit.voices.keep(named)
        assert await unit.voices.by_id(VoiceId("v")) == named
        assert await unit.voices.by_id(VoiceId("w")) is None


async def test_staff_have_one_voice_a_meeting_and_it_is_found_by_them(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        known = await person(unit, 41, Grant(Role.STAFF, None))
        mine = await voice(unit, Speaker.STAFF, of=known.id)
        await voice(unit)
        found = await unit.voices.of_staff(known.id, MEETING)
        assert found is not None
        assert found.id == mine
        assert await unit.voices.of_staff(PersonId("other"), MEETING) is None
        assert await unit.voices.of_staff(known.id, MeetingId("other")) is None


async def test_agreements_are_kept_apart_by_purpose_and_take_the_newer_version(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        speaks = await voice(unit)
        await unit.voices.agree(Consent(speaks, Purpose.FEEDBACK, "1", DAY))
        await unit.voices.agree(Consent(speaks, Purpose.ABROAD, "1", DAY))
        await unit.voices.agree(Consent(speaks, Purpose.FEEDBACK, "2", DAY + timedelta(days=1)))
        assert await unit.voices.agreements(speaks) == {
            Purpose.FEEDBACK: ("2", DAY + timedelta(days=1)),
            Purpose.ABROAD: ("1", DAY),
        }


async def test_only_a_voice_without_a_note_is_removed_for_its_silence(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        silent, speaks = await voice(unit), await voice(unit)
        await unit.notes.keep(note(speaks))
        await unit.voices.remove_if_silent(silent)
        await unit.voices.remove_if_silent(speaks)
        assert await unit.voices.by_id(silent) is None
        assert await unit.voices.by_id(speaks) is not None
