"""What a file is, told by its content: names and types that come with a file prove nothing."""

import codecs
from collections.abc import Collection

from bot.domain.tables.text import FileRefused

ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""Office before 2007, also the envelope of a workbook with a password ([MS-OFFCRYPTO] 1.3.1), and HWP."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_WORKBOOK = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"OggS",
    b"7z\xbc\xaf",
)
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style")
"""What many a system calls .xls is a web page."""
_CALENDAR = b"begin:vcalendar"
_LOOKED_AT = 4096


def require_text(data: bytes) -> None:
    """Raises FileRefused for what is surely no text with a table in it."""
    if data.startswith(_OLE):
        raise FileRefused(f"import.{_of_ole(data)}")
    begin = data[:_LOOKED_AT].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if begin.startswith(_CALENDAR):
        raise FileRefused("import.is_calendar")
    if begin.startswith(_MARKUP):
        raise FileRefused("import.is_markup")
    has_mark = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if data.startswith(_BINARY) or (b"\0" in data[:_LOOKED_AT] and not has_mark):
        raise FileRefused("import.is_other")


def require_workbook(names: Collection[str], mimetype: bytes) -> None:
    """Raises FileRefused unless the parts of a zip archive make an XLSX without macros. `mimetype`: its part, or empty."""
    if b"opendocument.spreadsheet" in mimetype:
        raise FileRefused("import.is_open_document")
    if any(name.endswith(".iwa") or name == "Index.zip" for name in names):
        raise FileRefused("import.is_numbers")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused("import.is_macro")
    if "xl/workbook.bin" in names:
        raise FileRefused("import.is_binary_workbook")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise FileRefused("import.is_other")


def _of_ole(data: bytes) -> str:
    if _ENCRYPTED in data:
        return "is_protected"
    return "is_old_workbook" if any(mark in data for mark in _OLD_WORKBOOK) else "is_other"
