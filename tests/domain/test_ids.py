"""Identifiers and secrets: long enough, random, and fit for where they travel."""

import hashlib
import re

import pytest

from bot.domain.ids import hash_of, new_code, new_id, new_secret

MANY = 2000


def test_ids_are_128_bits_in_url_safe_letters() -> None:
    ids = {new_id() for _ in range(MANY)}
    assert len(ids) == MANY
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", one) for one in ids)


def test_two_ids_and_a_verb_fit_into_a_button() -> None:
    assert len(f"verb:{new_id()}:{new_id()}".encode()) <= 64


@pytest.mark.parametrize(("size", "letters"), [(16, 22), (32, 43)])
def test_a_secret_is_as_long_as_asked(size: int, letters: int) -> None:
    secrets = {new_secret(size=size) for _ in range(MANY)}
    assert len(secrets) == MANY
    assert {len(secret) for secret in secrets} == {letters}


def test_an_invitation_fits_into_a_start_link() -> None:
    """Telegram: a start parameter is 1 to 64 of A-Z a-z 0-9 _ -."""
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", f"i_{new_secret(size=32)}")


def test_only_a_plain_digest_of_a_secret_is_kept() -> None:
    assert hash_of("secret") == hashlib.sha256(b"secret").hexdigest()
    assert hash_of("secret") != hash_of("Secret")


def test_a_code_has_no_letters_that_are_mistaken_for_another() -> None:
    codes = [new_code() for _ in range(MANY)]
    assert len(set(codes)) == MANY
    assert all(re.fullmatch(r"[a-z2-9]{10}", code) for code in codes)
    assert not set("".join(codes)) & set("il1o0")
    assert len(set("".join(codes))) == 31
