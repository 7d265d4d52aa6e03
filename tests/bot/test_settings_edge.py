"""Settings of the edge: whom to believe about addresses, and what the metrics ask for."""

from ipaddress import ip_network

import pytest

from bot.domain.networks import LOOPBACK
from bot.settings import Settings, SettingsProblem, read_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_only_this_machine_is_believed_unless_somebody_says_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings(None).proxies == LOOPBACK
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.2, 2001:db8::/48")
    assert read_settings(None).proxies == (ip_network("10.0.0.2/32"), ip_network("2001:db8::/48"))


@pytest.mark.parametrize(
    "value", ["proxy.example.invalid", "10.0.0.5/24", "0.0.0.0/0", "::/0", "127.0.0.1;::1"]
)
def test_what_is_no_proxy_is_told_with_all_other_problems(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", value)
    monkeypatch.setenv("PORT", "banana")
    with pytest.raises(SettingsProblem) as problem:
        read_settings(None)
    assert "- TRUSTED_PROXIES: 프록시의 IP 주소나 대역을" in str(problem.value)
    assert "- PORT: " in str(problem.value)


def test_the_token_of_the_metrics_is_long_enough_and_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "A-z_09" * 4)
    token = read_settings(None).metrics_token
    assert token is not None
    assert token.get_secret_value() == "A-z_09" * 4
    for bad in ("short-one", "x" * 257, "with spaces in it!!"):
        monkeypatch.setenv("METRICS_TOKEN", bad)
        with pytest.raises(SettingsProblem, match="METRICS_TOKEN: 영문자, 숫자") as problem:
            read_settings(None)
        assert bad not in str(problem.value)
