"""What a participant's browser sends: read with limits, made plain, and told apart from what cannot be a form of ours."""

import asyncio
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import hdrs, web

from bot.domain.errors import Refusal
from bot.domain.feedback import Note, Speaker, Voice
from bot.domain.ids import Secret, new_secret
from bot.domain.languages import ENGLISH, KOREAN, spoken
from bot.services.page_answers import Answers, Field

LARGEST_FORM = 128 * 1024
"""Bytes: 2,000 characters are 24 kB at most; what is longer than a note is still shown again, up to here."""
MOST_FIELDS = 40
READ_WITHIN = 30.0
"""Seconds for the whole form to arrive, on a bad line too."""
FORM_TYPE = "application/x-www-form-urlencoded"

_SECRET = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
_RATINGS = {str(rating): rating for rating in range(1, 6)}
_OUT_OF_RANGE = 0
_FIRST_PARTY = frozenset({"same-origin", "none"})
_PREFERENCE = re.compile(
    r"\s*(?P<code>[A-Za-z0-9-]{1,35}|\*)\s*(?:;\s*q\s*=\s*(?P<q>[01](?:\.\d{0,3})?))?\s*"
)


class FormTooLarge(Refusal):
    """More than any form of ours can hold."""

    def __init__(self) -> None:
        super().__init__("page.too_large")


class NoForm(Refusal):
    """Not what a form of ours sends."""

    def __init__(self) -> None:
        super().__init__("page.no_form")


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came, each field once, in plain characters.

    `garbled`: it was not UTF-8, and what is shown of it is not what was written.
    """

    fields: Mapping[str, str]
    garbled: bool = False

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def secret(self) -> Secret | None:
        """The secret that was in the form, None when it cannot be one of ours."""
        return Secret(self["note"]) if _SECRET.fullmatch(self["note"]) else None

    @property
    def agreed(self) -> str | None:
        """The version of the notice that was agreed to."""
        return self["notice"] if self[Field.AGREE] else None

    def answers(self) -> Answers:
        """What it says; what cannot be chosen is left for the service to refuse."""
        rating = self[Field.RATING]
        return Answers(
            speaker=Speaker(self[Field.SPEAKER]) if self[Field.SPEAKER] in set(Speaker) else None,
            rating=_RATINGS.get(rating, _OUT_OF_RANGE) if rating else None,
            topic=self[Field.TOPIC] or None,
            words=self[Field.WORDS],
            name=self[Field.NAME],
        )

    def spoken_by(self, voice: Voice) -> "Sent":
        """With who speaks filled in, and under which name."""
        return Sent({**self.fields, Field.SPEAKER: voice.speaker.value, Field.NAME: voice.name or ""})

    def under(self, secret: Secret) -> "Sent":
        return Sent({**self.fields, "note": secret}, self.garbled)


def blank_form() -> Sent:
    """A form that nobody has filled in: its secret is kept nowhere but in it."""
    return Sent({"note": new_secret()})


def filled_form(note: Note, voice: Voice) -> Sent:
    """A form that says what a note says."""
    return Sent(
        {
            Field.RATING: "" if note.rating is None else str(note.rating),
            Field.TOPIC: note.topic or "",
            Field.WORDS: note.words,
        }
    ).spoken_by(voice)


async def read_form(request: web.Request) -> Sent:
    """Reads a form to its end. Raises FormTooLarge, NoForm."""
    if request.content_type != FORM_TYPE:
        raise NoForm
    body = bytearray()
    try:
        async with asyncio.timeout(READ_WITHIN):
            async for piece in request.content.iter_any():
                body += piece
                if len(body) > LARGEST_FORM:
                    raise FormTooLarge
    except (TimeoutError, ConnectionError, web.RequestPayloadError):
        raise NoForm from None
    return parse_form(bytes(body))


def parse_form(body: bytes) -> Sent:
    """The fields of a form. Of a repeated field the first is taken. Raises NoForm.

    Browsers send the page's own encoding, UTF-8, whatever a charset beside it says.
    """
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            encoding="utf-8",
            errors="surrogateescape",
        )
    except ValueError:  # bytes that no form has, too many fields
        raise NoForm from None
    fields: dict[str, str] = {}
    garbled = False
    for name, value in pairs:
        readable = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        garbled = garbled or readable.encode() != value.encode("utf-8", "surrogateescape")
        fields.setdefault(name, _plain(readable))
    return Sent(fields, garbled)


def _plain(text: str) -> str:
    """Lines end as ours do; without characters that are no text (NUL is none for PostgreSQL)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))


def comes_from_elsewhere(request: web.Request) -> bool:
    """Whether a browser says that another site sent this form. Old browsers say nothing, and are believed."""
    return request.headers.get("Sec-Fetch-Site", "none") not in _FIRST_PARTY


def language_wanted(chosen: str, accepted: str | None) -> str:
    """The language that was chosen by the switch, else what the browser asks for: Korean or English.

    Who asks for neither is helped more by English; who asks for nothing is in Korea.
    """
    if chosen in (KOREAN, ENGLISH):
        return chosen
    preferred: list[tuple[float, str]] = []
    for part in (accepted or "")[:400].split(","):
        match = _PREFERENCE.fullmatch(part)
        if match is not None and match["code"] != "*" and float(match["q"] or 1) > 0:
            preferred.append((float(match["q"] or 1), match["code"].lower()))
    codes = [code for _, code in sorted(preferred, key=lambda one: -one[0])]
    ours = next((code for code in codes if code.partition("-")[0] in (KOREAN, ENGLISH)), None)
    return spoken(ours or next(iter(codes), None))


def language_of(request: web.Request, sent: Sent | None = None) -> str:
    """`language_wanted` of a request; a form carries what was chosen."""
    chosen = request.query.get("lang", "") or ("" if sent is None else sent["lang"])
    return language_wanted(chosen, request.headers.get(hdrs.ACCEPT_LANGUAGE))
