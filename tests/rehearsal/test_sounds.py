"""How long a voice message lasts, told from its bytes."""

import io

import numpy
import pytest
import soundfile

from bot.rehearsal.sounds import seconds_of


def sound(form: str, subtype: str, seconds: float, rate: int = 48_000) -> bytes:
    held = io.BytesIO()
    soundfile.write(held, numpy.zeros(int(seconds * rate), "float32"), rate, format=form, subtype=subtype)
    return held.getvalue()


@pytest.mark.parametrize(
    ("form", "subtype", "rate"),
    [("OGG", "OPUS", 48_000), ("OGG", "OPUS", 16_000), ("OGG", "VORBIS", 44_100), ("WAV", "PCM_16", 8_000)],
)
def test_the_length_is_that_of_the_sound(form: str, subtype: str, rate: int) -> None:
    assert seconds_of(sound(form, subtype, 2.5, rate)) == 3
    assert seconds_of(sound(form, subtype, 0.2, rate)) == 1


@pytest.mark.parametrize("data", [b"", b"OggS", b"OggS" + bytes(40), b"RIFF", b"ID3" + bytes(100)])
def test_what_cannot_be_read_lasts_a_second(data: bytes) -> None:
    assert seconds_of(data) == 1


def test_another_kind_of_sound_is_guessed_by_its_size() -> None:
    assert seconds_of(bytes(40_000)) == 10
