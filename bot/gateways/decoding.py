"""Sound into samples: one channel, RATE a second. Also a program of its own, for decoders that talk.

libmpg123 writes to standard error whatever it stumbles over, which is where the logs go, and standard error belongs to all
threads. So what is neither Ogg nor FLAC (MP3, and WAV, which may hold MP3) is decoded in a process of its own, whose
standard error goes nowhere; it also takes a decoder's crash with it. The program knows nothing of the bot, gets no environment, and
imports nothing of ours: bytes in, samples out.
"""

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

RATE = 16_000
"""Samples a second of what is kept: all that models of speech listen to."""
APART_WITHIN = 60.0
"""Seconds for the process: five minutes of MP3 take about one."""
_FORMATS = frozenset({"OGG", "MP3", "WAV", "FLAC"})
_QUIET_DECODERS = (b"OggS", b"fLaC")
_MOST_CHANNELS, _HIGHEST_RATE = 2, 48_000
_SLACK = 1.05  # the messenger rounds durations
_PIECE = 1 << 16
"""Samples that are worked on at a time."""

Samples = npt.NDArray[np.float32]


class NotDecoded(Exception):
    """Another format, damage, nothing, or too much. The text says which, and nothing of the content."""


def samples_of(content: bytes, longest: float) -> Samples:
    """Whatever was recorded, up to `longest` seconds. Raises NotDecoded, or what a decoder stumbles over."""
    if content.startswith(_QUIET_DECODERS):
        return decode(content, longest)
    return _apart(content, longest)


def decode(content: bytes, longest: float) -> Samples:
    """Here, in this process."""
    with soundfile.SoundFile(io.BytesIO(content)) as file:
        if file.format not in _FORMATS or file.channels > _MOST_CHANNELS or file.samplerate > _HIGHEST_RATE:
            raise NotDecoded("another kind of sound")
        most = int(longest * _SLACK * file.samplerate)
        pieces = list(_mono(file, most))
        rate = file.samplerate
    if not pieces:
        raise NotDecoded("empty")
    whole = np.concatenate(pieces)
    if not np.all(np.isfinite(whole)):
        raise NotDecoded("no numbers")
    return np.clip(_resampled(whole, rate), -1.0, 1.0).astype(np.float32)


def below(samples: Samples, cutoff: float, taps: int = 127) -> Samples:
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


def _apart(content: bytes, longest: float) -> Samples:
    """In a process of its own: isolated (-I), with an empty environment, its standard error dropped."""
    command = [sys.executable, "-I", str(Path(__file__)), str(longest)]
    try:
        done = subprocess.run(  # noqa: S603 (our own file, by our own interpreter)
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=APART_WITHIN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotDecoded("not within its time") from None
    if done.returncode != 0 or not done.stdout:
        raise NotDecoded("not decoded")
    return np.frombuffer(done.stdout, dtype=np.float32)


def _mono(file: soundfile.SoundFile, most: int) -> Iterator[Samples]:
    """A second at a time, whatever length the file claims. Raises NotDecoded after `most` samples."""
    read = 0
    while len(block := file.read(file.samplerate, dtype="float32", always_2d=True)):
        read += len(block)
        if read > most:
            raise NotDecoded("too long")
        yield block.mean(axis=1, dtype=np.float32)


def _resampled(samples: Samples, rate: int) -> Samples:
    """At RATE: what lies above its half is taken out first, or it would come back as another tone."""
    if rate == RATE:
        return samples
    if rate > RATE:
        samples = below(samples, 0.45 * RATE / rate)
    if rate % RATE == 0:
        return samples[:: rate // RATE]
    step, count, known = rate / RATE, int(len(samples) * RATE / rate), np.arange(len(samples))
    pieces = [
        np.interp(np.arange(first, min(first + _PIECE, count)) * step, known, samples)
        for first in range(0, count, _PIECE)
    ]
    return np.concatenate(pieces).astype(np.float32)


def main() -> int:
    """Standard input to standard output. 1: not decoded, for whatever reason."""
    try:
        samples = decode(sys.stdin.buffer.read(), float(sys.argv[1]))
    except Exception:  # noqa: BLE001 (nobody reads here why)
        return 1
    sys.stdout.buffer.write(samples.tobytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
