"""The sentences of a draft, numbered, as an editor chooses among them."""

from datetime import datetime

from bot.digest.chat_page import Page
from bot.digest.chat_parts import pack
from bot.digest.editing import Sentence, sentences_of
from bot.domain.digest import Digest
from bot.domain.values import Value
from prompts.messages import FIRST_LANGUAGE, Messages

LONGEST_SENTENCE = 250
"""Of a longer one its beginning: ten stand in one message."""


def compose_sentences(
    digest: Digest,
    places: list[int],
    heading: str,
    messages: Messages,
    now: datetime,
    language: str = FIRST_LANGUAGE,
) -> list[str]:
    """One message with these sentences by their places in `sentences_of`; `heading` is the message above them."""
    page = Page(digest, messages, now, language)
    page.line(heading, leads=True)
    sentences = sentences_of(digest)
    for place in places:
        page.line("approval.sentence", _values(page, sentences[place], place))
    return pack(page.blocks)


def _values(page: Page, sentence: Sentence, place: int) -> dict[str, Value]:
    text = sentence.text if len(sentence.text) <= LONGEST_SENTENCE else sentence.text[:LONGEST_SENTENCE] + "…"
    return {
        "number": place + 1,
        "kind": page.words(f"approval.kind_{sentence.kind}"),
        "text": page.shown_words(text),
        "notes": ", ".join(sentence.notes[:5]),
    }
