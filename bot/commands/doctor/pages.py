"""Our own pages: where QR codes lead, and whether the public address answers."""

from urllib.parse import urlsplit

from bot.commands.doctor.finding import Finding, bad, good, note
from bot.gateways.looks import status_of
from bot.settings import Settings


async def check_pages(settings: Settings) -> list[Finding]:
    """One GET of our own /healthz by the public address, as Telegram and participants would come."""
    if not settings.public_url:
        text = f"PUBLIC_URL이 없습니다. QR은 텔레그램으로 이어지고, 상태 확인은 http://{settings.host}:{settings.port}/healthz 입니다"
        return [note("pages", "페이지", text)]
    url = settings.public_url.rstrip("/")
    host = urlsplit(url).hostname or url
    status = await status_of(f"{url}/healthz")
    if status == 200:
        return [good("pages", "페이지", f"{host}에서 답합니다. QR은 참여자 페이지로 이어집니다")]
    if status is None:
        text, todo = (
            f"{host}에서 아무도 답하지 않습니다",
            "봇이 실행 중인지, DNS와 인증서, 역방향 프록시를 확인하십시오",
        )
    else:
        text, todo = (
            f"{host}에서 다른 답({status})이 옵니다",
            f"역방향 프록시가 {settings.host}:{settings.port}로 잇는지 확인하십시오",
        )
    return [bad("pages", "페이지", text, todo)]
