"""What the chat page needs of the rehearsal's clock."""

from datetime import datetime
from typing import Protocol


class ClockControl(Protocol):
    """The rehearsal's clock as the page steers it. `now` is aware UTC."""

    def now(self) -> datetime:
        """The time it is."""
        ...

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        ...

    @property
    def speed(self) -> int:
        """Rehearsed seconds for each real one."""
        ...

    @property
    def behind(self) -> float:
        """Rehearsed seconds by which the running clock was late after its last step."""
        ...

    @property
    def notes(self) -> tuple[int, int]:
        """How many of the played notes have been left, and how many there are in all."""
        ...

    async def pause(self) -> None:
        """Stand still, also in the middle of a jump."""

    async def resume(self) -> None:
        """Go on."""

    async def set_speed(self, speed: int) -> None:
        """Run at another speed."""

    async def next_event(self) -> str | None:
        """Jump to the next thing that is due; gives its label, None when nothing is left."""

    async def play_notes(self) -> int:
        """Play the sample day's notes in at their times; gives how many."""
        ...
