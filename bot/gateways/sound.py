"""Voices that people sent: decoded, checked for speech, and made anew as plain OGG/Opus.

Models of speech write sentences where nobody speaks, so silence must never reach one. The check is for that alone: it
lets anything through that could be speech, also in a loud room. What is kept is made from the samples, so that no tag of a
phone comes along. Runs in a thread; the decoders are libsndfile's.
"""

import io
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import soundfile

from bot.domain.media import LONGEST_VOICE
from bot.services.ports import Sound, Unreadable

RATE = 16_000
"""Samples a second of what is kept: all that models of speech listen to."""
SHORTEST = 0.5
"""Seconds; nothing is said in less."""
_FORMATS = frozenset({"OGG", "MP3", "WAV", "FLAC"})
_MOST_CHANNELS, _HIGHEST_RATE = 2, 48_000
_SLACK = 1.05  # the messenger rounds durations
_FRAME = RATE * 30 // 1000
_QUIET = -50.0
"""Decibels below full scale: quieter is nobody in front of the microphone."""
_ACTIVE_FRAMES = 8
"""A quarter of a second of something audible."""
_LIVELINESS = 4.0
"""Decibels between loud and quiet moments: a hum, a tone or a fan has 1 to 2, speech 15 and more, 6 in a loud room."""

_PIECE = 1 << 16
"""Samples that are worked on at a time."""

Samples = npt.NDArray[np.float32]


def listen(content: bytes) -> Sound:
    """The voice as it is kept. Raises Unreadable for other formats, damage, and what is longer than LONGEST_VOICE."""
    try:
        samples = _samples_of(content)
        made = io.BytesIO()
        soundfile.write(made, samples, RATE, format="OGG", subtype="OPUS")
    except Unreadable:
        raise
    except Exception as error:  # noqa: BLE001 (decoders raise whatever they stumble over)
        raise Unreadable(type(error).__name__) from None
    seconds = len(samples) / RATE
    return Sound(made.getvalue(), "audio/ogg", seconds, seconds >= SHORTEST and has_speech(samples))


def has_speech(samples: Samples) -> bool:
    """Whether somebody may speak in it: long enough loud enough, and lively as speech is."""
    frames = len(samples) // _FRAME
    if not frames:
        return False
    voiced = _speech_band(samples[: frames * _FRAME])
    power = np.mean(np.square(voiced.reshape(frames, _FRAME), dtype=np.float64), axis=1)
    level = 10 * np.log10(power + 1e-12)
    if int(np.count_nonzero(level > _QUIET)) < _ACTIVE_FRAMES:
        return False
    low, high = np.percentile(np.maximum(level, _QUIET - 20), [10, 95])
    return bool(high - low >= _LIVELINESS)


def _samples_of(content: bytes) -> Samples:
    with soundfile.SoundFile(io.BytesIO(content)) as file:
        if file.format not in _FORMATS or file.channels > _MOST_CHANNELS or file.samplerate > _HIGHEST_RATE:
            raise Unreadable("another kind of sound")
        most = int(LONGEST_VOICE.total_seconds() * _SLACK * file.samplerate)
        pieces = list(_mono(file, most))
        rate = file.samplerate
    if not pieces:
        raise Unreadable("empty")
    whole = np.concatenate(pieces)
    if not np.all(np.isfinite(whole)):
        raise Unreadable("no numbers")
    return np.clip(_resampled(whole, rate), -1.0, 1.0)


def _mono(file: soundfile.SoundFile, most: int) -> Iterator[Samples]:
    """A second at a time, whatever length the file claims. Raises Unreadable after `most` samples."""
    read = 0
    while len(block := file.read(file.samplerate, dtype="float32", always_2d=True)):
        read += len(block)
        if read > most:
            raise Unreadable("too long")
        yield block.mean(axis=1, dtype=np.float32)


def _resampled(samples: Samples, rate: int) -> Samples:
    """At RATE: what lies above its half is taken out first, or it would come back as another tone."""
    if rate == RATE:
        return samples
    if rate > RATE:
        samples = _below(samples, 0.45 * RATE / rate)
    if rate % RATE == 0:
        return samples[:: rate // RATE]
    step, count, known = rate / RATE, int(len(samples) * RATE / rate), np.arange(len(samples))
    pieces = [
        np.interp(np.arange(first, min(first + _PIECE, count)) * step, known, samples)
        for first in range(0, count, _PIECE)
    ]
    return np.concatenate(pieces).astype(np.float32)


def _speech_band(samples: Samples) -> Samples:
    """Without rumble below 150 Hz and hiss above 4 kHz."""
    return _below(samples, 4000 / RATE) - _below(samples, 150 / RATE, taps=641)


def _below(samples: Samples, cutoff: float, taps: int = 127) -> Samples:
    """A windowed-sinc low pass; `cutoff` in cycles a sample."""
    places = np.arange(taps) - (taps - 1) / 2
    kernel = 2 * cutoff * np.sinc(2 * cutoff * places) * np.hamming(taps)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    size = 1 << (_PIECE + taps - 2).bit_length()
    response = np.fft.rfft(kernel, size)
    whole = np.zeros(len(samples) + size, dtype=np.float32)
    for first in range(0, len(samples), _PIECE):  # overlap and add: a piece at a time needs little memory
        piece = np.fft.irfft(np.fft.rfft(samples[first : first + _PIECE], size) * response, size)
        whole[first : first + size] += piece.astype(np.float32)
    start = (taps - 1) // 2
    return whole[start : start + len(samples)]
