"""An analyst without a child process: it reads words as they are written, and can be told to fail."""

from collections.abc import Awaitable, Callable, Sequence

from bot.digest.grouping.reading import Reading
from bot.digest.ports import AnalysisFailed


class FakeAnalyst:
    """`asked` are the texts that it was put, in their order, `times` how often. `before` is awaited before it answers."""

    def __init__(self, version: str = "가상 판") -> None:
        self.version = version
        self.asked: list[str] = []
        self.times = 0
        self.fails = False
        self.before: Callable[[], Awaitable[None]] | None = None

    async def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        self.asked += texts
        self.times += 1
        if self.before is not None:
            await self.before()
        if self.fails:
            raise AnalysisFailed
        return tuple(Reading(self.version, tuple(text.split())) for text in texts)
