"""The bot's calls about its webhook (core.telegram.org/bots/api#setwebhook).

Unlike Telegram, and like a Bot API server of one's own, this one also calls plain http on any port of this
machine: there is no other way to try a webhook without the internet.
"""

import re
from urllib.parse import urlsplit

from bot.rehearsal.errors import bad_request, conflict
from bot.rehearsal.ground import Ground
from bot.rehearsal.guard import LOOPBACK_NAMES
from bot.rehearsal.parameters import Parameters
from bot.rehearsal.values import Webhook
from bot.rehearsal.wire import Json, unix

WEBHOOK_PORTS = frozenset({80, 88, 443, 8443})
MAX_CONNECTIONS = 100
DEFAULT_CONNECTIONS = 40
MAX_SECRET = 256
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


def set_webhook(ground: Ground, parameters: Parameters) -> bool:
    """setWebhook: pushes from now on and stops getUpdates; an empty address deletes the webhook."""
    url = parameters.text("url")
    if not url:
        return delete_webhook(ground, parameters)
    _check_address(url)
    secret = parameters.text("secret_token")
    if len(secret) > MAX_SECRET:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = parameters.integer("max_connections") or DEFAULT_CONNECTIONS
    _move(ground, parameters, Webhook(url, secret, min(max(connections, 1), MAX_CONNECTIONS)))
    ground.updates.end_poll(conflict("terminated by setWebhook request"))
    return True


def delete_webhook(ground: Ground, parameters: Parameters) -> bool:
    """deleteWebhook: getUpdates works again."""
    _move(ground, parameters, None)
    return True


def get_webhook_info(ground: Ground, parameters: Parameters) -> Json:
    """getWebhookInfo: of no webhook it says only how much waits."""
    updates, webhook = ground.updates, ground.updates.webhook
    body: Json = {
        "url": "" if webhook is None else webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": updates.pending,
    }
    if webhook is not None:
        body["max_connections"] = webhook.max_connections
        if updates.mishap is not None:
            body |= {
                "last_error_date": unix(updates.mishap.at),
                "last_error_message": updates.mishap.words,
            }
    if updates.allowed is not None:
        body["allowed_updates"] = sorted(updates.allowed)
    return body


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad_request("bad webhook: URL is invalid") from None
    if parts.hostname in LOOPBACK_NAMES and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in WEBHOOK_PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _move(ground: Ground, parameters: Parameters, webhook: Webhook | None) -> None:
    allowed = parameters.structure("allowed_updates")
    if isinstance(allowed, list):
        ground.updates.allow([str(kind) for kind in allowed])
    if webhook != ground.updates.webhook:
        ground.updates.mishap = None
    ground.updates.webhook = webhook
    if parameters.flag("drop_pending_updates"):
        ground.updates.clear()
    ground.changes.notify()
