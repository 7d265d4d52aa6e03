"""One-time invitations: open once, for a week, confirmed by the inviter."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import ChatId, PersonId, Region, hash_of
from bot.domain.invitation import LIFETIME, Invitation, InvitationInvalid, InvitationState
from bot.domain.person import Grant, Role
from tests.support.plans import at

MADE = at("09:00")
CHAT = ChatId(7)
LATER = MADE + timedelta(hours=1)


def invitation(*, console: bool = False) -> Invitation:
    return Invitation(
        token=hash_of("t"),
        grant=Grant(Role.STAFF, Region("전북")),
        inviter=None if console else PersonId("admin"),
        expires=MADE + LIFETIME,
    )


def claimed(*, console: bool = False, now: datetime = LATER) -> Invitation:
    return invitation(console=console).claimed(CHAT, "가나다", "ko", now)


def test_a_claim_waits_for_the_inviter() -> None:
    taken = claimed()
    assert taken.state is InvitationState.CLAIMED
    assert (taken.claimed_chat, taken.claimed_name, taken.claimed_language) == (CHAT, "가나다", "ko")
    assert taken.grant == invitation().grant


def test_an_invitation_from_the_console_is_granted_at_once() -> None:
    assert claimed(console=True).state is InvitationState.GRANTED


@pytest.mark.parametrize(
    ("granted", "state"), [(True, InvitationState.GRANTED), (False, InvitationState.REFUSED)]
)
def test_the_inviter_decides(granted: bool, state: InvitationState) -> None:
    assert claimed().decided(granted=granted, now=LATER).state is state


def test_it_can_be_taken_only_once() -> None:
    for used in (
        claimed(),
        claimed(console=True),
        claimed().decided(granted=True, now=LATER),
        claimed().decided(granted=False, now=LATER),
    ):
        with pytest.raises(InvitationInvalid):
            used.claimed(ChatId(8), "라마바", "ko", LATER)


def test_what_nobody_took_or_what_is_decided_cannot_be_decided() -> None:
    for nothing_to_decide in (
        invitation(),
        claimed(console=True),
        claimed().decided(granted=True, now=LATER),
        claimed().decided(granted=False, now=LATER),
    ):
        with pytest.raises(InvitationInvalid):
            nothing_to_decide.decided(granted=True, now=LATER)


@given(st.timedeltas(timedelta(), 2 * LIFETIME))
def test_it_lives_for_a_week_to_the_microsecond(passed: timedelta) -> None:
    now = MADE + passed
    if passed < LIFETIME:
        assert claimed(now=now).decided(granted=True, now=now).state is InvitationState.GRANTED
        return
    with pytest.raises(InvitationInvalid):
        claimed(now=now)
    with pytest.raises(InvitationInvalid):
        claimed().decided(granted=True, now=now)


def test_used_and_expired_are_told_alike() -> None:
    with pytest.raises(InvitationInvalid) as used:
        claimed().require_open(LATER)
    with pytest.raises(InvitationInvalid) as expired:
        invitation().require_open(MADE + LIFETIME)
    assert (used.value.key, used.value.values) == (expired.value.key, expired.value.values)
