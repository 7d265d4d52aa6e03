"""A report as DOCX: real headings, tables whose head repeats, charts told in words. No fields but the page's number, no links.

Fonts are named, not embedded (맑은 고딕 is on every Windows).
"""

import io

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from bot.digest.report import Chart, Line, LineKind, Part, Report, Table
from bot.gateways.documents.typesetting import picture_of
from bot.gateways.documents.widths import columns

_FONT = "맑은 고딕"
_INK, _FAINT, _NAVY = RGBColor(0x16, 0x20, 0x2C), RGBColor(0x4A, 0x58, 0x67), RGBColor(0x1F, 0x3F, 0x77)
_WIDE = 170.0
"""Millimetres between the margins of an A4 page."""
_STEP = 5.0
_SIZES = {
    LineKind.HEAD: 12.5,
    LineKind.ITEM: 11.5,
    LineKind.DETAIL: 11.0,
    LineKind.REMARK: 9.5,
    LineKind.QUOTE: 10.0,
}
_HANG = {
    LineKind.HEAD: 5.5,
    LineKind.ITEM: 5.5,
    LineKind.DETAIL: 3.6,
    LineKind.REMARK: 4.6,
    LineKind.QUOTE: 0.0,
}


def docx_of(report: Report) -> bytes:
    document = Document()
    _prepare(document, report)
    _set(document.add_paragraph(style="Title"), report.title)
    dated = _set(document.add_paragraph(), report.dated, size=10, color=_FAINT)
    dated.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for place, part in enumerate(report.parts):
        _part(document, place + 1, part)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _prepare(document: DocxDocument, report: Report) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(18), Mm(18)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = report.name, "", ""
    properties.language = "ko-KR" if report.language == "ko" else report.language
    properties.created = properties.modified = report.made.replace(tzinfo=None)
    for name, size in (("Normal", 11.0), ("Title", 20.0), ("Heading 1", 14.0)):
        style = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.font.color.rgb = _INK if name == "Normal" else _NAVY
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[theme]
        for script in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
            fonts.set(qn(script), _FONT)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), properties.language)
        language.set(qn("w:eastAsia"), properties.language)
        style.element.get_or_add_rPr().append(language)
    document.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _foot(section.footer.paragraphs[0], report.foot)


def _foot(paragraph: Paragraph, foot: str) -> None:
    """How it was made, and the page's number: the one field of the file, and ours."""
    _set(paragraph, f"{foot}  |  ", size=8.5, color=_FAINT)
    run = _run(paragraph, "", size=8.5, color=_FAINT)
    for kind in ("begin", None, "end"):
        if kind is None:
            field = OxmlElement("w:instrText")
            field.text = "PAGE"
        else:
            field = OxmlElement("w:fldChar")
            field.set(qn("w:fldCharType"), kind)
        run._r.append(field)


def _part(document: DocxDocument, number: int, part: Part) -> None:
    _set(document.add_paragraph(style="Heading 1"), f"{number}. {part.title}")
    for item in part.items:
        if isinstance(item, Line):
            _line(document, item)
        elif isinstance(item, Table):
            _table(document, item)
        else:
            _chart(document, item)


def _line(document: DocxDocument, line: Line) -> None:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    hang = _HANG[line.kind] if line.sign else 0.0
    left = line.indent * _STEP + (8.0 if line.kind is LineKind.QUOTE else 0.0)
    form.left_indent, form.first_line_indent = Mm(left + hang), Mm(-hang)
    form.space_before, form.space_after = Pt(9 if line.kind is LineKind.HEAD else 2), Pt(2)
    form.line_spacing = 1.25
    form.keep_with_next = line.kind in (LineKind.HEAD, LineKind.ITEM)
    size = _SIZES[line.kind]
    if line.sign:
        form.tab_stops.add_tab_stop(Mm(left + hang))
        _run(paragraph, f"{line.sign}\t", size=size, bold=line.kind is LineKind.HEAD)
    for run in line.runs:
        faint = run.faint or line.kind is LineKind.QUOTE
        _run(
            paragraph,
            run.text,
            size=size - 1 if run.faint else size,
            bold=run.bold,
            color=_FAINT if faint else None,
        )


def _table(document: DocxDocument, table: Table) -> None:
    caption = _set(document.add_paragraph(), f"< {table.title} >", size=10.5, bold=True)
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.keep_with_next = True
    made = document.add_table(len(table.rows) + 1, len(table.head), style="Table Grid")
    made.autofit = False
    widths = columns(table, _WIDE, 3.2, 4.2)
    for at_row, row in enumerate((table.head, *table.rows)):
        for at, (text, width) in enumerate(zip(row, widths, strict=True)):
            cell = made.cell(at_row, at)
            cell.width = Mm(width)
            paragraph = _set(cell.paragraphs[0], text, size=9, bold=at_row == 0)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if at == 0 and at_row else WD_ALIGN_PARAGRAPH.CENTER
            if at_row == 0:
                _shade(cell)
        whole = made.rows[at_row]._tr.get_or_add_trPr()
        whole.append(OxmlElement("w:cantSplit"))
        if at_row == 0:
            whole.append(OxmlElement("w:tblHeader"))
    _told(made._tbl.tblPr, table.title)
    _set(document.add_paragraph(), table.note, size=8.5, color=_FAINT)


def _told(properties: object, title: str) -> None:
    """What a table is about, for who hears it."""
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), title)
    properties.append(caption)  # type: ignore[attr-defined]


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), "E4EAF3")
    cell._tc.get_or_add_tcPr().append(shade)


def _chart(document: DocxDocument, chart: Chart) -> None:
    document.add_picture(io.BytesIO(picture_of(chart)), width=Mm(_WIDE - 10))
    shown = document.paragraphs[-1]._p.find(f".//{qn('wp:docPr')}")
    if shown is not None:
        shown.set("descr", chart.spoken)
        shown.set("name", chart.title)


def _set(
    paragraph: Paragraph,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    color: RGBColor | None = None,
) -> Paragraph:
    _run(paragraph, text, size=size, bold=bold, color=color)
    return paragraph


def _run(
    paragraph: Paragraph,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    color: RGBColor | None = None,
) -> Run:
    run = paragraph.add_run(text)
    if size is not None:
        run.font.size = Pt(size)
    if bold:
        run.bold = True
    if color is not None:
        run.font.color.rgb = color
    return run
