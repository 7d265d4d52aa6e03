"""Photos come in several sizes, each a real picture; measures are read from what was sent."""

import io

import pytest
from PIL import Image

from bot.rehearsal.pictures import UNKNOWN, grey_png, measures, smaller_sizes
from tests.rehearsal.served import Served


def drawn(form: str, size: tuple[int, int], *, progressive: bool = False) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, "teal").save(held, form, progressive=progressive)
    return held.getvalue()


@pytest.mark.parametrize("size", [(1, 1), (330, 220), (1280, 2048)])
def test_measures_are_those_of_the_picture(size: tuple[int, int]) -> None:
    assert measures(drawn("PNG", size)) == size
    assert measures(drawn("JPEG", size)) == size
    assert measures(drawn("JPEG", size, progressive=True)) == size
    assert measures(grey_png(*size)) == size


@pytest.mark.parametrize("cut", range(0, 700, 7))
def test_a_broken_picture_has_some_measures(cut: int) -> None:
    whole = drawn("JPEG", (64, 48))
    assert measures(whole[:cut]) in (UNKNOWN, (64, 48))
    assert measures(b"") == UNKNOWN


def test_a_photo_has_smaller_files_beside_it(served: Served) -> None:
    sent = served.world.send_photo(served.chat, drawn("JPEG", (1000, 500))).attachment
    assert sent is not None
    assert [(size.width, size.height) for size in sent.smaller] == [(90, 45), (320, 160), (800, 400)]
    for size in sent.smaller:
        with Image.open(io.BytesIO(size.file.data)) as picture:
            assert picture.size == (size.width, size.height)
    assert smaller_sizes(90, 90) == []
