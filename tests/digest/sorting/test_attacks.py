"""A model that obeys orders in notes when it names and sorts: nothing of them is in a theme's name, or anywhere else."""

import asyncio

import pytest

from bot.digest.ledger import verify
from bot.digest.model_digest import digest_of_texts, tasks
from bot.digest.model_theme import write_theme
from bot.digest.pipeline import make_digest, outline
from bot.domain.digest import DayInput, Digest
from tests.digest.test_injection import GOOD, KNOWN, NEW, batches, day_among, read
from tests.support.attacks import Attack, holds, obeying
from tests.support.model_sorters import obeying_names
from tests.support.model_writers import Writer
from tests.support.sorting import sorted_by


def obeyed(day: DayInput, some: tuple[Attack, ...]) -> Digest:
    canaries = [canary for one in some for canary in one.canaries]
    told, _ = sorted_by(obeying_names(canaries), day)
    made = outline(day, told.proposals)

    async def write() -> Digest:
        writer = Writer(otherwise=obeying(some))
        texts = {one.place: await write_theme(writer, one) for one in tasks(made, abroad=False)}
        return digest_of_texts(made, texts, writer.name)

    return asyncio.run(write())


@pytest.mark.parametrize("corpus", GOOD)
def test_a_model_that_obeys_them_in_sorting_brings_nothing_of_them_to_a_reader(corpus: str) -> None:
    for seed, some in batches(KNOWN[GOOD.index(corpus) :: len(GOOD)]):
        day = day_among(corpus, some, seed)
        digest = obeyed(day, some)
        verify(digest, day)
        for form, text in read(digest).items():
            assert [(one.id, form) for one in some for c in one.canaries if holds(text, c)] == []


def test_orders_in_unknown_words_name_no_theme_and_move_no_tapped_note() -> None:
    day = day_among(GOOD[1], NEW, 11)
    digest, plain = obeyed(day, NEW), make_digest(day)
    verify(digest, day)
    for theme in digest.themes:
        assert not any(holds(theme.category, canary) for one in NEW for canary in one.canaries)
    for topic in ("일자리·임금", "주거 & 교통 <문화>"):
        tapped = {
            note.number
            for theme in plain.themes
            if theme.category == topic
            for note in day.notes
            if note.number in theme.notes
        }
        assert tapped <= {n for theme in digest.themes if theme.category == topic for n in theme.notes}
