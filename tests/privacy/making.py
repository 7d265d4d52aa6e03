"""How data of every kind comes to be kept, and what ends it: acts on a database, each in a transaction of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot.domain.approval import Decision, Editing, Office
from bot.domain.feedback import Consent, NoteKind, Purpose, Source, Speaker, Voice
from bot.domain.ids import ChatId, DeliveryId, NoteId, PersonId, Secret, SecretHash, VoiceId
from bot.domain.incoming import IncomingFile
from bot.domain.invitation import Invitation, InvitationState
from bot.domain.media import MediaJob, MediaKind, MediaState, Medium
from bot.domain.person import Grant, Person, Role
from bot.domain.request import Door, Request, RequestKind, RequestState
from bot.gateways.clock import SteppedClock
from bot.services.clock_leap import LEAP
from bot.services.leaving import remove_person
from bot.services.purge import Purge
from bot.services.requests.answering import Answering
from bot.services.requests.taking_out import Cited, take_out
from bot.services.revisions import before_notes_change
from bot.services.unit import Unit
from storage.database import Database
from storage.repositories.approvals import Waiting
from storage.repositories.audit import AuditEntry
from storage.repositories.dialogues import Dialogue
from storage.repositories.digests import StoredDigest
from storage.repositories.inbox import Received
from storage.repositories.media import Content
from storage.repositories.questions import Question
from storage.repositories.readings import Kept
from storage.repositories.subscriptions import Subscription
from tests.support import kept
from tests.support.feedback import LUNCH, NOON, TOUR, services
from tests.support.kept import JEONBUK
from tests.support.plans import DAY, SEOUL

GUEST = ChatId(7_391_500_000_011)
STAFF = ChatId(7_391_500_000_029)
PERSON = PersonId("personcanaryxxxxxxxxxx")
VOICE, NOTE = VoiceId("voicecanaryxxxxxxxxxxx"), NoteId("notecanaryxxxxxxxxxxxx")
NAME, WORDS = "가상이름canary", "가상말씀canary "
NUMBER = 7_391_500_000_033


class Place:
    """A database in which things are made and end, and the clock by which they do."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SteppedClock(NOON)
        self.purge = Purge(self.clock, SEOUL, 90)

    async def does(self, act: "Act") -> None:
        async with self.database.open_unit() as unit:
            await before_notes_change(unit)
            await act(unit, self)
            await unit.commit()

    async def passes(self, **span: float) -> None:
        """Time goes by, and then two rounds of the purge: the file is written anew once a minute at most.

        Long times with a round every so often: a clock that leaps is not believed at once.
        """
        left = timedelta(**span)
        while left > LEAP:
            self.clock.advance_to(self.clock.now() + LEAP)
            await self.purge.run(self.database.open_unit, self.database.truncate_log)
            left -= LEAP
        rounds = (left, timedelta(seconds=61))
        for pause in rounds if self.database.is_sqlite else rounds[:1]:
            self.clock.advance_to(self.clock.now() + pause)
            await self.purge.run(self.database.open_unit, self.database.truncate_log)


Act = Callable[[Unit, Place], Awaitable[None]]


async def an_update(unit: Unit, place: Place) -> None:
    await unit.inbox.receive([Received(NUMBER, GUEST, WORDS)], DAY, place.clock.now())


async def an_update_of_staff(unit: Unit, place: Place) -> None:
    await somebody(unit, place)
    await unit.inbox.receive([Received(NUMBER, STAFF, WORDS)], DAY, place.clock.now())


async def it_is_settled(unit: Unit, _: Place) -> None:
    await unit.inbox.settle(NUMBER)


async def it_is_parked(unit: Unit, _: Place) -> None:
    await unit.inbox.park(NUMBER, "가상")


async def a_dialogue(unit: Unit, place: Place) -> None:
    state = {"secret": "secretcanary", "words": WORDS}
    await unit.dialogues.keep(
        Dialogue(GUEST, "feedback.words", state, private=True, last_step_at=place.clock.now())
    )


async def an_answer(unit: Unit, place: Place) -> None:
    now = place.clock.now()
    one = kept.delivery(
        f"reply:{NUMBER}:0", chat=GUEST, due=now, planned=now, private=True, values={"words": WORDS}
    )
    await unit.deliveries.plan(replace(one, id=DeliveryId("delivery")))


async def a_message_to_staff(unit: Unit, place: Place) -> None:
    await somebody(unit, place)
    now = place.clock.now()
    one = kept.delivery(
        "digest:keycanary", chat=STAFF, person=PERSON, due=now, planned=now, values={"words": WORDS}
    )
    await unit.deliveries.plan(replace(one, id=DeliveryId("delivery")))


