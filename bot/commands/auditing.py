"""`audit verify`: a look along the access log. What was changed with a tool of the database's is found, and said."""

from dataclasses import replace

from bot.commands.opening import Failed, clock_for, database_of
from bot.domain.access_log import BEGINNING, Broken, Fault, Head, Verdict
from bot.services.access_log import verify
from bot.services.unit import Unit
from bot.settings import Settings
from storage.condition import CannotOpen, examine, is_there
from storage.database import Database

_FAULTS = {
    Fault.CHANGED: "{seq}번째 줄이 봉인된 뒤에 바뀌었거나 차례가 바뀌었습니다.",
    Fault.MISSING: "{seq}번째 줄이 없습니다.",
    Fault.CUT_OFF: "{seq}번째 줄부터 끝이 없습니다.",
    Fault.ADDED: "{seq}번째 줄은 나중에 덧붙인 것입니다.",
    Fault.NOT_AS_NOTED: "{seq}번째 줄의 봉인이 적어 두신 것과 다릅니다. 그 줄까지 다시 쓴 기록일 수 있습니다.",
    Fault.NOTED_GONE: "적어 두신 {seq}번째 줄이 파기된 것으로 되어 있어, 그때까지의 기록이 쓰인 그대로인지 확인할 수 없습니다. "
    "보존 기간(2년)이 지나지 않은 줄이라면 기록을 지우고 다시 쓴 것일 수 있습니다.",
    Fault.CUT_UNTOLD: "앞의 {seq}번째 줄까지 없으나, 보존 기간(2년)이 지나 파기하였다는 기록이 없습니다.",
    Fault.GONE: "접속기록이 시작된 적이 있으나 그 기록이 통째로 사라졌습니다.",
}


def broken_line(broken: Broken) -> str:
    """What is wrong, and where."""
    return _FAULTS[broken.fault].format(seq=f"{broken.seq:,}")


def head_line(head: Head) -> str:
    """The head, to be noted elsewhere: whoever writes the whole log anew is found out by it alone."""
    if head.seq == 0:
        return "  접속기록이 아직 없습니다."
    return (
        f"  접속기록의 끝: {head}\n"
        "  이 값을 서비스 밖(대장, 전자우편 등)에 적어 두시면 나중에 `python -m bot audit verify --noted 값`으로 견줄 수 있습니다."
    )


async def head_of(database: Database) -> Head:
    """Where the access log ends now."""
    async with database.open_unit(read_only=True) as unit:
        return await _dated(unit)


async def _dated(unit: Unit) -> Head:
    """The last place in the chain with its day, by which a note of it is known to be old one day."""
    last = (await unit.audit.chain()).last
    line = await unit.audit.line(last.seq)
    return last if line is None else replace(last, day=line.at.date())


async def verify_audit(settings: Settings, noted: Head | None) -> list[str]:
    """Lines that say that the chain is whole. Reads only. Raises Failed with the first line that is not in order."""
    now = None if noted is None else (await clock_for(settings)).now()
    database = database_of(settings)
    try:
        await _require_current(database)
        async with database.snapshot_unit() as unit:
            verdict = await verify(unit, noted, now=now)
            last = BEGINNING if verdict.broken else await _dated(unit)
    finally:
        await database.close()
    if verdict.broken is not None:
        raise Failed(f"접속기록이 온전하지 않습니다: {broken_line(verdict.broken)}")
    return [*_whole(verdict), *_compared(verdict, noted), head_line(last)]


async def _require_current(database: Database) -> None:
    if not is_there(database):
        raise Failed("아직 데이터베이스가 만들어지지 않았습니다.")
    try:
        found = await examine(database)
    except CannotOpen as error:
        raise Failed(
            f"데이터베이스를 열지 못했습니다({error}). `python -m bot doctor`로 확인해 주십시오."
        ) from None
    if not found.is_current:
        raise Failed("데이터베이스의 구조가 이 판과 다릅니다. `python -m bot doctor`로 확인해 주십시오.")


def _whole(verdict: Verdict) -> list[str]:
    lines = [f"접속기록 {verdict.lines:,}줄이 모두 온전합니다."]
    if verdict.destroyed:
        lines.append(
            f"  보존 기간이 지난 앞의 {verdict.destroyed:,}줄은 파기된 것으로 기록되어 있고, 남은 줄이 그 뒤를 잇습니다."
        )
    return lines


def _compared(verdict: Verdict, noted: Head | None) -> list[str]:
    if noted is None:
        return []
    if noted.seq <= verdict.destroyed:
        return ["※ 적어 두신 줄은 보존 기간이 지나 파기되어 견줄 수 없습니다."]
    same = f"  적어 두신 {noted.seq:,}번째 줄의 봉인과 같습니다."
    if not verdict.destroyed:
        return [f"{same} 그때까지의 기록은 다시 쓴 것이 아닙니다."]
    first = verdict.destroyed + 1
    return [
        f"{same} {first:,}번째 줄부터 그 줄까지는 다시 쓴 것이 아닙니다. 그 앞의 줄은 남아 있지 않아 확인할 수 없습니다."
    ]
