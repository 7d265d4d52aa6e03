"""What a language model is asked about a theme: rules as written in prompts/llm, notes as data that cannot leave its frame."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from bot.digest.model_form import Sentence
from bot.digest.ports import Request
from bot.digest.visible import visible
from prompts.llm import Prompt, load_prompt

VERSION = "digest-1"
MOST_TOKENS = 1500
"""Of one answer: six sentences with their quotes take about 900."""
_FRAME = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u0085\u2028\u2029"}
"""What could end the frame of the data, or begin a tag or a line, is written as JSON's escapes."""


class Fault(StrEnum):
    """Why a sentence does not pass; the model is told so in the words of `fault_…`."""

    NO_EVIDENCE = "no_evidence"
    UNKNOWN_NOTE = "unknown_note"
    QUOTE_NOT_FOUND = "quote_not_found"
    NUMBER = "number"
    NAME = "name"
    DIRECTION = "direction"
    NEW_WORDS = "new_words"
    FORM = "form"
    NOT_A_REMARK = "not_a_remark"
    REPEATED = "repeated"
    TURNED_DOWN = "turned_down"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A sentence that did not pass, and why."""

    sentence: Sentence
    faults: tuple[Fault, ...]


@cache
def digest_prompt() -> Prompt:
    """Read once; raises PromptError when the file does not fit."""
    return load_prompt(
        VERSION,
        {
            "rules": frozenset(),
            "data": frozenset({"title", "notes"}),
            "again": frozenset({"title", "notes", "rejected"}),
        }
        | {f"fault_{fault.value}": frozenset() for fault in Fault},
    )


def framed_line(value: Mapping[str, object]) -> str:
    """JSON in one line, without what could end a frame or begin a tag: a note cannot speak as anything but a note."""
    return json.dumps(value, ensure_ascii=False).translate(_FRAME)


def _notes(offered: Mapping[str, str]) -> str:
    return "\n".join(framed_line({"note": name, "words": visible(words)}) for name, words in offered.items())


def _title(title: str) -> str:
    """A topic's name comes from the operator's file; it stays in its line all the same."""
    return framed_line({"title": title})


def ask(title: str, offered: Mapping[str, str]) -> Request:
    """The first request about a theme. `offered`: the words of its notes by the name the model knows them by."""
    prompt = digest_prompt()
    data = prompt.filled("data", {"title": _title(title), "notes": _notes(offered)})
    return Request(prompt.filled("rules"), data, MOST_TOKENS)


def ask_again(title: str, offered: Mapping[str, str], rejected: Sequence[Rejected]) -> Request:
    """The second and last: only what did not pass, each with its faults."""
    prompt = digest_prompt()
    lines = [
        framed_line(
            one.sentence.model_dump() | {"faults": [prompt.filled(f"fault_{f.value}") for f in one.faults]}
        )
        for one in rejected
    ]
    values = {"title": _title(title), "notes": _notes(offered), "rejected": "\n".join(lines)}
    return Request(prompt.filled("rules"), prompt.filled("again", values), MOST_TOKENS)
