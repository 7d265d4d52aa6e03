"""Every setting, read once from the environment (and `.env`); all problems are reported together.

`.env.example` lists the same names, each with a line of explanation: a test holds the two together.
"""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

NOT_YET = (
    "PUBLIC_URL",
    "WEBHOOK_SECRET",
    "DIGEST_APPROVAL",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_MODEL",
    "OPENAI_TRANSCRIBE_MODEL",
    "EXTERNAL_AI",
    "AI_TRUSTED_HOSTS",
    "AI_BUDGET",
    "SMTP_URL",
    "SMTP_FROM",
    "CLOCK_URL",
    "QUIET_HOURS",
)
"""Names that the contract reserves and this version does not use: setting one is said at the start, not ignored."""


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

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("sqlite", "postgresql")):
            raise ValueError("sqlite 또는 postgresql+psycopg:// 로 시작해야 합니다")
        return value

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
        """Reserved names that somebody has set although this version does not use them yet."""
        return [
            name for name in NOT_YET if name.lower() in self.model_fields_set and getattr(self, name.lower())
        ]


def read_settings(env_file: Path | None = Path(".env")) -> Settings:
    """The settings. Raises SettingsProblem with every problem at once."""
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        lines = [
            f"- {'.'.join(str(part) for part in problem['loc']).upper()}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsProblem("설정에 문제가 있습니다.\n" + "\n".join(lines)) from None
