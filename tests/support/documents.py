"""The words of a report and of the files made of it, so that they can be compared."""

import io
import re
from html.parser import HTMLParser
from xml.etree import ElementTree
from zipfile import ZipFile

from pypdf import PdfReader

from bot.digest.report import FileForm, Line, Report, Table

_HP = "{http://www.hancom.co.kr/hwpml/2011/paragraph}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def said(report: Report) -> list[str]:
    """Every line that a file of it must hold, in order; charts are pictures."""
    told = [report.title, report.dated]
    for place, part in enumerate(report.parts):
        told.append(f"{place + 1}. {part.title}")
        for item in part.items:
            if isinstance(item, Line):
                told += item.text.split("\n")
            elif isinstance(item, Table):
                told += [
                    f"< {item.title} >",
                    *item.head,
                    *(cell for row in item.rows for cell in row),
                    item.note,
                ]
    return told


def letters(text: str) -> str:
    """Without what depends on where lines end."""
    return re.sub(r"\s", "", text)


def words_of(data: bytes, form: FileForm) -> list[str]:
    """The lines of a file: its paragraphs, or for a PDF the lines of its pages without their foot."""
    match form:
        case FileForm.HTML:
            return _html(data.decode())
        case FileForm.HWPX:
            return _hwpx(data)
        case FileForm.DOCX:
            return _docx(data)
        case FileForm.PDF:
            return _pdf(data)


def _hwpx(data: bytes) -> list[str]:
    with ZipFile(io.BytesIO(data)) as package:
        section = ElementTree.fromstring(package.read("Contents/section0.xml"))
    lines: list[str] = []
    _paragraphs(section, lines)
    return lines


def _paragraphs(node: ElementTree.Element, lines: list[str]) -> None:
    """Those of tables too, those of every page's head not."""
    if node.tag == f"{_HP}header":
        return
    if node.tag == f"{_HP}p":
        own = [text for run in node.findall(f"{_HP}run") for text in run.findall(f"{_HP}t")]
        if own:
            lines.append("".join("".join(text.itertext()) for text in own))
    for child in node:
        _paragraphs(child, lines)


def _docx(data: bytes) -> list[str]:
    with ZipFile(io.BytesIO(data)) as package:
        body = ElementTree.fromstring(package.read("word/document.xml"))
    shown = {f"{_W}tab": " ", f"{_W}br": "\n"}
    return [
        "".join(shown.get(node.tag, node.text or "") for node in found)
        for paragraph in body.iter(f"{_W}p")
        if (
            found := [
                node for run in paragraph.findall(f"{_W}r") for node in run if node.tag in (*shown, f"{_W}t")
            ]
        )
    ]


def _pdf(data: bytes) -> list[str]:
    pages = PdfReader(io.BytesIO(data)).pages
    lines = []
    for page in pages:
        lines += page.extract_text().split("\n")
    return lines


class _Text(HTMLParser):
    _BLOCKS = frozenset({"p", "h1", "h2", "td", "th", "caption", "blockquote"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._BLOCKS:
            self._open.append(tag)
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._BLOCKS:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self.lines[-1] += data


def _html(page: str) -> list[str]:
    return [line.strip() for line in _Text(page).lines]
