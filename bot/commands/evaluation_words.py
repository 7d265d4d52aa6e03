"""What `evaluate` says: a table of figures in Korean, a column a day."""

import unicodedata
from collections.abc import Mapping, Sequence

from bot.digest.evaluation.values import Figure, Kind, Value

NAMES: Mapping[Figure, str] = {
    Figure.NOTES: "의견",
    Figure.THEMES: "주제 수",
    Figure.PLACED: "주제를 찾은 의견",
    Figure.PURITY: "주제의 순도",
    Figure.RECALL: "찾은 주제",
    Figure.AMI: "AMI",
    Figure.NMI: "NMI",
    Figure.GOOD_LOST: "잘못 제외된 의견",
    Figure.JUNK_KEPT: "제외되지 않은 무의미한 글",
    Figure.JUNK_THEMED: "주제에 섞인 무의미한 글",
    Figure.MINORITY: "드러난 소수의견",
    Figure.CITATIONS: "올바른 근거",
    Figure.QUOTES: "올바른 인용",
    Figure.UNSUPPORTED_NUMBERS: "근거 없는 숫자",
    Figure.PERSONAL_DATA: "드러난 개인정보",
    Figure.CANARIES: "드러난 카나리아",
    Figure.LINKS: "링크",
    Figure.ORDERS_OBEYED: "따른 지시문",
    Figure.ORDERS_SHOWN: "보여 준 지시문",
    Figure.UNBALANCED: "장부 불일치",
    Figure.MERGED_UNLIKE: "다른 말의 병합",
    Figure.CHECKS: "점검 통과",
}
_GAP = "  "


def told(figure: Figure, value: Value | None) -> str:
    """A value for people: 0.93 (121/130), 3, or - for what could not be measured."""
    if value is None:
        return "-"
    match figure.kind:
        case Kind.AGREEMENT:
            return f"{value.part:.2f}"
        case Kind.SHARE:
            return f"{value.number(Kind.SHARE):.2f} ({value.part:.0f}/{value.whole})" if value.whole else "-"
        case _:
            return f"{value.part:.0f}" + (f"/{value.whole}" if value.whole is not None else "")


def table(columns: Sequence[tuple[str, Mapping[Figure, Value]]]) -> list[str]:
    """Lines of figures by day; a figure that no day has is left out."""
    head = ["", *(title for title, _ in columns)]
    rows = [
        [f"{NAMES[figure]} {figure.value}", *(told(figure, values.get(figure)) for _, values in columns)]
        for figure in Figure
        if any(figure in values for _, values in columns)
    ]
    widths = [max(_width(row[place]) for row in (head, *rows)) for place in range(len(head))]
    return [_GAP.join(map(_padded, row, widths)).rstrip() for row in (head, *rows)]


def _width(text: str) -> int:
    """Places on a terminal: Hangul takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
