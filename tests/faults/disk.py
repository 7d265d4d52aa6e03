"""A small disk of its own, which can be made full in an instant: a tmpfs, where we may mount one."""

import os
import shutil
import subprocess
from pathlib import Path

_TRIES = 20


class SmallDisk:
    """Mounted at `at` until `destroy`. Raises CannotMount."""

    def __init__(self, at: Path, megabytes: int) -> None:
        self.at = at
        self._size = f"{megabytes}m"
        at.mkdir(parents=True, exist_ok=True)
        if os.geteuid() != 0 or shutil.which("mount") is None:
            raise CannotMount
        if not _run("mount", "-t", "tmpfs", "-o", f"size={self._size},mode=0700", "faults", str(at)):
            raise CannotMount

    def fill(self) -> None:
        """It becomes as small as what it holds, so that no memory is spent on ballast. Raises RuntimeError.

        Who writes meanwhile may be faster: then it is tried again.
        """
        for _ in range(_TRIES):
            held = os.statvfs(self.at)
            if self._resize(f"{(held.f_blocks - held.f_bfree) * held.f_frsize // 1024}k"):
                return
        raise RuntimeError("the disk does not fill")

    def free(self) -> None:
        """Nothing happens when it is not full."""
        self._resize(self._size)

    def destroy(self) -> None:
        _run("umount", "-l", str(self.at))

    def _resize(self, size: str) -> bool:
        return _run("mount", "-o", f"remount,size={size}", str(self.at))


class CannotMount(Exception):
    """Only root may, and not everywhere."""


def _run(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
