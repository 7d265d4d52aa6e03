"""A digest as HWPX, PDF, DOCX and HTML: the same words, hidden alike, readable by whoever opens them, and nothing live in them.

`RERECORD=1 pytest tests/gateways/test_documents.py` writes the golden files anew: read them then.
"""

import ctypes
import io
import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from hwpx.tools.package_validator import validate_editor_open_safety, validate_package
from PIL import Image
from pypdf import PdfReader

from bot.digest.as_report import report
from bot.digest.pipeline import make_digest
from bot.digest.report import Chart, FileForm, Report
from bot.domain.digest import DayInput, Digest, Engine, EngineKind, FindingKind, Topic
from bot.domain.feedback import NoteKind, Speaker
from bot.gateways.documents import writing
from bot.gateways.documents.chart import svg_of
from bot.gateways.documents.writing import NotWritten, WrittenApart, written
from tests.support.chat import MESSAGES
from tests.support.corpus import corpus_day
from tests.support.days import day_of, note
from tests.support.documents import letters, said, words_of

NOW = datetime(2026, 1, 22, 12, 0, 0, 31, tzinfo=UTC)
GOLDEN = Path(__file__).parents[1] / "golden" / "documents"
_UNSHAPED = re.compile("[^\u0000-\u33ff\uac00-\ud7a3\uff00-\uffef“”‘’…]")
"""What the font in the package has no shape for: a PDF shows an empty box instead."""


def a_day() -> DayInput:
    """Two themes with sides and ratings, a minority, a promise, one unplaced, one merged, one that only rated."""
    youth, worker, company = Speaker.YOUTH, Speaker.WORKER, Speaker.COMPANY
    buses = [
        note(
            f"전북-{n}",
            f"가상 산단 {n}호 통근버스가 교대시간과 맞지 않습니다.",
            topic="living",
            speaker=youth,
            rating=2,
        )
        for n in range(1, 8)
    ]
    rents = [
        note(f"전북-{n}", f"월세가 {n}만원 올라 부담이 됩니다.", topic="living", speaker=worker, rating=1)
        for n in range(8, 14)
    ]
    wages = [
        note(
            f"전북-{n}",
            f"가상 부품사 {n}곳이 사람을 구하지 못합니다. 지원을 늘려 주십시오.",
            speaker=company,
            rating=4,
        )
        for n in range(14, 20)
    ]
    rest = [
        note("전북-20", "다른 의견입니다. 저는 지금 노선이 더 좋습니다.", topic="living", speaker=youth),
        note("전북-21", "5 < 7 & #strong[버스] =1+1 통근버스가 부족합니다.\n둘째 줄입니다.", topic=None),
        note("전북-22", "", topic=None, rating=5),
        note(
            "전북-23",
            "통근버스 증편을 3월까지 검토하겠다고 함",
            topic="living",
            speaker=Speaker.STAFF,
            kind=NoteKind.PROMISE,
        ),
    ]
    return day_of(*buses, *rents, *wages, *rest, withdrawn=1)


def reports() -> dict[str, Report]:
    day = corpus_day("jeonbuk_2026-01-22")
    topics = tuple(Topic(f"t{n}", f"가상 주제 {n} {'긴 이름 ' * n}".strip()) for n in range(15))
    spread = tuple(replace(one, topic=f"t{place % 15}") for place, one in enumerate(day.notes[:75]))
    digests = {
        "a day": make_digest(a_day()),
        "southeast": make_digest(corpus_day("southeast_2026-01-23", every_nth_without_topic=3)),
        "empty": make_digest(replace(day, notes=())),
        "fifteen themes": make_digest(replace(day, topics=topics, notes=spread)),
        "interim": replace(make_digest(a_day()), interim=NOW),
    }
    return {name: report(digest, MESSAGES, NOW) for name, digest in digests.items()}


REPORTS = reports()


@cache
def file_of(name: str, form: FileForm) -> bytes:
    return written(REPORTS[name], form)


@pytest.mark.parametrize("form", FileForm)
@pytest.mark.parametrize("name", REPORTS)
def test_every_form_says_the_same(name: str, form: FileForm) -> None:
    wanted = [line for one in said(REPORTS[name]) if (line := letters(one))]
    pieces = [piece for one in words_of(file_of(name, form), form) for piece in one.split("\n")]
    lines = [line for one in pieces if (line := letters(one))]
    if form is not FileForm.PDF:
        assert lines == wanted
        return
    foot = re.compile(re.escape(letters(REPORTS[name].foot)) + r"\d+/\d+")
    text = "".join(line for line in lines if not foot.fullmatch(line))
    at = 0
    for one in wanted:
        if not _UNSHAPED.search(one):
            assert (at := text.find(one, at)) >= 0, one


@pytest.mark.parametrize("form", FileForm)
def test_golden_files(form: FileForm) -> None:
    made = file_of("a day", form)
    text = "\n".join(words_of(made, form)).strip() + "\n"
    golden = GOLDEN / f"day.{form.value}.txt"
    if os.environ.get("RERECORD") == "1":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8"), "look at the change; record it with RERECORD=1"


