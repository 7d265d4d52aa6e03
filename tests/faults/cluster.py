"""A PostgreSQL server of the harness's own, made with the machine's initdb: what is stopped and filled is nobody else's."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.faults.disk import CannotMount, SmallDisk

USER = "hyeonjang"
_MEGABYTES = 2048
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",  # the harness kills processes, never the machine
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "40",
    "max_wal_size": "96MB",
    "autovacuum_naptime": "30s",
    "log_min_messages": "log",
}


def binaries() -> Path | None:
    """Where the newest installed PostgreSQL has its programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    known = shutil.which("initdb")
    return None if known is None else Path(known).parent


def whose() -> str | None:
    """The user who runs it: the server refuses root. None: ourselves."""
    return "postgres" if os.geteuid() == 0 else None


def why_not() -> str | None:
    """Why there can be no server here; None when there can."""
    if binaries() is None:
        return "PostgreSQL's initdb is not installed"
    if (user := whose()) is not None:
        try:
            pwd.getpwnam(user)
        except KeyError:
            return f"root cannot run PostgreSQL, and there is no user {user}"
    return None


class Cluster:
    """Made and started. Its tables are on a small disk where one can be mounted, its log of writes elsewhere: full, it refuses
    what needs room, and does not fall.
    """

    def __init__(self, log: Path) -> None:
        found = binaries()
        if found is None:
            raise RuntimeError(why_not())
        self._bin = found
        self._log = log
        self._folder = Path(tempfile.mkdtemp(prefix="faults-pg-"))
        self._own(self._folder)
        self.disk: SmallDisk | None = None
        try:
            self.disk = SmallDisk(self._folder / "disk", _MEGABYTES)
        except CannotMount:
            (self._folder / "disk").mkdir(exist_ok=True)
        self._own(self._folder / "disk")
        self._data = self._folder / "disk" / "data"
        self.port = _free_port()
        try:
            self._make()
            self.start()
        except BaseException:
            self.destroy()
            raise

    def _own(self, path: Path) -> None:
        if (user := whose()) is not None:
            shutil.chown(path, user, user)

    def _make(self) -> None:
        made = [
            "--username",
            USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        ]
        self._run("initdb", "-D", str(self._data), "--waldir", str(self._folder / "wal"), *made)
        settings = {**_SETTINGS, "port": str(self.port), "unix_socket_directories": str(self._folder)}
        lines = [f"{name} = '{value}'" for name, value in settings.items()]
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\n".join(["", *lines, ""]))

    def _run(self, program: str, *arguments: str, timeout: float = 120.0) -> int:
        user = whose()
        groups: list[str | int] | None = None if user is None else []
        with self._log.open("ab") as log:
            return subprocess.run(
                [str(self._bin / program), *arguments],
                user=user,
                group=user,
                extra_groups=groups,
                cwd=self._folder,
                env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                timeout=timeout,
                check=False,
            ).returncode

    def runs(self) -> bool:
        return self._run("pg_ctl", "-D", str(self._data), "status") == 0

    def start(self) -> None:
        """Returns once it answers. Nothing happens when it runs."""
        if self.runs():
            return
        log = str(self._folder / "server.log")
        if self._run("pg_ctl", "-D", str(self._data), "-w", "-t", "60", "-l", log, "start"):
            raise RuntimeError(f"PostgreSQL does not start: {log}")

    def stop(self, mode: str) -> None:
        """`immediate`: as if it had crashed."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "-t", "60", "-m", mode, "stop")

    def destroy(self) -> None:
        self.stop("immediate")
        if self.disk is not None:
            self.disk.destroy()
        shutil.rmtree(self._folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
