"""The analyst that the bot holds: one child process, started when first asked, gone when nobody asks any more.

A child that dies, hangs or talks nonsense is killed and another one started; a text that does this to two children is
left unread. When no child can be had at all, nobody tries again for a while, so that a digest waits once and not each time.
"""

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.digest.grouping.reading import Reading, ReadingInvalid
from bot.digest.ports import AnalysisFailed
from bot.gateways.analysis import child, frames
from bot.gateways.analysis.frames import Garbled
from bot.gateways.analysis.identity import reading_version

log = structlog.get_logger(__name__)

AT_ONCE = 64
"""Texts of a request: a third of a second; memory is bounded by it."""
CHARACTERS_AT_ONCE = 20_000
LONGEST = 4_000
"""Characters of a text that are read: the theme of a note stands in its beginning."""
_PROBE = "가상 의견입니다."
_FOUR = frames.HEAD.size


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for the packages to load, for a request, until an idle child goes, and between failed starts."""

    start: float = 60.0
    request: float = 30.0
    idle: float = 300.0
    rest: float = 300.0


class _Broken(Exception):
    """This child is of no use any more: dead, hung, or talking nonsense."""


class _Unread(Exception):
    """The child is well and says that it cannot read this."""


def command() -> tuple[str, ...]:
    """Our own interpreter, isolated (-I), writing no caches (-B), told where our own packages lie."""
    return (
        sys.executable,
        "-I",
        "-B",
        str(Path(child.__file__)),
        *(path for path in sys.path if Path(path).is_absolute()),
    )


def _environment() -> dict[str, str]:
    """Nothing of ours but where the interpreter's own libraries lie."""
    ours = {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}
    return ours | {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}


class KoreanAnalyst:
    """bot.digest.ports.Analyst. To be closed; may be asked side by side, and answers one request at a time."""

    def __init__(
        self,
        patience: Patience = Patience(),
        *,
        started_by: Sequence[str] | None = None,
    ) -> None:
        self._patience = patience
        self._command = tuple(started_by or command())
        self._turn = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._endings: set[asyncio.Task[None]] = set()
        self._rests_until = float("-inf")

    @property
    def version(self) -> str:
        return reading_version()

    @property
    def pid(self) -> int | None:
        """The child's, while there is one."""
        return None if self._child is None else self._child.pid

    async def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        """A text that cannot be read gets a blank reading. Raises AnalysisFailed."""
        found: list[Reading] = []
        for batch in _batches([text[:LONGEST] for text in texts]):
            found += await self._read_all(batch)
        return tuple(found)

    async def __aenter__(self) -> "KoreanAnalyst":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """The child is gone when this returns; the next question would start another."""
        self._let_go()
        while self._endings:
            await asyncio.gather(*self._endings, return_exceptions=True)

    async def _read_all(self, texts: Sequence[str]) -> list[Reading]:
        """Halved until whatever kills the child stands alone."""
        try:
            return await self._ask(texts)
        except (_Broken, _Unread) as failure:
            if len(texts) > 1:
                middle = len(texts) // 2
                return [*await self._read_all(texts[:middle]), *await self._read_all(texts[middle:])]
            if isinstance(failure, _Broken):
                await self._require_well()
        log.warning("text not read")
        return [Reading(self.version)]

    async def _require_well(self) -> None:
        """Raises AnalysisFailed when not even a plain sentence is read: then it is not the text."""
        try:
            await self._ask([_PROBE])
        except (_Broken, _Unread):
            self._rest()
            raise AnalysisFailed from None

    async def _ask(self, texts: Sequence[str]) -> list[Reading]:
        """Raises AnalysisFailed, _Broken, _Unread."""
        async with self._turn:
            process = self._child or await self._started()
            if self._idle is not None:
                self._idle.cancel()
            try:
                async with asyncio.timeout(self._patience.request):
                    answer = await _exchange(process, frames.asked(texts))
                if answer.startswith(frames.FAILED):
                    raise _Unread
                found = [self._reading(part) for part in frames.parts_of(answer, len(texts))]
            except _Unread:
                raise
            except (TimeoutError, OSError, EOFError, Garbled, ReadingInvalid) as error:
                self._let_go()
                log.warning("analysis broke off", failure=type(error).__name__)
                raise _Broken from None
            except BaseException:  # cancelled in the middle: what comes next would be an answer to this
                self._let_go()
                raise
            finally:
                if self._child is not None:
                    loop = asyncio.get_running_loop()
                    self._idle = loop.call_later(self._patience.idle, self._let_go)
            return found

    def _reading(self, part: bytes) -> Reading:
        reading = Reading.from_bytes(part)
        if reading.version != self.version:
            raise Garbled
        return reading

    async def _started(self) -> asyncio.subprocess.Process:
        """A child that has loaded its packages. Raises AnalysisFailed."""
        if asyncio.get_running_loop().time() < self._rests_until:
            raise AnalysisFailed
        pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        try:
            self._child = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=pipe,
                stdout=pipe,
                stderr=nowhere,
                env=_environment(),
                start_new_session=True,
            )
            async with asyncio.timeout(self._patience.start):
                hello = await _received(self._child)
            if hello != frames.HELLO + self.version.encode():
                raise Garbled
        except (TimeoutError, OSError, EOFError, Garbled) as error:
            self._let_go()
            self._rest()
            log.warning("analysis not started", failure=type(error).__name__)
            raise AnalysisFailed from None
        except BaseException:
            self._let_go()
            raise
        return self._child

    def _rest(self) -> None:
        self._rests_until = asyncio.get_running_loop().time() + self._patience.rest

    def _let_go(self) -> None:
        """Kills the child, if there is one: it holds nothing that could be lost."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if self._child is not None:
            with suppress(ProcessLookupError):
                self._child.kill()
            ending = asyncio.get_running_loop().create_task(_ended(self._child))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)
            self._child = None


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    held = 0
    for text in texts:
        if batch and (len(batch) == AT_ONCE or held + len(text) > CHARACTERS_AT_ONCE):
            yield batch
            batch, held = [], 0
        batch.append(text)
        held += len(text)
    if batch:
        yield batch


async def _exchange(process: asyncio.subprocess.Process, payload: bytes) -> bytes:
    if process.stdin is None:
        raise EOFError
    process.stdin.write(frames.frame(payload))
    await process.stdin.drain()
    return await _received(process)


async def _received(process: asyncio.subprocess.Process) -> bytes:
    """Raises EOFError, Garbled."""
    if process.stdout is None:
        raise EOFError
    length = frames.length_of(await process.stdout.readexactly(_FOUR))
    return await process.stdout.readexactly(length)


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
        with suppress(OSError):
            await process.stdin.wait_closed()
    await process.wait()
    if process.stdout is not None:
        await process.stdout.read()
