"""`digest --tour` in this process: what it prints and saves, and wrong use of it."""

import json
from pathlib import Path

import pytest

from tests.bot.test_commands import notes, shipped
from tests.support.console import Console

DAYS = (("전북", "2026-01-22", "통근버스"), ("동남권", "2026-01-23", "외국인력"))


@pytest.fixture
def told(console: Console, monkeypatch: pytest.MonkeyPatch) -> Console:
    """Two region-days of the sample tour, of which the first two digests were sent."""
    monkeypatch.setenv("RETENTION_DAYS", "3650")
    console.runs("import", "tour", shipped("tour.csv"))
    for region, day, what in DAYS:
        lines = [
            f"{region}-x{n},{region},{day},,,company,company,4,가상 {what} {n}번이 부족합니다."
            for n in range(6)
        ]
        console.runs("import", "notes", console.file(f"{day}.csv", notes(*lines)))
    return console


def test_it_is_made_of_what_was_sent_and_of_all_that_was(told: Console) -> None:
    assert "보낸 보고가 없어" in told.runs("digest", "--tour", exits=1).output
    for region, day, _ in DAYS:
        told.runs("digest", "--region", region, "--date", day, "--publish")
    made = json.loads(told.runs("digest", "--tour").stdout)
    assert [(one["region"], one["date"], one["revision"]) for one in made["days"]] == [
        ("전북", "2026-01-22", 1),
        ("동남권", "2026-01-23", 1),
    ]
    assert made["ledger"]["received"] == 12
    assert {one["region"] for one in made["missing"]} == {"강원", "대경권", "중부권", "서남권", "제주"}
    out = told.folder / "tour.html"
    told.runs("digest", "--tour", "--final", "--format", "html", "--out", str(out))
    assert "순방 최종 보고" in out.read_text(encoding="utf-8")
    assert out.stat().st_mode & 0o077 == 0, "for whoever runs it only"
    for form, head in (("hwpx", b"PK"), ("pdf", b"%PDF"), ("docx", b"PK")):
        file = Path(told.folder / f"tour.{form}")
        told.runs("digest", "--tour", "--format", form, "--out", str(file))
        assert file.read_bytes().startswith(head)
    text = told.runs("digest", "--tour", "--format", "text").stdout
    assert "전북 1.22.(목) 제1판" in text
    assert "현장 행보가 없습니다" in told.runs("digest", "--tour", "--name", "없는 것", exits=1).output


@pytest.mark.parametrize(
    "words",
    [
        ("--tour", "--region", "전북"),
        ("--tour", "--date", "2026-01-22"),
        ("--tour", "--publish"),
        ("--final", "--region", "전북", "--date", "2026-01-22"),
        ("--name", "가상", "--region", "전북", "--date", "2026-01-22"),
        ("--region", "전북"),
        ("--date", "2026-01-22"),
        (),
        ("--tour", "--format", "pdf"),
    ],
)
def test_wrong_use(console: Console, words: tuple[str, ...]) -> None:
    console.runs("digest", *words, exits=2)
