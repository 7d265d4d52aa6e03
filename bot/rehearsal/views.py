"""What the chat page shows, as JSON."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from bot.rehearsal.clock_control import ClockControl
from bot.rehearsal.ground import Ground
from bot.rehearsal.links import page_payload, start_payload
from bot.rehearsal.values import Attachment, Media, Message
from bot.rehearsal.wire import Json, button_json, entity_json

SHOWN_MESSAGES = 300
SHOWN_ANSWERS = 20
MEETING_PREFIX = "m_"


def clock_json(clock: ClockControl, timezone: ZoneInfo) -> Json:
    """The clock; the page lets it run on by itself between two answers."""
    now = clock.now()
    offset = now.astimezone(timezone).utcoffset()
    arrived, total = clock.notes
    return {
        "now_ms": int(now.timestamp() * 1000),
        "offset_minutes": int(offset.total_seconds() // 60) if offset is not None else 0,
        "paused": clock.paused,
        "speed": clock.speed,
        "behind": round(clock.behind, 1),
        "notes": {"arrived": arrived, "total": total},
    }


def pane_json(ground: Ground, user: int) -> Json:
    """One phone: its owner, the private chat with the bot, the command menu, answers to presses."""
    answers = [
        {"press": press.id, "text": ground.answers[press.id].text, "alert": ground.answers[press.id].alert}
        for press in ground.presses.values()
        if press.user == user and press.id in ground.answers
    ]
    return {
        "user": {
            "id": user,
            "name": ground.users[user].first_name,
            "language": ground.users[user].language_code,
        },
        "standing": ground.chat(user).standing.value,
        "messages": [message_view(message) for message in list(ground.messages(user))[-SHOWN_MESSAGES:]],
        "menu": [{"command": one.command, "description": one.description} for one in ground.menu(user)],
        "answers": answers[-SHOWN_ANSWERS:],
    }


def message_view(message: Message) -> Json:
    """A message bubble."""
    return {
        "id": message.id,
        "from_bot": message.from_bot,
        "at_ms": int(message.date.timestamp() * 1000),
        "text": message.text,
        "entities": [entity_json(entity) for entity in message.entities],
        "keyboard": [[button_json(button) for button in row] for row in message.keyboard],
        "attachment": _attachment(message.attachment),
        "edited": message.edited is not None,
        "silent": message.silent,
    }


def _attachment(attachment: Attachment | None) -> Json | None:
    if attachment is None:
        return None
    body: Json = {
        "media": attachment.media.value,
        "name": attachment.file.name,
        "size": len(attachment.file.data),
        "address": f"/rehearsal/files/{attachment.file.id}",
    }
    if attachment.media is Media.PHOTO:
        body |= {"width": attachment.width, "height": attachment.height}
    elif attachment.duration:
        body["seconds"] = attachment.duration
    return body


def links_of(message: Message) -> Iterator[str]:
    """Every address in a message: in its marked text first, then in its buttons."""
    encoded = message.text.encode("utf-16-le")
    for entity in message.entities:
        if entity.url is not None:
            yield entity.url
        elif entity.type == "url":
            yield encoded[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")
    for button in message.buttons:
        if button.url is not None:
            yield button.url


def payload_of(ground: Ground, message: Message) -> str | None:
    """The start payload of the first link to this bot in a message: what its QR code leads to."""
    username = ground.bot.username or ""
    found = (start_payload(link, username) or page_payload(link) for link in links_of(message))
    return next((payload for payload in found if payload is not None), None)


def page_of(message: Message) -> str | None:
    """The first link in a message to a participant's page."""
    return next((link for link in links_of(message) if page_payload(link) is not None), None)


def codes_json(ground: Ground, panes: Mapping[str, int]) -> list[Json]:
    """The meeting codes that any phone has shown so far, each with the first line it came with."""
    labels: dict[str, Json] = {}
    for user in panes.values():
        for message in ground.from_bot(user):
            payload = payload_of(ground, message)
            if payload is not None and payload.startswith(MEETING_PREFIX):
                label = message.text.partition("\n")[0][:60]
                labels.setdefault(payload, {"payload": payload, "label": label, "page": page_of(message)})
    return list(labels.values())
