"""People who leave notes by themselves: they wait for buttons, tap by label, and give up at last."""

import asyncio
from datetime import timedelta

import pytest

from bot.rehearsal import play
from bot.rehearsal.play import Labels, NotesScript, PlayedNote, leave_note, press
from bot.rehearsal.values import Button, Message
from bot.rehearsal.world import World
from tests.rehearsal.served import MovedClock

LABELS = Labels("동의", "건너뛰기", ("★", "★★", "★★★", "★★★★", "★★★★★"), "마치기")


class Stage:
    """A world whose bot is the test."""

    def __init__(self) -> None:
        self.clock = MovedClock()
        self.world = World(self.clock.now)

    def shows(self, user: int, *labels: str) -> Message:
        """The bot sends a message with these buttons, or none."""
        buttons = tuple(Button(label, data=f"tap:{label}") for label in labels)
        rows = (buttons,) if buttons else ()
        return self.world.keep(
            Message(0, user, self.world.bot.id, self.clock.now(), True, "질문", (), keyboard=rows)
        )

    def pressed(self) -> list[str]:
        return [press.data for press in self.world.presses.values()]


@pytest.fixture
def stage() -> Stage:
    return Stage()


def note(**changes: object) -> PlayedNote:
    values: dict[str, object] = {
        "at": MovedClock().now(),
        "code": "abc",
        "speaker": "청년",
        "rating": 4,
        "topic": "일자리",
        "words": "통근버스가 더 필요합니다.",
    }
    return PlayedNote(**{**values, **changes})  # type: ignore[arg-type]  # names and types are the test's


async def soon() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def walk(stage: Stage, played: PlayedNote, *cards: tuple[str, ...]) -> int:
    """One person against a bot that shows these cards one after the other, each once the last was tapped."""
    user = stage.world.add_user("가상 참여자").id
    task = asyncio.create_task(leave_note(stage.world, user, played, LABELS))
    await soon()
    for place, card in enumerate(cards, start=1):
        stage.shows(user, *card)
        await soon()
        if place < len(cards):
            assert not task.done()
    async with asyncio.timeout(2):
        if not task.done() and played.words:
            assert stage.world.messages(user)[-1].text == played.words
            stage.shows(user)
        await task
    return user


async def test_a_whole_note_is_tapped_and_written(stage: Stage) -> None:
    cards = (("동의", "거절"), ("청년", "기업"), (*LABELS.ratings, "건너뛰기"), ("일자리", "기타"))
    user = await walk(stage, note(), *cards)
    assert stage.pressed() == ["tap:동의", "tap:청년", "tap:★★★★", "tap:일자리"]
    assert stage.world.messages(user)[0].text == "/start m_abc"


async def test_what_is_skipped_is_skipped_by_its_button(stage: Stage) -> None:
    cards = (("동의",), ("청년",), (*LABELS.ratings, "건너뛰기"), ("일자리", "건너뛰기"))
    await walk(stage, note(rating=None, topic=None), *cards)
    assert stage.pressed()[2:] == ["tap:건너뛰기", "tap:건너뛰기"]


async def test_a_rating_without_words_ends_with_its_button(stage: Stage) -> None:
    cards = (("동의",), ("청년",), LABELS.ratings, ("일자리", "마치기"))
    await walk(stage, note(words="", rating=1), *cards)
    assert stage.pressed()[2:] == ["tap:★", "tap:마치기"]


async def test_only_the_newest_card_is_tapped_and_only_by_its_whole_label(stage: Stage) -> None:
    user = stage.world.add_user("가상 참여자").id
    stage.world.start(user)
    stage.shows(user, "청년")
    stage.shows(user, "청년 아님")
    task = asyncio.create_task(press(stage.world, user, "청년"))
    await soon()
    assert not task.done()
    stage.shows(user, "청년")
    await task
    assert len(stage.pressed()) == 1


async def test_people_come_at_their_times_and_are_counted(stage: Stage) -> None:
    script = NotesScript(stage.world, LABELS)
    first = stage.clock.now() + timedelta(minutes=1)
    assert script.add([note(at=first + timedelta(minutes=5)), note(at=first)]) == 2
    assert (script.next_at(), script.done, script.total) == (first, 0, 2)
    script.start_due(stage.clock.now())
    assert script.users == []
    script.start_due(first)
    assert script.acting
    assert script.next_at() == first + timedelta(minutes=5)
    await soon()
    [user] = script.users
    for card in (("동의",), ("청년",), LABELS.ratings, ("일자리",), ()):
        stage.shows(user, *card)
        await soon()
    assert (script.done, script.total, script.failed) == (1, 2, 0)


async def test_who_gets_no_answer_gives_up_and_is_counted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(play, "PATIENCE", 0.02)
    script = NotesScript(stage.world, LABELS)
    script.add([note()])
    script.start_due(stage.clock.now())
    async with asyncio.timeout(2):
        while script.acting:
            await asyncio.sleep(0.005)
    assert (script.failed, script.done) == (1, 1)


async def test_who_cannot_go_on_is_counted_and_holds_up_nobody(stage: Stage) -> None:
    script = NotesScript(stage.world, LABELS)
    script.add([note()])
    script.start_due(stage.clock.now())
    await soon()
    stage.world.chat(script.users[0]).members.clear()
    stage.shows(script.users[0], "동의")
    await soon()
    assert not script.acting
    assert script.failed == 1
