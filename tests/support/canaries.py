"""A canary for every secret that the process is given, and where they sang."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.model_endpoint import Reply


@dataclass(frozen=True, slots=True)
class Canaries:
    """Secrets by setting; none is of the shape of a real one. Those of addresses are passwords, with what needs quoting."""

    token: str = "5900000006:canary-token-that-nobody-may-see"
    webhook: str = "canary-webhook-secret-0001"
    metrics: str = "canary-metrics-token-0002"
    key: str = "canary-openai-key-0003"
    database: str = "canary-db-pass/0004"
    smtp: str = "canary-smtp-pass-0005"
    api: str = "canary-api-pass-0006"
    proxy: str = "canary-proxy-pass-0007"

    def environment(self, api_url: str, model_url: str) -> Mapping[str, str]:
        """All of them at once, and everything that makes libraries talk."""
        return {
            "TELEGRAM_BOT_TOKEN": self.token,
            "TELEGRAM_API_URL": api_url.replace("http://", f"http://canary-user:{self.api}@"),
            "WEBHOOK_SECRET": self.webhook,
            "METRICS_TOKEN": self.metrics,
            "OPENAI_API_KEY": self.key,
            "OPENAI_BASE_URL": model_url,
            "OPENAI_MODEL": "가상모형",
            "SMTP_URL": f"smtp://canary-user:{self.smtp}@127.0.0.1:9",
            "HTTP_PROXY": f"http://canary-user:{self.proxy}@127.0.0.1:9",
            "NO_PROXY": "127.0.0.1",
            **TALKATIVE,
        }

    @property
    def all(self) -> tuple[str, ...]:
        """What is searched for: a token's half behind the colon is as good as the whole."""
        known = (self.webhook, self.metrics, self.key, self.database, self.smtp, self.api, self.proxy)
        return (self.token.partition(":")[2], "canary-db-pass%2F0004", *known)

    def sung_in(self, *texts: str) -> set[str]:
        return {secret for secret in self.all for text in texts if secret in text}

    def sung_in_files(self, folder: Path) -> set[str]:
        found = (file for file in folder.rglob("*") if file.is_file())
        return {f"{file.name}: {secret}" for file in found for secret in _in_bytes(file, self.all)}


TALKATIVE = {
    "OPENAI_LOG": "debug",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONWARNINGS": "always",
    "AIOHTTP_LOG_LEVEL": "DEBUG",
    "SQLALCHEMY_WARN_20": "1",
}


def _in_bytes(file: Path, secrets: Iterable[str]) -> list[str]:
    content = file.read_bytes()
    return [secret for secret in secrets if secret.encode() in content]


def echoing(status: int, key: str) -> Reply:
    """A model endpoint that tells the key back, in its words and its headers."""
    error = {"message": f"Incorrect API key provided: {key}", "type": "invalid", "param": key, "code": key}
    return Reply({"error": error}, status, {"X-Key": key})
