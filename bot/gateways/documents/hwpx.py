"""A report as HWPX, in the form that ministries use: a title box, □ ○ - in 휴먼명조 15 pt, 160 % line spacing, ※ smaller.

Fonts are named, not embedded: where one is missing, Hangul shows the substitute named with it. Sizes and spacing are those
measured over ministries' papers (docs/decisions). What people wrote becomes text runs: no fields, no links.
"""

from dataclasses import dataclass
from datetime import UTC

from hwpx import HwpxDocument
from hwpx.oxml.paragraph import HwpxOxmlParagraph
from hwpx.oxml.table import HwpxOxmlTableCell

from bot.digest.report import Chart, Line, LineKind, Part, Report, Table
from bot.gateways.documents.typesetting import picture_of
from bot.gateways.documents.widths import columns, lines

_HP = "{http://www.hancom.co.kr/hwpml/2011/paragraph}"
_SERIF, _SANS, _TITLE = "휴먼명조", "맑은 고딕", "HY헤드라인M"
_INSTEAD = {_SERIF: "함초롬바탕", _SANS: "함초롬돋움", _TITLE: "함초롬돋움"}
_NAVY, _FAINT, _TINT = "#1F3F77", "#4A5867", "#E4EAF3"
_MARGINS = {"left": 20.0, "right": 20.0, "top": 15.0, "bottom": 15.0, "header": 10.0, "footer": 10.0}
_RULES = {"sides": ("top", "bottom"), "color": _NAVY, "width": "0.5 mm", "offset_mm": (0, 0, 2.5, 2.5)}
"""Above and below the title."""
_WIDE = 170.0
"""Millimetres between the margins of an A4 page."""
_UNIT = 7200 / 25.4
"""HWP units in a millimetre."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How a kind of line is set: font, points, bold, millimetres (of its place, of its sign), points above, of kind."""

    font: str
    size: float
    bold: bool
    hang: float
    above: float


_FORMS = {
    LineKind.HEAD: _Form(_SERIF, 15, True, 7.0, 10),
    LineKind.ITEM: _Form(_SERIF, 15, False, 7.0, 5),
    LineKind.DETAIL: _Form(_SERIF, 14, False, 4.5, 4),
    LineKind.REMARK: _Form(_SANS, 11, False, 5.5, 4),
    LineKind.QUOTE: _Form(_SANS, 11, False, 0.0, 2),
}


@dataclass(frozen=True, slots=True)
class _Cell:
    """A table's cells: points of the letters; millimetres of a letter, a line, both margins, and above and below."""

    points: float = 9.5
    letter: float = 3.4
    line: float = 4.4
    margin: float = 2.0
    above: float = 2.2


_CELL = _Cell()
_TALL = 120.0
"""Millimetres from which a table may go on on the next page."""
_STEP = 5.0
"""Millimetres of a step of indentation."""


def hwpx_of(report: Report) -> bytes:
    """A whole file, closed and complete. Raises what python-hwpx stumbles over: nothing half-made is given."""
    paper = _Paper(report)
    for place, part in enumerate(report.parts):
        paper.part(place + 1, part)
    return paper.finished()


