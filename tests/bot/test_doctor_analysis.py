"""`doctor` on reading Korean: off, well, and without its packages."""

from bot.commands.doctor.analysis import check_analysis
from bot.commands.doctor.finding import Mark
from bot.gateways.analysis.process import KoreanAnalyst
from bot.settings import Settings


async def test_off_is_said() -> None:
    (line,) = await check_analysis(Settings(_env_file=None, analysis="off"))
    assert (
        line.line
        == "– 의견 분석: ANALYSIS=off 입니다. 주제를 고르지 않은 의견은 보고에 ‘주제 미분류’로 실립니다"
    )


async def test_what_loads_is_timed_and_weighed() -> None:
    (line,) = await check_analysis(Settings(_env_file=None, analysis="on"))
    assert line.line.startswith("✓ 의견 분석: 답합니다 (시작에 ")
    assert line.line.endswith("MB)")


async def test_what_does_not_load_must_be_mended() -> None:
    broken = KoreanAnalyst(started_by=("/nowhere/가상",))
    (line,) = await check_analysis(Settings(_env_file=None, analysis="on"), broken)
    assert line.mark is Mark.BAD
    assert "make setup" in line.todo
