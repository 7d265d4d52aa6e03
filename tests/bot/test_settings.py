"""Settings: one reading, all problems together, and the example file that lists the same names."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from bot.settings import NOT_YET, Settings, SettingsProblem, read_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
NAME = re.compile(r"^([A-Z_]+)=(.*)$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_example_lists_exactly_the_settings() -> None:
    names = [name for name, _ in NAME.findall(EXAMPLE.read_text(encoding="utf-8"))]
    assert sorted(names) == sorted(field.upper() for field in Settings.model_fields)


def test_the_example_shows_the_defaults() -> None:
    assert read_settings(EXAMPLE).model_dump() == read_settings(None).model_dump()


def test_the_example_explains_every_name_and_marks_what_comes_later() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for before, line in pairwise(lines):
        if (match := NAME.match(line)) and match[1] not in ("PORT",):
            assert before.startswith("# "), line
            assert before.startswith("# [next]") == (match[1] in NOT_YET), line


def test_all_problems_are_reported_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "banana")
    monkeypatch.setenv("TIMEZONE", "Asia/Nowhere")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "secret-looking")
    with pytest.raises(SettingsProblem) as problem:
        read_settings(None)
    text = str(problem.value)
    assert all(name in text for name in ("PORT", "TIMEZONE", "TELEGRAM_BOT_TOKEN"))
    assert "secret-looking" not in text


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "a", "정수로 적어 주십시오"),
        ("PORT", "70000", "65535 이하여야 합니다"),
        ("DIGEST_TIME", "xx", "시각을 21:00과 같이 적어 주십시오"),
        ("BRIEFING_TIME", "25:00", "시각을 21:00과 같이 적어 주십시오"),
        ("RETENTION_DAYS", "0", "1 이상이어야 합니다"),
        ("AI_BUDGET", "-1", "0 이상이어야 합니다"),
        ("LOG_FORMAT", "xml", "console, json 가운데 하나여야 합니다"),
        ("EXTERNAL_AI", "maybe", "off, on 가운데 하나여야 합니다"),
    ],
)
def test_what_is_wrong_is_said_in_korean(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsProblem, match=f"- {name}: {said}"):
        read_settings(None)


def test_a_reserved_name_is_not_noticed_for_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """As .env.example has it."""
    monkeypatch.setenv("DIGEST_APPROVAL", "off")
    monkeypatch.setenv("QUIET_HOURS", "23:00-06:00")
    assert read_settings(None).set_but_not_used == []


def test_a_reserved_name_that_is_set_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_FROM", "a@example.com")
    assert read_settings(None).set_but_not_used == ["SMTP_FROM"]


def test_a_rehearsals_clock_goes_with_a_rehearsals_telegram(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOCK_URL", "http://127.0.0.1:8080/")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://localhost:8080")
    assert read_settings(None).clock_url == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("clock", "telegram"),
    [
        ("http://127.0.0.1:8080", "https://api.telegram.org"),
        ("http://192.0.2.1:8080", "http://127.0.0.1:8080"),
        ("https://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("ws://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_invented_time_never_meets_real_people(
    monkeypatch: pytest.MonkeyPatch, clock: str, telegram: str
) -> None:
    monkeypatch.setenv("CLOCK_URL", clock)
    monkeypatch.setenv("TELEGRAM_API_URL", telegram)
    with pytest.raises(SettingsProblem, match="CLOCK_URL"):
        read_settings(None)


def test_a_plain_database_address_gets_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@localhost/x")
    assert read_settings(None).database == "postgresql+psycopg://somebody@localhost/x"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://field.example.invalid", "https://field.example.invalid"),
        ("https://Field.Example.invalid/", "https://field.example.invalid"),
        ("https://field.example.invalid:443//", "https://field.example.invalid"),
        ("https://field.example.invalid:8443", "https://field.example.invalid:8443"),
        ("https://현장.example.invalid", "https://xn--vv5bv6x.example.invalid"),
        ("https://[2001:db8::1]:88", "https://[2001:db8::1]:88"),
    ],
)
def test_the_public_address_is_kept_in_one_form(
    monkeypatch: pytest.MonkeyPatch, given: str, kept: str
) -> None:
    monkeypatch.setenv("PUBLIC_URL", given)
    assert read_settings(None).public_url == kept


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("field.example.invalid", "이 서비스의 주소가 아닙니다"),
        ("https://", "이 서비스의 주소가 아닙니다"),
        ("ftp://field.example.invalid", "이 서비스의 주소가 아닙니다"),
        ("https://field.example.invalid:many", "이 서비스의 주소가 아닙니다"),
        ("https://field..example.invalid", "이 서비스의 주소가 아닙니다"),
        ("https://field.example.invalid/hyeonjang", "호스트와 포트까지만"),
        ("https://field.example.invalid/?a=1", "호스트와 포트까지만"),
        ("https://field.example.invalid/#a", "호스트와 포트까지만"),
        ("https://somebody:pass@field.example.invalid", "호스트와 포트까지만"),
        ("http://field.example.invalid", "https 주소여야 합니다"),
        ("http://127.0.0.1:8080", "https 주소여야 합니다"),
        ("https://127.0.0.1", "공개 주소여야 합니다"),
        ("https://localhost:8443", "공개 주소여야 합니다"),
        ("https://field.example.invalid:8080", "443, 80, 88, 8443"),
    ],
)
def test_a_public_address_that_telegram_cannot_call_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, given: str, said: str
) -> None:
    monkeypatch.setenv("PUBLIC_URL", given)
    with pytest.raises(SettingsProblem, match=rf"- PUBLIC_URL: .*{re.escape(said)}") as problem:
        read_settings(None)
    assert "pass" not in str(problem.value)


def test_with_a_bot_api_server_of_ones_own_this_machine_and_any_port_will_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:8081")
    for address in ("http://127.0.0.1:9000", "http://localhost:80/", "http://[::1]:7", "https://a.invalid:9"):
        monkeypatch.setenv("PUBLIC_URL", address)
        assert (read_settings(None).public_url or "").removeprefix("http") in address.removeprefix("http")
    monkeypatch.setenv("PUBLIC_URL", "http://field.example.invalid")
    with pytest.raises(SettingsProblem, match="https 주소여야 합니다"):
        read_settings(None)


def test_the_secret_is_of_the_letters_that_telegram_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    for good in ("a", "A-z_09", "x" * 256):
        monkeypatch.setenv("WEBHOOK_SECRET", good)
        secret = read_settings(None).webhook_secret
        assert secret is not None
        assert secret.get_secret_value() == good
    for bad in ("띄어 쓰기", "a b", "x" * 257, "점.", "line\n"):
        monkeypatch.setenv("WEBHOOK_SECRET", bad)
        with pytest.raises(SettingsProblem, match="WEBHOOK_SECRET") as problem:
            read_settings(None)
        assert bad not in str(problem.value)
