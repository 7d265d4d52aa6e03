"""How each step of a participant's dialogue looks: its words and its buttons. Decides nothing."""

from dataclasses import dataclass

from bot.domain.delivery import Button, Keyboard
from bot.domain.dialogue import Step
from bot.domain.feedback import ASKED_IN_CHAT, PARTICIPANTS
from bot.domain.values import Phrase, Value
from bot.services.feedback_places import Stand
from bot.services.joining import Declined, Early
from handlers.media_lines import media_lines, words_line

RATINGS = (1, 2, 3, 4, 5)
SKIPPED = "0"
ASKED = "q"
"""Of the button under the question for words: its message stays where it is when they come."""


@dataclass(frozen=True, slots=True)
class Card:
    """A message to show: the key of its words, their variables, the buttons."""

    key: str
    values: dict[str, Value]
    keyboard: Keyboard = ()


def data(verb: str, stand: Stand, argument: str | None = None) -> str:
    """A button's data: what to do and the secret, at most 64 bytes (Telegram)."""
    return f"f:{verb}:{stand.progress.secret}" + ("" if argument is None else f":{argument}")


def stars(rating: int) -> str:
    return "★" * rating + "☆" * (RATINGS[-1] - rating)


def declined_key(declined: Declined) -> str:
    """The words for somebody who does not agree: that nothing is left, or that earlier notes are where they were."""
    return "consent.declined_again" if declined.notes_stand else "feedback.declined"


def early_card(early: Early) -> Card:
    """Not open yet: when it opens, and the offer to be told."""
    meeting = early.meeting
    values: dict[str, Value] = {"title": meeting.title, "start": meeting.start, "opens": early.opens}
    return Card("feedback.early", values, ((Button("feedback.remind_button", data=f"f:b:{meeting.code}"),),))


def card_of(stand: Stand, notices: tuple[str, ...], tour: str) -> Card:
    """What the step shows. `notices` and `tour` are shown before consent only."""
    match stand.progress.step:
        case Step.CONSENT:
            return _consent(stand, notices, tour)
        case Step.SPEAKER:
            return _speaker(stand)
        case Step.RATING:
            return _rating(stand)
        case Step.TOPIC if stand.topics:
            return _topic(stand)
        case Step.TOPIC | Step.WORDS:
            return _words(stand)
        case Step.NAME:
            return Card("feedback.ask_name", {}, (_as_is(stand),))
        case Step.DONE:
            return done_card(stand)


def done_card(stand: Stand) -> Card:
    """The note as it stands, with the author's power over it."""
    another = Button("feedback.another_button", data=data("m", stand))
    remind = Button("feedback.remind_button", data=f"f:b:{stand.meeting.code}")
    last = ((remind,),) if stand.to_come else ()
    if stand.note is None or stand.note.withdrawn:
        return Card("feedback.withdrawn", {}, (((another,),) if stand.takes_more else ()) + last)
    named = stand.voice is not None and stand.voice.name is not None
    name = (
        Button("feedback.forget_name_button", data=data("d", stand))
        if named
        else Button("feedback.name_button", data=data("a", stand, Step.NAME))
    )
    keyboard: Keyboard = (
        (
            Button("feedback.change_button", data=data("e", stand)),
            Button("feedback.withdraw_button", data=data("x", stand)),
        ),
        ((another, name) if stand.takes_more else (name,)),
        *last,
    )
    return Card("feedback.done", {"lines": _lines(stand, words=False)}, keyboard)


def change_card(stand: Stand) -> Card:
    """What of a note is to be changed."""
    asked = [Step.RATING, Step.TOPIC, Step.WORDS, Step.SPEAKER, Step.NAME]
    if not stand.topics:
        asked.remove(Step.TOPIC)
    buttons = tuple(Button(f"feedback.change_{step}", data=data("a", stand, step)) for step in asked)
    keyboard = (*_in_rows(buttons, 3), _as_is(stand))
    return Card("feedback.change", {"lines": _lines(stand, words=True)}, keyboard)


def withdraw_card(stand: Stand) -> Card:
    """Asked once more, because it cannot be undone."""
    confirm = Button("feedback.withdraw_confirm", data=data("X", stand))
    return Card("feedback.ask_withdraw", {}, ((confirm,), _as_is(stand)))


