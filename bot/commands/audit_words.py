"""`audit …` as it is typed: a group of commands, made from what `bot.__main__` shares with its others."""

from collections.abc import Callable, Coroutine
from typing import Annotated

import typer

from bot.commands.auditing import verify_audit
from bot.commands.typed import head_of
from bot.settings import Settings

Lines = list[str]


def audit_group(
    settings: Callable[[], Settings],
    do: Callable[[Coroutine[object, object, Lines]], Lines],
    say: Callable[[str], None],
) -> typer.Typer:
    """The group: `settings` reads them, `do` runs a command and fails in words, `say` prints."""
    group = typer.Typer(no_args_is_help=True)

    @group.callback()
    def _group() -> None:
        """A group even while it has one command."""

    @group.command("verify")
    def verify(
        noted: Annotated[str | None, typer.Option(help="적어 두신 접속기록의 끝. 예: 12:3f2a…")] = None,
    ) -> None:
        """접속기록이 쓰인 그대로인지 처음부터 끝까지 확인합니다. 온전하지 않으면 1로 끝납니다."""
        say("\n".join(do(verify_audit(settings(), head_of(noted)))))

    return group