def test_golden_charts() -> None:
    text = (
        "\n".join(svg_of(chart, f"c{place}") for place, chart in enumerate(_charts(REPORTS["a day"]))) + "\n"
    )
    golden = GOLDEN / "day.svg.txt"
    if os.environ.get("RERECORD") == "1":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8"), "look at the change; record it with RERECORD=1"


def _charts(made: Report) -> list[Chart]:
    return [item for part in made.parts for item in part.items if isinstance(item, Chart)]


@pytest.mark.parametrize("name", REPORTS)
def test_hwpx_is_valid_and_can_be_drawn(name: str) -> None:
    ctypes.CDLL(
        "libfreetype.so.6", mode=ctypes.RTLD_GLOBAL
    )  # https://github.com/DanMeon/rhwp-python/issues/31
    import rhwp

    data = file_of(name, FileForm.HWPX)
    package = validate_package(data)
    assert [str(one) for one in package.issues if one.level == "error"] == []
    assert validate_editor_open_safety(data).ok
    drawn = rhwp.Document.from_bytes(data).render_png(page=0, scale=0.3)
    assert len(Image.open(io.BytesIO(drawn)).convert("L").getcolors() or ()) > 20, "an empty page has one"
    with ZipFile(io.BytesIO(data)) as parts:
        section, about = (
            parts.read("Contents/section0.xml").decode(),
            parts.read("Contents/content.hpf").decode(),
        )
    assert "fieldBegin" not in section
    assert REPORTS[name].name in about
    assert "fixture" not in about
    assert section.count("<hp:shapeComment>") == len(_charts(REPORTS[name]))


def test_pdf_tells_its_title_and_language_and_is_tagged() -> None:
    reader = PdfReader(io.BytesIO(file_of("a day", FileForm.PDF)))
    root = reader.root_object
    assert reader.metadata is not None
    assert reader.metadata.title == "[전북] 일일 권역 보고 2026.1.22.(목)"
    assert str(root["/Lang"]) == "ko"
    assert "/StructTreeRoot" in root
    assert reader.xmp_metadata is not None
    assert b"pdfuaid" in reader.xmp_metadata.stream.get_data()
    fonts = {str(font["/BaseFont"]) for page in reader.pages for font in _fonts(page)}
    assert fonts
    assert all("Pretendard" in font for font in fonts)
    assert not any("/Annots" in page for page in reader.pages)


def _fonts(page: object) -> list[dict[str, object]]:
    resources = page["/Resources"]  # type: ignore[index]
    return [font.get_object() for font in resources["/Font"].values()]


def test_docx_has_headings_heads_of_tables_and_told_charts() -> None:
    data = file_of("a day", FileForm.DOCX)
    document = Document(io.BytesIO(data))
    headings = [
        one.text for one in document.paragraphs if one.style is not None and one.style.name == "Heading 1"
    ]
    assert headings == [f"{place + 1}. {part.title}" for place, part in enumerate(REPORTS["a day"].parts)]
    assert document.core_properties.title == REPORTS["a day"].name
    assert document.core_properties.author == ""
    xml = document.element.xml
    assert xml.count("<w:tblHeader") == len(document.tables) == 1
    assert [escape(chart.spoken, quote=False) in xml for chart in _charts(REPORTS["a day"])] == [True, True]
    assert "fldChar" not in xml, "no field in the body"
    with ZipFile(io.BytesIO(data)) as parts:
        relations = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".rels"))
    assert "External" not in relations


def test_a_process_of_its_own_writes_the_same() -> None:
    apart = WrittenApart()(REPORTS["a day"], FileForm.DOCX)
    assert words_of(apart, FileForm.DOCX) == words_of(file_of("a day", FileForm.DOCX), FileForm.DOCX)


def test_a_process_that_fails_is_an_error_without_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "WITHIN", 0.001)
    with pytest.raises(NotWritten, match=r"^pdf: not within its time$"):
        WrittenApart()(REPORTS["a day"], FileForm.PDF)


def test_what_the_chat_hides_no_file_shows() -> None:
    few = make_digest(
        day_of(*(note(f"전북-{n}", f"의견 {n}번 버스가 부족합니다.", rating=3) for n in range(1, 5)))
    )
    for form in FileForm:
        text = letters("".join(words_of(written(report(few, MESSAGES, NOW), form), form)))
        assert "연인원4" not in text
        assert "5미만" in text


def test_a_model_s_sentences_are_stamped() -> None:
    engine = Engine(EngineKind.LANGUAGE_MODEL, "가상모형-1", "digest-1", None, 1200)
    made = report(replace(make_digest(a_day()), engine=engine), MESSAGES, NOW)
    assert made.foot.startswith("※ AI로 작성됨(가상모형-1, 지침 digest-1")
    for form in FileForm:
        assert letters(made.foot) in letters("".join(words_of(written(made, form), form)))


def kinds(digest: Digest) -> set[FindingKind]:
    return {finding.kind for theme in digest.themes for finding in theme.findings}


def test_the_golden_day_has_all_kinds_of_findings() -> None:
    assert {FindingKind.FINDING, FindingKind.REQUEST, FindingKind.PROMISE, FindingKind.MINORITY} <= kinds(
        make_digest(a_day())
    )
