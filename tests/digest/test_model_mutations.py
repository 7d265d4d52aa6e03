"""Good sentences of the corpora, broken in one place each: how many of them the checks catch (docs/digest.md)."""

import re
from collections.abc import Callable, Iterator

from bot.digest.model_check import Judge
from bot.digest.model_digest import tasks
from bot.digest.model_form import Evidence, Sentence
from bot.digest.model_prompt import ask
from bot.digest.pipeline import outline
from tests.support.corpus import corpus_day
from tests.support.model_writers import well_written

CORPORA = ("jeonbuk_2026-01-22", "southeast_2026-01-23", "edge_cases")
_TURNS = (
    ("늘려", "줄여"), ("늘리", "줄이"), ("확대", "축소"), ("단축", "연장"), ("인상", "인하"), ("높", "낮"),
    ("필요", "불필요"), ("부족", "충분"), ("없", "있"), (" 안 ", " "), (" 못 ", " "), ("못함", "함"), ("않음", "함"),
    ("어렵", "쉽"), ("어려", "쉬"), ("반대", "찬성"), ("불가능", "가능"), ("완화", "강화"), ("늦", "빠르"),
)  # fmt: skip
_NAMES = (
    ("전북", "전남"), ("군산", "여수"), ("울산", "포항"), ("새만금", "송도"), ("창원", "구미"), ("E-9", "E-7"), ("산업부", "국토부"),
    ("익산", "나주"), ("폴란드", "KTX"), ("R&D", "ODA"), ("IT", "BT"),
)  # fmt: skip


def good_ones() -> Iterator[tuple[Judge, Sentence]]:
    """Every note's sentence in report form that passes, with the judge of its theme."""
    for corpus in CORPORA:
        for task in tasks(outline(corpus_day(corpus)), abroad=False):
            for name, words in task.words.items():
                for told in well_written(ask(task.title, {name: words}).data)["findings"]:
                    sentence = Sentence.model_validate(told)
                    if task.judge(sentence).finding is not None:
                        yield task.judge, sentence


def _first(pairs: tuple[tuple[str, str], ...]) -> Callable[[str], str]:
    def broken(text: str) -> str:
        old, new = next(((old, new) for old, new in pairs if old in text), ("", ""))
        return text.replace(old, new, 1) if old else text

    return broken


def _another_number(text: str) -> str:
    return re.sub(r"\d+", lambda match: str(int(match.group()) + 1), text, count=1)


def _with(text: str, sentence: Sentence) -> Sentence:
    return sentence.model_copy(update={"text": text})


def _quoting(sentence: Sentence, note: str, quote: str) -> Sentence:
    return sentence.model_copy(update={"evidence": [Evidence(note=note, quote=quote)]})


BREAKS: dict[str, Callable[[Sentence], Sentence]] = {
    "number": lambda s: _with(_another_number(s.text), s),
    "direction": lambda s: _with(_first(_TURNS)(s.text), s),
    "name": lambda s: _with(_first(_NAMES)(s.text), s),
    "quote": lambda s: _quoting(
        s, s.evidence[0].note, s.evidence[0].quote[:9] + "힣" + s.evidence[0].quote[10:]
    ),
    "note": lambda s: _quoting(s, "n99", s.evidence[0].quote),
    "link": lambda s: _with(f"{s.text} www.example.com", s),
    "majority": lambda s: _with(f"대부분 {s.text}", s),
    "promise": lambda s: _with(f"{s.text}, 장관이 해결을 약속", s),
}


def test_broken_sentences_are_caught() -> None:
    good = list(good_ones())
    tried: dict[str, int] = {}
    missed: dict[str, list[str]] = {}
    for how, breaks in BREAKS.items():
        broken = [(judge, after) for judge, one in good if (after := breaks(one)) != one]
        tried[how] = len(broken)
        missed[how] = [after.text for judge, after in broken if judge(after).finding is not None]
        assert tried[how] >= 8, how
        assert len(missed[how]) <= max(1, 0.05 * tried[how]), missed[how]
    assert sum(map(len, missed.values())) <= 0.02 * sum(tried.values()), missed
    print({how: f"{len(missed[how])} of {count}" for how, count in tried.items()})
