"""A chart of a report as SVG: the same picture in every file.

Colours are told apart by who is colour-blind (Okabe and Ito, https://jfly.uni-koeln.de/color/) and, dark beside light with
a white gap between, on grey paper; what is hidden is hatched. Every number stands written, so no colour has to be read.
"""

from html import escape

from bot.digest.report import Bar, Chart
from bot.gateways.documents.widths import ems

WIDTH = 720
_NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
FAMILY = "Pretendard, 'Noto Sans KR', 'Noto Sans CJK KR', 'Malgun Gothic', 'Apple SD Gothic Neo', NanumGothic, sans-serif"
_LABEL, _END = 220, 66
"""Room for the names of bars, and for the number behind them."""
_ROW, _BAR = 28, 19
_TOP = 36
_LEGEND_LINE = 22
_SIZE = 13
_INK = "#16202c"
_COLOURS = (
    ("#00527f", "#ffffff"),
    ("#e69f00", "#16202c"),
    ("#00664a", "#ffffff"),
    ("#9fd3f2", "#16202c"),
    ("#8a4a77", "#ffffff"),
    ("#f2e26b", "#16202c"),
    ("#5b6673", "#ffffff"),
)
"""A fill and the ink on it, for each speaker in their order."""


def svg_of(chart: Chart, name: str, *, inline: bool = False) -> str:
    """A whole SVG element, or one within HTML. `name` (letters, digits) tells its pattern from that of other charts of a page."""
    legend = _legend(chart, name)
    first = _TOP + _LEGEND_LINE * len(legend)
    height = first + _ROW * len(chart.bars) + 6
    drawn = [
        f'<svg{"" if inline else _NAMESPACE} viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' font-family="{FAMILY}" font-size="{_SIZE}" fill="{_INK}" role="img" aria-label="{escape(chart.spoken)}">',
        f'<defs><pattern id="{name}h" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" fill="#ffffff"/><rect width="2" height="6" fill="#7a8794"/></pattern></defs>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="0" y="20" font-size="15" font-weight="700">{escape(chart.title)}</text>',
        *("".join(row) for row in legend),
    ]
    for place, bar in enumerate(chart.bars):
        drawn += _bar(chart, bar, first + place * _ROW, name)
    return "".join((*drawn, "</svg>"))


def _fill(chart: Chart, series: int, name: str) -> tuple[str, str]:
    if series == chart.unknown:
        return f"url(#{name}h)", _INK
    return _COLOURS[series % len(_COLOURS)]


def _legend(chart: Chart, name: str) -> list[list[str]]:
    """In as many rows as it takes."""
    if chart.legend == ("",):
        return []
    rows: list[list[str]] = [[]]
    left = 0.0
    used = {segment.series for bar in chart.bars for segment in bar.segments}
    for series in sorted(used):
        label = chart.legend[series]
        wide = 18 + ems(label) * 12 + 16
        if left + wide > WIDTH and rows[-1]:
            rows.append([])
            left = 0.0
        top = _TOP - 6 + _LEGEND_LINE * (len(rows) - 1)
        fill, _ = _fill(chart, series, name)
        rows[-1].append(
            f'<rect x="{left:.1f}" y="{top}" width="12" height="12" fill="{fill}" stroke="#7a8794" stroke-width=".5"/>'
            f'<text x="{left + 17:.1f}" y="{top + 10.5}" font-size="12">{escape(label)}</text>'
        )
        left += wide
    return rows


def _bar(chart: Chart, bar: Bar, top: int, name: str) -> list[str]:
    middle = top + _BAR / 2
    scale = (WIDTH - _LABEL - _END) / chart.most
    drawn = _label(bar.label, middle)
    left = float(_LABEL)
    for one in bar.segments:
        wide = one.size * scale
        fill, ink = _fill(chart, one.series, name)
        drawn.append(
            f'<rect x="{left:.1f}" y="{top}" width="{wide:.1f}" height="{_BAR}" fill="{fill}" stroke="#ffffff"/>'
        )
        if one.text and wide > ems(one.text) * 12 + 6:
            drawn.append(
                f'<text x="{left + wide / 2:.1f}" y="{middle + 4.5}" font-size="12" text-anchor="middle" fill="{ink}">'
                f"{escape(one.text)}</text>"
            )
        left += wide
    drawn.append(f'<text x="{left + 7:.1f}" y="{middle + 4.5}" font-weight="700">{escape(bar.end)}</text>')
    return drawn


def _label(label: str, middle: float) -> list[str]:
    """The name of a bar, in one or two lines; a longer one ends in an ellipsis (it stands whole in the table)."""
    lines = _wrapped(label, _LABEL - 14)
    size = _SIZE if len(lines) == 1 else 11
    start = middle + 4.5 - 6.5 * (len(lines) - 1)
    return [
        f'<text x="{_LABEL - 10}" y="{start + 13 * at:.1f}" font-size="{size}" text-anchor="end">{escape(line)}</text>'
        for at, line in enumerate(lines)
    ]


def _wrapped(label: str, room: float) -> list[str]:
    if ems(label) * _SIZE <= room:
        return [label]
    first, rest = _fitting(label, room)
    if ems(rest) * 11 > room:
        rest = _cut(rest, room - 11)[0].rstrip() + "…"
    return [first, rest]


def _fitting(label: str, room: float) -> tuple[str, str]:
    """What fits into the first line, broken at a space where there is one."""
    head, _ = _cut(label, room)
    space = head.rfind(" ")
    at = space if space > len(head) // 2 else len(head)
    return label[:at].rstrip(), label[at:].lstrip()


def _cut(text: str, room: float) -> tuple[str, str]:
    at = len(text)
    while at > 1 and ems(text[:at]) * 11 > room:
        at -= 1
    return text[:at], text[at:]
