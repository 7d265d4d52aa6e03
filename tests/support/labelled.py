"""The labelled corpora in tests/data as days to be scored."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.digest.evaluation.labelled import LabelledDay, with_buttons
from bot.digest.evaluation.reading import read_annotations, read_labelled
from bot.domain.digest import Topic

DATA = Path(__file__).parents[1] / "data"
SEOUL = ZoneInfo("Asia/Seoul")
_NO_NOTES = ("annotations", "attacks")


def corpora() -> tuple[str, ...]:
    """The names of all files with labelled notes, whoever adds them."""
    files = sorted(DATA.glob("*.csv"))
    return tuple(
        file.name
        for file in files
        if not file.name.startswith(_NO_NOTES) and ",theme,kind," in file.read_text("utf-8").split("\n")[0]
    )


def labelled(name: str, *, buttons: float = 0.0, topics: Sequence[Topic] = ()) -> Iterator[LabelledDay]:
    """The days of a corpus, its annotations read. Refused lines would be a fault of the file."""
    tags: dict[str, frozenset[str]] = {}
    for notes in DATA.glob("annotations*.csv"):
        tags |= read_annotations(notes.read_bytes(), name)
    read = read_labelled(name, (DATA / name).read_bytes(), SEOUL, topics, tags)
    assert not read.refused, read.refused
    for day in read.days:
        yield with_buttons(day, buttons) if buttons else day
