"""A rehearsal with topics of one's own."""

from pathlib import Path

import pytest

from bot.rehearsal.sources import Sources, SourcesRefused, read_sources, sample_sources
from tests.support.plans import SEOUL

OWN = '[[topic]]\nkey = "living"\ntitle = "가상 주거"\nkeywords = ["월세"]\n'


def _read(file: Path) -> Sources:
    return read_sources(
        None, None, SEOUL, topics=file, open_table=lambda data: data.decode(), say=lambda key, _: key
    )


def test_the_sample_is_played_with_them(tmp_path: Path) -> None:
    """What the sample's notes chose and this file does not have is chosen by nobody."""
    file = tmp_path / "topics.toml"
    file.write_text(OWN, encoding="utf-8")
    found, sample = _read(file), sample_sources(SEOUL)
    assert [(topic.title, topic.matters[0].keywords) for topic in found.topics] == [("가상 주거", ("월세",))]
    assert len(found.notes) == len(sample.notes)
    assert {note.topic for note in found.notes} == {"living", None}
    assert {note.topic for note in sample.notes} > {"living", None}


@pytest.mark.parametrize("text", [None, "[[topic", "topic = 1"])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "topics.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(SourcesRefused, match="파일을 읽지 못했습니다"):
        _read(file)
