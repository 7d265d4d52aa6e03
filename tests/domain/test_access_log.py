"""The chain: whatever is done to its lines is found, at the first line that is not in order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.access_log import (
    BEGINNING,
    EVERYBODY,
    Broken,
    Chain,
    Fault,
    Follow,
    Head,
    Line,
    region_day,
)
from bot.domain.ids import PersonId, Region

NOON = datetime(2026, 1, 22, 3, 0, tzinfo=UTC)


def chained(count: int, after: Head = BEGINNING) -> list[Line]:
    lines, seal = list[Line](), after.seal
    for seq in range(after.seq + 1, after.seq + count + 1):
        at, actor = NOON + timedelta(minutes=seq), PersonId(f"person-{seq}") if seq % 2 else None
        bare = Line(seq, at, actor, "digest_opened", "가상", "전북 2026-01-22", "duty", {"revision": seq})
        lines.append(replace(bare, previous=seal, seal=bare.sealed_over(seal)))
        seal = lines[-1].seal
    return lines


def head(lines: Sequence[Line]) -> Head:
    return Head(lines[-1].seq, lines[-1].seal)


def found(lines: Sequence[Line], chain: Chain, noted: Head | None = None) -> Broken | None:
    follow = Follow(chain, noted)
    for line in lines:
        if follow.step(line) is not None:
            break
    return follow.end()


LINES = chained(9)
CHAIN = Chain(BEGINNING, head(LINES))
CHANGES: dict[str, object] = {
    "at": NOON,
    "actor": PersonId("somebody-else"),
    "action": "x",
    "subject": "x",
    "whose": "강원 2026-01-22",
    "why": "export",
    "details": {"revision": 99},
    "previous": "f" * 64,
    "seal": "f" * 64,
}


def test_an_untouched_chain_is_whole_from_any_cut() -> None:
    assert found([], Chain()) is None
    for cut in range(len(LINES) + 1):
        start = head(LINES[:cut]) if cut else BEGINNING
        assert found(LINES[cut:], Chain(start, CHAIN.last)) is None


@pytest.mark.parametrize("field", CHANGES)
@given(place=st.integers(0, 8))
def test_a_changed_field_is_found_where_it_is(field: str, place: int) -> None:
    changed = [*LINES]
    changed[place] = replace(LINES[place], **{field: CHANGES[field]})  # type: ignore[arg-type]  # any field
    assert found(changed, CHAIN) == Broken(place + 1, Fault.CHANGED)


@given(place=st.integers(0, 8), more=st.integers(1, 9))
def test_lines_that_are_gone_are_found(place: int, more: int) -> None:
    left = [*LINES[:place], *LINES[place + more :]]
    fault = Fault.CUT_OFF if place + more >= len(LINES) else Fault.MISSING
    assert found(left, CHAIN) == Broken(place + 1, fault)


@given(place=st.integers(0, 8), other=st.integers(0, 8))
def test_lines_that_changed_places_are_found(place: int, other: int) -> None:
    """Their numbers changed with them: a table has no other order."""
    if place == other:
        return
    swapped = [*LINES]
    swapped[place] = replace(LINES[other], seq=place + 1)
    swapped[other] = replace(LINES[place], seq=other + 1)
    assert found(swapped, CHAIN) == Broken(min(place, other) + 1, Fault.CHANGED)


@given(place=st.integers(0, 8), sealed=st.booleans())
def test_a_line_put_in_is_found_even_if_it_was_sealed(place: int, sealed: bool) -> None:
    """Those behind it were numbered anew; they were sealed over another line before them."""
    before = LINES[:place]
    seal = before[-1].seal if before else BEGINNING.seal
    new = replace(LINES[0], seq=place + 1, action="x", previous=seal)
    new = replace(new, seal=new.sealed_over(seal) if sealed else "0" * 64)
    behind = [replace(line, seq=line.seq + 1) for line in LINES[place:]]
    broken = found([*before, new, *behind], CHAIN)
    assert broken == Broken(min(place + 1 + sealed, 9), Fault.CHANGED)


def test_a_line_put_behind_the_last_one_is_found() -> None:
    assert found([*LINES, *chained(1, CHAIN.last)], CHAIN) == Broken(10, Fault.ADDED)
    assert found(chained(1), Chain()) == Broken(1, Fault.ADDED)


def test_a_last_line_that_was_sealed_anew_is_not_the_end_that_is_known() -> None:
    forged = replace(LINES[-1], action="x")
    forged = replace(forged, seal=forged.sealed_over(forged.previous))
    assert found([*LINES[:-1], forged], CHAIN) == Broken(9, Fault.CHANGED)


@given(place=st.integers(1, 9), kept=st.integers(16, 64))
def test_only_a_noted_end_tells_of_a_chain_that_was_written_anew(place: int, kept: int) -> None:
    noted = Head.parse(str(head(LINES[:place]))[: len(f"{place}:") + kept])
    assert found(LINES, CHAIN, noted) is None
    anew = chained(9, Head(0, "1" * 64))
    whole = Chain(Head(0, "1" * 64), head(anew))
    assert found(anew, whole) is None, "it is whole by itself"
    assert found(anew, whole, noted) == Broken(place, Fault.NOT_AS_NOTED)


def test_a_noted_end_that_is_not_there_any_more_is_told() -> None:
    short = LINES[:5]
    assert found(short, Chain(BEGINNING, head(short)), head(LINES)) == Broken(6, Fault.CUT_OFF)
    cut = Chain(head(short), CHAIN.last)
    assert found(LINES[5:], cut, head(LINES[:3])) is None, "destroyed in its time: nothing to compare"
    assert found(LINES[5:], cut, Head(5, "f" * 64)) == Broken(5, Fault.NOT_AS_NOTED)


@pytest.mark.parametrize(
    "text", ["", "12", "12:", ":" + "a" * 64, "12:" + "a" * 15, "12:" + "g" * 64, "١:" + "a" * 20]
)
def test_what_is_no_noted_end_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no "):
        Head.parse(text)


def test_the_seal_is_what_it_was_when_lines_were_released() -> None:
    """Lines that stand are sealed like this: a change of the form would break every chain there is."""
    bare = Line(
        1, NOON, PersonId("p"), "digest_opened", "가상", "전북 2026-01-22", "duty", {"b": 1, "a": None}
    )
    assert (
        bare.sealed_over(BEGINNING.seal) == "7f9e8d6720af930ca3490782c7af70453d16ad64a61945630f46f37c09db2d6a"
    )
    elsewhere = replace(bare, at=NOON.astimezone())
    assert elsewhere.sealed_over(BEGINNING.seal) == bare.sealed_over(BEGINNING.seal)


def test_whose_is_a_region_and_a_day_and_never_nothing() -> None:
    day = date(2026, 1, 22)
    assert region_day(Region("전북"), day) == "전북 2026-01-22"
    assert region_day(Region("전북"), None) == "전북"
    assert region_day(None, day) == "2026-01-22"
    assert region_day(None, None) == EVERYBODY
