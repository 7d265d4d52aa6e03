"""How voice and pictures of a note stand on its card."""

from collections.abc import Sequence

from bot.domain.feedback import Note
from bot.domain.media import MediaKind, MediaState, Medium
from bot.domain.values import Phrase


def media_lines(media: Sequence[Medium]) -> list[Phrase]:
    """A line a voice, and one for all pictures together."""
    lines = [Phrase(f"media.line_voice_{one.state}") for one in media if one.kind is MediaKind.VOICE]
    photos = [one for one in media if one.kind is MediaKind.PHOTO]
    lost = sum(one.state is MediaState.LOST for one in photos)
    if len(photos) > lost:
        lines.append(Phrase("media.line_photos", {"count": len(photos) - lost}))
    if lost:
        lines.append(Phrase("media.line_photos_lost", {"count": lost}))
    return lines


def words_line(note: Note, plain: str) -> Phrase:
    """How long its words are: by the message `plain`, or marked as a machine's."""
    return Phrase("media.line_heard" if note.heard else plain, {"count": len(note.words)})
