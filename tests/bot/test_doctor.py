"""`doctor`, line by line: the token, groups, the clock, the webhook, our own address; and how it ends."""

import asyncio
import json
from datetime import timedelta

import pytest
from aiohttp import web

from bot.commands import diagnose
from bot.gateways.telegram import Patience
from bot.rehearsal.server import create_app, serve
from bot.rehearsal.world import World
from bot.settings import Settings
from tests.rehearsal.served import MovedClock
from tests.support.console import Console
from tests.support.doctor import (
    ME,
    NO_WEBHOOK,
    NOON,
    TOKEN,
    Json,
    bot_api,
    diagnosed,
    found,
    fresh,
    with_token,
)


@pytest.fixture
def settings(console: Console) -> Settings:
    return fresh(console)


async def test_without_a_token_nothing_must_be_done(settings: Settings) -> None:
    diagnosis = await diagnosed(settings)
    assert diagnosis.is_well
    token = await found(settings, "token")
    assert token.line.startswith("– 토큰: TELEGRAM_BOT_TOKEN이 없습니다. 지금 실행하면 리허설이 열립니다 → ")
    assert diagnosis.as_text().endswith("\n고쳐야 할 것이 없습니다.")
    assert (await found(settings, "settings")).line.startswith("✓ 설정: 읽었습니다 (시간대 Asia/Seoul")


async def test_against_the_rehearsals_bot_api(settings: Settings) -> None:
    world = World(MovedClock().now)
    async with serve(create_app(world, TOKEN)) as url:
        live = await diagnose(with_token(settings, url))
        world.revoked = True
        refused = await diagnose(with_token(settings, url))
    lines = {one.check: one.line for one in live.findings}
    assert lines["token"].startswith(f"✓ 토큰: @{world.bot.username} (")
    assert lines["clock"].startswith("✓ 시계: 텔레그램의 시계와 ")
    assert lines["groups"].startswith("✓ 그룹: 프라이버시 모드가 켜져 있고(권장)")
    assert lines["webhook"] == "✓ 웹훅: 없습니다. 봇이 가져오는 방식(폴링)입니다. 대기 중인 요청 0건"
    [token] = [one.line for one in refused.findings if one.check == "token"]
    assert token.startswith("✗ 토큰: 텔레그램이 거절했습니다 → @BotFather")
    assert TOKEN.split(":")[1] not in live.as_text() + live.as_json() + refused.as_text()


async def test_nobody_answers_where_telegram_should_be(settings: Settings) -> None:
    async with serve(web.Application()) as url:
        gone = url
    token = await found(with_token(settings, gone), "token")
    assert token.line.startswith("✗ 토큰: 텔레그램에 연결하지 못해 확인하지 못했습니다(NotSent) → 네트워크")


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (0, "✓ 시계: 텔레그램의 시계와 0초 차이입니다"),
        (-30, "✓ 시계: 텔레그램의 시계와 30초 차이입니다"),
        (-31, "✗ 시계: 텔레그램의 시계보다 31초 빠릅니다 → 시각 동기화(NTP)를 켜십시오"),
        (3600, "✗ 시계: 텔레그램의 시계보다 3600초 늦습니다 → 시각 동기화(NTP)를 켜십시오"),
    ],
)
async def test_our_clock_is_held_against_telegrams(settings: Settings, ahead: int, said: str) -> None:
    async with bot_api(date=NOON + timedelta(seconds=ahead)) as url:
        assert (await found(with_token(settings, url), "clock")).line.startswith(said)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"can_read_all_group_messages": True}, "– 그룹: 프라이버시 모드가 꺼져 있어"),
        ({"can_join_groups": False}, "✓ 그룹: 그룹에 초대될 수 없습니다"),
        ({}, "✓ 그룹: 프라이버시 모드가 켜져 있고(권장)"),
    ],
)
async def test_what_the_bot_may_do_in_groups(settings: Settings, changes: Json, said: str) -> None:
    async with bot_api(me={**ME, **changes}) as url:
        assert (await found(with_token(settings, url), "groups")).line.startswith(said)


OURS = "https://ours.example"


