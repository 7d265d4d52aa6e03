"""An invented tour of one's own, and what was said on it."""

TOUR = """key,round,region,date,start,end,track,title,venue,address,host,notes
가-1,1,강원,2026-03-05,09:00,10:00,company,가상 기업 간담회,가상 회의실,,,
가-2,1,강원,2026-03-04,14:00,15:00,youth,가상 청년 간담회,가상 강당,,,
"""
NOTES = """note_id,region,date,time,meeting_key,track,speaker,rating,text
1,강원,2026-03-04,14:30,가-2,youth,youth,4,가상 의견입니다.
2,강원,2026-03-04,,가-2,youth,youth,5,시각이 없습니다.
3,강원,2026-03-04,14:40,없는-일정,youth,youth,5,일정이 없습니다.
"""
