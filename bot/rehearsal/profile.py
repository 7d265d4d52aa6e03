"""The bot's calls about itself: who it is, its menus, its webhook, its files and chats."""

import re
from urllib.parse import urlsplit

from bot.rehearsal.errors import ApiError, bad_request, conflict
from bot.rehearsal.ground import Ground, MenuKey
from bot.rehearsal.parameters import Parameters
from bot.rehearsal.sending import known_chat, reachable_chat
from bot.rehearsal.values import Command
from bot.rehearsal.wire import Json, bot_json, file_json, full_chat_json

MAX_COMMANDS = 100
MAX_DOWNLOAD = 20 * 1024 * 1024
WEBHOOK_PORTS = frozenset({80, 88, 443, 8443})
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SHARED_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
_CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})


def get_me(ground: Ground, parameters: Parameters) -> Json:
    """getMe."""
    return bot_json(ground.bot)


def get_chat(ground: Ground, parameters: Parameters) -> Json:
    """getChat."""
    return full_chat_json(ground, known_chat(ground, parameters))


def send_chat_action(ground: Ground, parameters: Parameters) -> bool:
    """sendChatAction: accepted, and shown nowhere."""
    reachable_chat(ground, parameters)
    if not parameters.text("action"):
        raise bad_request("wrong parameter action in request")
    return True


def get_file(ground: Ground, parameters: Parameters) -> Json:
    """getFile: bots may download 20 MB at most."""
    stored = ground.files.get(parameters.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.data) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return file_json(stored) | {"file_path": stored.path}


def set_my_commands(ground: Ground, parameters: Parameters) -> bool:
    """setMyCommands: at most 100, for a scope and a language."""
    raw = parameters.structure("commands")
    if not isinstance(raw, list):
        raise bad_request("can't parse commands: expected an Array")
    if len(raw) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = tuple(_command(one) for one in raw)
    key = _menu_key(ground, parameters)
    ground.menus[key] = commands
    ground.record("setMyCommands", key[1], text=" ".join(one.command for one in commands))
    return True


def get_my_commands(ground: Ground, parameters: Parameters) -> list[Json]:
    """getMyCommands: of exactly this scope and language."""
    commands = ground.menus.get(_menu_key(ground, parameters), ())
    return [{"command": one.command, "description": one.description} for one in commands]


def delete_my_commands(ground: Ground, parameters: Parameters) -> bool:
    """deleteMyCommands: wider scopes show again."""
    key = _menu_key(ground, parameters)
    ground.menus.pop(key, None)
    ground.record("deleteMyCommands", key[1])
    return True


def set_my_words(ground: Ground, parameters: Parameters) -> bool:
    """setMyDescription, setMyShortDescription, setMyName: accepted, and shown nowhere."""
    return True


def set_webhook(ground: Ground, parameters: Parameters) -> bool:
    """setWebhook: keeps the address and stops getUpdates. Nothing is ever called: the rehearsal polls."""
    url = parameters.text("url")
    if url:
        parts = urlsplit(url)
        if parts.scheme != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in WEBHOOK_PORTS:
            raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    _move_webhook(ground, parameters, url)
    return True


def delete_webhook(ground: Ground, parameters: Parameters) -> bool:
    """deleteWebhook: getUpdates works again."""
    _move_webhook(ground, parameters, "")
    return True


def get_webhook_info(ground: Ground, parameters: Parameters) -> Json:
    """getWebhookInfo."""
    return {
        "url": ground.updates.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": ground.pending_updates,
    }


def _move_webhook(ground: Ground, parameters: Parameters, url: str) -> None:
    ground.updates.webhook_url = url
    allowed = parameters.structure("allowed_updates")
    if isinstance(allowed, list):
        ground.updates.allow([str(kind) for kind in allowed])
    if parameters.flag("drop_pending_updates"):
        ground.updates.clear()
    if url:
        ground.updates.end_poll(conflict("terminated by setWebhook request"))


def _command(raw: object) -> Command:
    match raw:
        case {"command": str(command), "description": str(description)}:
            name = command.removeprefix("/")
            if not _COMMAND.fullmatch(name):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(description.strip()) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
            return Command(name, description)
        case _:
            raise bad_request("can't parse BotCommand: expected command and description")


def _menu_key(ground: Ground, parameters: Parameters) -> MenuKey:
    scope = parameters.structure("scope") or {"type": "default"}
    language = parameters.text("language_code")
    match scope:
        case {"type": str(kind)} if kind in _SHARED_SCOPES:
            return kind, None, language
        case {"type": str(kind), "chat_id": chat_id} if kind in _CHAT_SCOPES:
            chat = known_chat(ground, Parameters({"chat_id": chat_id}))
            return kind, chat.id, language
        case _:
            raise ApiError(400, "Bad Request: can't parse BotCommandScope: Unsupported type specified")
