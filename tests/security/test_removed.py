"""Whose grant has ended: everything that hung on it ends in the same transaction, on both databases."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.domain.delivery import DeliveryKind, Draft, Need
from bot.domain.ids import ChatId, Region, Secret, hash_of
from bot.domain.incoming import IncomingFile, IncomingState
from bot.domain.person import Action, Grant, Person, Role
from bot.services.saying import Recipient, plan
from bot.services.staff_waiting import NEW_WORDS, WORDS_WAIT, ask
from bot.services.unit import Unit
from handlers.registry import REGISTERS
from storage.database import Database
from tests.security.world import real_services
from tests.support.chat import ADMIN, STAFF, STRANGER, Chat, grant, talking
from tests.support.feedback import TOUR, on_tour
from tests.support.feedback_chat import agreed
from tests.support.plans import DAY, at
from tests.support.raw_updates import User

HERE, THERE = Region("전북"), Region("강원")
NOW = at("12:00")
SERVICES = real_services()
ROOT = User(7_400_000_001, "가상총괄")
ALL_HERE = frozenset({Grant(Role.STAFF, HERE), Grant(Role.MANAGER, HERE), Grant(Role.ADMIN, HERE)})


@dataclass(frozen=True, slots=True)
class Left:
    """What is there of a person."""

    person: bool
    dialogue: str | None
    file: IncomingState | None
    wishes: frozenset[Region]
    messages: frozenset[str]
    invitations: int


ALL = Left(
    True,
    WORDS_WAIT,
    IncomingState.RECEIVED,
    frozenset({HERE, THERE}),
    frozenset({"digest:전북", "digest:강원", "again"}),
    2,
)
NOTHING = Left(False, None, None, frozenset(), frozenset(), 0)


@pytest.fixture
async def chat(database: Database) -> AsyncIterator[Chat]:
    await on_tour(database)
    await grant(database, ROOT, Grant(Role.ADMIN, None))
    await grant(database, ADMIN, Grant(Role.ADMIN, HERE))
    async with talking(database, SERVICES, *REGISTERS) as chat:
        yield chat


class Hung:
    """Somebody with these grants, and a thing of every kind that hangs on one."""

    def __init__(self, database: Database, person: Person) -> None:
        self.database = database
        self.person = person
        self.tokens: list[Secret] = []

    async def hangs(self, step: str = WORDS_WAIT) -> None:
        person = self.person
        async with self.database.open_unit() as unit:
            await ask(unit, person, step, "가상 대기 의견", NOW)
            file = IncomingFile("file", person.id, person.chat, "f", "표.xlsx", 9, NOW, NOW)
            await unit.incoming.keep(file)
            for region in (HERE, THERE):
                await unit.digests.wish(person.id, TOUR.id, region, DAY, NOW)
                await self._plan(
                    unit, f"digest:{region}", DeliveryKind.DIGEST, Need(Action.READ_DIGEST, region)
                )
            await self._plan(unit, "again", DeliveryKind.REPLY)
            [again] = [one for one in await unit.deliveries.waiting_of(person.id) if one.dedup == "again"]
            await unit.deliveries.unknown(again.id, NOW, NOW)
            for _ in range(2):
                invited = await SERVICES.invitations.invite(unit, person, Role.STAFF, HERE, now=NOW)
                self.tokens.append(invited)
            claimant = ChatId(STRANGER.id)
            await SERVICES.invitations.claim(unit, self.tokens[0], claimant, "가상", "ko", now=NOW)
            await unit.commit()

    async def _plan(self, unit: Unit, key: str, kind: DeliveryKind, *needs: Need) -> None:
        to = Recipient(self.person.chat, "ko", self.person.id)
        await plan(unit, kind, key, to, Draft("settings.always", needs=needs), now=NOW)

    async def ends(self, by: User = ADMIN, *, commit: bool = True) -> None:
        async with self.database.open_unit() as unit:
            actor = await unit.people.by_chat(ChatId(by.id))
            await SERVICES.people.revoke(unit, actor, self.person.id, now=NOW)
            if commit:
                await unit.commit()

    async def left(self) -> Left:
        ident = self.person.id
        async with self.database.open_unit() as unit:
            dialogue, file = await unit.dialogues.of(self.person.chat), await unit.incoming.by_id("file")
            waiting = await unit.deliveries.waiting_of(ident)
            invitations = [await unit.invitations.by_token(hash_of(token)) for token in self.tokens]
            return Left(
                person=await unit.people.by_id(ident) is not None,
                dialogue=None if dialogue is None else dialogue.step,
                file=None if file is None else file.state,
                wishes=await unit.digests.wished_by(ident),
                messages=frozenset(
                    one.dedup
                    for one in waiting
                    if one.draft.key not in ("people.some_ended", "invitation.ask")
                ),
                invitations=sum(one is not None for one in invitations),
            )


async def hung(chat: Chat, *grants: Grant, step: str = WORDS_WAIT) -> Hung:
    one = Hung(chat.database, await grant(chat.database, STAFF, *grants))
    await one.hangs(step)
    return one


async def test_with_the_last_grant_everything_ends_at_once(chat: Chat) -> None:
    one = await hung(chat, *ALL_HERE)
    assert await one.left() == ALL
    await one.ends()
    assert await one.left() == NOTHING


async def test_who_asks_to_be_forgotten_leaves_as_little(chat: Chat) -> None:
    one = await hung(chat, *ALL_HERE)
    async with chat.database.open_unit() as unit:
        await SERVICES.privacy.forget(unit, one.person.chat, now=NOW)
        await unit.commit()
    assert await one.left() == NOTHING


async def test_all_of_it_or_nothing(chat: Chat) -> None:
    one = await hung(chat, *ALL_HERE)
    await one.ends(commit=False)
    assert await one.left() == ALL


async def test_what_hangs_on_another_grant_stays(chat: Chat) -> None:
    one = await hung(chat, *ALL_HERE, Grant(Role.STAFF, THERE))
    await one.ends()
    assert await one.left() == Left(
        True,
        WORDS_WAIT,
        IncomingState.RECEIVED,
        frozenset({THERE}),
        frozenset({"digest:강원", "again"}),
        0,
    )


async def test_who_only_reads_from_now_on_has_no_open_question_and_no_file(chat: Chat) -> None:
    one = await hung(chat, *ALL_HERE, Grant(Role.MANAGER, THERE))
    await one.ends()
    left = await one.left()
    assert (left.dialogue, left.file, left.wishes) == (None, IncomingState.DROPPED, frozenset({THERE}))


async def test_a_question_about_a_note_is_not_answered_by_another_region(chat: Chat) -> None:
    one = await hung(chat, *ALL_HERE, Grant(Role.STAFF, THERE), step=NEW_WORDS)
    await one.ends()
    assert (await one.left()).dialogue is None


async def test_a_grant_given_anew_wakes_nothing_old(chat: Chat) -> None:
    one = await hung(chat, *ALL_HERE)
    await one.ends()
    again = Hung(chat.database, await grant(chat.database, STAFF, *ALL_HERE))
    again.tokens = one.tokens
    assert await again.left() == Left(True, None, None, frozenset(), frozenset(), 0)
    for token in one.tokens:
        [card] = await chat.says(STRANGER, f"/start i_{token}")
        assert card.key == "invitation.invalid"


async def test_a_feedback_under_way_is_the_participants_own(chat: Chat) -> None:
    person = await grant(chat.database, STAFF, Grant(Role.STAFF, HERE))
    question = await agreed(chat, STAFF)
    await Hung(chat.database, person).ends()
    [rating] = await chat.taps(STAFF, question, "청년")
    assert rating.key == "feedback.ask_rating"


@pytest.mark.parametrize("left", [frozenset[Grant](), frozenset({Grant(Role.MANAGER, THERE)})])
async def test_the_card_of_an_invitation_gives_nothing_back(chat: Chat, left: frozenset[Grant]) -> None:
    async with chat.database.open_unit() as unit:
        token = await SERVICES.invitations.invite(unit, None, Role.STAFF, HERE, now=NOW)
        await unit.commit()
    [card] = await chat.says(STAFF, f"/start i_{token}")
    for _ in range(2):
        [granted] = await chat.taps(STAFF, card, "수락")
        assert granted.key == "invitation.granted"
    person = await grant(chat.database, STAFF, Grant(Role.STAFF, HERE), *left)
    await Hung(chat.database, person).ends()
    [again] = await chat.taps(STAFF, card, "수락")
    assert again.key == "invitation.invalid"
    async with chat.database.open_unit(read_only=True) as unit:
        known = await unit.people.by_chat(ChatId(STAFF.id))
    assert (frozenset() if known is None else known.grants) == left
