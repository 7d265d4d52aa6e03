"""Every request that the bot makes, kept for judging against the Bot API's own description."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.support.telegram_rules import check_request


class Wire:
    """A middleware of the local Telegram that listens in."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, object]]] = []

    @property
    def middleware(self) -> Callable[..., Awaitable[web.StreamResponse]]:
        @web.middleware
        async def listen(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            if request.method == "POST" and request.path.startswith("/bot"):
                fields: dict[str, object] = {}
                for name, field in (await request.post()).items():
                    if isinstance(field, web.FileField):
                        fields[name] = field.file.read()
                        field.file.seek(0)
                    else:
                        fields[name] = field
                self.requests.append((request.path.rsplit("/", 1)[-1], fields))
            return await handler(request)

        return listen

    def check_all(self) -> int:
        """Holds every request against the rules; how many there were. Raises RuleBroken."""
        for method, params in self.requests:
            check_request(method, params)
        return len(self.requests)
