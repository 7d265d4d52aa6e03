"""What every answer over HTTP has in common, whoever gives it: headers, and a sentence when something is wrong."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from prompts.messages import FIRST_LANGUAGE, Messages

HEADERS: Mapping[str, str] = {
    "Server": "hyeonjang",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""On every answer, unless the page says otherwise itself. No script at all, nothing from elsewhere."""

Words = Mapping[int, str]
"""Sentences by status, in every language that we have, a line each."""
SILENT: Words = {}
"""For a site that nobody reads: the statuses' own names."""
WORDS: web.AppKey[Words] = web.AppKey("words")

_KEYS: Mapping[int, str] = {
    400: "site.malformed",
    401: "site.no_token",
    404: "site.no_page",
    405: "site.not_here",
    408: "site.too_slow",
    413: "site.too_large",
    500: "site.failed",
    503: "site.full",
}


def words_of(messages: Messages, now: datetime) -> Words:
    """The sentences, Korean first: who reads them has shown no language yet."""
    languages = sorted(messages.languages, key=lambda language: (language != FIRST_LANGUAGE, language))
    return {
        status: "".join(f"{messages.plain(key, now=now, language=one)}\n" for one in languages)
        for status, key in _KEYS.items()
    }


def said(words: Words, status: int) -> str:
    """The sentence for a status, or the status's own name."""
    return words.get(status) or f"{HTTPStatus(status).phrase}\n"


def add_headers(response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def bare_answer(words: Words, status: int) -> bytes:
    """An answer as bytes, for a connection that has not got as far as a request; it is the last one there."""
    body = said(words, status).encode()
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        *(f"{name}: {value}" for name, value in HEADERS.items()),
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body
