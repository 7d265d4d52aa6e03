"""The parts of an XLSX, unpacked within limits and packed again: nothing unmeasured reaches what reads them.

A zip archive may unpack to a thousand times its size and lie about that in its directory; the reader of workbooks
trusts it. So everything is unpacked here with a counter, and only XML goes on.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping

from bot.domain.tables.text import FileRefused
from bot.gateways.spreadsheet.kinds import require_workbook

MOST_PARTS = 2_000
MOST_UNPACKED = 60_000_000
"""Bytes of all XML together: twenty thousand lines of ours need a third of it."""
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MIMETYPE_SIZE = 200


def unpacked(data: bytes) -> dict[str, bytes]:
    """The XML parts of a workbook, by name. Raises FileRefused."""
    if data.count(_ENTRY) > MOST_PARTS:
        raise FileRefused("import.workbook_too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError):
        raise FileRefused("import.workbook_broken") from None


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The same parts as an archive that is what it seems."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = {entry.filename: entry for entry in archive.infolist()}
    require_workbook(entries.keys(), _mimetype(archive, entries))
    if any(entry.flag_bits & _ENCRYPTED for entry in entries.values()):
        raise FileRefused("import.is_protected")
    wanted = [e for e in entries.values() if e.filename.lower().endswith((".xml", ".rels"))]
    if sum(entry.file_size for entry in wanted) > MOST_UNPACKED:
        raise FileRefused("import.workbook_too_large")
    if any(entry.compress_type not in _METHODS for entry in wanted):
        raise FileRefused("import.workbook_broken")
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for entry in wanted:
        with archive.open(entry) as part:
            content = part.read(left + 1)
        left -= len(content)
        if left < 0:
            raise FileRefused("import.workbook_too_large")
        parts[entry.filename] = content
    return parts


def _mimetype(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> bytes:
    """How an OpenDocument says what it is: its first part, never compressed."""
    entry = entries.get("mimetype")
    if entry is None or entry.compress_type != zipfile.ZIP_STORED or entry.file_size > _MIMETYPE_SIZE:
        return b""
    with archive.open(entry) as part:
        return part.read(_MIMETYPE_SIZE)
