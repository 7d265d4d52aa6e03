"""A request's parameters, however they came: query, JSON, form, multipart.

Form fields hold JSON where the Bot API wants an object, and unknown parameters are ignored, both as
Telegram does it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from aiohttp.web_request import FileField

from bot.rehearsal.errors import bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart request."""

    name: str
    data: bytes


class Parameters:
    """Named values with the reading rules of the Bot API."""

    def __init__(self, values: Mapping[str, object], uploads: Mapping[str, Upload] | None = None) -> None:
        self._values = values
        self._uploads = uploads or {}

    def text(self, name: str) -> str:
        """A string; empty when it is missing."""
        value = self._values.get(name)
        return "" if value is None else value if isinstance(value, str) else json.dumps(value)

    def flag(self, name: str) -> bool:
        """A boolean; false when it is missing."""
        return self._values.get(name) in (True, 1, "true", "True", "1")

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; raises ApiError 400 for anything else."""
        value = self._values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(str(value))
        except ValueError:
            raise bad_request(f'parameter "{name}" must be an Integer') from None

    def seconds(self, name: str) -> float:
        """A duration in seconds, 0 when it is missing or unreadable."""
        try:
            return max(0.0, float(self.text(name) or 0))
        except ValueError:
            return 0.0

    def structure(self, name: str) -> object:
        """A JSON value, or None when it is missing; raises ApiError 400 for broken JSON."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def chat_id(self) -> int | None:
        """The chat that the call is about; None when it names none by number."""
        try:
            return int(self.text("chat_id"))
        except ValueError:
            return None

    def upload(self, name: str) -> Upload | None:
        """The file sent as `name`, in a part of its own or attached by `attach://part`."""
        if name in self._uploads:
            return self._uploads[name]
        value = self.text(name)
        if not value.startswith("attach://"):
            return None
        return self._uploads.get(value.removeprefix("attach://"))


async def read_parameters(request: web.Request) -> Parameters:
    """Read a request of any of the four kinds. Raises ApiError 400 for an unreadable JSON body."""
    values: dict[str, object] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        values |= await _json_object(request)
    elif request.method == "POST":
        for name, field in (await request.post()).items():
            match field:
                case str():
                    values[name] = field
                case FileField():
                    uploads[name] = Upload(field.filename, field.file.read())
                case _:
                    values[name] = bytes(field).decode("utf-8", "replace")
    return Parameters(values, uploads)


async def _json_object(request: web.Request) -> dict[str, object]:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        raise bad_request("can't parse request JSON object") from None
    if not isinstance(body, dict):
        raise bad_request("request JSON object expected")
    return {str(name): value for name, value in body.items()}
