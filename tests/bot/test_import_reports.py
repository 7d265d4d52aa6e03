"""What an import prints: counts first, then lines, and never more of a kind than somebody reads."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.digest import Topic
from bot.domain.ids import TourId
from bot.domain.meeting import MeetingPlan
from bot.domain.schedule import Change, Comparison, compare
from bot.domain.tables.sheet import RefusedLine
from bot.domain.tour import Tour
from bot.import_reports import MOST_LINES, notes_report, tour_report
from bot.services.notes_import import Report
from bot.services.schedule import Applied
from tests.support.chat import MESSAGES
from tests.support.plans import at, plan, standing

NOW = at("08:00")
TOUR = Tour(TourId("tour"), "가상 행보", (Topic("jobs", "일자리"),))


def printed(comparison: Comparison, *refused: RefusedLine, dry: bool = False) -> list[str]:
    return tour_report(MESSAGES, Applied(TOUR, comparison, dry), refused, NOW)


def moved(of: MeetingPlan, minutes: int) -> MeetingPlan:
    by = timedelta(minutes=minutes)
    return replace(of, start=of.start + by, end=of.end + by)


def test_every_kind_of_change_is_a_line_after_the_counts() -> None:
    stays, moves, goes = (
        plan("a"),
        plan("b", "09:40", "11:00", title="옮길 간담회"),
        plan("c", title="취소될 간담회"),
    )
    new = plan("d", "15:00", "16:00", title="새 간담회")
    comparison = compare(
        [standing(stays), standing(moves), standing(goes)],
        [stays, moved(moves, 20), new],
        cancel_missing=True,
    )
    head, *lines = printed(comparison, RefusedLine(7, "date", "import.cell_empty"))
    assert head == "‘가상 행보’ 일정을 반영했습니다: 추가 1, 변경 1, 취소 1, 그대로 1, 거절 1"
    assert lines[0] == "  추가  전북 1.22.(목) 15:00 새 간담회"
    assert "옮길 간담회" in lines[1]
    assert "09:40 → 10:00" in lines[1]
    assert lines[2] == "  취소  전북 1.22.(목) 09:00 취소될 간담회"
    assert lines[3] == "  거절  7행 ‘date’ 칸: 값이 비어 있습니다."


def test_a_change_that_moves_nothing_people_are_told_of_is_named_all_the_same() -> None:
    before = plan("a", title="간담회")
    comparison = Comparison(
        added=(),
        changed=(Change(standing(before), replace(before, remarks="안전화"), ("remarks",)),),
        cancelled=(),
        unchanged=(),
    )
    _, line = printed(comparison)
    assert "간담회" in line


def test_a_dry_run_says_so() -> None:
    [head] = printed(compare([], [], cancel_missing=False), dry=True)
    assert "아직 반영하지 않았습니다" in head


def test_many_lines_are_cut_and_counted() -> None:
    many = [RefusedLine(n, None, "import.note_says_nothing") for n in range(2, MOST_LINES + 5)]
    head, *lines = notes_report(MESSAGES, Report(added=1, refused=many), NOW, dry=False)
    assert head == f"의견을 반영했습니다: 추가 1, 변경 0, 그대로 0, 거절 {len(many)}"
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == "  … 외 3건"
