"""`export` and the digest as a file, as the console gives them."""

import csv
import stat
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.digest.report import FileForm
from tests.bot.test_commands import notes, shipped
from tests.support.console import Console
from tests.support.documents import words_of

DIGEST = ("digest", "--region", "전북", "--date", "2026-01-22")


@pytest.fixture
def filled(console: Console) -> Console:
    """The sample tour, and one note that begins like a formula."""
    console.runs("import", "tour", shipped("tour.csv"))
    line = 'x-1,전북,2026-01-22,,,company,company,4,"=1+1 통근버스가 부족합니다. 010-0000-0000"'
    console.runs("import", "notes", console.file("notes.csv", notes(line)))
    return console


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_notes_are_exported_for_nobody_else_to_read_and_without_formulas(filled: Console) -> None:
    out = filled.folder / "notes.csv.out.csv"
    said = filled.runs("export", "notes", "--region", "전북", "--out", str(out)).stdout
    assert "1줄을 저장했습니다" in said
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    (row,) = rows(out)
    assert row["note_id"] == "x-1"
    assert row["text"].startswith("'=1+1 통근버스가 부족합니다.")
    assert "010-0000-0000" not in row["text"]


def test_xlsx_by_the_ending_and_raw_words_with_a_warning(filled: Console) -> None:
    out = filled.folder / "out.XLSX"
    said = filled.runs("export", "notes", "--raw", "--out", str(out)).stdout
    assert "파기해 주십시오" in said
    sheet = load_workbook(out).active
    assert sheet is not None
    assert "010-0000-0000" in str(sheet["K2"].value)


def test_what_was_taken_away_is_in_the_audit(filled: Console) -> None:
    filled.runs("export", "notes", "--out", str(filled.folder / "a.csv"))
    out = filled.folder / "audit.csv"
    filled.runs("export", "audit", "--out", str(out))
    acts = {row["행위"]: row for row in rows(out)}
    assert (acts["notes_exported"]["정보주체"], acts["notes_exported"]["목적"]) == ("all", "export")
    assert "통근버스" not in out.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("words", "exits", "reason"),
    [
        (("export", "notes", "--out", "notes.pdf"), 1, ".xlsx 또는 .csv"),
        (("export", "notes", "--region", "없는권역", "--out", "a.csv"), 1, "내보낼 자료가 없습니다"),
        (("export", "notes", "--date", "22일", "--out", "a.csv"), 2, "--date"),
        (("export", "notes", "--out", "없는폴더/a.csv"), 1, "저장하지 못했습니다"),
        (("export", "notes"), 2, "--out"),
    ],
)
def test_what_cannot_be_exported_is_said(
    filled: Console, words: tuple[str, ...], exits: int, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(filled.folder)
    assert reason in filled.runs(*words, exits=exits).output
    assert not list(filled.folder.glob("a.csv"))


def test_the_digest_is_given_as_an_html_file(filled: Console) -> None:
    out = filled.folder / "digest.html"
    filled.runs(*DIGEST, "--format", "html", "--out", str(out))
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "[전북] 일일 권역 보고" in page
    assert "010-0000-0000" not in page


@pytest.mark.parametrize(("form", "begins"), [("hwpx", b"PK"), ("pdf", b"%PDF-"), ("docx", b"PK")])
def test_the_digest_is_given_as_a_file_and_never_on_the_screen(
    filled: Console, form: str, begins: bytes
) -> None:
    out = filled.folder / f"digest.{form}"
    filled.runs(*DIGEST, "--format", form, "--out", str(out))
    assert out.read_bytes().startswith(begins)
    assert out.stat().st_mode & 0o077 == 0
    words = " ".join(words_of(out.read_bytes(), FileForm(form)))
    assert "[전북] 일일 권역 보고" in words
    assert "010-0000-0000" not in words
    assert "--out" in filled.runs(*DIGEST, "--format", form, exits=2).output
