"""Roles and what they reach: everything that is not said here is refused."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import NotAllowed
from bot.domain.ids import ChatId, PersonId, Region
from bot.domain.person import Action, Grant, Person, Role, menu_of

JEONBUK, GANGWON, JEJU = Region("전북"), Region("강원"), Region("제주")
REGIONS = [JEONBUK, GANGWON, JEJU]
REACH = {
    Role.PARTICIPANT: set[Action](),
    Role.STAFF: set(Action) - {Action.INVITE, Action.ANSWER_REQUESTS, Action.READ_TOUR},
    Role.MANAGER: {Action.SEE_SCHEDULE, Action.READ_DIGEST, Action.READ_TOUR},
    Role.ADMIN: {
        Action.SEE_SCHEDULE,
        Action.SHOW_CODE,
        Action.INVITE,
        Action.SEE_STATUS,
        Action.IMPORT_TOUR,
        Action.IMPORT_NOTES,
        Action.ANSWER_REQUESTS,
    },
}
GRANTS = st.frozensets(
    st.builds(Grant, st.sampled_from(Role), st.one_of(st.none(), st.sampled_from(REGIONS))), max_size=4
)


def holding(*grants: Grant) -> Person:
    return Person(PersonId("p"), ChatId(1), "가나다", "ko", frozenset(grants))


@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, Action)))
def test_a_role_reaches_exactly_what_the_table_says(role: Role, action: Action) -> None:
    person = holding(Grant(role, JEONBUK))
    assert person.may(action, JEONBUK) is (action in REACH[role])
    assert person.may_somewhere(action) is (action in REACH[role])


@pytest.mark.parametrize("action", Action)
def test_the_administrator_reads_no_notes_and_nobody_without_a_grant_does_anything(action: Action) -> None:
    assert not holding().may(action, JEONBUK)
    assert not holding().may_somewhere(action)
    assert not holding(Grant(Role.ADMIN, None)).may(Action.READ_DIGEST, JEONBUK)
    assert not holding(Grant(Role.ADMIN, None)).may(Action.FILE_NOTE, JEONBUK)


def test_a_grant_of_one_region_reaches_no_other_and_not_all() -> None:
    staff = holding(Grant(Role.STAFF, JEONBUK))
    assert not staff.may(Action.SEE_SCHEDULE, GANGWON)
    assert not staff.may(Action.SEE_SCHEDULE, None)
    assert staff.regions_for(Action.SEE_SCHEDULE, REGIONS) == [JEONBUK]


def test_an_unlimited_grant_reaches_every_region_in_the_order_given() -> None:
    manager = holding(Grant(Role.MANAGER, None))
    assert manager.regions_for(Action.READ_DIGEST, [JEJU, JEONBUK]) == [JEJU, JEONBUK]
    assert manager.may(Action.READ_DIGEST, None)


def test_grants_add_up_and_stay_in_their_regions() -> None:
    both = holding(Grant(Role.STAFF, JEONBUK), Grant(Role.MANAGER, GANGWON))
    assert both.may(Action.FILE_NOTE, JEONBUK)
    assert not both.may(Action.FILE_NOTE, GANGWON)
    assert both.regions_for(Action.READ_DIGEST, REGIONS) == [JEONBUK, GANGWON]


def test_what_is_not_reached_is_refused_without_saying_why() -> None:
    staff = holding(Grant(Role.STAFF, JEONBUK))
    staff.require(Action.READ_DIGEST, JEONBUK)
    with pytest.raises(NotAllowed) as elsewhere:
        staff.require(Action.READ_DIGEST, GANGWON)
    with pytest.raises(NotAllowed) as never:
        staff.require(Action.INVITE, JEONBUK)
    assert (elsewhere.value.key, elsewhere.value.values) == (never.value.key, never.value.values)


@pytest.mark.parametrize(
    ("role", "region", "has"),
    [
        (Role.STAFF, None, True),
        (Role.STAFF, JEONBUK, True),
        (Role.STAFF, GANGWON, False),
        (Role.MANAGER, None, False),
    ],
)
def test_a_role_is_had_somewhere_or_in_a_region(role: Role, region: Region | None, has: bool) -> None:
    assert holding(Grant(Role.STAFF, JEONBUK)).has(role, region) is has


@given(GRANTS, st.sampled_from(Action), st.sampled_from(REGIONS))
def test_to_reach_all_is_to_reach_each(grants: frozenset[Grant], action: Action, region: Region) -> None:
    person = holding(*grants)
    if person.may(action, None):
        assert person.may(action, region)
    if person.may(action, region):
        assert person.may_somewhere(action)
    assert (region in person.regions_for(action, REGIONS)) is person.may(action, region)


@given(GRANTS)
def test_a_menu_offers_nothing_twice_and_nothing_out_of_reach(grants: frozenset[Grant]) -> None:
    menu = menu_of(grants)
    person = holding(*grants)
    assert len(menu) == len(set(menu))
    assert menu[-2:] == ("privacy", "help")
    needs = {
        "next": Action.SEE_SCHEDULE,
        "today": Action.SEE_SCHEDULE,
        "late": Action.CHANGE_SCHEDULE,
        "note": Action.FILE_NOTE,
        "qr": Action.SHOW_CODE,
        "digest": Action.READ_DIGEST,
        "ask": Action.READ_DIGEST,
        "invite": Action.INVITE,
        "people": Action.INVITE,
        "status": Action.SEE_STATUS,
        "files": Action.IMPORT_TOUR,
    }
    for command, action in needs.items():
        assert (command in menu) is person.may_somewhere(action)


@pytest.mark.parametrize(
    ("roles", "menu"),
    [
        ([], ("privacy", "help")),
        ([Role.PARTICIPANT], ("privacy", "help")),
        (
            [Role.STAFF],
            (
                "next",
                "today",
                "late",
                "note",
                "qr",
                "digest",
                "ask",
                "triage",
                "files",
                "status",
                "settings",
                "privacy",
                "help",
            ),
        ),
        ([Role.MANAGER], ("next", "today", "digest", "ask", "settings", "privacy", "help")),
        (
            [Role.ADMIN],
            (
                "next",
                "today",
                "qr",
                "invite",
                "people",
                "approvers",
                "files",
                "status",
                "settings",
                "privacy",
                "help",
            ),
        ),
    ],
)
def test_menus_differ_by_role(roles: list[Role], menu: tuple[str, ...]) -> None:
    assert menu_of(frozenset(Grant(role, JEONBUK) for role in roles)) == menu


def test_requests_are_offered_to_administrators_of_all_regions() -> None:
    assert "requests" in menu_of(frozenset({Grant(Role.ADMIN, None)}))
    assert "requests" not in menu_of(frozenset({Grant(Role.STAFF, None), Grant(Role.ADMIN, JEONBUK)}))
