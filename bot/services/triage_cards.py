"""Cards of notes that wait to be sorted: drafts without words, and the composer that puts the words in when a card leaves.

A card's delivery holds the digest's id and a number, as a digest's sections do (decision 7): what was withdrawn meanwhile is
not shown, and is edited out of cards that were sent by the same look that empties digests (bot.services.erasing).
"""

from dataclasses import replace
from datetime import datetime

from bot.digest.shown_words import ShownWords
from bot.domain.delivery import COMPOSED, Button, Draft, Keyboard, Need
from bot.domain.digest import Topic
from bot.domain.ids import NoteId
from bot.domain.person import Action
from bot.domain.values import Phrase, Value
from bot.services.digest_subject import RegionDay
from bot.services.triage import Turn
from bot.services.triage_pile import Pile, Unsorted, pile_of
from bot.services.unit import Unit
from bot.services.wording import Compose, Composed
from prompts.messages import Messages
from storage.repositories.digests import StoredDigest

CARD = "triage:"
"""Begins the section of a card; the note's number follows. No button's data can name such a section of a digest."""
_LONGEST = 3000
"""UTF-16 units of a note on a card: a message holds 4,096, and notes of files may be longer."""


def card(turn: Turn, *, edits: int | None = None) -> Draft:
    """The message of a turn: the next note with its buttons, or that there is none."""
    stored = turn.pile.stored
    needs = (Need(Action.SORT_NOTES, stored.region),)
    if turn.card is None:
        return Draft("triage.done", _done(turn), keyboard=_last_buttons(turn), edits=edits, needs=needs)
    values: dict[str, Value] = {"digest": stored.id, "section": f"{CARD}{turn.card.number}", "part": 0}
    return Draft(COMPOSED, values, keyboard=_buttons(turn, turn.card), edits=edits, needs=needs)


def _done(turn: Turn) -> dict[str, Value]:
    stored = turn.pile.stored
    left = Phrase("triage.left", {"count": turn.left}) if turn.left else Phrase("triage.none_left")
    when = Phrase("triage.next_time" if stored.published_at is None else "triage.next_edition")
    return {"region": stored.region, "day": stored.day, "lines": (left, when)}


def _last_buttons(turn: Turn) -> Keyboard:
    rows: list[tuple[Button, ...]] = []
    first = next(iter(turn.pile.open), None)
    if first is not None:
        rows.append((Button("triage.again", {"count": turn.left}, data=f"so:a:{first.note}"),))
    return (*rows, *_back(turn))


def _buttons(turn: Turn, shown: Unsorted) -> Keyboard:
    topics = [_topic(topic, shown.note) for topic in turn.pile.topics]
    pass_or_stop = (
        Button("triage.skip", data=f"so:s:{shown.note}"),
        Button("triage.stop", data="so:x"),
    )
    in_pairs = tuple(tuple(topics[place : place + 2]) for place in range(0, len(topics), 2))
    return (*in_pairs, pass_or_stop, *_back(turn))


def _topic(topic: Topic, note: NoteId) -> Button:
    return Button("triage.topic", {"title": topic.title}, data=f"so:T:{note}:{topic.key}")


def _back(turn: Turn) -> Keyboard:
    return () if turn.last is None else ((Button("triage.back", data=f"so:b:{turn.last}"),),)


def with_offer(draft: Draft, waiting: int) -> Draft:
    """A message with a button more, where notes wait to be sorted."""
    if not waiting:
        return draft
    offer = Button("triage.waiting", {"count": waiting}, data="so:l")
    return replace(draft, keyboard=(*draft.keyboard, (offer,)))


class CardWords:
    """The composer of deliveries: cards are worded here, sections by `sections` (bot.services.digest_view)."""

    def __init__(self, messages: Messages, sections: Compose) -> None:
        self._messages = messages
        self._sections = sections

    async def __call__(self, unit: Unit, digest: str, section: str, language: str, now: datetime) -> Composed:
        if not section.startswith(CARD):
            return await self._sections(unit, digest, section, language, now)
        gone = self._messages.text("triage.gone", now=now, language=language)
        stored = await unit.digests.by_id(digest)
        pile = None if stored is None else await pile_of(unit, _subject(stored))
        number = section.removeprefix(CARD)
        note = None if pile is None else next((one for one in pile.notes if one.number == number), None)
        if pile is None or note is None:
            return Composed((), gone)
        values = self._values(pile, note, language, now)
        return Composed((self._messages.text("triage.card", values, now=now, language=language),), gone)

    def _values(self, pile: Pile, note: Unsorted, language: str, now: datetime) -> dict[str, Value]:
        stored = pile.stored
        shown = ShownWords(stored.region, [one.number for one in pile.notes])
        words = "\n".join(shown(quote.text) for quote in note.quotes)
        speaker = note.quotes[0].speaker
        said_by = None if speaker is None else f"digest.speaker_{speaker.value}"
        who = "" if said_by is None else self._messages.plain(said_by, now=now, language=language)
        place = note.meeting or self._messages.plain("triage.no_meeting", now=now, language=language)
        return {
            "region": stored.region,
            "day": stored.day,
            "count": len(pile.open),
            "source": " · ".join(part for part in (place, who, note.number) if part),
            "words": _cut(words),
        }


def _cut(words: str) -> str:
    """As Telegram counts: an emoji is two units."""
    units = words.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST:
        return words
    return units[: 2 * _LONGEST].decode("utf-16-le", errors="ignore") + "…"


def _subject(stored: StoredDigest) -> RegionDay:
    return RegionDay(stored.tour, stored.region, stored.day)
