"""Every way to unbalance a digest that hypothesis can think of: it balances exactly, by another account, or is refused.

The other account is `bot.digest.evaluation.account`: it counts from the JSON form and shares no code with the ledger.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.digest.as_json import to_json
from bot.digest.evaluation.account import imbalance, unlike_merged
from bot.digest.evaluation.labelled import LabelledDay
from bot.digest.group import Grouped, same_wording
from bot.digest.ledger import Unbalanced, verify
from bot.digest.pipeline import finish, make_digest, outline
from bot.digest.write import Written
from bot.domain.digest import (
    DayInput,
    Digest,
    Engine,
    Finding,
    FindingKind,
    Ledger,
    Merged,
    Quote,
    SetAside,
    SetAsideReason,
    Theme,
    Unplaced,
)
from tests.support.days import days, note

_patient = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_UNWORDED = (
    SetAsideReason.VOICE_UNTRANSCRIBED,
    SetAsideReason.VOICE_SILENT,
    SetAsideReason.PHOTO_ONLY,
    SetAsideReason.MEDIA_LOST,
)


@st.composite
def eventful(draw: st.DrawFn) -> DayInput:
    """A day with duplicates, near-duplicates, and voices and pictures without words."""
    day = draw(days())
    day = replace(day, notes=tuple(replace(one, words=one.words[:120]) for one in day.notes))
    more = []
    for place in range(draw(st.integers(0, 4))):
        words = ""
        if draw(st.booleans()) and day.notes:
            words = draw(st.sampled_from(day.notes)).words + draw(
                st.sampled_from(["", "!", " ", "ㅠㅠ", "1", "?"])
            )
        more.append(
            note(
                f"전북-{900 + place}",
                words,
                unworded=None if words else draw(st.sampled_from(_UNWORDED)),
                topic=draw(st.sampled_from(["jobs", "living", None])),
            )
        )
    return replace(day, notes=(*day.notes, *more))


def is_wrong(digest: Digest, day: DayInput) -> tuple[str, ...]:
    return imbalance(to_json(digest), [one.number for one in day.notes], day.withdrawn)


@_patient
@given(eventful())
def test_an_eventful_day_balances_by_another_account(day: DayInput) -> None:
    digest = make_digest(day)
    assert is_wrong(digest, day) == ()
    assert unlike_merged(to_json(digest), LabelledDay("", day, {})) == ()


@_patient
@given(eventful(), st.data())
def test_edits_withdrawals_and_late_notes_are_accounted_for(day: DayInput, data: st.DataObject) -> None:
    """As the services hand a day over after them: each makes another digest, which balances on its own."""
    for place in range(data.draw(st.integers(1, 3))):
        notes = list(day.notes)
        what = data.draw(st.sampled_from(["edit", "withdraw", "late", "again"]))
        if what == "late" or not notes:
            notes.append(
                note(
                    f"전북-{5000 + place}",
                    "늦게 온 의견입니다",
                    topic=data.draw(st.sampled_from(["jobs", None])),
                )
            )
        elif what == "edit":
            at = data.draw(st.integers(0, len(notes) - 1))
            notes[at] = replace(
                notes[at], words=data.draw(st.sampled_from(["", "고친 말입니다", notes[0].words]))
            )
        elif what == "withdraw":
            notes.pop(data.draw(st.integers(0, len(notes) - 1)))
            day = replace(day, withdrawn=day.withdrawn + 1)
        else:
            notes.append(replace(data.draw(st.sampled_from(notes)), number=f"전북-{6000 + place}"))
        day = replace(day, notes=tuple(notes))
        digest = make_digest(day)
        assert is_wrong(digest, day) == ()
        assert digest.ledger.received == len(day.notes) + day.withdrawn


numbers = st.sampled_from(
    [f"전북-{place * 7 + 1}" for place in range(8)] + ["전북-900", "전북-901", "전북-77777"]
)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    cited = tuple(draw(st.lists(numbers, min_size=1, max_size=3)))
    words = draw(st.sampled_from(["버스 좀 늘려주세요", "없는 말", "9999대입니다", ""]))
    return Finding(draw(st.sampled_from(FindingKind)), words, cited, tuple(Quote(n, words) for n in cited))


_some_numbers = st.lists(numbers, max_size=4).map(tuple)
_themes = st.builds(
    Theme, st.just("주제"), _some_numbers, st.just({}), st.none(), st.lists(findings(), max_size=2).map(tuple)
)
_unplaced = st.builds(Unplaced, st.none(), st.none(), _some_numbers, st.just(()))
_merged = st.builds(Merged, numbers, _some_numbers)
_aside = st.builds(SetAside, st.sampled_from(SetAsideReason), _some_numbers)


def _some(draw: st.DrawFn, there: Sequence[object], one: st.SearchStrategy[object]) -> tuple[object, ...]:
    """What is there, some of it left out, some twice, some invented."""
    kept = [each for each in there for _ in range(draw(st.sampled_from([1, 1, 1, 1, 0, 2])))]
    return (*kept, *draw(st.lists(one, max_size=1)))


@st.composite
def tampered(draw: st.DrawFn) -> tuple[DayInput, Written, Grouped]:
    """A day's outline, altered in one to three of its parts."""
    day = draw(eventful())
    made = outline(day)
    written, grouped = made.written, made.grouped
    for part in draw(st.lists(st.sampled_from(["themes", "minority", "apart", "unplaced", "merged", "set_aside"]), min_size=1, max_size=3)):  # fmt: skip
        if part == "merged":
            grouped = replace(grouped, merged=_some(draw, grouped.merged, _merged))  # type: ignore[arg-type]
        elif part == "set_aside":
            grouped = replace(grouped, set_aside=_some(draw, grouped.set_aside, _aside))  # type: ignore[arg-type]
        else:
            one = {"themes": _themes, "unplaced": _unplaced}.get(part, findings())
            written = replace(written, **{part: _some(draw, getattr(written, part), one)})  # type: ignore[arg-type]
    return day, written, grouped


