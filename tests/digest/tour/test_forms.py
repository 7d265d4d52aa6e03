"""The tour's report as messages, JSON and files: golden files, and what each line must say of where it comes from.

`RERECORD=1 pytest tests/digest/tour/test_forms.py` writes the golden files anew: read them then.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.digest.as_json import to_json as digest_to_json
from bot.digest.as_report import report as digest_report
from bot.digest.chat_parts import LONGEST_PART
from bot.digest.report import FileForm, Report, Table
from bot.digest.tour.as_json import to_json
from bot.digest.tour.collect import tour_report
from bot.digest.tour.sections import compose, document, sections
from bot.digest.tour.values import TourReport
from bot.domain.digest import Digest, Engine, EngineKind
from bot.domain.markup import without_markup
from bot.gateways.documents.writing import written
from bot.services.wording import visible_length
from tests.support.chat import MESSAGES
from tests.support.documents import letters, said, words_of
from tests.support.tour_report import NAME, NOW, three_day_report, three_days

GOLDEN = Path(__file__).parents[2] / "golden" / "tour"
REPORT = three_day_report()
DOCUMENT = document(REPORT, MESSAGES, NOW)
_CITED = re.compile(r"(전북|동남권|강원) (?:\d+\.\d+\.\(.\) )?제(\d)판 ((?:jb|se)-\d+|\d+번)")


def messages(report: TourReport = REPORT, language: str = "ko") -> str:
    parts = [part for one in sections(report) for part in compose(report, one.key, MESSAGES, NOW, language)]
    return "\n\n".join(map(without_markup, parts))


def as_recorded(name: str, text: str) -> bool:
    golden = GOLDEN / name
    if os.environ.get("RERECORD") == "1":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    return text == golden.read_text(encoding="utf-8")


def test_golden_messages() -> None:
    assert as_recorded("messages.txt", messages() + "\n"), "look at the change; record it with RERECORD=1"


def test_golden_json() -> None:
    text = json.dumps(to_json(REPORT), ensure_ascii=False, indent=1) + "\n"
    assert as_recorded("report.json", text), "look at the change; record it with RERECORD=1"


def test_golden_page() -> None:
    page = written(DOCUMENT, FileForm.HTML).decode()
    assert as_recorded("report.html", page), "look at the change; record it with RERECORD=1"


def test_every_message_fits_telegram() -> None:
    for one in sections(REPORT):
        for part in compose(REPORT, one.key, MESSAGES, NOW):
            assert 1 <= visible_length(part) <= LONGEST_PART


def test_sections_are_in_order_and_the_conclusion_is_first() -> None:
    assert [one.key for one in sections(REPORT)] == ["sum", "thm", "req", "pro", "min", "day", "src"]
    summary = without_markup(compose(REPORT, "sum", MESSAGES, NOW)[0]).split("\n")
    assert summary[0] == "[가상 현장 행보] 순방 누적 보고"
    assert summary[2] == "□ 요지"
    assert any("수소·충전(7, 1곳)" in line and "새로 나온 주제 1건" in line for line in summary)


def test_missing_days_are_named() -> None:
    text = messages()
    assert "※ 집계 없음: 서남권 1.28.(수)" in text
    assert "※ 아직 보고 전: 제주 2.20.(금)" in text


def test_the_final_report_says_so_in_every_title() -> None:
    report = three_day_report(closing=True)
    assert "[가상 현장 행보] 순방 최종 보고" in messages(report)
    assert "누적" not in messages(report)
    assert document(report, MESSAGES, NOW).title == "[가상 현장 행보] 순방 최종 보고"


def test_every_quoted_word_is_traced_to_region_edition_and_note() -> None:
    told = [
        one for kind in (REPORT.requests, REPORT.promises, REPORT.hearsay, REPORT.minority) for one in kind
    ]
    cited = {match.groups() for match in _CITED.finditer(messages())}
    for one in told:
        digest = REPORT.days[one.day]
        number = one.finding.notes[0].removeprefix(f"{digest.region}-")
        shown = f"{number}번" if number.isdecimal() else number
        assert (digest.region, str(digest.revision), shown) in cited


def test_a_region_with_two_days_is_cited_with_the_day() -> None:
    days = [*three_days()]
    days[2] = replace(days[2], region=days[0].region)
    assert "전북 2.4.(수) 제2판" in messages(tour_report(NAME, days))


def test_whom_a_request_asks_is_only_what_it_says() -> None:
    text = without_markup("\n".join(compose(REPORT, "req", MESSAGES, NOW)))
    body, _, rest = text.partition("원문이 기관을 밝히지 않은 요청")
    assert re.search(r"□ 국토부 \(요청 \d건 · 강원\)", body)
    asked = [line for line in body.split("\n") if "국토부" in line and "“" in line]
    assert asked
    assert all("강원 제2판" in line for line in asked)
    assert "국토부" not in rest


def test_promises_and_hearsay_stand_apart() -> None:
    text = without_markup("\n".join(compose(REPORT, "pro", MESSAGES, NOW)))
    promises, _, hearsay = text.partition("□ 전언")
    assert "3월까지 검토하겠다고 함" in promises
    assert "역이 생긴다는 말" not in promises
    assert "역이 생긴다는 말" in hearsay


def test_a_minority_has_its_region_and_no_speaker() -> None:
    text = without_markup("\n".join(compose(REPORT, "min", MESSAGES, NOW)))
    lines = [line for line in text.split("\n") if "“" in line]
    assert len(lines) == len(REPORT.minority)
    assert all(_CITED.search(line) for line in lines)
    assert not any(re.search(r"\((?:청년|근로자|기업|지방정부|혁신기관|그 밖) · ", line) for line in lines)


def test_sources_are_the_notes_behind_each_count() -> None:
    text = without_markup("\n".join(compose(REPORT, "src", MESSAGES, NOW)))
    hydrogen = text.split("○ 수소·충전\n")[1].split("\n○ ")[0]
    assert hydrogen.strip() == "- 강원 2.4.(수) 제2판: 9, 10, 11, 12, 13, 14, 15"


def test_sources_of_a_hidden_count_are_those_that_are_quoted() -> None:
    """As on the digest's own page: the list would be the count."""
    text = without_markup("\n".join(compose(REPORT, "src", MESSAGES, NOW)))
    rules = text.split("○ 규제·인허가\n")[1].split("\n○ ")[0]
    assert "강원 2.4.(수) 제2판: 16" in rules
    assert "(인용한 것만 실음)" in rules