async def it_is_sent(unit: Unit, place: Place) -> None:
    for one in await unit.deliveries.due(place.clock.now(), frozenset(), 9):
        await unit.deliveries.claim([DeliveryId(one.id)], place.clock.now())
        await unit.deliveries.sent(one.id, NUMBER, place.clock.now())


async def a_note(unit: Unit, _: Place) -> None:
    await unit.voices.keep(Voice(VOICE, LUNCH.id, Speaker.YOUTH, NAME))
    await unit.voices.agree(Consent(VOICE, Purpose.FEEDBACK, "feedbackcanary", DAY))
    note = kept.note(VOICE, ident=NOTE, words=WORDS, about=LUNCH.id)
    await unit.notes.keep(replace(note, secret=SecretHash("hashcanary")))


async def a_note_that_was_read(unit: Unit, place: Place) -> None:
    await a_note(unit, place)
    read = Kept(WORDS, NAME, b"readingcanary " * 150, " 가상termcanary ")
    assert await unit.readings.keep("가상 판", {NOTE: read}) == 1


async def a_question(unit: Unit, place: Place) -> None:
    await somebody(unit, place)
    assert await unit.questions.keep(Question("q", PERSON, WORDS, place.clock.now()))


async def it_is_taken_up(unit: Unit, _: Place) -> None:
    assert await unit.questions.take("q")


async def a_note_that_was_sorted(unit: Unit, place: Place) -> None:
    await somebody(unit, place)
    await a_note(unit, place)
    assert await unit.triage.sort(NOTE, "topiccanary", PERSON)


async def its_author_chooses_a_topic(unit: Unit, _: Place) -> None:
    note = await unit.notes.by_id(NOTE)
    assert note is not None
    await unit.notes.keep(note.on_topic("living"))


async def its_words_change(unit: Unit, _: Place) -> None:
    note = await unit.notes.by_id(NOTE)
    assert note is not None
    await unit.notes.keep(replace(note, words="고친 말"))


async def its_voice_leaves_another_name(unit: Unit, _: Place) -> None:
    voice = await unit.voices.by_id(VOICE)
    assert voice is not None
    await unit.voices.keep(voice.unnamed())


async def it_is_taken_back(unit: Unit, _: Place) -> None:
    note, voice = await unit.notes.by_id(NOTE), await unit.voices.by_id(VOICE)
    assert note is not None
    assert voice is not None
    await unit.notes.keep(note.taken_back())
    await unit.voices.keep(voice.unnamed())


async def it_is_taken_out(unit: Unit, place: Place) -> None:
    """By the console, for somebody whom it names."""
    await unit.notes.deal({NOTE: "전북-417"})
    now = place.clock.now()
    request = await Answering(SEOUL).write_down(unit, RequestKind.DELETION, now.date(), "", now=now)
    await take_out(unit, request.number, Cited(JEONBUK, DAY, "전북-417"), now=now)


async def a_changed_staff_note(unit: Unit, place: Place) -> None:
    await somebody(unit, place)
    voice = await kept.voice(unit, Speaker.STAFF, of=PERSON, about=LUNCH.id)
    note = kept.note(voice, ident=NOTE, words="나중 말", about=LUNCH.id, source=Source.STAFF)
    await unit.notes.keep(note)
    await unit.notes.record_revision("revision", NOTE, WORDS, NoteKind.REMARK, place.clock.now())


async def its_wordings_are_forgotten(unit: Unit, _: Place) -> None:
    await unit.notes.forget_revisions(NOTE)


async def a_voice(unit: Unit, place: Place) -> None:
    await a_note(unit, place)
    now = place.clock.now()
    medium = Medium("medium", NOTE, MediaKind.VOICE, MediaState.AWAITED)
    job = MediaJob(
        medium="medium",
        kind=MediaKind.VOICE,
        state=MediaState.AWAITED,
        file_id="filecanary",
        chat=GUEST,
        language="ko",
        private=True,
        words_were="",
        gives_up_at=now + timedelta(days=1),
        asked_at=now,
        secret=Secret("secretcanary"),
    )
    await unit.media.add(medium, job, None)


async def it_is_kept(unit: Unit, _: Place) -> None:
    await unit.media.finish("medium", MediaState.KEPT, Content(b"contentcanary " * 700, "audio/ogg"))


