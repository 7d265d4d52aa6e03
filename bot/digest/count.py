"""What code counts: voices where people are meant, notes where notes are."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from bot.digest.group import Grouped
from bot.domain.digest import DayInput, DayNote, Numbers, PlacedBy
from bot.domain.feedback import Speaker

_RATINGS = range(1, 6)


def by_speaker(notes: Iterable[DayNote]) -> dict[Speaker, int]:
    """Voices by who speaks, in the order of Speaker; groups without a voice are left out."""
    voices: dict[Speaker, set[str]] = {}
    for note in notes:
        voices.setdefault(note.speaker, set()).add(note.voice)
    return {speaker: len(voices[speaker]) for speaker in Speaker if speaker in voices}


def average_rating(notes: Iterable[DayNote]) -> float | None:
    """The mean of the ratings to two decimals; None without any."""
    ratings = [note.rating for note in notes if note.rating is not None]
    return round(sum(ratings) / len(ratings), 2) if ratings else None


def rated_voices(notes: Iterable[DayNote]) -> int:
    return len({note.voice for note in notes if note.rating is not None})


def numbers(day: DayInput) -> Numbers:
    notes: Sequence[DayNote] = day.notes
    meetings = {meeting.key for meeting in day.meetings} | {note.meeting for note in notes if note.meeting}
    return Numbers(
        meetings=len(meetings),
        notes=len(notes),
        voices=len({note.voice for note in notes}),
        by_speaker=by_speaker(notes),
        rating_average=average_rating(notes),
        rating_counts={value: sum(note.rating == value for note in notes) for value in _RATINGS},
        rated_voices=rated_voices(notes),
    )


def placed_by(day: DayInput, grouped: Grouped, by_model: AbstractSet[str]) -> PlacedBy:
    """Of the notes that were grouped under topics and proposed themes, merged ones too: how many by whom.

    What a person filed is theirs, whoever else would have put it there (`by_model`: numbers of notes).
    """
    buttons = {topic.key for topic in day.topics if not topic.is_rest}
    notes = [one.note for each in grouped.groups for one in each.everything]
    author = sum(note.topic in buttons for note in notes)
    filed = sum(note.filed_under(buttons) is not None for note in notes)
    model = sum(note.number in by_model and note.filed_under(buttons) is None for note in notes)
    return PlacedBy(author=author, staff=filed - author, model=model, proposal=len(notes) - filed - model)
