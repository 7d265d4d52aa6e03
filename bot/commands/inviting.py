"""`invite`: a one-time link, made at the console."""

from bot.commands.desk import NO_TELEGRAM, TELEGRAM_REFUSES, Failed, desk
from bot.domain.ids import Region
from bot.domain.person import Role
from bot.outside import system_clock, telegram_outside
from bot.services.ports import SendError, TokenRefused
from bot.settings import Settings


async def invite(settings: Settings, role: Role, region: str | None) -> str:
    """A one-time link; needs the bot's name, so it asks Telegram."""
    clock = system_clock()
    if settings.telegram_bot_token is None:
        raise Failed(
            "초대 링크를 만들려면 TELEGRAM_BOT_TOKEN이 필요합니다. 리허설에서는 초대가 자동으로 처리됩니다."
        )
    messenger, _ = telegram_outside(settings, clock)
    try:
        async with messenger:
            identity = await messenger.identity()
    except TokenRefused:
        raise Failed(TELEGRAM_REFUSES) from None
    except SendError:
        raise Failed(NO_TELEGRAM) from None
    async with desk(settings, identity.username) as at:
        async with at.database.open_unit() as unit:
            where = Region(region) if region else None
            token = await at.services.invitations.invite(unit, None, role, where, now=at.clock.now())
            await unit.commit()
        return at.services.invitations.link(token)
