"""The development corpora as a digest's input. Their labels stand in for what participants tap."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.domain.digest import DayInput, DayMeeting, DayNote, Topic
from bot.domain.feedback import NoteKind, Speaker
from bot.domain.ids import NoteId, Region, VoiceId

DATA = Path(__file__).parents[1] / "data"

TOPICS = (
    Topic("jobs", "일자리·임금"),
    Topic("living", "주거·교통·문화"),
    Topic("people", "인력·교육"),
    Topic("rules", "규제·인허가"),
    Topic("money", "투자·자금"),
    Topic("tech", "기술·제조AX"),
    Topic("energy", "에너지·인프라"),
    Topic("other", "기타", is_rest=True),
)
_TOPIC_OF_LABEL = {
    "청년 정주·통근·주거": "living",
    "전력계통·재생에너지·전기요금": "energy",
    "인력난·외국인력·직무교육": "people",
    "R&D·실증 지원 절차": "tech",
    "상용차·수소 부품 전환": "money",
    "항만·물류·교통망": "energy",
    "식품·바이오 수출": "rules",
    "근로시간·특별연장근로": "jobs",
    "조선 인력·외국인력": "people",
    "석유화학 사업재편·고용": "money",
    "방산·원전 수출금융·인증": "tech",
    "노후 산단 안전·교통": "living",
    "납품단가·원가 부담": "rules",
    "해상풍력·계통 접속": "energy",
    "산단 근로자 정주·안전": "living",
    "여수 석유화학 재편·고용": "money",
}
_MEETINGS = {
    "전북": (
        ("jb-0122-1", "전북 지방정부 조찬 면담"),
        ("jb-0122-2", "새만금 입주기업 현장 간담회"),
        ("jb-0122-3", "군산 산단 근로자·청년 오찬 간담"),
        ("jb-0122-4", "전북 혁신기관 교류회"),
        ("jb-0122-5", "완주 상용차·수소 협력사 간담회"),
        ("jb-0122-6", "전북 청년 저녁 대화"),
    )
}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def corpus_day(name: str, *, every_nth_without_topic: int = 0) -> DayInput:
    """A corpus as one day. Topics follow the labels that a topic of the sample fits; the others have none."""
    records = rows(name)
    notes = []
    for place, row in enumerate(records):
        skipped = every_nth_without_topic and place % every_nth_without_topic == every_nth_without_topic - 1
        notes.append(
            DayNote(
                id=NoteId(f"id-{row['note_id']}"),
                number=row["note_id"],
                voice=VoiceId(f"voice-{row['note_id']}"),
                speaker=Speaker(row["speaker"]),
                kind=NoteKind.REMARK,
                meeting=row["meeting_key"],
                rating=int(row["rating"]) if row["rating"] else None,
                topic=None if skipped else _TOPIC_OF_LABEL.get(row["theme"]),
                words=row["text"],
            )
        )
    region = records[0]["region"]
    meetings = tuple(
        DayMeeting(key, title, order) for order, (key, title) in enumerate(_MEETINGS.get(region, ()))
    )
    return DayInput(Region(region), date.fromisoformat(records[0]["date"]), 1, tuple(notes), meetings, TOPICS)


def labelled_day(name: str) -> DayInput:
    """A corpus as one day, each of its labels a topic of its own that the author tapped."""
    labels = {row["note_id"]: row["theme"] for row in rows(name)}
    titles = dict.fromkeys(label for label in labels.values() if label != "기타")
    topics = {title: Topic(f"label{place}", title) for place, title in enumerate(titles)}
    day = corpus_day(name)
    notes = tuple(
        replace(note, topic=topics[labels[note.number]].key if labels[note.number] in topics else None)
        for note in day.notes
    )
    return replace(day, notes=notes, topics=tuple(topics.values()))


_MARKED = {
    "jeonbuk_2026-01-22": {"jb-027", "jb-105", "jb-116"},
    "southeast_2026-01-23": {"se-032", "se-039", "se-067"},
    "edge_cases": {"ec-012"},
}


def marked_views(name: str) -> set[str]:
    """The notes that a corpus marks as a minority's or as against the current."""
    with (DATA / "annotations_blind.csv").open(encoding="utf-8", newline="") as file:
        others = {
            row["note_id"]
            for row in csv.DictReader(file)
            if row["file"] == f"{name}.csv" and row["tag"] in ("minority", "counter")
        }
    return others | _MARKED.get(name, set())
