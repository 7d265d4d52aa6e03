"""Telegram: the token, groups, the clock by Telegram's, a webhook left over."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.commands.doctor.finding import Finding, bad, good, note
from bot.gateways.looks import HURRIED, BotLook, look_at_bot
from bot.gateways.telegram import TelegramUpdates
from bot.services.ports import Clock, SendError, TokenRefused, WebhookState
from bot.settings import Settings
from bot.web.webhook import PATH

SKEW = timedelta(seconds=30)
"""Reminders are told by the minute; half of one is seen."""
_MANY_WAITING = 100


async def check_telegram(settings: Settings, clock: Clock) -> list[Finding]:
    """Asks getMe and getWebhookInfo, once each."""
    if settings.telegram_bot_token is None:
        return [
            note(
                "token",
                "토큰",
                "TELEGRAM_BOT_TOKEN이 없습니다. 지금 실행하면 리허설이 열립니다",
                "실제로 쓰려면 @BotFather의 /newbot으로 토큰을 받아 .env에 적으십시오",
            )
        ]
    token = settings.telegram_bot_token.get_secret_value()
    try:
        bot = await look_at_bot(token, settings.telegram_api_url)
        now = clock.now()
        async with TelegramUpdates(token, settings.telegram_api_url, patience=HURRIED) as updates:
            webhook = await updates.webhook()
    except TokenRefused:
        return [
            bad(
                "token",
                "토큰",
                "텔레그램이 거절했습니다",
                "@BotFather의 /mybots에서 토큰을 다시 확인해 TELEGRAM_BOT_TOKEN을 고치십시오",
            )
        ]
    except SendError as error:
        return [
            bad(
                "token",
                "토큰",
                f"텔레그램에 연결하지 못해 확인하지 못했습니다({type(error).__name__})",
                "네트워크, 방화벽(443 나가는 방향), 프록시와 TELEGRAM_API_URL을 확인하십시오",
            )
        ]
    clock_line = _rehearsed() if settings.clock_url else _clock(bot.server_time, now)
    return [*_bot(bot), clock_line, *_webhook(webhook, settings.public_url)]


def _bot(bot: BotLook) -> Iterator[Finding]:
    yield good("token", "토큰", f"@{bot.username} ({bot.name})")
    if bot.reads_groups:
        yield note(
            "groups",
            "그룹",
            "프라이버시 모드가 꺼져 있어 그룹의 모든 말이 봇에게 옵니다. 봇에게는 필요하지 않습니다",
            "@BotFather의 /setprivacy에서 Enable",
        )
    elif bot.joins_groups:
        yield good("groups", "그룹", "프라이버시 모드가 켜져 있고(권장), 그룹에 초대될 수 있습니다")
    else:
        yield good("groups", "그룹", "그룹에 초대될 수 없습니다. 개인 대화만 씁니다")


def _clock(server_time: datetime | None, now: datetime) -> Finding:
    if server_time is None:
        return note("clock", "시계", "텔레그램의 답에 시각이 없어 견주지 못했습니다")
    skew = now - server_time
    seconds = abs(round(skew.total_seconds()))
    if abs(skew) > SKEW:
        way = "빠릅니다" if skew > timedelta(0) else "늦습니다"
        return bad(
            "clock",
            "시계",
            f"텔레그램의 시계보다 {seconds}초 {way}",
            "시각 동기화(NTP)를 켜십시오. 알림이 그만큼 어긋납니다",
        )
    return good("clock", "시계", f"텔레그램의 시계와 {seconds}초 차이입니다")


def _rehearsed() -> Finding:
    return note("clock", "시계", "리허설의 시계(CLOCK_URL)를 씁니다")


def _webhook(webhook: WebhookState, public_url: str | None) -> Iterator[Finding]:
    ours = f"{public_url.rstrip('/')}{PATH}" if public_url else ""
    waiting = f"대기 중인 요청 {webhook.pending}건"
    if webhook.url != ours:
        yield _not_ours(webhook.url, ours, waiting)
    elif ours:
        yield good("webhook", "웹훅", f"이 서비스의 주소로 되어 있습니다. {waiting}")
    else:
        yield good("webhook", "웹훅", f"없습니다. 봇이 가져오는 방식(폴링)입니다. {waiting}")
    if ours and webhook.url == ours and webhook.failure and webhook.pending:
        yield bad(
            "webhook_failure",
            "웹훅",
            f"텔레그램이 이 서비스에 닿지 못하고 있습니다({webhook.failure})",
            "PUBLIC_URL의 인증서, 방화벽(443 들어오는 방향), 역방향 프록시를 확인하십시오",
        )
    elif webhook.pending >= _MANY_WAITING:
        yield note("waiting", "웹훅", f"{waiting}이 밀려 있습니다", "봇을 실행하면 차례로 처리합니다")


def _not_ours(there: str, ours: str, waiting: str) -> Finding:
    """Only the host of a foreign address is said: its path may be a secret."""
    if not there:
        return note("webhook", "웹훅", f"아직 없습니다. {waiting}", "봇을 실행하면 PUBLIC_URL로 정해집니다")
    host = urlsplit(there).hostname or "알 수 없는 곳"
    if ours:
        text, todo = f"다른 주소({host})로 되어 있습니다", "봇을 (다시) 실행하면 PUBLIC_URL로 바뀝니다"
    else:
        text, todo = (
            f"이전에 정한 웹훅({host})이 남아 있습니다",
            "봇을 실행하면 지워집니다. 그곳에서 아직 쓰는 봇이라면 새 봇의 토큰을 쓰십시오",
        )
    return note("webhook", "웹훅", f"{text}. {waiting}", todo)
