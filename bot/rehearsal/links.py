"""Addresses as Telegram judges them, and its own deep links."""

import re
from urllib.parse import parse_qs, urlsplit

_HOST = re.compile(r"[\w.-]+\.[^\W\d_][\w-]+|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\]")
_PAGE = re.compile(r"/m/([A-Za-z0-9_-]{1,62})")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


def is_public_url(url: str) -> bool:
    """Whether Telegram takes it as a link: it refuses this machine's own addresses and hosts without a dot."""
    if url.startswith(("tg://", "mailto:")):
        return True
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or host == "localhost" or host.startswith(("127.", "0.")):
        return False
    return "::1" not in host and _HOST.fullmatch(host) is not None


def is_start_payload(payload: str) -> bool:
    """Deep-link payloads are at most 64 of A-Z, a-z, 0-9, _ and - (core.telegram.org/bots/features)."""
    return _PAYLOAD.fullmatch(payload) is not None


def page_payload(url: str) -> str | None:
    """The same payload from a participant's page, `…/m/CODE`: a bot with a public address shows that instead."""
    found = _PAGE.fullmatch(urlsplit(url).path) if is_web(url) else None
    return None if found is None else f"m_{found[1]}"


def is_web(url: str) -> bool:
    """Whether a browser opens it."""
    return url.startswith(("http://", "https://"))


def start_payload(url: str, username: str) -> str | None:
    """The payload of `https://t.me/<username>?start=…`, or None for any other address."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
    except ValueError:
        return None
    if parts.hostname != "t.me" or parts.path.strip("/").lower() != username.lower():
        return None
    payload = parse_qs(parts.query).get("start", [""])[0]
    return payload if payload and is_start_payload(payload) else None
