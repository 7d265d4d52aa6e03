"""Every setting, read once from the environment (and `.env`); all problems are reported together.

`.env.example` lists the same names, each with a line of explanation: a test holds the two together.
"""

import ipaddress
import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.endpoint import Endpoint, NotAnEndpoint, Place, endpoint, host_named
from bot.domain.networks import LOOPBACK, Network, NotANetwork, networks_named

NOT_YET = (
    "SMTP_URL",
    "SMTP_FROM",
    "QUIET_HOURS",
)
"""Names that the contract reserves and this version does not use: setting one is said at the start, not ignored."""

TELEGRAM = "api.telegram.org"
WEBHOOK_PORTS = (443, 80, 88, 8443)
"""Ports that Telegram brings updates to (core.telegram.org/bots/api#setwebhook)."""
OPENAI = "https://api.openai.com/v1"
_USUAL = {"https": 443, "http": 80}
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_LONG_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}", re.ASCII)


class SettingsProblem(Exception):
    """The settings do not make sense; the text lists every problem, a line each."""


class Settings(BaseSettings):
    """Settings by their lower-case environment names. Times of day are in `timezone`."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    public_url: str | None = None
    webhook_secret: SecretStr | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    trusted_proxies: str | None = None
    metrics_token: SecretStr | None = None
    data_dir: Path = Path("data")
    database_url: SecretStr | None = None
    timezone: Annotated[ZoneInfo, NoDecode] = ZoneInfo("Asia/Seoul")
    briefing_time: time = time(20, 0)
    quiet_hours: str = "23:00-06:00"
    digest_time: time = time(21, 0)
    digest_approval: Literal["off", "on"] = "off"
    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    openai_model: str | None = None
    openai_transcribe_model: str | None = None
    external_ai: Literal["off", "on"] = "off"
    ai_trusted_hosts: str | None = None
    ai_budget: Annotated[int, Field(ge=0)] = 300_000
    ai_timeout: Annotated[int, Field(ge=1, le=600)] = 90
    analysis: Literal["on", "off"] = "on"
    retention_days: Annotated[int, Field(ge=1)] = 90
    smtp_url: SecretStr | None = None
    smtp_from: str | None = None
    log_format: Literal["console", "json"] = "console"
    clock_url: str | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("timezone", mode="before")
    @classmethod
    def _known_zone(cls, value: object) -> object:
        if isinstance(value, str):
            try:
                return ZoneInfo(value)
            except (KeyError, ValueError, OSError):
                raise ValueError("모르는 시간대입니다 (예: Asia/Seoul)") from None
        return value

    @field_validator("telegram_bot_token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and ":" not in value.get_secret_value():
            raise ValueError("BotFather가 준 토큰의 모양(숫자:문자열)이 아닙니다")
        return value

    @field_validator("public_url")
    @classmethod
    def _reachable(cls, value: str | None, info: ValidationInfo) -> str | None:
        by_telegram = urlsplit(str(info.data.get("telegram_api_url", ""))).hostname == TELEGRAM
        return None if value is None else _public_address(value, by_telegram=by_telegram)

    @field_validator("webhook_secret")
    @classmethod
    def _writable_in_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("영문자, 숫자, _, - 로 된 1~256자여야 합니다")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str | None) -> str | None:
        try:
            return value if value is None else ",".join(map(str, networks_named(value)))
        except NotANetwork:
            raise ValueError(
                "프록시의 IP 주소나 대역을 쉼표로 나누어 적습니다. 모든 주소(0.0.0.0/0)는 쓸 수 없습니다 (예: 127.0.0.1,10.0.0.0/24)"
            ) from None

    @field_validator("metrics_token")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _LONG_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("영문자, 숫자, _, - 로 된 16~256자여야 합니다")
        return value

    @field_validator("clock_url")
    @classmethod
    def _rehearsed(cls, value: str | None, info: ValidationInfo) -> str | None:
        """Invented time and real people must never meet, so Telegram has to be the rehearsal's as well."""
        if value is None:
            return None
        if not _is_here(value):
            raise ValueError("이 컴퓨터에서 연 리허설의 주소여야 합니다 (예: http://127.0.0.1:8080)")
        if not _is_here(str(info.data.get("telegram_api_url", ""))):
            raise ValueError("리허설의 시계는 TELEGRAM_API_URL도 리허설의 주소일 때만 쓸 수 있습니다")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("sqlite", "postgresql")):
            raise ValueError("sqlite 또는 postgresql+psycopg:// 로 시작해야 합니다")
        return value

    @field_validator("openai_base_url")
    @classmethod
    def _an_endpoint(cls, value: str | None) -> str | None:
        try:
            return value if value is None else endpoint(value.strip()).url
        except NotAnEndpoint:
            raise ValueError(
                "모델 서버의 주소가 아닙니다. 계정 정보나 물음표 없이 적습니다 (예: http://127.0.0.1:8000/v1)"
            ) from None

    @field_validator("ai_trusted_hosts")
    @classmethod
    def _hosts(cls, value: str | None) -> str | None:
        try:
            return value if value is None else ",".join(map(host_named, value.split(",")))
        except NotAnEndpoint:
            raise ValueError("호스트 이름만 쉼표로 나누어 적습니다 (예: llm.example.kr,10.0.0.7)") from None

    @model_validator(mode="after")
    def _words_go_where_the_operator_said(self) -> "Settings":
        asked = self.openai_model or self.openai_transcribe_model
        if not asked and (self.openai_api_key or self.openai_base_url):
            raise ValueError("OPENAI_MODEL: 모델 서버를 쓰려면 모델 이름도 적어 주십시오")
        if asked and self.external_ai == "off" and self.ai_endpoint.place(self.ai_hosts) is Place.ABROAD:
            raise ValueError(
                f"OPENAI_BASE_URL: EXTERNAL_AI=off 이므로 의견을 외부 서버({self.ai_endpoint.host})에 보내지 않습니다. "
                "이 컴퓨터의 주소를 쓰거나, 기관의 서버이면 AI_TRUSTED_HOSTS에 적거나, 외부 AI를 쓰려면 EXTERNAL_AI=on 으로 바꾸어 주십시오"
            )
        return self

    @property
    def ai_endpoint(self) -> Endpoint:
        """Where the language model stands; OpenAI's address unless OPENAI_BASE_URL says otherwise."""
        return endpoint(self.openai_base_url or OPENAI)

    @property
    def ai_hosts(self) -> frozenset[str]:
        """The hosts of AI_TRUSTED_HOSTS."""
        return frozenset((self.ai_trusted_hosts or "").split(",")) - {""}

    @property
    def wants_approval(self) -> bool:
        """Whether an editor sees a day's digest before managers get it."""
        return self.digest_approval == "on"

    @property
    def proxies(self) -> tuple[Network, ...]:
        """The reverse proxies that are believed about whom they speak for; this machine unless TRUSTED_PROXIES says more."""
        return LOOPBACK if self.trusted_proxies is None else networks_named(self.trusted_proxies)

    @property
    def database(self) -> str:
        """The address of the database, by default a SQLite file in DATA_DIR."""
        if self.database_url is None:
            return f"sqlite+aiosqlite:///{(self.data_dir / 'hyeonjang.db').absolute()}"
        url = self.database_url.get_secret_value()
        for plain, driver in (
            ("sqlite://", "sqlite+aiosqlite://"),
            ("postgresql://", "postgresql+psycopg://"),
        ):
            if url.startswith(plain):
                return url.replace(plain, driver, 1)
        return url

    @property
    def set_but_not_used(self) -> list[str]:
        """Reserved names that somebody has set to something else than their default, although this version does not use them."""
        return [
            name
            for name in NOT_YET
            if getattr(self, name.lower()) != type(self).model_fields[name.lower()].default
        ]


