"""What the page leaves on disk (SQLite, byte by byte): never the receipt's secret, and nothing of what was taken back."""

from pathlib import Path

from storage.database import Database
from tests.support.feedback import LUNCH, notes_of, on_tour
from tests.support.page import WHOLE, page_open

WORDS = "통근버스가 꼭 필요하다는 가상의 말씀"
NAME = "가상참석자모임"


def on_disk(database: Database) -> bytes:
    file = Path(str(database.url.database))
    return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))


async def test_no_secret_is_ever_written_and_what_was_taken_back_is_gone(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        receipts = [
            await page.sends(await page.opens(f"/m/{LUNCH.code}"), **{**WHOLE, "words": WORDS, "name": NAME})
            for _ in range(20)
        ]
        found = on_disk(sqlite)
        assert WORDS.encode() in found
        for one in receipts:
            await page.sends(await page.opens(f"/m/receipt/{one.secret}/withdraw"))
    assert all(one.note.withdrawn and one.name is None for one in await notes_of(sqlite))
    await sqlite.truncate_log(rewrite=True)
    left = on_disk(sqlite)
    for one in receipts:
        assert one.secret.encode() not in found + left
    assert WORDS.encode() not in left
    assert NAME.encode() not in left
    assert b"127.0.0.1" not in left
