"""What a stretch of work cost: time, processor, memory of this process and of a child, the event loop's longest stall."""

import asyncio
import os
import resource
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICK: Final = 0.005
_SECOND: Final = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Cost:
    """Seconds and megabytes; `stall`: the longest time in which the loop let nobody else have a turn."""

    what: str
    wall: float = 0.0
    processor: float = 0.0
    child: float = 0.0
    memory: float = 0.0
    child_memory: float = 0.0
    stall: float = 0.0

    def line(self) -> str:
        return (
            f"{self.what:<34} {self.wall:8.2f} s  cpu {self.processor:8.2f}  child {self.child:7.2f}  "
            f"rss {self.memory:7.0f} MB  child {self.child_memory:6.0f} MB  stall {self.stall:6.2f} s"
        )


def _peak(pid: int | str) -> float:
    """The most memory since it was forgotten, in MB; 0 where there is no such process."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def _processor(pid: int | None) -> float:
    """Seconds of a child; where there is none, of all children that have ended."""
    if pid is None:
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return ended.ru_utime + ended.ru_stime
    try:
        parts = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / _SECOND


@asynccontextmanager
async def watched(what: str, child: Callable[[], int | None] = lambda: None) -> AsyncIterator[Cost]:
    """`child` tells the process id of a child, while there is one. Linux only, as to memory."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    cost, was = Cost(what), child()
    before = _processor(was)
    began, used = time.perf_counter(), time.process_time()
    watching = asyncio.create_task(_stalls(cost, child))
    try:
        yield cost
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        cost.wall, cost.processor = time.perf_counter() - began, time.process_time() - used
        now = child()
        cost.child = max(0.0, _processor(now) - (before if now == was else 0.0))
        cost.memory, cost.child_memory = _peak("self"), max(cost.child_memory, _peak(child() or 0))


async def _stalls(cost: Cost, child: Callable[[], int | None]) -> None:
    last = time.perf_counter()
    while True:
        await asyncio.sleep(_TICK)
        now = time.perf_counter()
        cost.stall, last = max(cost.stall, now - last - _TICK), now
        cost.child_memory = max(cost.child_memory, _peak(child() or 0)) if child() else cost.child_memory
