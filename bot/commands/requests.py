"""`requests`: what people asked about their data, at the console; also what came by letter or phone."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.commands.desk import desk
from bot.commands.files import read_text
from bot.domain.request import Answer, Door, Request, RequestKind, RequestState
from bot.services.requests.taking_out import Cited, take_out
from bot.services.requests.telling import kept_until
from bot.settings import Settings
from prompts.korean import with_particle

STANDARD_INPUT = Path("-")
KINDS = {
    RequestKind.ACCESS: "열람",
    RequestKind.CORRECTION: "정정",
    RequestKind.DELETION: "삭제",
    RequestKind.SUSPENSION: "처리정지",
}
_DOORS = {Door.CHAT: "대화방", Door.DESK: "서면·전화"}
_ENDS = {
    RequestState.DONE: "처리 완료",
    RequestState.REFUSED: "거절",
    RequestState.NONE: "해당 정보 없음",
    RequestState.WITHDRAWN: "본인이 철회",
}


async def list_requests(settings: Settings, *, everything: bool) -> list[str]:
    """A line each, without what was said; those that wait, or all that are on file."""
    async with desk(settings) as at:
        answering, today = at.services.answering, at.services.answering.today(at.clock.now())
        async with at.database.open_unit(read_only=True) as unit:
            found = await (answering.all(unit) if everything else answering.waiting(unit, None))
    return _lines(found, today) or ["답을 기다리는 개인정보 요구가 없습니다."]


async def show_request(settings: Settings, number: str) -> list[str]:
    """One with what was said. That it was read is on record. Raises Failed."""
    async with desk(settings) as at:
        async with at.database.open_unit() as unit:
            opened = await at.services.answering.read(unit, number, now=at.clock.now())
            await unit.commit()
        request = opened.request
        lines = _lines([request], at.services.answering.today(at.clock.now()))
    if opened.person is not None:
        lines.append(f"요구하신 분: {opened.person.name}")
    lines.append(f"요구 내용: {request.words or '따로 적지 않음'}")
    if request.answer:
        lines.append(f"{'연기 사유' if request.is_open else '보낸 답'}: {request.answer}")
    return lines


async def add_request(
    settings: Settings, kind: RequestKind, received_on: date | None, words: Path | None
) -> list[str]:
    """Writes down what came by letter or phone. Raises Failed."""
    said = _words(words)
    async with desk(settings) as at:
        answering, now = at.services.answering, at.clock.now()
        async with at.database.open_unit() as unit:
            day = received_on or answering.today(now)
            request = await answering.write_down(unit, kind, day, said, now=now)
            await unit.commit()
    return [
        f"요구 {request.number} · {KINDS[kind]} · 처리 기한 {_day(request.due_on)}까지 답하셔야 합니다.",
        "대화방이 없는 요구이므로 결과는 서면이나 전화로 알리고 `python -m bot requests answer`로 적어 주십시오.",
    ]


async def answer_request(settings: Settings, number: str, answer: Answer, words: Path | None) -> list[str]:
    """Closes one, or puts it off. Raises Failed."""
    said = _words(words)
    async with desk(settings) as at:
        answering, now = at.services.answering, at.clock.now()
        async with at.database.open_unit() as unit:
            request = await answering.numbered(unit, number)
            outcome = await answering.answer(unit, None, request.id, answer, said, now=now)
            await unit.commit()
        closed = outcome.request
        if outcome.answer is None:
            closed.require_open()  # in the words of every refusal
    what = (
        f"{_day(closed.due_on)}까지 연기했습니다."
        if closed.is_open
        else f"{with_particle(_ENDS[closed.state], '으로')} 마쳤습니다."
    )
    told = "연기한 사실과 사유를" if closed.is_open else "결과를"
    way = (
        f"{told} 서면이나 전화로 알려 주십시오." if closed.chat is None else "봇이 대화방으로 답을 보냅니다."
    )
    return [f"요구 {closed.number}: {what}", way]


async def take_out_note(settings: Settings, number: str, cited: Cited) -> list[str]:
    """Withdraws one note for an open request, unseen; the request goes on waiting for its answer. Raises Failed."""
    async with desk(settings) as at, at.database.open_unit() as unit:
        request = await take_out(unit, number, cited, now=at.clock.now())
        await unit.commit()
    day = f"{cited.region} {_day(cited.day)}"
    return [
        f"{day}의 의견 {with_particle(cited.number, '을를')} 거두었습니다. 별점과 주제, 음성과 사진도 함께 지웠습니다.",
        "이미 보낸 보고가 있으면 실행 중인 봇이 그 의견 없이 곧 다시 냅니다. 대화방에 이미 간 메시지는 그대로 남습니다.",
        f"요구 {request.number}에는 아직 답하지 않았습니다. `python -m bot requests answer`나 대화방에서 답해 주십시오.",
    ]


def _lines(requests: Sequence[Request], today: date) -> list[str]:
    return [" · ".join(_parts(one, today)) for one in requests]


def _parts(request: Request, today: date) -> list[str]:
    parts = [
        request.number,
        KINDS[request.kind],
        _DOORS[request.door],
        f"{_day(request.received_on)} 접수",
    ]
    if request.closed_on is not None:
        late = "(기한 지나서)" if request.was_late else ""
        parts.append(f"{_day(request.closed_on)} {_ENDS[request.state]}{late}")
        return [*parts, f"{_day(kept_until(request))}까지 보관"]
    left = (request.due_on - today).days
    parts.append(f"처리 기한 {_day(request.due_on)}까지")
    if request.is_postponed:
        parts.append("한 번 연기")
    return [*parts, f"{left}일 남음" if left > 0 else "오늘까지" if left == 0 else f"기한 {-left}일 지남"]


def _day(day: date) -> str:
    return day.isoformat()


def _words(file: Path | None) -> str:
    """From a file or standard input: what people wrote does not belong into a command line, which others can read."""
    if file is None:
        return ""
    said = sys.stdin.read() if file == STANDARD_INPUT else read_text(file)
    return said.replace("\0", "")  # no text, and none for PostgreSQL
