"""What a message's variables may be survives a row of JSON."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.values import Phrase, Value, from_plain, to_plain

ZONES = [UTC, ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin"), timezone(timedelta(hours=-9, minutes=-30))]
SIMPLE: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8")),
    st.dates(),
    st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (bounds are naive)
)
KEYS = st.text(st.sampled_from("abcdefgh._"), min_size=1, max_size=12)
PHRASES = st.recursive(
    st.builds(Phrase, KEYS, st.dictionaries(KEYS | st.sampled_from(["time", "date", "phrase"]), SIMPLE)),
    lambda inner: st.builds(
        Phrase, KEYS, st.dictionaries(KEYS, inner | st.lists(inner, max_size=3).map(tuple), max_size=3)
    ),
    max_leaves=6,
)
VALUES: st.SearchStrategy[Value] = SIMPLE | PHRASES | st.lists(PHRASES, max_size=4).map(tuple)


@given(VALUES)
def test_a_value_comes_back_from_a_row_as_it_was(value: Value) -> None:
    row = json.loads(json.dumps(to_plain(value)))
    back = from_plain(row)
    assert back == value
    assert type(back) is type(value)


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.sampled_from(ZONES))  # noqa: DTZ001 (as above)
)
def test_a_moment_of_any_zone_comes_back_in_utc(moment: datetime) -> None:
    back = from_plain(to_plain(moment))
    assert isinstance(back, datetime)
    assert back.tzinfo is UTC
    assert back == moment.astimezone(UTC)


def test_the_form_of_times_in_rows_is_frozen() -> None:
    """Rows outlive the code that wrote them."""
    seoul = datetime(2026, 1, 22, 7, 30, tzinfo=ZoneInfo("Asia/Seoul"))
    assert to_plain(seoul) == {"time": "2026-01-21T22:30:00+00:00"}
    assert to_plain(date(2026, 1, 22)) == {"date": "2026-01-22"}


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        to_plain(datetime(2026, 1, 22, 7, 30, tzinfo=UTC).replace(tzinfo=None))


def test_the_form_of_phrases_in_rows_is_frozen() -> None:
    day = Phrase("a.b", {"day": date(2026, 1, 22), "lines": (Phrase("c.d"),)})
    assert to_plain(day) == {
        "phrase": "a.b",
        "values": {"day": {"date": "2026-01-22"}, "lines": [{"phrase": "c.d", "values": {}}]},
    }


@pytest.mark.parametrize("plain", [{}, {"other": "x"}, object()])
def test_what_is_no_plain_form_is_refused(plain: object) -> None:
    with pytest.raises(ValueError, match="plain form"):
        from_plain(plain)
