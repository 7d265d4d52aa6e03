"""Files as offices save them: encodings, delimiters, quotes, doubles, damage. Refused in words, never an exception."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reading import CancelNeedsWholeFile, read_notes, read_tour
from tests.support.plans import SEOUL
from tests.support.tour_files import CELLS, HEAD, file, line, refused


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends_are_found_out(encoding: str, delimiter: str, ends: str) -> None:
    text = file(line(), line(key="a-2")).replace(",", delimiter).replace("\n", ends)
    assert read_tour(text.encode(encoding), SEOUL) == read_tour(file(line(), line(key="a-2")), SEOUL)


def test_the_second_of_a_key_is_refused_and_says_where_the_first_is() -> None:
    table = read_tour(file(line(), line(key="a-2"), line(title="다른 이름")), SEOUL)
    (refusal,) = table.refused
    assert (refusal.line, refusal.reason, refusal.values) == (4, "import.key_twice", {"first": 2})
    assert table.plans[0].title == "새만금 간담회"


def test_a_refused_line_spares_its_key_for_a_good_one() -> None:
    table = read_tour(file(line(start="?"), line()), SEOUL)
    assert [p.key for p in table.plans] == ["a-1"]


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    text = file("", line(title='"두 줄에\n걸친 제목"'), "", line(key="x", date="?"))
    assert refused(text) == [(6, "date", "date_unreadable")]


def test_the_column_is_called_what_the_file_calls_it() -> None:
    assert refused(file(line(start="?")).replace("start", " 시작(HH:MM) ", 1)) == [
        (2, "시작(HH:MM)", "time_unreadable")
    ]


def test_a_line_that_ends_early_is_read_as_empty_cells() -> None:
    table = read_tour(file(line().rsplit(",", 3)[0]), SEOUL)
    assert [(p.address, p.host, p.remarks) for p in table.plans] == [("", "", "")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [(0, None, "file_empty")]),
        (b"\xef\xbb\xbf\r\n\r\n", [(0, None, "file_empty")]),
        (HEAD.encode(), [(0, None, "no_lines")]),
        (b"PK\x03\x04rest of a workbook", [(0, None, "is_other")]),
        (b"\xff\xfe\x00", [(0, None, "letters_unknown")]),
        (bytes(range(256)), [(0, None, "letters_unknown")]),
        (file(line()).encode()[:-2] + b"\xec\n", [(2, None, "letters_damaged")]),
        (f"{HEAD},title\n{line()},x".encode(), [(1, "title", "column_twice")]),
        (b"just words\nand more", [(1, None, "columns_missing")]),
        (f'"{HEAD}\n{line()}'.encode(), [(1, None, "quotes_broken")]),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_once(
    data: bytes, expected: list[tuple[int, str | None, str]]
) -> None:
    assert refused(data) == expected
    assert read_tour(data, SEOUL).plans == ()


def test_all_missing_columns_are_named_together() -> None:
    (refusal,) = read_tour("key,region,title\n", SEOUL).refused
    assert refusal.values == {"columns": "date(날짜), start(시작), end(종료), track(분야), venue(장소)"}


def test_a_broken_quote_costs_its_line_only() -> None:
    table = file(line(), line(key="b", title='"이른바 "상생" 간담회"'), line(key="c"))
    assert refused(table) == [(3, None, "quotes_broken")]
    assert [p.key for p in read_tour(table, SEOUL).plans] == ["a-1", "c"]


def test_a_quote_that_is_never_closed_says_how_much_was_lost() -> None:
    (refusal,) = read_tour(file(line(), line(key="b", title='"열린'), line(key="c")), SEOUL).refused
    assert (refusal.line, refusal.reason, refusal.values) == (3, "import.quotes_broken", {"last": 4})


def test_a_cell_past_all_bounds_costs_its_line_only() -> None:
    table = read_tour(file(line(title="가" * 200_000), line(key="b")), SEOUL)
    assert [r.line for r in table.refused] == [2]
    assert [p.key for p in table.plans] == ["b"]


def test_what_is_missing_may_be_cancelled_only_when_every_line_was_read() -> None:
    with pytest.raises(CancelNeedsWholeFile) as why:
        read_tour(file(line(), line(key="b", date="?")), SEOUL).require_whole()
    assert why.value.values == {"count": 1}


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything(data: bytes) -> None:
    table = read_tour(data, SEOUL)
    assert table.plans or table.refused
    assert read_notes(data, SEOUL).refused


@given(
    st.text(st.characters(codec="utf-8"), max_size=80),
    st.sampled_from(sorted(CELLS)),
    st.sampled_from(["utf-8", "utf-8-sig"]),
)
def test_a_line_is_either_taken_or_refused_whatever_a_cell_says(
    text: str, column: str, encoding: str
) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    table = read_tour(file(line(**{column: quoted})).encode(encoding), SEOUL)
    assert len(table.plans) + len(table.refused) == 1


def test_what_stands_above_the_head_is_passed_over() -> None:
    text = "2026년 현장 행보,,\n작성: 가상 부서,,\n" + file(line(), line(key="b", start="?"))
    table = read_tour(text, SEOUL)
    assert table.plans == read_tour(file(line()), SEOUL).plans
    assert refused(text) == [(5, "start", "time_unreadable")]


def test_the_line_that_fits_best_names_what_is_missing() -> None:
    (refusal,) = read_tour("안내,날짜\nkey,region,date,start,end,track,title\na,b,c,d,e,f,g\n", SEOUL).refused
    assert (refusal.line, refusal.values) == (2, {"columns": "venue(장소)"})


def test_a_head_far_below_is_not_looked_for() -> None:
    assert refused("안내\n" * 20 + file(line())) == [(1, None, "columns_missing")]


def test_lines_of_the_template_that_show_how_it_is_done_are_no_data() -> None:
    assert refused(file(line(key="예시-1"), line())) == [(2, None, "example_line")]
