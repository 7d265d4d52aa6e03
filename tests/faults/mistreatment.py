"""Databases mistreated, for the tests of the harness itself: `python -m tests.faults.mistreatment KIND FOLDER` prints JSON."""

import hashlib
import json
import os
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg

from tests.faults.bot_process import Nursery
from tests.faults.databases import Home, home_of
from tests.faults.telegram import TOKEN
from tests.faults.values import Deadly, Life

_ROWS = 400
_NOBODY = "http://127.0.0.1:1"
_INSERT = "INSERT INTO facts (name, value) VALUES ('%s', '%s')"


def migrated(home: Home, folder: Path) -> None:
    """By a life that gets no further."""
    environment = {
        "PATH": os.environ["PATH"],
        "TELEGRAM_API_URL": _NOBODY,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": home.url,
        "PORT": "0",
    }
    deadly = Deadly("migration:commit:after")
    life = Life(1, environment, folder / "log", folder / "passed", deadly)
    if Nursery().begin(life).wait(60.0) is None:
        raise RuntimeError("not migrated")


def write(home: Home, *, rows: int = 1) -> str:
    """As another process would, without patience; the type of what went wrong, if anything did."""
    name = time.monotonic_ns()
    statements = [_INSERT % (f"{name}.{number}", "가" * 900) for number in range(rows)]
    try:
        if home.kind == "sqlite":
            with closing(sqlite3.connect(home.url.partition(":///")[2], timeout=0.05)) as file, file:
                for statement in statements:
                    file.execute(statement)
        else:
            with psycopg.connect(home.url.replace("+psycopg", "")) as server:
                server.execute("SET lock_timeout = '50ms'")
                for statement in statements:
                    server.execute(statement.encode())
    except (sqlite3.Error, psycopg.Error) as error:
        return type(error).__name__
    return ""


def wait(home: Home) -> str:
    """As `write`, for what the bot cannot do without: its inbox."""
    if home.kind == "sqlite":
        return write(home)
    try:
        with psycopg.connect(home.url.replace("+psycopg", "")) as server:
            server.execute("SET lock_timeout = '50ms'")
            server.execute("SELECT count(*) FROM inbox")
    except psycopg.Error as error:
        return type(error).__name__
    return ""


def prints(folder: Path) -> dict[str, str]:
    """Of each file of a SQLite database but the index of its log, which any reader makes anew."""
    files = [one for one in sorted(folder.glob("sqlite/*")) if not one.name.endswith("-shm")]
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


def looked_at(home: Home, folder: Path) -> list[object]:
    """Files are the same after looking."""
    before = prints(folder)
    seen = home.seen()
    counts = [len(seen.deliveries), len(home.reminders()), len(home.people()), len(home.sound())]
    return [prints(folder) == before, len(before), counts]


def mistreat(home: Home, folder: Path) -> dict[str, object]:
    found: dict[str, object] = {"before": [home.seen().audit == {}, list(home.sound())]}
    migrated(home, folder)
    found["looked at"] = looked_at(home, folder)
    found["written"] = write(home)
    with home.hold(30.0) as hold:
        found["held"] = [hold.got, wait(home)]
    found["let go"] = wait(home)
    hold = home.hold(0.05, exclusive=True)
    time.sleep(0.3)
    found["over by itself"] = wait(home)
    hold.end()
    if home.fullness == "tmpfs":
        home.fill()
        found["full"] = write(home, rows=_ROWS)
        home.free()
        found["freed"] = write(home, rows=_ROWS)
    if home.kind == "postgresql":
        home.stop()
        found["stopped"] = write(home)
        home.start()
        found["started"] = write(home)
    found["in the end"] = list(home.sound())
    return found


def main(kind: str, folder: Path) -> dict[str, object]:
    home = home_of(kind, folder)
    try:
        return {"fullness": home.fullness} | mistreat(home, folder)
    finally:
        home.destroy()


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
