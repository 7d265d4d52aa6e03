"""Typst: reports as PDF and charts as pictures, always with our own font, so that they look the same everywhere.

What people wrote is passed as data, never as source. Characters that the font does not have (Chinese ones, emoji) are
taken from the machine's fonts, where it has any. Nothing is fetched.
"""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Literal

import typst

from bot.digest.report import Chart, Report, Table
from bot.gateways.documents.chart import svg_of
from bot.gateways.documents.widths import columns

_HERE = Path(__file__).parent
_FONTS = [_HERE / "fonts"]
_TEMPLATE = _HERE / "templates" / "paper.typ"
_PICTURE = _HERE / "templates" / "picture.typ"
_WIDE, _LETTER, _MARGIN = 170.0, 3.25, 2.4
"""Millimetres: between the margins of a page, of a letter in a table, of both margins of its cells."""
SHARP = 150
"""Dots an inch of a chart's picture, which is shrunk to two thirds in a document."""


def pdf_of(report: Report) -> bytes:
    """A tagged PDF with title and language, charts told in words: PDF/UA-1, unless a character has no shape here.

    That standard refuses what cannot be drawn; then the same is made without claiming it.
    """
    given = _inputs(report)
    try:
        return _compiled(report, given, ["ua-1"])
    except typst.TypstError:
        return _compiled(report, given, [])


def _compiled(report: Report, given: dict[str, str], standards: list[Literal["ua-1"]]) -> bytes:
    return typst.compile(
        _TEMPLATE,
        font_paths=_FONTS,
        format="pdf",
        sys_inputs=given,
        pdf_standards=[*standards],
        timestamp=int(report.made.timestamp()),
    )


def _inputs(report: Report) -> dict[str, str]:
    """The report as JSON, each of its charts by its place among the pictures."""
    told = asdict(replace(report, parts=()))
    told["made"] = report.made.isoformat()
    told["parts"] = [asdict(part) for part in report.parts]
    items = [
        (item, given)
        for part, made in zip(report.parts, told["parts"], strict=True)
        for item, given in zip(part.items, made["items"], strict=True)
    ]
    charts: list[str] = []
    for item, given in items:
        if isinstance(item, Chart):
            given["place"] = len(charts)
            charts.append(svg_of(item, f"c{len(charts)}"))
        elif isinstance(item, Table):
            given["widths"] = columns(item, _WIDE, _LETTER, _MARGIN)
    return {"report": json.dumps(told, ensure_ascii=False), "charts": json.dumps(charts, ensure_ascii=False)}


def picture_of(chart: Chart) -> bytes:
    """The chart as PNG."""
    svg = svg_of(chart, "c")
    return typst.compile(_PICTURE, font_paths=_FONTS, format="png", ppi=SHARP, sys_inputs={"svg": svg})
