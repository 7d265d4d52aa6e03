"""Secrets are found however they are spelt in what goes out, and ordinary words stay."""

from string import ascii_letters, digits
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.concealing import HIDDEN, concealed, passwords_in, spellings

secrets = st.text(ascii_letters + digits + "-_:/+=&#?@%\"'\\ 가", min_size=6, max_size=40)


@given(secret=secrets, before=st.text("가나다 ab", max_size=10), after=st.text("가나다 ab", max_size=10))
def test_as_it_is_and_quoted(secret: str, before: str, after: str) -> None:
    spelt = spellings([secret])
    for way in (secret, quote(secret), quote(secret, safe="")):
        hidden = concealed(f"{before}{way}{after}", spelt)
        assert secret not in hidden.replace(HIDDEN, "")
        assert HIDDEN in hidden


def test_a_token_is_hidden_without_its_number_too() -> None:
    spelt = spellings(["5900000009:invented-half-of-a-token"])
    assert (
        concealed("POST /bot5900000009:invented-half-of-a-token/getMe", spelt) == f"POST /bot{HIDDEN}/getMe"
    )
    assert concealed("invented-half-of-a-token", spelt) == HIDDEN


def test_a_short_part_of_a_token_is_an_ordinary_word_and_its_whole_is_hidden() -> None:
    spelt = spellings(["1:rehearsal"])
    assert concealed("data/rehearsal/hyeonjang.db", spelt) == "data/rehearsal/hyeonjang.db"
    assert concealed("POST /bot1:rehearsal/getMe", spelt) == f"POST /bot{HIDDEN}/getMe"
    assert concealed("POST /bot1%3Arehearsal/getMe", spelt) == f"POST /bot{HIDDEN}/getMe"


def test_short_ones_and_none_change_nothing() -> None:
    assert concealed("hj입니다", spellings(["hj", ""])) == "hj입니다"
    assert spellings([]) == ()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://api.telegram.org", set()),
        ("postgresql://hj@127.0.0.1/name", set()),
        ("postgresql+psycopg://hj:invented-1@db.example/name", {"invented-1"}),
        ("postgresql://hj:inv%2Fented@db.example/name", {"inv%2Fented"}),
        ("postgresql://hj:inv/ented@db.example/name", {"inv/ented"}),
        ("postgresql://hj:inv@ented@db.example/name", {"inv@ented"}),
        ("postgresql:///name?host=/run/x&user=hj&password=invented-2", {"invented-2"}),
        ("http://[broken", set()),
        ("가상", set()),
    ],
)
def test_passwords_of_addresses(address: str, found: set[str]) -> None:
    assert passwords_in(address) == found