@pytest.mark.parametrize(
    ("public", "there", "said"),
    [
        (None, "https://old.example/secret-path", "– 웹훅: 이전에 정한 웹훅(old.example)이 남아 있습니다"),
        (OURS, "https://old.example/secret-path", "– 웹훅: 다른 주소(old.example)로 되어 있습니다"),
        (OURS, "", "– 웹훅: 아직 없습니다. 대기 중인 요청 3건 → 봇을 실행하면"),
        (OURS, f"{OURS}/telegram/webhook", "✓ 웹훅: 이 서비스의 주소로 되어 있습니다. 대기 중인 요청 3건"),
        (f"{OURS}/", f"{OURS}/telegram/webhook", "✓ 웹훅: 이 서비스의 주소로 되어 있습니다"),
    ],
)
async def test_whose_webhook_there_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, public: str | None, there: str, said: str
) -> None:
    async def nobody(_url: str) -> None:
        return None

    monkeypatch.setattr("bot.commands.doctor.pages.status_of", nobody)
    async with bot_api(webhook={**NO_WEBHOOK, "url": there, "pending_update_count": 3}) as url:
        diagnosis = await diagnosed(with_token(settings, url, public_url=public))
    [webhook] = [one for one in diagnosis.findings if one.check == "webhook"]
    assert webhook.line.startswith(said)
    assert "secret-path" not in diagnosis.as_text()


async def test_a_webhook_that_does_not_get_through_must_be_mended(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fine(_url: str) -> int:
        return 200

    monkeypatch.setattr("bot.commands.doctor.pages.status_of", fine)
    failing = {
        "url": f"{OURS}/telegram/webhook",
        "has_custom_certificate": False,
        "pending_update_count": 7,
        "last_error_date": 1_768_964_400,
        "last_error_message": "Connection refused",
    }
    async with bot_api(webhook=failing) as url:
        failure = await found(with_token(settings, url, public_url=OURS), "webhook_failure")
    assert failure.line.startswith(
        "✗ 웹훅: 텔레그램이 이 서비스에 닿지 못하고 있습니다(Connection refused) → "
    )


@pytest.mark.parametrize(
    ("health", "said"),
    [
        (200, "✓ 페이지: 127.0.0.1에서 답합니다. QR은 참여자 페이지로 이어집니다"),
        (404, "✗ 페이지: 127.0.0.1에서 다른 답(404)이 옵니다 → "),
    ],
)
async def test_whether_our_own_address_answers(settings: Settings, health: int, said: str) -> None:
    async with bot_api(health=health) as url:
        there = settings.model_copy(update={"public_url": url})
        assert (await found(there, "pages")).line.startswith(said)


async def test_nobody_at_our_own_address(settings: Settings) -> None:
    async with serve(web.Application()) as url:
        gone = url
    pages = await found(settings.model_copy(update={"public_url": gone}), "pages")
    assert pages.line.startswith("✗ 페이지: 127.0.0.1에서 아무도 답하지 않습니다 → ")
    assert (await found(settings, "pages")).line.startswith(
        "– 페이지: PUBLIC_URL이 없습니다. QR은 텔레그램으로"
    )


def test_on_the_console(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    text = console.runs("doctor").stdout
    assert "– 토큰: " in text
    body = json.loads(console.runs("doctor", "--json").stdout)
    assert body["ok"] is True
    assert {"settings", "program", "token", "database", "run"} <= {one["check"] for one in body["findings"]}
    monkeypatch.setenv("PORT", "many")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "notatoken")
    said = console.runs("doctor", exits=1)
    assert said.stdout.startswith("✗ 설정: ")
    assert "고쳐야 할 것이 2가지" in said.stdout
    assert "notatoken" not in said.output
    assert json.loads(console.runs("doctor", "--json", exits=1).stdout)["ok"] is False


async def test_a_server_that_never_answers_is_given_up(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gateways.looks.HURRIED", Patience(answer=0.05))
    hanging = asyncio.Event()

    async def hold(_: web.Request) -> web.Response:
        await hanging.wait()
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", hold)
    async with serve(app) as url:
        diagnosis = await diagnosed(with_token(settings, url))
        hanging.set()
    [token] = [one.line for one in diagnosis.findings if one.check == "token"]
    assert token.startswith("✗ 토큰: 텔레그램에 연결하지 못해 확인하지 못했습니다(FateUnknown)")
    assert [one for one in diagnosis.findings if one.check == "database"], "the other lines are there"
