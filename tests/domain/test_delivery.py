"""Deliveries: the frozen form of their keys, what becomes of an unknown one, and Telegram's limits of a button."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.delivery import (
    POLICY,
    PRIORITY,
    Button,
    DeliveryKind,
    Priority,
    WhenUnknown,
    briefing_key,
    change_key,
    digest_key,
    erased_key,
    erratum_key,
    notice_key,
    reminder_key,
    reply_key,
)
from bot.domain.ids import DeliveryId, MeetingId, PersonId, Region, TourId, new_id

LONGEST_KEY = 200
"""What the deliveries' table holds."""
TOUR, MEETING, PERSON, JEONBUK, DAY = (
    TourId("t1"),
    MeetingId("m1"),
    PersonId("p1"),
    Region("전북"),
    date(2026, 1, 22),
)


@pytest.mark.parametrize(
    ("key", "frozen"),
    [
        (reply_key(42, 0), "reply:42:0"),
        (reminder_key(MEETING, 60, PERSON), "reminder:m1:60:p1"),
        (briefing_key(TOUR, JEONBUK, DAY, PERSON), "briefing:t1:전북:2026-01-22:p1"),
        (change_key(TOUR, 3, PERSON), "change:t1:3:p1"),
        (digest_key(TOUR, JEONBUK, DAY, 2, PERSON), "digest:t1:전북:2026-01-22:2:p1"),
        (erratum_key(TOUR, JEONBUK, DAY, 2, PERSON), "erratum:t1:전북:2026-01-22:2:p1"),
        (erased_key(DeliveryId("d1")), "erased:d1"),
        (notice_key("claim", "c1"), "notice:claim:c1"),
    ],
)
def test_keys_are_frozen(key: str, frozen: str) -> None:
    """A key of another form would send everything a second time after an update of the product."""
    assert key == frozen


@given(st.text(min_size=1, max_size=40))
def test_keys_fit_their_column(region: str) -> None:
    tour, person, meeting = TourId(new_id()), PersonId(new_id()), MeetingId(new_id())
    keys = [
        reply_key(2**31 - 1, 9),
        reminder_key(meeting, 60, person),
        briefing_key(tour, Region(region), DAY, person),
        change_key(tour, 10**6, person),
        digest_key(tour, Region(region), DAY, 10**6, person),
        erratum_key(tour, Region(region), DAY, 10**6, person),
    ]
    assert max(map(len, keys)) <= LONGEST_KEY
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("kind", DeliveryKind)
def test_every_kind_has_a_policy_and_a_priority(kind: DeliveryKind) -> None:
    assert kind in POLICY
    assert kind in PRIORITY


@pytest.mark.parametrize(
    ("kind", "policy"),
    [
        (DeliveryKind.REMINDER, WhenUnknown.RESEND_LABELLED),
        (DeliveryKind.CHANGE, WhenUnknown.RESEND_LABELLED),
        (DeliveryKind.DIGEST, WhenUnknown.RESEND_LABELLED),
        (DeliveryKind.REPLY, WhenUnknown.RESEND_UNLESS_ACTED),
        (DeliveryKind.EDIT, WhenUnknown.REPEAT),
    ],
)
def test_the_policy_is_the_designs(kind: DeliveryKind, policy: WhenUnknown) -> None:
    assert POLICY[kind] is policy


def test_people_go_before_broadcasts() -> None:
    assert PRIORITY[DeliveryKind.REPLY] < PRIORITY[DeliveryKind.REMINDER] < PRIORITY[DeliveryKind.DIGEST]
    assert sorted(Priority) == [Priority.REPLY, Priority.URGENT, Priority.BULK]


@pytest.mark.parametrize("data", ["a", "a" * 64, "가" * 21])
def test_a_buttons_data_is_1_to_64_bytes(data: str) -> None:
    assert Button("k", data=data).data == data


@pytest.mark.parametrize("data", ["", "a" * 65, "가" * 22])
def test_other_data_is_refused(data: str) -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        Button("k", data=data)


@pytest.mark.parametrize(("data", "url"), [(None, None), ("a", "https://example.com")])
def test_a_button_does_exactly_one_thing(data: str | None, url: str | None) -> None:
    with pytest.raises(ValueError, match="either"):
        Button("k", data=data, url=url)
