"""`evaluate …` as it is typed: a command made from what `bot.__main__` shares with its others."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.evaluating import By, Evaluation, Wish, as_text, evaluate
from bot.commands.files import write_out
from bot.digest.evaluation.values import DemandInvalid, Figure, read_demands
from bot.settings import Settings

_SCREEN = Path("-")


def _demands(text: str) -> dict[Figure, float]:
    try:
        return read_demands(text)
    except DemandInvalid as wrong:
        known = ", ".join(Figure)
        told = f"{wrong}: 이름=수로 적어 주십시오. 이름: {known}"
        raise typer.BadParameter(told, param_hint="--require") from None


async def _save(text: str, file: Path) -> None:
    write_out(text, file)


def evaluate_command(
    settings: Callable[[], Settings],
    do: Callable[[Coroutine[object, object, Evaluation]], Evaluation],
    save: Callable[[Coroutine[object, object, None]], None],
    say: Callable[[str], None],
) -> Callable[..., None]:
    """The command: `settings` reads them, `do` and `save` run what may fail in words, `say` prints."""

    def command(
        files: Annotated[list[Path], typer.Argument(help="주제 등을 표시한 의견 파일(CSV, XLSX)")],
        engine: Annotated[
            By, typer.Option(help="발췌(extractive) 또는 설정한 언어모형(model)")
        ] = By.EXTRACTIVE,
        annotations: Annotated[
            Path | None, typer.Option(help="소수의견 표시 파일. 없으면 의견 파일 옆의 annotations.csv")
        ] = None,
        topics: Annotated[Path | None, typer.Option(help="주제 파일(TOML). 없으면 표본")] = None,
        buttons: Annotated[
            float, typer.Option(min=0, max=1, help="표시된 주제를 단추로 고른 것으로 볼 비율. 예: 0.7")
        ] = 0.0,
        require: Annotated[str, typer.Option(help="지켜야 할 기준. 예: purity=.85,themes=15")] = "",
        json_file: Annotated[
            Path | None, typer.Option("--json", help="결과를 JSON으로 저장할 파일. -이면 화면에 JSON만")
        ] = None,
    ) -> None:
        """표시한 의견 파일로 보고를 만들어 채점합니다. 데이터베이스는 쓰지 않습니다. 기준에 못 미치면 1로 끝납니다."""
        wish = Wish(files, engine, annotations, topics, buttons, _demands(require))
        found = do(evaluate(settings(), wish))
        say(as_text(found) if json_file == _SCREEN else "\n".join(found.lines))
        if json_file not in (None, _SCREEN):
            save(_save(as_text(found), json_file))
        if not found.passed:
            raise typer.Exit(1)

    return command
