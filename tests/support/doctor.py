"""What tests of `doctor` ask: its findings at noon, and a Bot API that answers as told."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import format_datetime

from aiohttp import web
from pydantic import SecretStr

from bot.commands import Diagnosis, diagnose
from bot.commands.doctor.finding import Finding
from bot.gateways.clock import SteppedClock
from bot.rehearsal.server import serve
from bot.settings import Settings, read_settings
from tests.support.console import Console
from tests.support.plans import at

TOKEN = "5900000003:token-that-must-never-be-shown"
NOON = at("12:00")
ME = {
    "id": 5900000003,
    "is_bot": True,
    "first_name": "가상 봇",
    "username": "virtual_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
}
NO_WEBHOOK = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
Json = Mapping[str, object]


def fresh(console: Console) -> Settings:
    """A fresh installation without a token, its folder closed to others."""
    console.data.chmod(0o700)
    return read_settings(None).model_copy(update={"data_dir": console.data})


def with_token(settings: Settings, url: str, **changes: object) -> Settings:
    return settings.model_copy(
        update={"telegram_bot_token": SecretStr(TOKEN), "telegram_api_url": url, **changes}
    )


async def found(settings: Settings, check: str) -> Finding:
    """The one finding of a check, at noon."""
    [finding] = [one for one in (await diagnosed(settings)).findings if one.check == check]
    return finding


async def diagnosed(settings: Settings) -> Diagnosis:
    return await diagnose(settings, clock=SteppedClock(NOON))


@asynccontextmanager
async def bot_api(
    *, me: Json = ME, webhook: Json = NO_WEBHOOK, date: datetime | None = NOON, health: int = 200
) -> AsyncIterator[str]:
    """Answers getMe and getWebhookInfo as told, dated as told; and /healthz, for our own address."""

    async def answer(request: web.Request) -> web.Response:
        result = me if request.path.lower().endswith("/getme") else webhook
        headers = {} if date is None else {"Date": format_datetime(date.astimezone(UTC), usegmt=True)}
        return web.json_response({"ok": True, "result": result}, headers=headers)

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(status=health)

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.route("*", "/bot{path:.*}", answer)])
    async with serve(app) as url:
        yield url
