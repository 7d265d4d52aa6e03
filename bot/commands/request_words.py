"""`requests …` as it is typed: a group of commands, made from what `bot.__main__` shares with its others."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.requests import (
    KINDS,
    add_request,
    answer_request,
    list_requests,
    show_request,
    take_out_note,
)
from bot.commands.typed import date_of, day_of
from bot.domain.request import Answer, RequestKind
from bot.services.requests.taking_out import Cited
from bot.settings import Settings

Lines = list[str]
_Reads = Callable[[], Settings]
_Does = Callable[[Coroutine[object, object, Lines]], Lines]
_Number = Annotated[str, typer.Argument(help="요구 번호")]
_Words = Annotated[
    Path | None,
    typer.Option("--words", help="요구 내용이나 답을 적은 파일(UTF-8). -이면 표준 입력에서 읽습니다."),
]
_KINDS = ", ".join(f"{name}({kind.value})" for kind, name in KINDS.items())


def requests_group(settings: _Reads, do: _Does, say: Callable[[str], None]) -> typer.Typer:
    """The group: `settings` reads them, `do` runs a command and fails in words, `say` prints."""
    group = typer.Typer(no_args_is_help=True)

    @group.command("list")
    def list_all(
        everything: Annotated[bool, typer.Option("--all", help="끝난 것도 보입니다.")] = False,
    ) -> None:
        """답을 기다리는 요구를 기한이 이른 것부터 보입니다. 요구 내용은 보이지 않습니다."""
        say("\n".join(do(list_requests(settings(), everything=everything))))

    @group.command("show")
    def show(number: _Number) -> None:
        """요구 하나를 그 내용까지 보입니다. 본 사실은 접속기록에 남습니다."""
        say("\n".join(do(show_request(settings(), number))))

    @group.command("add")
    def add(
        kind: Annotated[str, typer.Option(help=f"무엇을 요구하였는지: {_KINDS}")],
        received: Annotated[
            str | None, typer.Option("--received", help="받은 날. 예: 2026-01-22. 없으면 오늘")
        ] = None,
        words: _Words = None,
    ) -> None:
        """서면이나 전화로 받은 요구를 적습니다. 기한은 받은 날부터 셉니다."""
        say("\n".join(do(add_request(settings(), _kind_of(kind), day_of(received), words))))

    @group.command("answer")
    def answer(
        number: _Number,
        result: Annotated[
            Answer,
            typer.Option(
                help="done 처리 완료, refused 거절, none 해당 정보 없음, postponed 연기(열람만 한 번)"
            ),
        ],
        words: _Words = None,
    ) -> None:
        """요구를 마치거나 연기합니다. 거절과 연기에는 사유를, 열람의 처리 완료에는 알릴 내용을 적습니다. 대화방에서 온 요구이면 답을 보냅니다."""
        say("\n".join(do(answer_request(settings(), number, result, words))))

    _add_take_out(group, settings, do, say)
    return group


def _kind_of(text: str) -> RequestKind:
    """By its Korean name or its own; anything else is wrong use (exit 2)."""
    for kind, name in KINDS.items():
        if text.strip().lower() in (name, kind.value):
            return kind
    raise typer.BadParameter(f"{_KINDS} 가운데 하나를 적어 주십시오.", param_hint="--kind")


def _add_take_out(group: typer.Typer, settings: _Reads, do: _Does, say: Callable[[str], None]) -> None:
    @group.command("take-out")
    def take_out(
        number: _Number,
        note: Annotated[str, typer.Argument(help="보고에 적힌 의견의 번호. 예: 전북-417")],
        region: Annotated[str, typer.Option(help="권역")],
        day: Annotated[str, typer.Option("--date", help="날짜. 예: 2026-01-22")],
    ) -> None:
        """삭제나 처리정지 요구에 따라 의견 하나를 거둡니다. 내용은 보이지 않고, 답도 따로 하셔야 합니다."""
        cited = Cited.typed(region, date_of(day), note)
        say("\n".join(do(take_out_note(settings(), number, cited))))
