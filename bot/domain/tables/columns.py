"""The columns of the files that people bring, by all the titles we understand, and the choices some of them offer."""

from bot.domain.feedback import Speaker
from bot.domain.meeting import Track
from bot.domain.tables.head import Column
from bot.domain.tables.text import folded

TOUR_SHEETS = ("일정", "일정표", "tour")
NOTE_SHEETS = ("의견", "의견 목록", "notes")
"""What a workbook's sheet is called when it is surely meant, best first."""
EXAMPLE = "예시"
"""Sheets whose name holds it are not read, lines whose number begins with it are refused: our templates mark examples so."""

TOUR_COLUMNS = (
    Column("key", ("일정번호", "키", "일정키", "번호"), required=True),
    Column("round", ("회차", "차수")),
    Column("region", ("권역", "지역"), required=True),
    Column("date", ("날짜", "일자"), required=True),
    Column("start", ("시작", "시작시각", "시작시간"), required=True),
    Column("end", ("종료", "종료시각", "종료시간", "끝"), required=True),
    Column("track", ("분야", "구분"), required=True),
    Column("title", ("일정명", "제목", "일정", "행사명"), required=True),
    Column("venue", ("장소",), required=True),
    Column("address", ("주소", "소재지")),
    Column("host", ("주관", "주최", "주관기관")),
    Column("notes", ("비고", "참고")),
)
NOTE_COLUMNS = (
    Column("note_id", ("의견번호", "번호"), required=True),
    Column("region", ("권역", "지역"), required=True),
    Column("date", ("날짜", "일자"), required=True),
    Column("time", ("시각", "시간")),
    Column("meeting_key", ("일정번호", "일정키", "키")),
    Column("track", ("분야", "구분")),
    Column("speaker", ("말한이", "발언자", "작성자")),
    Column("rating", ("평점", "만족도", "점수")),
    Column("text", ("의견", "의견내용", "내용"), required=True),
    Column("topic", ("주제",)),
)
TRACKS = {
    folded(name): track
    for track, names in {
        Track.GOVERNMENT: ("government", "지방정부", "지방정부 면담", "지자체"),
        Track.COMPANY: ("company", "기업", "지역기업", "산업현장", "지역기업·산업현장", "기업·산업현장"),
        Track.YOUTH: ("youth", "청년·근로자", "청년", "근로자"),
        Track.INSTITUTION: ("institution", "혁신기관", "지역 혁신기관", "기관"),
    }.items()
    for name in names
}
SPEAKERS = {
    folded(name): speaker
    for speaker, names in {
        Speaker.YOUTH: ("youth", "청년"),
        Speaker.WORKER: ("worker", "근로자", "노동자"),
        Speaker.COMPANY: ("company", "기업", "기업인"),
        Speaker.GOVERNMENT: ("government", "지방정부", "지자체", "공무원"),
        Speaker.INSTITUTION: ("institution", "혁신기관", "기관", "대학"),
        Speaker.STAFF: ("staff", "실무자", "수행 실무자", "직원"),
        Speaker.OTHER: ("other", "기타", "그 밖", "주민", "알 수 없음", ""),
    }.items()
    for name in names
}
