"""Telegram's side of a webhook, as far as setting it and asking about it goes."""

from collections import deque
from dataclasses import replace

from bot.services.ports import SendError, WebhookState


class FakeWebhooks:
    """The Webhooks port. `state` is what is told; `script`: how the next calls end before they do anything."""

    def __init__(self) -> None:
        self.state = WebhookState("", 0)
        self.script: deque[SendError | None] = deque()
        self.set: list[tuple[str, str]] = []
        self.drops = 0

    async def set_webhook(self, url: str, secret: str) -> None:
        self._act()
        self.set.append((url, secret))
        self.state = replace(self.state, url=url)

    async def drop_webhook(self) -> None:
        self._act()
        self.drops += 1
        self.state = replace(self.state, url="")

    async def webhook(self) -> WebhookState:
        self._act()
        return self.state

    def tells(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]

    def _act(self) -> None:
        if self.script and (error := self.script.popleft()) is not None:
            raise error
