"""What happens on the day: each participant another way through the dialogue, staff and a manager beside them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.domain.ids import ChatId
from bot.services.feedback import Feedback
from bot.services.feedback_places import Stand
from bot.services.unit import Unit
from tests.privacy.field import PHOTO, VOICE, Field, at


async def participants_come(field: Field) -> None:
    """Within a quarter of an hour, each at an odd second, each another way; staff, a manager and a group beside them."""
    user = await field.leaves("words", "11:40:07", "말씀canary01 통근버스가 한 시간에 한 대뿐입니다.")
    await field.does(user, "이름 남기기")
    await field.says(user, "가상남긴이름canary")
    user = await field.leaves("stars", "11:41:23")
    await field.does(user, "마침")
    await field.visits("11:42:31", rating="4", topic="jobs", words="말씀canary10 쪽으로 남긴 말입니다.")
    user = await field.leaves("edits", "11:43:41", "고칠canary02 제 번호는 010-7777-4321 입니다.")
    await field.does(user, "고치기", "글")
    await field.says(user, "고친canary02 월세가 비쌉니다.")
    await staff_and_manager_work(field, "11:44:30")
    user = await field.leaves("withdraws", "11:45:13", "거둘canary03 임금이 밀렸습니다.")
    await field.does(user, "거두기", "거두겠습니다")
    user = await field.leaves("speaks", "11:46:13")
    await field.sends(user, field.world.send_voice, VOICE, seconds=2)
    user = await field.leaves("shows", "11:47:19")
    await field.sends(user, field.world.send_photo, PHOTO, caption="사진canary04 여기입니다.")
    user = await field.leaves("rewrites", "11:48:17", "보낸canary05 기숙사가 낡았습니다.")
    own = [one for one in field.world.messages(user) if not one.from_bot]
    field.world.edit(user, own[-1].id, "바꾼canary05 기숙사가 좋습니다.")
    await field.leaves("speaks English", "11:49:11", "words-canary06 the bus is late.", language="en")
    await field.visits(
        "11:49:43", rating="3", topic="living", words="말씀canary11 다리가 없습니다.", name="가상쪽이름canary"
    )
    await staff_and_manager_work(field, "11:50:00")
    await something_goes_wrong(field)


async def something_goes_wrong(field: Field) -> None:
    """Somebody blocks the bot, an update breaks, a group moves, somebody turns away and somebody writes in the group."""
    user = await field.leaves("blocks", "11:50:29", "말씀canary07 창업 지원이 필요합니다.")
    field.world.faults.hold(chat=user)
    field.world.press_button(user, field.world.from_bot(user)[-1], "고치기")
    field.world.faults.release_all()
    field.world.block(user)
    user = await field.leaves("breaks", "11:51:17", "말씀canary08 버스가 끊깁니다.")
    with breaking(user, "깨진canary08"):
        field.world.say(user, user, "깨진canary08 말씀")
        await field.driver.advance_to(at("11:52:15"))
    field.group = field.world.migrate(field.group)
    await field.driver.advance_to(at("11:52:19"))
    user = field.comes("turns away")
    field.world.start(user, f"m_{field.code}")
    await field.driver.advance_to(at("11:52:41"))
    field.world.say(user, user, "동의전canary09 말씀")
    await field.driver.advance_to(at("11:52:57"))
    field.world.chats[field.group].members.add(user)
    field.world.say(user, field.group, "/digest 방에서canary09")
    await field.driver.advance_to(at("11:53:13"))
    user = field.comes("reads the notice")
    field.world.start(user)
    await field.says(user, "/privacy")
    await staff_and_manager_work(field, "11:53:30")


@contextmanager
def breaking(whose: int, quoted: str) -> Iterator[None]:
    """While the block runs, whatever this chat writes ends in an error of ours that quotes it."""
    whole = Feedback.write

    async def breaks(self: Feedback, unit: Unit, chat: ChatId, words: str, *, now: datetime) -> Stand | None:
        stand = await whole(self, unit, chat, words, now=now)
        if chat == whose:
            raise RuntimeError(quoted)
        return stand

    Feedback.write = breaks  # type: ignore[method-assign]
    try:
        yield
    finally:
        Feedback.write = whole  # type: ignore[method-assign]


async def staff_and_manager_work(field: Field, clock: str) -> None:
    """Beside the participants: a staff note, an interim digest, a file of it."""
    await field.driver.advance_to(at(clock))
    await field.says(field.staff, f"실무자 메모 {clock}: 통근버스 증편을 약속하였음.")
    await field.says(field.manager, "/digest")
    field.world.say(field.staff, field.group, "/today@hyeonjang_rehearsal_bot")
    await field.driver.advance_to(field.stage.clock.now() + timedelta(seconds=2))
