"""How requests about one's own data look, to whoever asks and to whoever answers. Decides nothing."""

from datetime import date

from bot.domain.delivery import Button, Keyboard
from bot.domain.request import KEPT_AFTER, LONGEST_WORDS, Answer, Request, RequestKind, RequestState, due_day
from bot.domain.values import Phrase, Value
from bot.services.fitting import fitting
from bot.services.people import grant_lines
from bot.services.requests.answering import Opened
from bot.services.requests.asking import Filed
from bot.services.requests.telling import kept_until, values_of
from handlers.feedback_cards import Card

MOST_BUTTONS = 20
"""Requests with a button in one list; the rest is counted, and comes up as these are answered."""


def kinds_card() -> Card:
    """What can be asked, and what becomes of it: read before anything is kept."""
    kinds = [Button(f"requests.kind_{kind.value}", data=f"rq:k:{kind.value}") for kind in RequestKind]
    return Card("requests.ask", {"days": KEPT_AFTER.days}, (tuple(kinds[:2]), tuple(kinds[2:])))


def filed_card(filed: Filed) -> Card:
    """The receipt: number and day."""
    request = filed.request
    receipt = _receipt(request, before=filed.before)
    withdraw = (Button("requests.withdraw_button", data=f"rq:x:{request.id}"),)
    if not filed.asks_words:
        return Card("requests.words_later", {"filed": receipt}, (withdraw,))
    values: dict[str, Value] = {"filed": receipt, "limit": LONGEST_WORDS}
    nothing = (Button("requests.no_words", data=f"rq:n:{request.id}"),)
    return Card("requests.words_next", values, (nothing, withdraw))


def words_taken_card(request: Request) -> Card:
    """After the asker's words; also when the request was closed before they came."""
    if not request.is_open:
        return Card("requests.closed_already", {"number": request.number})
    withdraw = (Button("requests.withdraw_button", data=f"rq:x:{request.id}"),)
    return Card("requests.words_taken", {"filed": _receipt(request)}, (withdraw,))


def own_card(request: Request) -> Card:
    """A request as its asker finds it again."""
    lines = [
        Phrase("requests.line_received", {"day": request.received_on}),
        *_state(request),
    ]
    if request.words:
        lines.append(Phrase("requests.line_words", {"words": request.words}))
    keyboard: Keyboard = ()
    if request.is_open:
        words = Button("requests.words_button", data=f"rq:w:{request.id}")
        keyboard = ((words,), (Button("requests.withdraw_button", data=f"rq:x:{request.id}"),))
    return Card("requests.own", {**values_of(request), "lines": tuple(lines)}, keyboard)


def withdraw_card(request: Request) -> Card:
    """Asked once more: the words cannot be brought back."""
    confirm = Button("requests.withdraw_confirm", data=f"rq:X:{request.id}")
    keep = Button("requests.keep_button", data=f"rq:s:{request.id}")
    return Card("requests.ask_withdraw", {"number": request.number}, ((confirm,), (keep,)))


def list_card(waiting: list[Request], today: date) -> Card:
    """What waits for an answer, the most urgent first."""
    if not waiting:
        return Card("requests.list_none", {})
    lines = [
        Phrase(
            "requests.line_late" if one.due_on < today else "requests.line",
            {**values_of(one), "due": one.due_on},
        )
        for one in waiting
    ]
    keyboard: Keyboard = tuple(
        (Button("requests.choose", values_of(one), data=f"ra:s:{one.id}"),) for one in waiting[:MOST_BUTTONS]
    )
    values: dict[str, Value] = {"count": len(waiting), "lines": fitting(lines, "requests.line_more")}
    return Card("requests.list", values, keyboard)


def opened_card(opened: Opened) -> Card:
    """A request as whoever answers reads it."""
    request, person = opened.request, opened.person
    if person is not None:
        asker = Phrase("requests.line_by_person", {"name": person.name, "grants": grant_lines(person.grants)})
    else:
        asker = Phrase("requests.line_by_desk" if request.chat is None else "requests.line_by_chat")
    said = Phrase("requests.line_said", {"words": request.words}) if request.words else None
    lines = [
        Phrase("requests.line_received", {"day": request.received_on}),
        *_state(request, due="requests.line_deadline", back="requests.line_said_back"),
        asker,
        said or Phrase("requests.line_no_words"),
    ]
    if request.is_open and person is not None and request.kind is RequestKind.SUSPENSION:
        lines.append(Phrase("requests.line_pauses"))
    return Card("requests.card", {**values_of(request), "lines": tuple(lines)}, _answers(opened))


def ask_answer_card(request: Request, answer: Answer) -> Card:
    """Asks for the words of an answer."""
    values: dict[str, Value] = {"number": request.number, "limit": LONGEST_WORDS}
    if answer is Answer.POSTPONED:
        values["until"] = due_day(request.due_on)
    rows = [(Button("requests.stop_button", data=f"ra:n:{request.id}"),)]
    if answer is Answer.NONE:
        rows.insert(0, (Button("requests.none_without_words", data=f"ra:m:{request.id}"),))
    elif answer is Answer.DONE and not request.is_done_in_words:
        rows.insert(0, (Button("requests.done_without_words", data=f"ra:y:{request.id}"),))
    return Card(f"requests.ask_{answer.value}", values, tuple(rows))


def answered_card(request: Request, answer: Answer | None) -> Card:
    """What the answer did; None: somebody else had closed it."""
    if answer is None:
        return Card("requests.closed_already", {"number": request.number})
    by_hand = "requests.line_by_hand_later" if answer is Answer.POSTPONED else "requests.line_by_hand"
    way = by_hand if request.chat is None else "requests.line_goes_out"
    values: dict[str, Value] = {"number": request.number, "lines": (Phrase(way),)}
    if answer is Answer.POSTPONED:
        values["due"] = request.due_on
    return Card(f"requests.answered_{answer.value}", values, _BACK)


_BACK: Keyboard = ((Button("requests.back_button", data="ra:l"),),)


def _answers(opened: Opened) -> Keyboard:
    request = opened.request
    if not request.is_open:
        return _BACK
    done = Button("requests.done_button", data=f"ra:d:{request.id}")
    refuse = Button("requests.refuse_button", data=f"ra:r:{request.id}")
    nothing = Button("requests.none_button", data=f"ra:o:{request.id}")
    postpone = (Button("requests.postpone_button", data=f"ra:p:{request.id}"),)
    return ((done, nothing), (refuse, *(postpone if opened.may_postpone else ())), *_BACK)


def _receipt(request: Request, *, before: bool = False) -> Phrase:
    values = {**values_of(request), "due": request.due_on}
    return Phrase("requests.filed_before" if before else "requests.filed", values)


def _state(
    request: Request, *, due: str = "requests.line_due", back: str = "requests.line_answer"
) -> list[Phrase]:
    """Where it stands, and the words that went back: as an answer, or as the reason of a postponement."""
    lines: list[Phrase] = []
    if request.state in (RequestState.DONE, RequestState.REFUSED, RequestState.NONE):
        lines.append(Phrase(f"requests.line_{request.state.value}", {"day": request.closed_on}))
        if request.answer:
            lines.append(Phrase(back, {"words": request.answer}))
        lines.append(Phrase("requests.line_kept", {"until": kept_until(request)}))
        return lines
    lines.append(Phrase(due, {"due": request.due_on}))
    if request.answer:
        lines.append(Phrase("requests.line_postponed", {"words": request.answer}))
    return lines
