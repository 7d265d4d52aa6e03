"""The secret that Telegram sends with every update it brings: what tells it from anybody else."""

import secrets

from bot.services.unit import OpenUnit

FACT = "webhook_secret"
_BYTES = 32


async def webhook_secret(open_unit: OpenUnit, given: str | None) -> str:
    """The operator's own, or one that is made at the first start and kept: all processes on a database agree.

    Kept as it is, not as a hash: setWebhook needs it at each start. Letters, digits, `_` and `-`, as Telegram asks.
    """
    if given is not None:
        return given
    async with open_unit() as unit:
        secret = await unit.facts.put_first(FACT, secrets.token_urlsafe(_BYTES))
        await unit.commit()
    return secret
