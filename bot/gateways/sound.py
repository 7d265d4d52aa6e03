"""Voices that people sent: decoded, checked for speech, and made anew as plain OGG/Opus.

Models of speech write sentences where nobody speaks, so silence must never reach one. The check is for that alone: it
lets anything through that could be speech, also in a loud room. What is kept is made from the samples, so that no tag of a
phone comes along. Runs in a thread; the decoders are libsndfile's (bot.gateways.decoding).
"""

import io

import numpy as np
import soundfile

from bot.domain.media import LONGEST_VOICE
from bot.gateways.decoding import RATE, NotDecoded, Samples, below, samples_of
from bot.services.ports import Sound, Unreadable

SHORTEST = 0.5
"""Seconds; nothing is said in less."""
_FRAME = RATE * 30 // 1000
_QUIET = -50.0
"""Decibels below full scale: quieter is nobody in front of the microphone."""
_ACTIVE_FRAMES = 8
"""A quarter of a second of something audible."""
_LIVELINESS = 4.0
"""Decibels between loud and quiet moments: a hum, a tone or a fan has 1 to 2, speech 15 and more, 6 in a loud room."""


def listen(content: bytes) -> Sound:
    """The voice as it is kept. Raises Unreadable for other formats, damage, and what is longer than LONGEST_VOICE."""
    try:
        samples = samples_of(content, LONGEST_VOICE.total_seconds())
        made = io.BytesIO()
        soundfile.write(made, samples, RATE, format="OGG", subtype="OPUS")
    except NotDecoded as why:
        raise Unreadable(str(why)) from None
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


def _speech_band(samples: Samples) -> Samples:
    """Without rumble below 150 Hz and hiss above 4 kHz."""
    return below(samples, 4000 / RATE) - below(samples, 150 / RATE, taps=641)
