"""Every secret that this process was given: what must be in nothing that it prints."""

from collections.abc import Mapping

from pydantic import SecretStr

from bot.domain.concealing import passwords_in
from bot.settings import Settings

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def secrets_of(settings: Settings, environment: Mapping[str, str]) -> frozenset[str]:
    """The secret settings (an address counts by its password), passwords in other addresses, and in the proxies of the environment."""
    found: set[str] = set()
    for name in type(settings).model_fields:
        match getattr(settings, name):
            case SecretStr() as secret:
                value = secret.get_secret_value()
                found |= passwords_in(value) if "://" in value else {value}
            case str() as value if "://" in value:
                found |= passwords_in(value)
    for name, value in environment.items():
        if name.lower() in _PROXIES:
            found |= passwords_in(value)
    return frozenset(found)
