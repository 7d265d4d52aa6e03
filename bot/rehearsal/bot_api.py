"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`.

Behaves as Telegram does (core.telegram.org/bots/api), including its refusals. Anything between the
request and the call that must go wrong comes from `world.faults`.
"""

import hmac
import json
from collections.abc import Callable, Mapping

from aiohttp import web

from bot.rehearsal import editing, profile, sending, webhooks
from bot.rehearsal.errors import ApiError
from bot.rehearsal.faults import Fault, FaultKind
from bot.rehearsal.ground import Ground
from bot.rehearsal.parameters import Parameters, read_parameters

Call = Callable[[Ground, Parameters], object]

CALLS: Mapping[str, Call] = {
    "getme": profile.get_me,
    "getchat": profile.get_chat,
    "getfile": profile.get_file,
    "sendchataction": profile.send_chat_action,
    "setmycommands": profile.set_my_commands,
    "getmycommands": profile.get_my_commands,
    "deletemycommands": profile.delete_my_commands,
    "setmyname": profile.set_my_words,
    "setmydescription": profile.set_my_words,
    "setmyshortdescription": profile.set_my_words,
    "setwebhook": webhooks.set_webhook,
    "deletewebhook": webhooks.delete_webhook,
    "getwebhookinfo": webhooks.get_webhook_info,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "editmessagetext": editing.edit_message_text,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "deletemessage": editing.delete_message,
    "answercallbackquery": editing.answer_callback_query,
}
"""Every method but getUpdates; names are not case-sensitive, as at Telegram."""

_POLL = "getupdates"


class BotApi:
    """Serves one bot, known by its token."""

    def __init__(self, world: Ground, token: str) -> None:
        self._world = world
        self._token = token

    def routes(self) -> list[web.RouteDef]:
        """What to add to an application."""
        return [
            web.get("/bot{token}/{method}", self.call),
            web.post("/bot{token}/{method}", self.call),
            web.get("/file/bot{token}/{path:.+}", self.download),
        ]

    async def call(self, request: web.Request) -> web.Response:
        """One call of the bot."""
        method = request.match_info["method"].lower()
        try:
            self._admit(request)
            if method not in CALLS and method != _POLL:
                raise ApiError(404, "Not Found")
            parameters = await read_parameters(request)
            fault = self._world.faults.take(method, parameters.chat_id())
            if fault is None:
                return _reply({"ok": True, "result": await self._result(method, parameters)})
            return await self._struck(request, fault, method, parameters)
        except ApiError as refusal:
            self._turned_away(method)
            return _reply(refusal.body(), status=refusal.code)

    async def download(self, request: web.Request) -> web.Response:
        """A file that getFile named."""
        try:
            self._admit(request)
        except ApiError as refusal:
            return _reply(refusal.body(), status=refusal.code)
        path = request.match_info["path"]
        stored = next((one for one in self._world.files.values() if one.path == path), None)
        if stored is None:
            return _reply(ApiError(404, "Not Found").body(), status=404)
        return web.Response(body=stored.data, content_type="application/octet-stream")

    def _admit(self, request: web.Request) -> None:
        given = request.match_info["token"].encode()
        if self._world.revoked or not hmac.compare_digest(given, self._token.encode()):
            raise ApiError(401, "Unauthorized")

    async def _result(self, method: str, parameters: Parameters) -> object:
        if method == _POLL:
            return await self._updates(parameters)
        return CALLS[method](self._world, parameters)

    async def _updates(self, parameters: Parameters) -> object:
        self._world.updates.turned_away = False
        allowed = parameters.structure("allowed_updates")
        if isinstance(allowed, list):
            self._world.updates.allow([str(kind) for kind in allowed])
        return await self._world.updates.poll(
            offset=parameters.integer("offset"),
            limit=parameters.integer("limit"),
            seconds=parameters.seconds("timeout"),
        )

    def _turned_away(self, method: str) -> None:
        """A poll failed, and no other is under way."""
        if method == _POLL and not self._world.updates.polled:
            self._world.updates.turned_away = True

    async def _struck(
        self, request: web.Request, fault: Fault, method: str, parameters: Parameters
    ) -> web.Response:
        fault.arrived.set()
        result = await self._result(method, parameters) if fault.accepted else None
        match fault.kind:
            case FaultKind.REPLY:
                self._turned_away(method)
                return _reply(fault.body, status=fault.status)
            case FaultKind.DROP:
                self._turned_away(method)
                if request.transport is not None:
                    request.transport.abort()
                return web.Response()
            case FaultKind.HOLD:
                await fault.released.wait()
                return _reply(
                    {
                        "ok": True,
                        "result": result if fault.accepted else await self._result(method, parameters),
                    }
                )


def _reply(body: Mapping[str, object], *, status: int = 200) -> web.Response:
    return web.Response(
        text=json.dumps(body, ensure_ascii=False), content_type="application/json", status=status
    )