@settings(_patient, max_examples=200)
@given(tampered())
def test_whatever_is_tampered_with_balances_or_is_refused(case: tuple[DayInput, Written, Grouped]) -> None:
    day, written, grouped = case
    try:
        digest = finish(replace(outline(day), grouped=grouped), written, Engine())
    except Unbalanced:
        return
    assert is_wrong(digest, day) == ()


_LEDGERS: dict[str, Callable[[Ledger, str, int], Ledger]] = {
    "cited": lambda one, number, _: replace(one, cited=(*one.cited, number)),
    "covered": lambda one, number, _: replace(one, covered=(*one.covered, number)),
    "unplaced": lambda one, number, _: replace(one, unplaced=(*one.unplaced, number)),
    "cited less": lambda one, _, at: replace(one, cited=one.cited[:at] + one.cited[at + 1 :]),
    "covered less": lambda one, _, at: replace(one, covered=one.covered[:at] + one.covered[at + 1 :]),
    "unplaced less": lambda one, _, at: replace(one, unplaced=one.unplaced[:at] + one.unplaced[at + 1 :]),
    "merged": lambda one, number, _: replace(one, merged=(*one.merged, Merged(number, (number,)))),
    "merged into": lambda one, number, at: replace(
        one, merged=(*one.merged, Merged(number, one.covered[at : at + 1]))
    ),
    "aside": lambda one, number, _: replace(
        one, set_aside=(*one.set_aside, SetAside(SetAsideReason.MEANINGLESS, (number,)))
    ),
    "received": lambda one, _, at: replace(one, received=one.received + at - 1),
    "withdrawn": lambda one, _, at: replace(
        one, withdrawn=one.withdrawn + at - 1, received=one.received + at - 1
    ),
}


@settings(_patient, max_examples=200)
@given(
    eventful(), st.lists(st.tuples(st.sampled_from(list(_LEDGERS)), numbers, st.integers(0, 3)), max_size=3)
)
def test_a_ledger_that_was_altered_is_refused_unless_it_still_holds(
    day: DayInput, changes: list[tuple[str, str, int]]
) -> None:
    digest = make_digest(day)
    ledger = digest.ledger
    for what, number, at in changes:
        ledger = _LEDGERS[what](ledger, number, at)
    altered = replace(digest, ledger=ledger)
    wrong = is_wrong(altered, day)
    if wrong:
        with pytest.raises(Unbalanced):
            verify(altered, day)
    else:
        verify(altered, day)


_plain = st.text(alphabet="가나다라버스늦 123.%?!ㅋ", min_size=4, max_size=25)


@_patient
@given(_plain, st.data())
def test_only_near_identical_wording_is_merged(words: str, data: st.DataObject) -> None:
    """Space, punctuation and repetition make no other opinion; a letter, a digit or a sign that changes what is said does."""
    dressed = words.replace(" ", data.draw(st.sampled_from([" ", "  "]))) + data.draw(
        st.sampled_from(["", "!", " ~"])
    )
    assert same_wording(words) == same_wording(dressed)
    at = data.draw(st.integers(0, len(words)))
    other = words[:at] + data.draw(st.sampled_from(["말", "9", "%", "→"])) + words[at:]
    if data.draw(st.booleans()) or same_wording(other) != same_wording(words):
        assert same_wording(other) != same_wording(words)