async def a_file(unit: Unit, place: Place) -> None:
    await somebody(unit, place)
    now = place.clock.now()
    await unit.incoming.keep(IncomingFile("file", PERSON, STAFF, "filecanary", NAME, 9, now, now))
    await unit.incoming.put_content("file", b"contentcanary " * 700)


async def a_digest(unit: Unit, place: Place) -> None:
    body = {"ledger": {}, "words": WORDS}
    one = StoredDigest("digest", TOUR.id, JEONBUK, DAY, 1, "fingercanary", body, place.clock.now())
    await unit.digests.keep(one)


async def it_is_issued_again(unit: Unit, _: Place) -> None:
    await unit.digests.scrub_earlier(TOUR.id, JEONBUK, DAY, 2)


async def a_wish(unit: Unit, place: Place) -> None:
    await somebody(unit, place)
    await unit.digests.wish(PERSON, TOUR.id, JEONBUK, DAY, place.clock.now())


async def a_draft_that_waits(unit: Unit, place: Place) -> None:
    await somebody(unit, place)
    await unit.digests.keep(StoredDigest("draft", TOUR.id, JEONBUK, DAY, 1, "showncanary", {}, None))
    editing = Editing((Decision("markcanary", ("전북-1",)),))
    due = place.clock.now()
    await unit.approvals.keep(
        Waiting("draft", 1, 1, Office.EDITOR, due, "showncanary", PERSON, editing=editing)
    )


async def it_goes_out(unit: Unit, _: Place) -> None:
    await unit.approvals.drop("draft")
    await unit.digests.destroy_before(DAY + timedelta(days=1))


async def an_approver(unit: Unit, place: Place) -> None:
    await somebody(unit, place)
    await unit.approvals.name(JEONBUK, Office.EDITOR, PERSON)


async def a_call(unit: Unit, place: Place) -> None:
    await unit.digests.call_revision(TOUR.id, JEONBUK, DAY, place.clock.now())


async def it_is_answered(unit: Unit, _: Place) -> None:
    await unit.digests.answer_call(TOUR.id, JEONBUK, DAY)


async def somebody(unit: Unit, _: Place) -> None:
    grants = frozenset({Grant(Role.STAFF, JEONBUK)})
    await unit.people.keep(Person(PERSON, STAFF, NAME, "ko", grants))
    await unit.menus.keep(STAFF, SecretHash("menucanary"))


async def they_leave(unit: Unit, place: Place) -> None:
    """And the next tick gives their chat the menu that everybody has."""
    await services().privacy.forget(unit, STAFF, now=place.clock.now())
    await unit.menus.drop(STAFF)


async def their_last_role_ends(unit: Unit, place: Place) -> None:
    """As /people does."""
    await remove_person(unit, PERSON, now=place.clock.now())
    await unit.menus.drop(STAFF)


async def an_invitation(unit: Unit, place: Place) -> None:
    until = place.clock.now() + timedelta(days=7)
    one = Invitation(SecretHash("hashcanary"), Grant(Role.STAFF, JEONBUK), None, until)
    taken = replace(
        one, state=InvitationState.GRANTED, claimed_chat=GUEST, claimed_name=NAME, claimed_language="ko"
    )
    await unit.invitations.keep(taken)


async def an_invitation_of_staff(unit: Unit, place: Place) -> None:
    await somebody(unit, place)
    until = place.clock.now() + timedelta(days=7)
    one = Invitation(SecretHash("hashcanary"), Grant(Role.STAFF, JEONBUK), None, until)
    await unit.invitations.keep(one.claimed(STAFF, NAME, "ko", place.clock.now()))


async def a_subscription(unit: Unit, _: Place) -> None:
    await unit.subscriptions.keep(Subscription("subscription", LUNCH.id, GUEST, "ko"))


async def the_guest_leaves(unit: Unit, place: Place) -> None:
    await services().privacy.forget(unit, GUEST, now=place.clock.now())


async def an_act(unit: Unit, place: Place) -> None:
    await unit.audit.record(
        AuditEntry(place.clock.now(), PERSON, "actcanary", "subjectcanary", {"how": NAME})
    )


async def tokens(unit: Unit, _: Place) -> None:
    assert await unit.ai_usage.reserve(DAY, 1_000, 9_000)


async def a_request(unit: Unit, _: Place) -> None:
    due = DAY + timedelta(days=10)
    one = Request(
        "request", "R-1", RequestKind.ACCESS, Door.CHAT, GUEST, "ko", DAY, DAY, due, DAY, words=WORDS
    )
    await unit.requests.keep(replace(one, state=RequestState.DONE, closed_on=DAY, answer=NAME))