def _public_address(value: str, *, by_telegram: bool) -> str:
    """The address without a slash at its end. `by_telegram`: telegram.org itself must be able to call it."""
    try:
        parts = urlsplit(value.strip())
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in ("https", "http"):
        raise ValueError("이 서비스의 주소가 아닙니다 (예: https://field.example.kr)")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(
            "호스트와 포트까지만 적습니다. 경로나 물음표는 쓰지 않습니다 (예: https://field.example.kr)"
        )
    here = _is_this_machine(host)
    if parts.scheme == "http" and (by_telegram or not here):
        raise ValueError(
            "https 주소여야 합니다. http는 시험용 Bot API 서버에서 이 컴퓨터의 주소에만 쓸 수 있습니다"
        )
    if by_telegram and here:
        raise ValueError("텔레그램이 접속할 수 있는 공개 주소여야 합니다")
    if by_telegram and (port or 443) not in WEBHOOK_PORTS:
        raise ValueError("텔레그램은 443, 80, 88, 8443 포트에만 접속합니다")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if port in (None, _USUAL[parts.scheme]) else f":{port}")


_SAID = {
    "int_parsing": "정수로 적어 주십시오",
    "time_parsing": "시각을 21:00과 같이 적어 주십시오",
    "greater_than_equal": "{ge} 이상이어야 합니다",
    "less_than_equal": "{le} 이하여야 합니다",
    "literal_error": "{expected} 가운데 하나여야 합니다",
}
"""What the validator finds by itself, in words: it speaks English. The rest is ours."""


def _said(kind: str, message: str, context: Mapping[str, object]) -> str:
    if kind not in _SAID:
        return message.removeprefix("Value error, ")
    told = {name: str(value).replace("'", "").replace(" or ", ", ") for name, value in context.items()}
    return _SAID[kind].format(**told)


def _is_here(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "http" and _is_this_machine(parts.hostname or "")
    except ValueError:
        return False


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_settings(env_file: Path | None = Path(".env")) -> Settings:
    """The settings. Raises SettingsProblem with every problem at once."""
    try:
        return Settings(_env_file=env_file)
    except (OSError, UnicodeDecodeError):
        raise SettingsProblem(
            f"설정 파일({env_file})을 읽지 못했습니다. 읽을 권한이 있는지, UTF-8로 저장되어 있는지 확인해 주십시오."
        ) from None
    except ValidationError as error:
        lines = [
            "- "
            + ": ".join(
                [
                    *(str(part).upper() for part in problem["loc"]),
                    _said(problem["type"], problem["msg"], problem.get("ctx", {})),
                ]
            )
            for problem in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsProblem("설정에 문제가 있습니다.\n" + "\n".join(lines)) from None
