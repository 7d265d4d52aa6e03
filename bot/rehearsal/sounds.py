"""How long a sound lasts, as a client says it when it sends a voice message."""

import io
import math
import struct
import wave

BYTES_A_SECOND = 4000
"""Of a sound that is neither Ogg nor WAV: about 32 kbit/s."""
_OPUS_RATE = 48_000  # RFC 7845: an Opus stream counts in 48 kHz whatever it was recorded at


def seconds_of(data: bytes) -> int:
    """Whole seconds, rounded up, at least one; a guess for what cannot be read."""
    exact = _ogg(data) or _wav(data) or len(data) / BYTES_A_SECOND
    return max(1, math.ceil(exact))


def _ogg(data: bytes) -> float | None:
    """The position of the last page (RFC 3533) by the rate of an Opus or Vorbis stream."""
    last = data.rfind(b"OggS")
    if not data.startswith(b"OggS") or last + 14 > len(data):
        return None
    position = int(struct.unpack("<q", data[last + 6 : last + 14])[0])
    opus, vorbis = data.find(b"OpusHead"), data.find(b"\x01vorbis")
    if opus >= 0 and opus + 12 <= len(data):
        return (position - int(struct.unpack("<H", data[opus + 10 : opus + 12])[0])) / _OPUS_RATE
    if vorbis >= 0 and vorbis + 16 <= len(data):
        rate = int(struct.unpack("<I", data[vorbis + 12 : vorbis + 16])[0])
        return position / rate if rate else None
    return None


def _wav(data: bytes) -> float | None:
    if not data.startswith(b"RIFF"):
        return None
    try:
        with wave.open(io.BytesIO(data)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return None
