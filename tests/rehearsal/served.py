"""A served world, a moved clock, and a client without a library's opinion."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp

from bot.rehearsal.values import User
from bot.rehearsal.world import World

TOKEN = "5900000001:rehearsal-token-for-tests"


class MovedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 21, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


async def call(
    url: str, token: str, method: str, parameters: Mapping[str, object]
) -> tuple[int, dict[str, object]]:
    """One call as JSON: status and body."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/bot{token}/{method}", json=parameters) as response,
    ):
        body: dict[str, object] = await response.json()
        return response.status, body


@dataclass(frozen=True, slots=True)
class Served:
    """A world with its address and one user who has started the bot."""

    world: World
    clock: MovedClock
    url: str
    user: User

    @property
    def chat(self) -> int:
        return self.user.id

    async def raw(self, method: str, **parameters: object) -> tuple[int, dict[str, object]]:
        """One call as JSON, without any client library's opinion."""
        return await call(self.url, TOKEN, method, parameters)

    async def refusal(self, method: str, **parameters: object) -> str:
        """The description of a call that must be refused."""
        status, body = await self.raw(method, **parameters)
        assert body["ok"] is False
        assert body["error_code"] == status
        return str(body["description"])

    async def updates(self, **parameters: object) -> list[dict[str, object]]:
        """What getUpdates gives."""
        status, body = await self.raw("getUpdates", **parameters)
        assert status == 200, body
        result = body["result"]
        assert isinstance(result, list)
        return result
