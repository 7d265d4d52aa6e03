"""HTTP to this machine only: how the rehearsal's Telegram calls a bot's webhook.

A rehearsal must never push its invented people to an address out there, where a real service may listen.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpx

from bot.gateways.telegram_api import is_loopback

ANSWER_WITHIN = 60.0
"""Real seconds; Telegram gives a webhook about as long."""


class LoopbackPost:
    """Posts and tells the status. Open it before use; redirects are not followed (Telegram follows none)."""

    def __init__(self, *, answer_within: float = ANSWER_WITHIN) -> None:
        self._http = httpx.AsyncClient(
            trust_env=False,
            verify=False,  # noqa: S501 (loopback only: a certificate of one's own is no stranger's)
            timeout=httpx.Timeout(answer_within, connect=5.0),
            limits=httpx.Limits(max_connections=100),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer. Raises ConnectionRefusedError, ConnectionResetError or TimeoutError."""
        if not is_loopback(url):
            raise ConnectionRefusedError("loopback only")
        try:
            answer = await self._http.post(url, content=body, headers=dict(headers))
        except httpx.TimeoutException:
            raise TimeoutError from None
        except httpx.ConnectError:
            raise ConnectionRefusedError from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise ConnectionResetError from None
        return answer.status_code
