"""Voices and pictures for tests: made by a formula, recorded by nobody; and the outside world that they pass through."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import soundfile
from PIL import Image

from bot.domain.ids import Region
from bot.domain.media import MediaKind, MediaState, Medium
from bot.gateways.clock import SteppedClock
from bot.services.media_tools import MediaTools
from bot.services.media_work import MediaWork
from bot.services.ports import NotWrittenDown, Picture, SendError, Sound, Unreadable
from storage.database import Database
from tests.support.plans import DAY
from tests.support.raw_updates import Json, User, photo_message, voice_message

Samples = npt.NDArray[np.float64]
PLACE = (35.8203, 127.1088)
"""Somewhere in 전주: what a photo's GPS tells."""
PHONE = "GasangPhone canary 7"


def spoken(seconds: float = 2.0, rate: int = 48_000) -> Samples:
    """Nobody's voice: a buzz that rises and falls as syllables do."""
    t = np.arange(int(seconds * rate)) / rate
    phase = 2 * np.pi * np.cumsum(120 + 20 * np.sin(2 * np.pi * 0.7 * t)) / rate
    buzz = np.sum([np.sin(k * phase) / k for k in range(1, 20)], axis=0)
    return np.asarray(0.1 * buzz * np.clip(np.sin(2 * np.pi * 4 * t), 0, 1))


def tone(seconds: float = 2.0, rate: int = 48_000) -> Samples:
    return 0.3 * np.sin(2 * np.pi * 220 * np.arange(int(seconds * rate)) / rate)


def noise(seconds: float = 2.0, loud: float = 0.05, rate: int = 48_000) -> Samples:
    return loud * np.random.default_rng(1).standard_normal(int(seconds * rate))


def encoded(
    samples: Samples, rate: int = 48_000, *, kind: str = "OGG", subtype: str | None = "OPUS"
) -> bytes:
    made = io.BytesIO()
    soundfile.write(made, samples.astype(np.float32), rate, format=kind, subtype=subtype)
    return made.getvalue()


def photo(size: tuple[int, int] = (640, 480), kind: str = "JPEG", *, orientation: int = 1) -> bytes:
    """A picture with all that a phone writes into one: place, device, a preview, a comment. Its left half is red."""
    picture = Image.new("RGB", size, "white")
    picture.paste((200, 0, 0), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0110] = PHONE
    exif[0x0112] = orientation
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (35.0, 49.0, 13.1)
    gps[3], gps[4] = "E", (127.0, 6.0, 31.7)
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\x00\x00\x00comment canary"
    made = io.BytesIO()
    more = {"comment": b"jpeg canary", "xmp": b"<x:xmpmeta>xmp canary</x:xmpmeta>"} if kind == "JPEG" else {}
    picture.save(made, kind, exif=exif, **more)
    return made.getvalue()


@dataclass
class FakeFiles:
    """The Files port. `files` by id; `ends` are the errors of the next requests, None for a success."""

    files: dict[str, bytes] = field(default_factory=dict)
    ends: list[Exception | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    on_fetch: Callable[[], None] | None = None

    async def fetch_file(self, file_id: str, *, limit: int) -> bytes:
        self.asked.append(file_id)
        if self.on_fetch is not None:
            self.on_fetch()
        end = self.ends.pop(0) if self.ends else None
        if end is not None:
            raise end
        return self.files.get(file_id, b"voice bytes canary")


@dataclass
class FakeTranscriber:
    """The Transcriber port: says `words`, or ends as `ends` tell."""

    words: str = "통근버스가 한 시간에 한 대뿐입니다."
    ours: bool = True
    ends: list[BaseException | None] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)

    async def write_down(self, content: bytes, mime: str) -> str:
        self.heard.append(content)
        end = self.ends.pop(0) if self.ends else None
        if end is not None:
            raise end
        return self.words


def hears(content: bytes) -> Sound:
    """A stand-in for the decoder: what starts with `silent` holds no speech, with `broken` is no sound."""
    if content.startswith(b"broken"):
        raise Unreadable("invented")
    return Sound(b"kept:" + content, "audio/ogg", 3.0, not content.startswith(b"silent"))


def draws(content: bytes) -> Picture:
    if content.startswith(b"broken"):
        raise Unreadable("invented")
    return Picture(b"drawn:" + content, "image/jpeg")


class Workshop:
    """The background work over a database, with an invented outside."""

    def __init__(
        self, database: Database, clock: SteppedClock, transcriber: FakeTranscriber | None = None
    ) -> None:
        self.database, self.clock = database, clock
        self.files = FakeFiles()
        self.transcriber = transcriber
        self.woken = 0
        self.alerts: list[str] = []

    def work(self) -> MediaWork:
        """As a process that has just started."""
        tools = MediaTools(self.files, hears, draws, self.transcriber)
        return self.work_with(tools)

    def work_with(self, tools: MediaTools) -> MediaWork:
        return MediaWork(self.database.open_unit, self.clock, tools, self._planned, self.alerts.append)

    async def runs(self, *, after: timedelta = timedelta()) -> None:
        self.clock.advance_to(self.clock.now() + after)
        await self.work().run()

    def _planned(self) -> None:
        self.woken += 1

    async def media(self, region: str = "전북") -> list[Medium]:
        async with self.database.open_unit(read_only=True) as unit:
            found = await unit.media.of_day(Region(region), DAY)
        return [one for media in found.values() for one in media]

    async def states(self) -> list[tuple[MediaKind, MediaState]]:
        return sorted((one.kind, one.state) for one in await self.media())

    async def contents(self) -> list[bytes | None]:
        async with self.database.open_unit(read_only=True) as unit:
            found = [await unit.media.content(one.id) for one in await self.media()]
        return [None if one is None else one.data for one in found]


def later() -> NotWrittenDown:
    return NotWrittenDown("invented", again=True)


def unreached() -> SendError:
    return SendError("invented")


def a_voice(user: User, number: int, chat_clock: SteppedClock, **more: object) -> Json:
    """A voice message; `more` are fields of its `voice`, `caption` one of the message."""
    body = voice_message(user, number, chat_clock.now())
    message = body["message"]
    assert isinstance(message, dict)
    if (caption := more.pop("caption", None)) is not None:
        message["caption"] = caption
    message["voice"] = {**message["voice"], "file_id": f"voice-{number}", "file_size": 20_000, **more}
    return body


def a_photo(
    user: User,
    number: int,
    chat_clock: SteppedClock,
    *,
    caption: str = "",
    album: str | None = None,
    size: int = 90_000,
) -> Json:
    body = photo_message(user, number, chat_clock.now(), caption=caption)
    message = body["message"]
    assert isinstance(message, dict)
    message["photo"] = [{**message["photo"][0], "file_id": f"photo-{number}", "file_size": size}]
    return {"message": message if album is None else {**message, "media_group_id": album}}


def a_document(user: User, number: int, chat_clock: SteppedClock, mime: str, name: str = "file") -> Json:
    body = photo_message(user, number, chat_clock.now())
    message = body["message"]
    assert isinstance(message, dict)
    del message["photo"]
    file: Json = {"file_id": f"file-{number}", "file_unique_id": f"once-{number}", "mime_type": mime}
    return {"message": {**message, "document": {**file, "file_name": name, "file_size": 1000}}}


def a_sound(user: User, number: int, chat_clock: SteppedClock, mime: str) -> Json:
    body = voice_message(user, number, chat_clock.now())
    message = body["message"]
    assert isinstance(message, dict)
    sound = message.pop("voice")
    return {"message": {**message, "audio": {**sound, "mime_type": mime, "file_id": f"audio-{number}"}}}
