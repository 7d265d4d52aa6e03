"""The files that anybody sent, kept while the rehearsal runs."""

import mimetypes
import re

from bot.rehearsal.pictures import grey_png, measures, smaller_sizes
from bot.rehearsal.values import Attachment, Media, PhotoSize, StoredFile

_FOLDERS = {
    Media.PHOTO: "photos",
    Media.DOCUMENT: "documents",
    Media.VOICE: "voice",
    Media.AUDIO: "music",
    Media.VIDEO: "videos",
    Media.VIDEO_NOTE: "video_notes",
}


class Shelf:
    """Files by their ids."""

    def __init__(self) -> None:
        self.files: dict[str, StoredFile] = {}

    def store(self, data: bytes, *, name: str, mime: str = "", media: Media) -> StoredFile:
        """Keep a file and give it ids. Without a type it gets the one that its name tells, as at Telegram."""
        number = len(self.files) + 1
        shown = re.split(r"[/\\]", name)[-1] or "file"
        ending = re.search(r"\.[A-Za-z0-9]{1,8}$", shown)
        stored = StoredFile(
            id=f"AgACAgUAAxkBAAI{number:08d}",
            unique_id=f"AQAD{number:08d}",
            path=f"{_FOLDERS[media]}/file_{number}{ending[0].lower() if ending else ''}",
            name=shown,
            mime=mime or mimetypes.guess_type(shown)[0] or "application/octet-stream",
            data=data,
        )
        self.files[stored.id] = stored
        return stored

    def picture(self, stored: StoredFile) -> Attachment:
        """A photo in all its sizes."""
        width, height = measures(stored.data)
        smaller = tuple(
            PhotoSize(self._grey(wide, high), wide, high) for wide, high in smaller_sizes(width, height)
        )
        return Attachment(Media.PHOTO, stored, width=width, height=height, smaller=smaller)

    def _grey(self, width: int, height: int) -> StoredFile:
        return self.store(grey_png(width, height), name="photo.png", media=Media.PHOTO)