def _consent(stand: Stand, notices: tuple[str, ...], tour: str) -> Card:
    agreed = stand.progress.agreed
    again = stand.progress.again
    options = tuple(
        (
            Button(
                f"consent.option_{purpose}{'_given' if purpose in agreed else ''}",
                data=data("c", stand, purpose),
            ),
        )
        for purpose in ASKED_IN_CHAT
        if not again or purpose in again
    )
    start = "consent.start" if stand.progress.consented else "consent.all_and_start"
    keyboard: Keyboard = (
        *options,
        (Button(start, data=data("y", stand)),),
        (Button("consent.decline", data=data("n", stand)),),
    )
    if again:
        return Card("consent.card_again", {"notices": "\n\n".join(notices)}, keyboard)
    values: dict[str, Value] = {
        "title": stand.meeting.title,
        "start": stand.meeting.start,
        "tour": tour,
        "notices": "\n\n".join(notices),
    }
    return Card("consent.card", values, keyboard)


def _speaker(stand: Stand) -> Card:
    verb = "S" if stand.editing else "s"
    buttons = tuple(Button(f"feedback.speaker_{one}", data=data(verb, stand, one)) for one in PARTICIPANTS)
    return Card("feedback.ask_speaker", {}, (*_in_rows(buttons, 2), *_way_back(stand)))


def _rating(stand: Stand) -> Card:
    verb = "R" if stand.editing else "r"
    buttons = tuple(
        (Button("feedback.rating", {"stars": stars(n)}, data=data(verb, stand, str(n))),)
        for n in reversed(RATINGS)
    )
    skip = _way_back(stand) or ((Button("feedback.skip", data=data(verb, stand, SKIPPED)),),)
    return Card("feedback.ask_rating", {"title": stand.meeting.title}, (*buttons, *skip))


def _topic(stand: Stand) -> Card:
    verb = "T" if stand.editing else "t"
    buttons = tuple(
        Button("feedback.topic", {"title": topic.title}, data=data(verb, stand, topic.key))
        for topic in stand.topics
    )
    skip = _way_back(stand) or ((Button("feedback.skip", data=data(verb, stand, SKIPPED)),),)
    return Card("feedback.ask_topic", {}, (*_in_rows(buttons, 2), *skip))


def _words(stand: Stand) -> Card:
    if stand.editing:
        return Card("feedback.ask_words_again", {}, (_as_is(stand),))
    return Card("feedback.ask_words", {}, ((Button("feedback.finish", data=data("w", stand, ASKED)),),))


def _way_back(stand: Stand) -> Keyboard:
    return (_as_is(stand),) if stand.editing else ()


def _as_is(stand: Stand) -> tuple[Button, ...]:
    return (Button("feedback.keep_as_is", data=data("w", stand)),)


def _in_rows(buttons: tuple[Button, ...], width: int) -> Keyboard:
    return tuple(buttons[i : i + width] for i in range(0, len(buttons), width))


def _lines(stand: Stand, *, words: bool) -> tuple[Phrase, ...]:
    """The note in lines; its own words only where they are to be changed."""
    lines = [Phrase("feedback.line_meeting", {"title": stand.meeting.title})]
    if stand.voice is not None:
        lines.append(
            Phrase("feedback.line_speaker", {"speaker": Phrase(f"feedback.speaker_{stand.voice.speaker}")})
        )
    note = stand.note
    if note is not None and note.rating is not None:
        lines.append(Phrase("feedback.line_rating", {"stars": stars(note.rating)}))
    if (topic := stand.topic_title()) is not None:
        lines.append(Phrase("feedback.line_topic", {"topic": topic}))
    if note is not None and note.words and words:
        text = "media.line_heard_text" if note.heard else "feedback.line_text"
        lines.append(Phrase(text, {"words": note.words}))
    elif note is not None and note.words:
        lines.append(words_line(note, "feedback.line_words"))
    elif not stand.media:
        lines.append(Phrase("feedback.line_no_words"))
    lines += media_lines(stand.media)
    if stand.voice is not None and stand.voice.name is not None:
        lines.append(Phrase("feedback.line_name", {"name": stand.voice.name}))
    return tuple(lines)
