"""The webhook as Telegram sees it: set at the start, looked at now and then, set again when it was removed."""

from dataclasses import dataclass

import structlog

from bot.services.intake_troubles import Trouble, Troubles
from bot.services.ports import Rejected, SendError, Webhooks, WebhookState

log = structlog.get_logger(__name__)

LOOK_EVERY = 180
"""Seconds between looks."""
MANY = 50
"""Updates that may wait at Telegram without being worth a word: a minute's, after a short outage."""
RISES = 2
"""So many looks in a row with more of them each time: what comes in is slower than what people write."""
_NOT_LET_IN = ("401", "403")


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """Where updates are to be brought, and the secret they must carry."""

    url: str
    secret: str


class WebhookWatch:
    """Looks after one webhook. Nothing here raises for what Telegram says or does not say: it looks again later."""

    def __init__(self, webhooks: Webhooks, wanted: WebhookAddress, troubles: Troubles) -> None:
        self._webhooks = webhooks
        self._wanted = wanted
        self._troubles = troubles
        self._standing = False
        self._failed_at: int | None = None
        self._pending: list[int] = []

    async def take_up(self) -> None:
        """Has updates brought here from now on, and sees that it is so. Raises SendError, except for a refusal."""
        await self._set()
        if self._standing:
            state = await self._webhooks.webhook()
            self._failed_at = state.failed_at
            if state.url != self._wanted.url:
                await self._troubles.noticed(Trouble.WEBHOOK_TAKEN)

    async def look(self) -> None:
        """One look, and what follows from it."""
        try:
            state = await self._webhooks.webhook()
            if state.url != self._wanted.url:
                await self._elsewhere(state)
            else:
                await self._here(state)
        except SendError as error:
            log.warning("webhook not looked at", failure=type(error).__name__)

    async def _elsewhere(self, state: WebhookState) -> None:
        """Somebody's own webhook is theirs: to take it back would only begin a fight. A missing one is set again."""
        if state.url and self._standing:
            await self._troubles.noticed(Trouble.WEBHOOK_TAKEN)
            return
        was_standing = self._standing
        await self._set()
        if self._standing and was_standing:
            await self._troubles.noticed(Trouble.WEBHOOK_RESTORED)

    async def _here(self, state: WebhookState) -> None:
        self._standing = True
        for over in (Trouble.WEBHOOK_TAKEN, Trouble.WEBHOOK_REFUSED, Trouble.WEBHOOK_RESTORED):
            await self._troubles.over(over)
        await self._judge_failures(state)
        await self._judge_waiting(state.pending)

    async def _judge_failures(self, state: WebhookState) -> None:
        """A failure is news when its time changed: clocks are not compared, ours may be wrong."""
        failed_again = state.failed_at is not None and state.failed_at != self._failed_at
        self._failed_at = state.failed_at
        if not failed_again:
            await self._troubles.over(Trouble.WEBHOOK_FAILING)
            return
        log.warning("webhook failing", reason=state.failure, pending=state.pending)
        await self._troubles.noticed(Trouble.WEBHOOK_FAILING)
        if any(code in state.failure for code in _NOT_LET_IN):
            await self._set()  # somebody set our address with another secret

    async def _judge_waiting(self, pending: int) -> None:
        self._pending = [*self._pending[-RISES:], pending]
        rising = all(a < b for a, b in zip(self._pending, self._pending[1:], strict=False))
        if pending > MANY and rising and len(self._pending) > RISES:
            await self._troubles.noticed(Trouble.WEBHOOK_BEHIND)
        elif pending <= MANY:
            await self._troubles.over(Trouble.WEBHOOK_BEHIND)

    async def _set(self) -> None:
        try:
            await self._webhooks.set_webhook(self._wanted.url, self._wanted.secret)
        except Rejected as refused:
            self._standing = False
            log.error("webhook refused", reason=str(refused))  # noqa: TRY400 (Telegram's reason is all there is to say)
            await self._troubles.noticed(Trouble.WEBHOOK_REFUSED)
        else:
            self._standing = True
            await self._troubles.over(Trouble.WEBHOOK_REFUSED)
