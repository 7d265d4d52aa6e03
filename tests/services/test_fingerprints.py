"""Whether a digest still holds: what its notes say, and for a draft also what stands around them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.digest import DayInput, DayMeeting, Topic
from bot.domain.feedback import NoteKind, Speaker
from bot.domain.ids import NoteId, Region, TourId, VoiceId
from bot.services.fingerprints import fingerprint_of, still_holds
from storage.repositories.digests import StoredDigest
from tests.support.days import day_of, note
from tests.support.plans import at

DAY = day_of(
    note("전북-1", "버스가 늦습니다.", rating=3),
    note("전북-2", "연구소의 홍 가상 님이 도와주셨습니다.", topic=None),
)


def first(**changes: object) -> Callable[[DayInput], DayInput]:
    """The day whose first note is another."""
    return lambda day: replace(
        day,
        notes=(replace(day.notes[0], **changes), *day.notes[1:]),  # type: ignore[arg-type]  # the test's to get right
    )


NEWS: dict[str, Callable[[DayInput], DayInput]] = {
    "words": first(words="버스가 자주 늦습니다."),
    "rating": first(rating=4),
    "no rating": first(rating=None),
    "topic": first(topic="living"),
    "kind": first(kind=NoteKind.REQUEST),
    "speaker": first(speaker=Speaker.YOUTH),
    "voice": first(voice=VoiceId("other")),
    "number": first(number="전북-9"),
    "meeting": first(meeting="m2"),
    "no meeting": first(meeting=None),
    "a note less": lambda day: replace(day, notes=day.notes[:1]),
    "withdrawn": lambda day: replace(day, withdrawn=1),
    "a name in the words": lambda day: replace(day, known_names=frozenset({"홍가상"})),
}
AROUND: dict[str, Callable[[DayInput], DayInput]] = {
    "a title": lambda day: replace(
        day, meetings=(replace(day.meetings[0], title="새 이름"), *day.meetings[1:])
    ),
    "a meeting": lambda day: replace(day, meetings=(*day.meetings, DayMeeting("m3", "만찬", 3))),
    "the order": lambda day: replace(day, meetings=tuple(reversed(day.meetings))),
    "a topic that is none": lambda day: replace(
        day, topics=(replace(day.topics[0], is_rest=True), *day.topics[1:])
    ),
    "a topic": lambda day: replace(day, topics=(*day.topics, Topic("new", "새 주제"))),
}
NO_NEWS: dict[str, Callable[[DayInput], DayInput]] = {
    "the order of notes": lambda day: replace(day, notes=tuple(reversed(day.notes))),
    "the id": first(id=NoteId("another")),
    "the revision": lambda day: replace(day, revision=7),
    "somebody unheard of": lambda day: replace(day, known_names=frozenset({"전혀 다른 이름"})),
}


def stored(*, published: bool) -> StoredDigest:
    when = at("21:00") if published else None
    return StoredDigest(
        "id", TourId("tour"), Region("전북"), date(2026, 1, 22), 1, fingerprint_of(DAY), {"a": 1}, when
    )


@pytest.mark.parametrize("change", NEWS.values(), ids=NEWS.keys())
@pytest.mark.parametrize("published", [False, True])
def test_what_notes_say_ends_every_digest(change: Callable[[DayInput], DayInput], *, published: bool) -> None:
    assert not still_holds(stored(published=published), fingerprint_of(change(DAY)))


@pytest.mark.parametrize("change", AROUND.values(), ids=AROUND.keys())
def test_what_stands_around_the_notes_ends_a_draft_and_not_what_went_out(
    change: Callable[[DayInput], DayInput],
) -> None:
    changed = fingerprint_of(change(DAY))
    assert not still_holds(stored(published=False), changed)
    assert still_holds(stored(published=True), changed)


@pytest.mark.parametrize("change", NO_NEWS.values(), ids=NO_NEWS.keys())
@pytest.mark.parametrize("published", [False, True])
def test_what_no_digest_shows_ends_none(change: Callable[[DayInput], DayInput], *, published: bool) -> None:
    assert still_holds(stored(published=published), fingerprint_of(change(DAY)))


def test_an_emptied_draft_holds_for_nothing() -> None:
    assert not still_holds(replace(stored(published=False), fingerprint="", body={}), fingerprint_of(DAY))


def test_words_cannot_be_shifted_between_fields() -> None:
    one = day_of(note("전북-1", "버스", topic="jobs"), note("전북-2", "늦음"))
    other = day_of(note("전북-1", "jobs", topic="버스"), note("전북-2", "늦음"))
    assert fingerprint_of(one) != fingerprint_of(other)


def test_it_fits_its_column_and_tells_no_words() -> None:
    fingerprint = fingerprint_of(DAY)
    assert len(fingerprint) == 64
    assert set(fingerprint) <= set("0123456789abcdef")
