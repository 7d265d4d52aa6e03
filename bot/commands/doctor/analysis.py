"""Reading Korean: whether its packages load, in a process as the bot starts it, and how long that takes."""

from pathlib import Path

from bot.commands.doctor.finding import Finding, bad, good, note
from bot.digest.ports import AnalysisFailed
from bot.gateways.analysis.process import KoreanAnalyst
from bot.outside import system_clock
from bot.settings import Settings

_TRY = "가상 의견입니다. 산업단지에 통근버스가 없습니다."
_WITHOUT = "주제를 고르지 않은 의견은 보고에 ‘주제 미분류’로 실립니다"


async def check_analysis(settings: Settings, analyst: KoreanAnalyst | None = None) -> list[Finding]:
    """Whatever is wrong with it, digests go out on time; notes without a topic then stay without."""
    if settings.analysis == "off":
        return [note("analysis", "의견 분석", f"ANALYSIS=off 입니다. {_WITHOUT}")]
    async with analyst or KoreanAnalyst() as reader:
        return [await _tried(reader)]


async def _tried(reader: KoreanAnalyst) -> Finding:
    clock = system_clock()
    began = clock.monotonic()
    try:
        await reader.read([_TRY])
    except AnalysisFailed:
        text = f"형태소 분석기와 문장 인코더를 불러오지 못했습니다. {_WITHOUT}"
        return bad("analysis", "의견 분석", text, "make setup. 메모리가 1GB보다 적으면 ANALYSIS=off")
    took = clock.monotonic() - began
    return good("analysis", "의견 분석", f"답합니다 (시작에 {took:.1f}초{_memory(reader.pid)})")


def _memory(pid: int | None) -> str:
    """What the child holds, where the system says so (Linux)."""
    file = Path(f"/proc/{pid}/status")
    if not file.is_file():
        return ""
    held = dict(line.split(":", 1) for line in file.read_text().splitlines() if ":" in line)
    return f", 메모리 {int(held['VmRSS'].split()[0]) // 1024}MB"
