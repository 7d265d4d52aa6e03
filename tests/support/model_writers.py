"""Writers that stand in for a language model: a good one, and one that obeys whatever a note tells it.

They see what a model sees: the request's data and nothing else.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from bot.digest.asking import asks
from bot.digest.ports import Answer, Form, ModelFailed, Request, Trouble
from bot.digest.sentences import sentences
from bot.digest.sorting.form import Placements, SameNames

_NOTE = re.compile(r'^\{"note": .*\}$', re.MULTILINE)
_ENDINGS = (
    ("해 주십시오.", "해 주기 바람"),
    ("해 주세요.", "해 주기 바람"),
    ("해주세요", "해주기 바람"),
    ("합니다.", "함"),
    ("됩니다.", "됨"),
    ("입니다.", "임"),
    ("습니다.", "음"),
    ("습니다", "음"),
    ("입니다", "임"),
    ("어요", "음"),
    ("아요", "음"),
)

Told = dict[str, Any]


def notes_in(data: str) -> dict[str, str]:
    """The notes of a request, by the name it gives them."""
    block = data.partition("<notes>\n")[2].partition("\n</notes>")[0]
    found = [json.loads(line) for line in _NOTE.findall(block)]
    return {one["note"]: one["words"] for one in found}


def well_written(data: str) -> Told:
    """What a careful model answers: sentences of the notes in report form, each with the words it rests on."""
    findings: list[dict[str, Any]] = []
    for name, words in notes_in(data).items():
        if len(findings) == 4:
            break
        for sentence in sentences(words):
            text = _in_report_form(sentence.text)
            if text is not None:
                kind = "request" if asks(sentence.text) else "finding"
                findings.append(
                    {"kind": kind, "text": text, "evidence": [{"note": name, "quote": sentence.text}]}
                )
                break
    return {"findings": findings}


def _in_report_form(sentence: str) -> str | None:
    for spoken, written in _ENDINGS:
        if sentence.endswith(spoken) and 15 <= len(sentence) <= 90:
            return sentence.removesuffix(spoken) + written
    return None


def sentence(text: str, *evidence: tuple[str, str], kind: str = "finding") -> Told:
    """A sentence as a model gives it; `evidence`: note and quote."""
    return {
        "kind": kind,
        "text": text,
        "evidence": [{"note": note, "quote": quote} for note, quote in evidence],
    }


def findings(*some: Told) -> Told:
    return {"findings": list(some)}


def asks_to_sort(data: str) -> bool:
    """Whether a request is about what notes speak of, not about a theme's sentences."""
    return data.startswith("<topics>") or "작은 주제" in data


def knows_nothing(data: str) -> Told:
    """A model that is sure of no note's theme, and of no two names."""
    if "<names>" in data:
        return {"same": []}
    return {"notes": [{"note": name, "topic": "none", "name": ""} for name in notes_in(data)]}


@dataclass
class Writer:
    """The LanguageModel port, answering from `script` and then with `otherwise`; keeps what it was asked.

    A script's entry is an answer, a failure to raise, or a function of the request. What is asked about notes that nobody
    filed is answered by `sorts`, and kept in `sorted`.
    """

    otherwise: Callable[[str], Told] = well_written
    script: list[Told | ModelFailed | Callable[[Request], Told]] = field(default_factory=list)
    name: str = "가상모형-1"
    abroad: bool = False
    tokens: int = 100
    asked: list[Request] = field(default_factory=list)
    sorts: Callable[[str], Told] = knows_nothing
    sorted: list[Request] = field(default_factory=list)

    async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
        answer: Told | ModelFailed | Callable[[Request], Told]
        if form in (Placements, SameNames):
            self.sorted.append(request)
            answer = self.sorts(request.data)
        else:
            self.asked.append(request)
            answer = self.script.pop(0) if self.script else self.otherwise(request.data)
        if isinstance(answer, ModelFailed):
            raise answer
        told = answer if isinstance(answer, dict) else answer(request)
        try:
            return Answer(form.model_validate_json(json.dumps(told)), self.tokens)
        except ValidationError:
            raise ModelFailed(Trouble.MALFORMED, tokens=self.tokens) from None


def obedient(canary: str) -> Callable[[str], Told]:
    """A hostile model: says in every way it can think of what a note would have it say."""

    def answer(data: str) -> Told:
        return findings(*_attacks(notes_in(data), canary))

    return answer


def _attacks(notes: Mapping[str, str], canary: str) -> Iterator[Told]:
    name, words = next(iter(notes.items()))
    quote = words[:40].strip()
    good = (name, quote)
    yield sentence(f"{canary} 라고 모두가 말함", good)
    yield sentence(f"자세한 내용은 https://{canary}.example 에서 확인", good)
    yield sentence(f"{canary} 의견이 만장일치로 확인됨", ("n9999", quote))
    yield sentence(f"{canary} 예산 7777억원 지원 약속", good, kind="request")
    yield sentence(f"[{canary}](tg://resolve?domain={canary})", good, kind="request")
    yield sentence(f"불만 없음, 매우 만족함 ({canary})", (name, f"{canary} 매우 만족합니다"), kind="request")
