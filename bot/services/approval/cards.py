"""What an approver sees: the draft, the card with its buttons, the list of sentences. Decides nothing."""

from bot.digest.editing import LEAVE_OUT, PAGE, WRITE_AGAIN, listed, rewritable, sentences_of
from bot.domain.approval import Approval, Office
from bot.domain.delivery import COMPOSED, Button, Draft, Keyboard, Need
from bot.domain.digest import Digest
from bot.domain.person import Action
from bot.domain.values import Phrase, Value
from bot.services.digest_view import DRAFT, SUMMARY, section_keyboard
from storage.repositories.approvals import Waiting
from storage.repositories.digests import StoredDigest


def office_phrase(office: Office) -> Phrase:
    return Phrase(f"approval.office_{office.value}")


def button_data(waiting: Waiting, act: str) -> str:
    return f"ap:{waiting.digest}:{waiting.turn}:{act}"


def draft_message(stored: StoredDigest, digest: Digest, *, edits: int | None = None) -> Draft:
    """The draft's summary, its sections by buttons. Not as a file: a draft does not leave the chat."""
    return Draft(
        COMPOSED,
        {"digest": stored.id, "section": DRAFT + SUMMARY, "part": 0},
        keyboard=section_keyboard(stored.id, digest, file=False),
        edits=edits,
        needs=_needs(stored),
    )


def card(
    stored: StoredDigest,
    digest: Digest,
    waiting: Waiting,
    *,
    told: str | None = None,
    edits: int | None = None,
) -> Draft:
    """The buttons. `told`: the key of what happened, where something did."""
    if waiting.approved_by is not None:
        return approved_card(stored, waiting, edits=edits)
    lines = [Phrase(told)] if told else []
    lines += changed_lines(digest.approval)
    has_sentences = bool(sentences_of(digest))
    keyboard: Keyboard = ((Button("approval.approve", data=button_data(waiting, "y")),),)
    if has_sentences:
        row = [Button("approval.leave_out", data=button_data(waiting, f"{LEAVE_OUT}0"))]
        if rewritable(digest):
            row.append(Button("approval.write_again", data=button_data(waiting, f"{WRITE_AGAIN}0")))
        keyboard = (*keyboard, tuple(row))
    key = "approval.card" if waiting.office is Office.EDITOR else "approval.card_deputy"
    values: dict[str, Value] = {**_day(stored), "due": waiting.due, "lines": tuple(lines)}
    return Draft(key, values, keyboard=keyboard, edits=edits, needs=_needs(stored))


def changed_lines(approval: Approval | None) -> list[Phrase]:
    """What an editor changed so far, counted."""
    if approval is None:
        return []
    counts = {"approval.dropped": approval.dropped, "approval.again": approval.again}
    return [Phrase(key, {"count": count}) for key, count in counts.items() if count]


def approved_card(stored: StoredDigest, waiting: Waiting, *, edits: int | None) -> Draft:
    by = office_phrase(waiting.approved_by or Office.EDITOR)
    return Draft("approval.approved", {**_day(stored), "by": by}, edits=edits, needs=_needs(stored))


def out_card(stored: StoredDigest, approval: Approval, *, edits: int) -> Draft:
    """It was sent: nothing is left to decide."""
    if approval.office is None:
        return Draft("approval.out_unapproved", _day(stored), edits=edits, needs=_needs(stored))
    by = office_phrase(approval.office)
    return Draft("approval.out_approved", {**_day(stored), "by": by}, edits=edits, needs=_needs(stored))


def old_card(stored: StoredDigest, *, edits: int) -> Draft:
    """The draft was made anew, and a new card sent."""
    return Draft("approval.old_card", _day(stored), edits=edits, needs=_needs(stored))


def list_message(
    stored: StoredDigest, digest: Digest, waiting: Waiting, which: str, page: int, *, edits: int
) -> Draft:
    """Sentences with their numbers, a button each; those that can be chosen here."""
    numbered = listed(digest, which)
    last = max(0, (len(numbered) - 1) // PAGE)
    page = min(page, last)
    numbers = [
        Button("approval.number", {"number": place + 1}, data=button_data(waiting, f"{which.upper()}{place}"))
        for place in numbered[page * PAGE : (page + 1) * PAGE]
    ]
    rows: list[tuple[Button, ...]] = [tuple(numbers[at : at + 5]) for at in range(0, len(numbers), 5)]
    turns = []
    if page > 0:
        turns.append(Button("approval.earlier", data=button_data(waiting, f"{which}{page - 1}")))
    if page < last:
        turns.append(Button("approval.later", data=button_data(waiting, f"{which}{page + 1}")))
    back = Button("approval.back", data=button_data(waiting, "b"))
    return Draft(
        COMPOSED,
        {"digest": stored.id, "section": f"{DRAFT}{which}{page}", "part": 0},
        keyboard=(*rows, *([tuple(turns)] if turns else []), (back,)),
        edits=edits,
        needs=_needs(stored),
    )


def _day(stored: StoredDigest) -> dict[str, Value]:
    return {"region": stored.region, "day": stored.day}


def _needs(stored: StoredDigest) -> tuple[Need, ...]:
    return (Need(Action.READ_DIGEST, stored.region),)
