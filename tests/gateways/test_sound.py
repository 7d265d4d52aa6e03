"""Voices made anew: silence, tones and noise are no speech; hostile files are refused."""

import contextlib
import io
import struct
import subprocess
from datetime import timedelta
from random import Random

import numpy as np
import pytest
import soundfile

from bot.gateways import decoding, sound
from bot.gateways.decoding import RATE, NotDecoded, decode, samples_of
from bot.gateways.sound import listen
from bot.services.ports import Unreadable
from tests.support.media import Samples, encoded, noise, spoken, tone

SPEECH: dict[str, Samples] = {
    "a voice": spoken(),
    "in a loud room": spoken() + noise(loud=0.03),
    "quiet": spoken() * 0.1,
    "one word in a long pause": np.concatenate([np.zeros(48_000), spoken(0.6), np.zeros(96_000)]),
}
NO_SPEECH: dict[str, Samples] = {
    "silence": np.zeros(96_000),
    "a hum": tone(),
    "a fan": noise(),
    "the microphone itself": noise(loud=0.0005),
    "too short": spoken(0.4),
    "one knock": np.where(np.arange(96_000) // 900 == 40, 0.6, 0.0),
}


@pytest.mark.parametrize("name", SPEECH)
def test_what_may_be_speech_is_let_through(name: str) -> None:
    assert listen(encoded(SPEECH[name])).speech


@pytest.mark.parametrize("name", NO_SPEECH)
def test_silence_never_reaches_a_model(name: str) -> None:
    assert not listen(encoded(NO_SPEECH[name])).speech


@pytest.mark.parametrize(
    ("kind", "subtype", "rate"),
    [
        ("OGG", "OPUS", 48_000),
        ("OGG", "VORBIS", 44_100),
        ("MP3", None, 44_100),
        ("WAV", "PCM_16", 8_000),
        ("FLAC", "PCM_16", 16_000),
    ],
)
def test_whatever_comes_is_kept_as_plain_opus(kind: str, subtype: str | None, rate: int) -> None:
    kept = listen(encoded(spoken(2.0, rate), rate, kind=kind, subtype=subtype))
    told = soundfile.info(io.BytesIO(kept.content))
    assert (told.format, told.subtype, told.samplerate, told.channels) == ("OGG", "OPUS", RATE, 1)
    assert kept.seconds == pytest.approx(2.0, abs=0.1)
    assert kept.speech
    assert kept.mime == "audio/ogg"


def test_nothing_that_a_phone_wrote_into_it_is_left() -> None:
    made = io.BytesIO()
    with soundfile.SoundFile(made, "w", 48_000, 1, format="OGG", subtype="OPUS") as file:
        file.title, file.artist, file.comment = "title canary", "artist canary", "somewhere canary"
        file.write(spoken().astype(np.float32))
    assert b"canary" in made.getvalue(), "the search finds what is there"
    assert b"canary" not in listen(made.getvalue()).content


def test_two_channels_become_one() -> None:
    both = np.stack([spoken(), np.zeros(96_000)], axis=1)
    assert listen(encoded(both)).speech


def test_what_is_longer_than_was_said_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "LONGEST_VOICE", timedelta(seconds=1))
    with pytest.raises(Unreadable):
        listen(encoded(spoken(1.5)))
    assert listen(encoded(spoken(1.0))).speech


def test_a_header_that_lies_about_its_length_costs_nothing() -> None:
    whole = bytearray(encoded(spoken(1.0), kind="WAV", subtype="PCM_16"))
    whole[40:44] = b"\xff\xff\xff\x7f"
    assert listen(bytes(whole)).seconds == pytest.approx(1.0, abs=0.1)


HOSTILE = {
    "nothing": b"",
    "text": b"OggS but not really",
    "another format": encoded(spoken(1.0), kind="AIFF", subtype="PCM_16"),
    "many channels": encoded(np.zeros((4800, 8)), kind="WAV", subtype="PCM_16"),
    "an absurd rate": encoded(np.zeros(9600), 192_000, kind="WAV", subtype="PCM_16"),
    "no samples": encoded(np.zeros(0), kind="WAV", subtype="PCM_16"),
    "no numbers": encoded(np.full(48_000, np.nan), kind="WAV", subtype="FLOAT"),
    "a cut header": encoded(spoken(1.0))[:40],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_voice_is_refused(name: str) -> None:
    with pytest.raises(Unreadable):
        listen(HOSTILE[name])


def damaged(whole: bytes, times: int) -> list[bytes]:
    """The same damage at each run: bytes that are others, and an end too soon."""
    chance, made = Random(7), []
    for _ in range(times):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        made.append(bytes(broken[: chance.randint(1, len(broken))]))
    return made


def test_damage_of_any_kind_ends_in_a_voice_or_a_refusal() -> None:
    for broken in (*damaged(encoded(spoken(0.6)), 30), *damaged(MP3, 6)):
        try:
            kept = listen(broken)
        except Unreadable:
            continue
        assert kept.seconds < 30


MP3 = encoded(spoken(0.6, 16_000), 16_000, kind="MP3", subtype=None)


def within_wav(mp3: bytes) -> bytes:
    """The same in a RIFF (WAVE_FORMAT_MPEGLAYER3), which libsndfile reads too."""
    form = struct.pack("<HHIIHHHHIHHH", 0x55, 1, 16_000, 2000, 1, 0, 12, 1, 2, 417, 1, 1393)
    chunks = ((b"fmt ", form), (b"fact", struct.pack("<I", 9600)), (b"data", mp3))
    body = b"WAVE" + b"".join(name + struct.pack("<I", len(held)) + held for name, held in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


WITH_MP3_INSIDE = within_wav(MP3)


@pytest.mark.parametrize("whole", [MP3, WITH_MP3_INSIDE], ids=["MP3", "WAV with MP3 inside"])
def test_a_decoder_that_talks_is_not_heard_where_the_logs_go(
    whole: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    """libmpg123 writes to the file descriptor, past Python: that is looked at here."""
    loud = next(one for one in damaged(whole, 60) if talks(one, capfd))
    with contextlib.suppress(Unreadable):
        listen(loud)
    assert capfd.readouterr() == ("", "")


def talks(content: bytes, capfd: pytest.CaptureFixture[str]) -> bool:
    """Whether decoding it in this process writes to standard error."""
    with contextlib.suppress(Exception):
        decode(content, 300)
    return "mpg123" in capfd.readouterr().err


@pytest.mark.parametrize(
    "whole",
    [MP3, WITH_MP3_INSIDE, encoded(spoken(0.6, 44_100), 44_100, kind="WAV", subtype="PCM_16")],
    ids=["MP3", "WAV with MP3 inside", "WAV"],
)
def test_apart_or_here_the_samples_are_the_same(whole: bytes) -> None:
    assert np.array_equal(samples_of(whole, 300), decode(whole, 300))


def test_the_process_apart_gets_nothing_of_ours_but_the_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    """No environment, where the token may be; no argument but a number; and it is not waited for for ever."""
    seen: list[tuple[list[str], dict[str, object]]] = []

    def run(command: list[str], **options: object) -> object:
        seen.append((command, options))
        raise subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(NotDecoded):
        samples_of(MP3, 300)
    [(command, options)] = seen
    assert command[1:] == ["-I", decoding.__file__, "300"]
    assert options["env"] == {}
    assert options["timeout"] == decoding.APART_WITHIN
