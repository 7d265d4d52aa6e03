"""Tour files said briefly: `file(line(title="…"))` is a head and a good line but for its title."""

from bot.domain.meeting import MeetingPlan
from bot.domain.reading import read_tour
from tests.support.plans import SEOUL

HEAD = "key,round,region,date,start,end,track,title,venue,address,host,notes"
CELLS = {
    "key": "a-1",
    "round": "1",
    "region": "전북",
    "date": "2026-01-22",
    "start": "09:40",
    "end": "11:00",
    "track": "company",
    "title": "새만금 간담회",
    "venue": "대회의실",
    "address": "군산시",
    "host": "군산시",
    "notes": "안전화",
}


def line(**changes: str) -> str:
    return ",".join({**CELLS, **changes}.values())


def file(*lines: str) -> str:
    return "\n".join([HEAD, *lines]) + "\n"


def one(**changes: str) -> MeetingPlan:
    table = read_tour(file(line(**changes)), SEOUL)
    assert table.refused == ()
    (plan,) = table.plans
    return plan


def refused(text: str | bytes) -> list[tuple[int, str | None, str]]:
    return [(r.line, r.column, r.reason.removeprefix("import.")) for r in read_tour(text, SEOUL).refused]
