"""An answer in a language model's sentences: written of the found notes alone, and judged as a report's are (model_check).

The question is data as the notes are, and proves nothing: a number, a name or a claim that stands only in it does not pass.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.digest.model_check import Judge, Judged
from bot.digest.model_form import Sentence, ThemeText
from bot.digest.model_prompt import Fault, Rejected, digest_prompt, framed_line
from bot.digest.model_theme import MAY_GO_ABROAD, MOST_CHARACTERS
from bot.digest.ports import LanguageModel, ModelFailed, Request, Trouble
from bot.digest.prepare import Prepared
from bot.digest.redact import redact
from bot.digest.redaction.kinds import LINK_MARK
from bot.digest.suspect import is_suspect
from bot.digest.units import clean_spans
from bot.digest.visible import visible
from bot.domain.digest import Finding, Quote
from prompts.llm import Prompt, load_prompt

VERSION = "ask-1"
MOST_NOTES = 12
MOST_SENTENCES = 4
_MOST_TOKENS = 1000
_MOST_DROPPED = 0.5
_SHORT = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What is put to the model: a redacted question, and the notes by the name that it knows them by."""

    question: str
    offered: Mapping[str, Prepared]
    judge: Judge
    most: int = MOST_SENTENCES

    @property
    def words(self) -> dict[str, str]:
        return {name: _clean(note) for name, note in self.offered.items()}


@cache
def ask_prompt() -> Prompt:
    """Read once; raises PromptError when the file does not fit."""
    data = frozenset({"question", "notes"})
    return load_prompt(VERSION, {"rules": frozenset({"most"}), "data": data, "again": data | {"rejected"}})


def asked_of(
    question: str, notes: Sequence[Prepared], on_file: frozenset[str], *, abroad: bool, most: int
) -> Asked | None:
    """None where nothing may be put to it: an order instead of a question, no note that may go there."""
    plain = redact(visible(question), on_file).text
    offered: dict[str, Prepared] = {}
    room = MOST_CHARACTERS
    for note in notes:
        words = _clean(note)
        room -= len(words)
        if room < 0 or len(offered) == MOST_NOTES:
            break
        if words.replace(LINK_MARK, "").strip() and (not abroad or note.note.source in MAY_GO_ABROAD):
            offered[f"n{len(offered) + 1}"] = note
    if not offered or is_suspect(question):
        return None
    return Asked(plain, offered, Judge("", offered, _quote, on_file), most)


async def write_answer(model: LanguageModel, asked: Asked) -> tuple[Finding, ...]:
    """Asks once, and once more for what did not pass; what then fails is dropped, or gives way to its note's own words.

    Raises ModelFailed: also TOO_MANY_DROPPED when more than half of the sentences did not pass, or none came.
    """
    first = await model.complete(_request(asked), ThemeText)
    judged = _judged(asked.judge, first.value.findings[: asked.most])
    failed = [(sentence, verdict) for sentence, verdict in judged if verdict.finding is None]
    second: list[tuple[Sentence, Judged]] = []
    if failed:
        again = await model.complete(_again(asked, failed), ThemeText)
        second = _judged(asked.judge, again.value.findings[: len(failed)])
    still = [verdict for _, verdict in second or failed if verdict.finding is None]
    standing = [verdict.finding for _, verdict in (*judged, *second)]
    passed = {one.text: one for one in standing if one is not None}
    if not passed or len(judged) - len(passed) > _MOST_DROPPED * len(judged):
        raise ModelFailed(Trouble.TOO_MANY_DROPPED)
    verbatim = {one.text: one for verdict in still if (one := verdict.verbatim) is not None}
    return tuple((passed | verbatim).values())[: asked.most]


def _judged(judge: Judge, sentences: Sequence[Sentence]) -> list[tuple[Sentence, Judged]]:
    unlike = {sentence.text: sentence for sentence in sentences}
    return [(sentence, judge(sentence)) for sentence in unlike.values()]


def _request(asked: Asked) -> Request:
    prompt = ask_prompt()
    rules = prompt.filled("rules", {"most": str(asked.most)})
    return Request(rules, prompt.filled("data", _data(asked)), _MOST_TOKENS)


def _again(asked: Asked, failed: Sequence[tuple[Sentence, Judged]]) -> Request:
    prompt = ask_prompt()
    rejected = [Rejected(sentence, verdict.faults) for sentence, verdict in failed]
    lines = [framed_line(one.sentence.model_dump() | {"faults": _told(one.faults)}) for one in rejected]
    rules = prompt.filled("rules", {"most": str(asked.most)})
    return Request(rules, prompt.filled("again", _data(asked) | {"rejected": "\n".join(lines)}), _MOST_TOKENS)


def _told(faults: Sequence[Fault]) -> list[str]:
    return [digest_prompt().filled(f"fault_{fault.value}") for fault in faults]


def _data(asked: Asked) -> dict[str, str]:
    notes = (framed_line({"note": name, "words": visible(words)}) for name, words in asked.words.items())
    return {"question": framed_line({"question": asked.question}), "notes": "\n".join(notes)}


def _clean(note: Prepared) -> str:
    return "\n".join(clean_spans(note))


def _quote(note: Prepared, words: str) -> Quote:
    """The whole note where it is short; who speaks is decided where it is shown."""
    whole = note.quotable_whole and len(note.words) <= _SHORT
    return Quote(note.number, note.words if whole else words)
