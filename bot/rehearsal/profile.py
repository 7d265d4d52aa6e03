"""The bot's calls about itself: who it is, its menus, its files and chats."""

import re

from bot.rehearsal.errors import ApiError, bad_request
from bot.rehearsal.ground import Ground, MenuKey
from bot.rehearsal.parameters import Parameters
from bot.rehearsal.sending import known_chat, reachable_chat
from bot.rehearsal.values import Command
from bot.rehearsal.wire import Json, bot_json, file_json, full_chat_json

MAX_COMMANDS = 100
MAX_DOWNLOAD = 20 * 1024 * 1024
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
        raise bad_request("wrong file_id or the file is temporarily unavailable")
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