def test_how_it_was_made_is_the_foot_of_every_page() -> None:
    assert DOCUMENT.foot.startswith("※ 발췌 방식(원문 그대로 인용) · 점검 통과")
    engine = Engine(EngineKind.LANGUAGE_MODEL, "가상-모델", "digest-1")
    first, *rest = three_days()
    made = document(tour_report(NAME, [replace(first, engine=engine), *rest]), MESSAGES, NOW)
    assert made.foot.startswith("※ AI로 작성됨(가상-모델, 지시문 digest-1) 1건, 발췌 방식 2건")
    assert "모은 보고: 전북 1.22.(목) 제1판, 동남권 1.23.(금) 제1판, 강원 2.4.(수) 제2판" in messages()


def test_a_reader_of_some_regions_is_told_so() -> None:
    days = [one for one in three_days() if one.region != "동남권"]
    report = tour_report(NAME, days, only=[one.region for one in days])
    text = messages(report)
    assert "※ 볼 수 있는 권역(전북, 강원)의 보고만 모음" in text
    assert "동남권" not in text


def test_a_tour_without_digests_says_so() -> None:
    report = tour_report(NAME, (), three_day_report().missing)
    assert [one.key for one in sections(report)] == ["sum"]
    assert "□ 모을 보고가 없음" in messages(report)
    assert "서남권 1.28.(수)" in messages(report)


def test_json_traces_every_count_and_balances() -> None:
    made = to_json(REPORT)
    for theme in made["themes"]:
        assert theme["voices"] == sum(one["voices"] for one in theme["days"])
        assert all(one["note_ids"] and one["region"] and one["revision"] for one in theme["days"])
    ledger = made["ledger"]
    assert ledger["received"] == sum(count for name, count in ledger.items() if name != "received")
    assert ledger["received"] == sum(one["ledger"]["received"] for one in made["days"])


def test_json_of_a_day_stays_readable_without_its_topic() -> None:
    """Digests that were stored before themes knew their topic."""
    from bot.digest.as_json import from_json

    digest = three_days()[0]
    stored = digest_to_json(digest)
    for theme in stored["themes"]:
        del theme["topic"]
    assert {one.topic for one in from_json(stored).themes} == {""}
    assert from_json(digest_to_json(digest)) == digest


def words_in(made: Report) -> Iterator[str]:
    for part in made.parts:
        for item in part.items:
            if isinstance(item, Table):
                yield from (cell for row in item.rows for cell in row)


@pytest.mark.parametrize("form", [FileForm.HWPX, FileForm.DOCX, FileForm.HTML])
def test_every_file_says_the_same(form: FileForm) -> None:
    wanted = [line for one in said(DOCUMENT) if (line := letters(one))]
    pieces = [piece for one in words_of(written(DOCUMENT, form), form) for piece in one.split("\n")]
    lines = [line for one in pieces if (line := letters(one))]
    assert lines == wanted


def test_the_pdf_holds_the_tables() -> None:
    text = letters("".join(words_of(written(DOCUMENT, FileForm.PDF), FileForm.PDF)))
    assert all(letters(cell) in text for cell in words_in(DOCUMENT))


def test_tables_are_whole() -> None:
    for part in DOCUMENT.parts:
        for item in part.items:
            if isinstance(item, Table):
                assert {len(row) for row in item.rows} == {len(item.head)}


def test_english_says_the_same_numbers() -> None:
    theirs = document(REPORT, MESSAGES, NOW, "en")
    assert theirs.title == "[가상 현장 행보] Tour report to date"
    ours, english = ([re.findall(r"\d+", cell) for cell in words_in(one)] for one in (DOCUMENT, theirs))
    days = re.compile(r"^(?:1|2|22|23|4|5)$")  # dates and "under 5" are written in another order
    assert [[n for n in one if not days.match(n)] for one in english] == [
        [n for n in one if not days.match(n)] for one in ours
    ]


def test_a_days_own_report_names_notes_by_their_number_alone() -> None:
    """The two share their lines."""
    made = digest_report(three_days()[0], MESSAGES, NOW)
    assert made.title == "[전북] 일일 권역 보고"
    assert "제1판" not in "".join(line.text for part in made.parts for line in part.lines if "“" in line.text)


def hostile(digest: Digest) -> Digest:
    themes = tuple(
        replace(one, category="<b>□ 가짜</b> @모두 \u202e\x07", title="가짜") for one in digest.themes[:1]
    )
    return replace(digest, themes=(*themes, *digest.themes[1:]))


def test_names_of_themes_cannot_pass_for_the_form() -> None:
    days = [hostile(three_days()[0]), *three_days()[1:]]
    report = tour_report(NAME, days)
    for one in sections(report):
        for part in compose(report, one.key, MESSAGES, NOW):
            assert "<b>□ 가짜" not in part
            assert "\u202e" not in part
            assert "@모두" not in part