class _Paper:
    """The document in the making; formats are made once and reused by their ids."""

    def __init__(self, report: Report) -> None:
        self._document = HwpxDocument.new()
        self._shapes: dict[tuple[object, ...], str] = {}
        for font, instead in _INSTEAD.items():
            self._document.styles.ensure_font(font, subst_face=instead, subst_type="TTF")
        self._document.page.setup(paper_size="A4", margins_mm=_MARGINS)
        made = report.made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._document.package.clear_document_metadata(keep=("language",), timestamp=made)
        self._document.package.set_document_metadata(title=report.name)
        self._head(report)

    def finished(self) -> bytes:
        return self._document.to_bytes()

    def _head(self, report: Report) -> None:
        title = self._text(report.title, self._letters(_TITLE, 22, bold=True))
        self._document.styles.apply_paragraph_format(
            paragraphs=[title],
            alignment="CENTER",
            line_spacing_percent=130,
            border=_RULES,
        )
        dated = self._text(report.dated, self._letters(_SANS, 12, color=_FAINT))
        self._document.styles.apply_paragraph_format(
            paragraphs=[dated],
            alignment="RIGHT",
            line_spacing_percent=130,
            spacing_before_pt=14,
            spacing_after_pt=4,
        )
        self._every_page(report.foot)

    def _every_page(self, foot: str) -> None:
        """How it was made at the head, the page's number at the foot, by the control with which Hancom's own editor numbers pages."""
        words = {"type": "run", "font": _SANS, "size": 9, "color": _FAINT, "text": foot}
        self._document.page.set_header(content=[{"align": "RIGHT", "children": [words]}])
        run = self._document.paragraphs[0].add_run("").element
        control = run.makeelement(f"{_HP}ctrl", {})
        form = {"pos": "BOTTOM_CENTER", "formatType": "DIGIT", "sideChar": "-"}
        control.append(control.makeelement(f"{_HP}pageNum", form))
        run.append(control)

    def part(self, number: int, part: Part) -> None:
        self._document.add_paragraph(
            f"{number}. {part.title}",
            char_pr_id_ref=self._letters(_TITLE, 16, color=_NAVY),
            para_pr_id_ref=self._shape("part", alignment="LEFT", above=16, below=4, keep=True),
            inherit_style=False,
        )
        for item in part.items:
            if isinstance(item, Line):
                self._line(item)
            elif isinstance(item, Table):
                self._table(item)
            else:
                self._chart(item)

    def _line(self, line: Line) -> None:
        form = _FORMS[line.kind]
        left = line.indent * _STEP + (8.0 if line.kind is LineKind.QUOTE else 0.0)
        shape = self._shape(
            "line",
            left=left,
            hang=form.hang if line.sign else 0.0,
            above=form.above,
            keep=line.kind in (LineKind.HEAD, LineKind.ITEM),
        )
        plain = self._letters(form.font, form.size, bold=form.bold)
        pieces = [(f"{line.sign} ", plain)] if line.sign else []
        for run in line.runs:
            color = _FAINT if run.faint or line.kind is LineKind.QUOTE else None
            size = form.size - 2 if run.faint and form.size > 12 else form.size
            pieces.append((run.text, self._letters(form.font, size, bold=run.bold, color=color)))
        rows: list[list[tuple[str, str]]] = [[]]
        for text, letters in pieces:
            first, *more = text.split("\n")
            rows[-1].append((first, letters))
            rows += [[(one, letters)] for one in more]
        for row in rows:
            paragraph = self._document.add_paragraph(
                "", para_pr_id_ref=shape, char_pr_id_ref=plain, include_run=False, inherit_style=False
            )
            for text, letters in row:
                paragraph.add_run(text, char_pr_id_ref=letters)

    def _table(self, table: Table) -> None:
        caption = self._letters(_SANS, 12, bold=True)
        self._document.add_paragraph(
            f"< {table.title} >",
            char_pr_id_ref=caption,
            para_pr_id_ref=self._shape("caption", alignment="CENTER", above=10, below=3, keep=True),
            inherit_style=False,
        )
        wide = columns(table, _WIDE, _CELL.letter, _CELL.margin)
        heights = [
            lines(row, wide, _CELL.letter, _CELL.margin) * _CELL.line + _CELL.above
            for row in (table.head, *table.rows)
        ]
        made = self._document.add_table(len(heights), len(wide), width=round(_WIDE * _UNIT))
        made.element.set("repeatHeader", "1")
        made.set_treat_as_char(sum(heights) < _TALL)
        made.element.find("{*}sz").set("height", str(round(sum(heights) * _UNIT)))
        made.set_column_widths([round(one * _UNIT) for one in wide])
        for at_row, row in enumerate((table.head, *table.rows)):
            for at, text in enumerate(row):
                self._cell(made.cell(at_row, at), text, heights[at_row], head=at_row == 0, name=at == 0)
        self._document.add_paragraph(
            table.note,
            char_pr_id_ref=self._letters(_SANS, 9, color=_FAINT),
            para_pr_id_ref=self._shape("note", above=3, below=6, spacing=130),
            inherit_style=False,
        )

    def _cell(self, cell: HwpxOxmlTableCell, text: str, height: float, *, head: bool, name: bool) -> None:
        cell.set_size(height=round(height * _UNIT))
        side = round(_CELL.margin / 2 * _UNIT)
        cell.set_margins(left=side, right=side)
        paragraph = cell.paragraphs[0]
        paragraph.char_pr_id_ref = self._letters(_SANS, _CELL.points, bold=head)
        paragraph.para_pr_id_ref = self._shape(
            "cell", alignment="LEFT" if name and not head else "CENTER", spacing=120
        )
        paragraph.text = text
        if head:
            cell.table.set_cell_shading(*cell.address, _TINT)
            cell.element.set("header", "1")

    def _chart(self, chart: Chart) -> None:
        shown = self._document.add_picture(picture_of(chart), "png", width_mm=_WIDE - 10)
        comment = next(iter(shown.element.iter("{*}shapeComment")), None)
        if comment is not None:
            comment.text = chart.spoken

    def _text(self, text: str, letters: str) -> HwpxOxmlParagraph:
        return self._document.add_paragraph(text, char_pr_id_ref=letters, inherit_style=False)

    def _letters(self, font: str, size: float, *, bold: bool = False, color: str | None = None) -> str:
        key = ("letters", font, size, bold, color)
        if key not in self._shapes:
            self._shapes[key] = self._document.styles.ensure_run(font=font, size=size, bold=bold, color=color)
        return self._shapes[key]

    def _shape(
        self,
        name: str,
        *,
        alignment: str = "LEFT",
        left: float = 0.0,
        hang: float = 0.0,
        above: float = 0.0,
        below: float = 0.0,
        spacing: int = 160,
        keep: bool = False,
    ) -> str:
        """The id of a paragraph's form, made with a paragraph of its own the first time."""
        key = (name, alignment, left, hang, above, below, spacing, keep)
        if key not in self._shapes:
            model = self._document.add_paragraph("", inherit_style=False)
            self._document.styles.apply_paragraph_format(
                paragraphs=[model],
                alignment=alignment,
                line_spacing_percent=spacing,
                indent_left_mm=left,
                first_line_indent_mm=-hang,
                spacing_before_pt=above,
                spacing_after_pt=below,
                keep_with_next=keep,
            )
            self._shapes[key] = str(model.para_pr_id_ref)
            model.remove()
        return self._shapes[key]
