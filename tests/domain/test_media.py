"""What is taken, and how media are told apart."""

import pytest

from bot.domain.digest import SetAsideReason
from bot.domain.feedback import Note, Source
from bot.domain.ids import MeetingId, NoteId, Region, VoiceId
from bot.domain.media import (
    LARGEST_FILE,
    MediaKind,
    MediaState,
    Medium,
    Sent,
    TooLarge,
    TooLong,
    album_of,
    from_text,
    to_text,
    why_without_words,
)
from tests.support.plans import DAY

VOICE, PHOTO = MediaKind.VOICE, MediaKind.PHOTO


def medium(kind: MediaKind, state: MediaState) -> Medium:
    return Medium(f"{kind}-{state}", NoteId("n"), kind, state)


@pytest.mark.parametrize(
    ("media", "reason"),
    [
        ([], None),
        ([(VOICE, MediaState.AWAITED)], SetAsideReason.VOICE_UNTRANSCRIBED),
        ([(VOICE, MediaState.FETCHED)], SetAsideReason.VOICE_UNTRANSCRIBED),
        ([(VOICE, MediaState.KEPT)], SetAsideReason.VOICE_UNTRANSCRIBED),
        ([(VOICE, MediaState.TRANSCRIBED)], SetAsideReason.VOICE_UNTRANSCRIBED),
        ([(VOICE, MediaState.SILENT)], SetAsideReason.VOICE_SILENT),
        ([(VOICE, MediaState.LOST)], SetAsideReason.MEDIA_LOST),
        ([(PHOTO, MediaState.AWAITED)], SetAsideReason.PHOTO_ONLY),
        ([(PHOTO, MediaState.LOST)], SetAsideReason.MEDIA_LOST),
        ([(PHOTO, MediaState.LOST), (PHOTO, MediaState.KEPT)], SetAsideReason.PHOTO_ONLY),
        ([(PHOTO, MediaState.KEPT), (VOICE, MediaState.KEPT)], SetAsideReason.VOICE_UNTRANSCRIBED),
    ],
)
def test_what_stands_in_place_of_words(
    media: list[tuple[MediaKind, MediaState]], reason: SetAsideReason | None
) -> None:
    assert why_without_words([medium(kind, state) for kind, state in media]) == reason


def test_limits_are_the_last_that_is_taken_and_what_is_not_told_is_not_held_against_it() -> None:
    Sent(VOICE, "f", size=LARGEST_FILE, seconds=300).require_fit()
    Sent(VOICE, "f").require_fit()
    with pytest.raises(TooLarge):
        Sent(VOICE, "f", size=LARGEST_FILE + 1).require_fit()
    with pytest.raises(TooLong):
        Sent(VOICE, "f", seconds=301).require_fit()


def test_files_wait_in_a_row_without_their_words() -> None:
    files = (Sent(VOICE, "a", "말", 5, 7), Sent(PHOTO, "b", album="c"))
    assert from_text(to_text(files)) == (Sent(VOICE, "a"), Sent(PHOTO, "b", album="c"))
    assert "말" not in to_text(files)


def test_an_album_is_known_again_and_tells_nothing() -> None:
    assert album_of(None) is None
    assert album_of("13579") == album_of("13579") != album_of("24680")
    assert "13579" not in str(album_of("13579"))


def test_a_machines_words_are_so_until_somebody_writes() -> None:
    note = Note(NoteId("n"), VoiceId("v"), MeetingId("m"), Region("전북"), DAY, Source.CHAT)
    heard = note.saying("설명").hearing("받아쓴 말")
    assert (heard.words, heard.heard) == ("설명\n받아쓴 말", True)
    assert note.hearing("받아쓴 말").words == "받아쓴 말"
    assert not heard.saying("받아쓴 말").heard
    assert not heard.taken_back().heard
