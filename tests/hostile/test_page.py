"""The participant's page: every field with the corpus, missing, repeated, of another type; nothing of it becomes a page."""

from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from yarl import URL

from bot.domain.ids import new_secret
from storage.database import Database
from tests.hostile.corpus import MARK, words
from tests.hostile.form import LONG, of_form
from tests.hostile.test_words import TORTURE
from tests.hostile.watching import leaks
from tests.support.feedback import LUNCH, on_tour
from tests.support.page import WHOLE, Browser, Shown, page_open
from tests.web.test_participant_hostile import harmless

SEND = f"/m/{LUNCH.code}/send"
FIELDS = ("words", "name", "speaker", "rating", "topic", "agree", "notice", "note", "lang", "never_heard_of")
SHORT = 150
Answers = list[tuple[str, str]]


def forms(*, long: bool = LONG) -> list[Answers]:
    """Each text in a field in turn; every third form says the field twice, every fifth lacks another one."""
    found = []
    for turn, (_, text) in enumerate(words(TORTURE)):
        field = FIELDS[turn % len(FIELDS)]
        answers = [(name, value) for name, value in WHOLE.items() if turn % 5 or name != FIELDS[turn % 4]]
        answers += [("note", new_secret()), ("notice", "1")]
        answers = [(name, text if name == field else value) for name, value in answers]
        answers += [(field, text)] if turn % 3 == 0 or field not in dict(answers) else []
        found.append(answers)
    return of_form(found, SHORT, long=long)


@pytest.mark.timeout(1200)
async def test_every_form_gets_a_page_in_words(sqlite: Database) -> None:
    await on_tour(sqlite)
    async with page_open(sqlite) as page:
        for turn, answers in enumerate(forms()):
            page.clock.advance_to(page.clock.now() + timedelta(milliseconds=500))
            body = urlencode(answers, errors="surrogatepass").encode()
            shown = await page.posts(SEND, body, X_Forwarded_For=f"203.0.{turn // 200}.{turn % 200 + 1}")
            _decent(shown, body)
            text = next((value for name, value in answers if name == "words"), "")
            address = quote(text[:200], safe="", errors="surrogatepass")
            opened = await _opens(page, f"/m/{address}?lang={address}&done={address}", turn)
            _decent(opened, body)
        assert (await page.opens(f"/m/{LUNCH.code}", X_Forwarded_For="198.51.100.7")).status == 200


async def _opens(page: Browser, path: str, turn: int) -> Shown:
    headers = {"X-Forwarded-For": f"203.1.{turn // 200}.{turn % 200 + 1}"}
    async with page.session.get(URL(page.url + path, encoded=True), headers=headers) as response:
        return await page._shown(response)


def _decent(shown: Shown, body: bytes) -> None:
    assert shown.status < 500, (shown.status, body[:500])
    assert shown.status != 429, "the runner is faster than a person, and comes from many addresses"
    if shown.html:
        harmless(shown)
        addresses = [given.get(name) or "" for _, given in shown.tags for name in ("href", "src", "action")]
        assert not [one for one in addresses if MARK in one and not one.startswith("/m/")]
    assert not leaks(shown.text, said=body.decode()), body[:500]
