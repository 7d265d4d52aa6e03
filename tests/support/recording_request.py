"""A network for python-telegram-bot that keeps what is sent and answers by the book.

Shows the wire, not a mock's opinion of it: every request is held against Telegram's rules before it is kept.
"""

import json
from collections import deque
from dataclasses import dataclass, field

from telegram._utils.types import ODVInput
from telegram.request import BaseRequest, RequestData

from tests.support.telegram_rules import check_request

BOT = {"id": 1, "is_bot": True, "first_name": "현장", "username": "hyeonjang_test_bot"}


@dataclass(frozen=True, slots=True)
class Call:
    """One request: the method, its parameters decoded, the names of what was uploaded."""

    method: str
    params: dict[str, object]
    uploads: dict[str, bytes] = field(default_factory=dict)


class RecordingRequest(BaseRequest):
    """Give it to a `telegram.Bot`. `answers`: results to give instead of the usual ones, first in, first out."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: deque[object] = deque()

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        call = self._recorded(url.rpartition("/")[2], request_data)
        check_request(call.method, {**call.params, **call.uploads})
        self.calls.append(call)
        result = self.answers.popleft() if self.answers else self._usual(call)
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def methods(self) -> list[str]:
        return [call.method for call in self.calls]

    def _recorded(self, method: str, data: RequestData | None) -> Call:
        if data is None:
            return Call(method, {})
        files = data.multipart_data or {}
        uploads = {name: content for name, (_, content, _) in files.items() if isinstance(content, bytes)}
        return Call(method, dict(data.parameters), uploads)

    def _usual(self, call: Call) -> object:
        if call.method == "getMe":
            return BOT
        if call.method == "getUpdates":
            return []
        if call.method.startswith(("send", "editMessage")):
            chat = call.params["chat_id"]
            number = call.params.get("message_id", len(self.calls))
            return {"message_id": number, "date": 0, "chat": {"id": chat, "type": "private"}}
        return True
