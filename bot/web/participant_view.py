"""What the participant's page shows: from values to what its templates name. Decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.domain.errors import Refusal
from bot.domain.feedback import LONGEST_NAME, LONGEST_NOTE, PARTICIPANTS
from bot.services.page_answers import Problem
from bot.services.page_feedback import Place, Receipt, Told
from bot.web.pages import Say
from bot.web.participant_forms import Sent

Context = dict[str, Any]

_RATINGS: Mapping[str, str] = {
    "5": "page.rating_5",
    "4": "page.rating_4",
    "3": "page.rating_3",
    "2": "page.rating_2",
    "1": "page.rating_1",
}
_DONE: Mapping[str, str] = {
    "left": "page.done_left",
    "changed": "page.done_changed",
    "unnamed": "page.done_unnamed",
}
"""What a receipt's address may say was just done."""
_TOLD: Mapping[Told, str] = {Told.COUNTED: "page.told_counted", Told.WORDS: "page.told_words"}
_ON_PAGE: Mapping[str, tuple[int, str, str]] = {
    "feedback.code_unknown": (404, "page.not_there", "page.code_unknown"),
    "page.receipt_unknown": (404, "page.not_there", "page.receipt_unknown"),
    "feedback.closed": (200, "page.over", "page.closed"),
    "feedback.meeting_cancelled": (200, "page.cancelled", "page.meeting_cancelled"),
    "page.too_large": (413, "page.not_taken", "page.too_large"),
    "page.no_form": (400, "page.not_taken", "page.no_form"),
}
"""A refusal's words in a chat → on the page: status, heading, text (with the same variables)."""
_IN_FORM: Mapping[str, str] = {"feedback.words_too_long": "page.words_too_long"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several answers. `sign` is for eyes only."""

    value: str
    label: str
    sign: str = ""


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """The text that consent rests on, in the parts that a page has."""

    version: str
    heading: Markup
    items: tuple[Markup, ...]


def notice_shown(version: str, text: str) -> NoticeShown:
    """`text` is HTML of ours: a line of heading, then a line an item."""
    heading, *items = text.splitlines()
    return NoticeShown(version, Markup(heading), tuple(Markup(item.removeprefix("· ")) for item in items))  # noqa: S704


def form_of(place: Place, sent: Sent, problems: tuple[Problem, ...], say: Say) -> Context:
    """The questions, with what was answered so far and what stands in the way."""
    return {
        "meeting": place.meeting,
        "tour": place.tour.name,
        "sent": _Filled(sent),
        "speakers": [Choice(who.value, say(f"feedback.speaker_{who}")) for who in PARTICIPANTS],
        "ratings": [Choice(value, say(key), _stars(value)) for value, key in _RATINGS.items()],
        "topics": [Choice(topic.key, topic.title) for topic in place.tour.topics],
        "problems": {p.field.value: _problem(p.refusal, say) for p in problems},
        "longest_note": LONGEST_NOTE,
        "longest_name": LONGEST_NAME,
    }


class _Filled:
    """A form's fields for a template: one that was not sent is empty."""

    def __init__(self, sent: Sent) -> None:
        self._sent = sent

    def __getitem__(self, name: str) -> str:
        return self._sent[name]


def receipt_of(receipt: Receipt, done: str, say: Say) -> Context:
    """A note as its author finds it again."""
    note, voice, tour = receipt.note, receipt.voice, receipt.place.tour
    rating = None if note.rating is None else str(note.rating)
    told = None
    if not note.withdrawn:
        key = _TOLD.get(receipt.told)
        told = say("page.told_not_yet") if key is None else say(key, day=note.day)
    return {
        "meeting": receipt.place.meeting,
        "note": note,
        "speaker": say(f"feedback.speaker_{voice.speaker}"),
        "rating": rating and Choice(rating, say(_RATINGS[rating]), _stars(rating)),
        "topic": None if note.topic is None else tour.topic_title(note.topic),
        "name": None if note.withdrawn else voice.name,
        "takes_more": receipt.takes_more,
        "told": told,
        "done": say(_DONE[done]) if done in _DONE and not note.withdrawn else None,
        "heading": say("page.receipt_withdrawn" if note.withdrawn else "page.receipt"),
    }


def refused(refusal: Refusal, say: Say) -> tuple[int, Context]:
    """A refusal as a page of its own: its status, heading and text."""
    if refusal.key not in _ON_PAGE:
        return refused(Refusal("page.no_form"), say)
    status, heading, text = _ON_PAGE[refusal.key]
    return status, {"heading": say(heading), "text": say(text, **refusal.values)}


def hidden_fields(sent: Sent) -> list[tuple[str, str]]:
    """What was sent, to be sent again by a button; words stand in the page to be seen."""
    kept = ("note", "notice", "lang", "agree", "speaker", "rating", "topic", "name")
    return [(name, sent[name]) for name in kept if name in sent.fields]


def _problem(refusal: Refusal, say: Say) -> str:
    return say(_IN_FORM.get(refusal.key, refusal.key), **refusal.values)


def _stars(rating: str) -> str:
    return "★" * int(rating) + "☆" * (5 - int(rating))
