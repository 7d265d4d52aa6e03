"""The container's promise without a container: nobody's user, read-only everything, and yet the whole way works."""

import asyncio
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.rehearsal.play import press
from bot.rehearsal.server import create_app, serve
from bot.rehearsal.world import World
from tests.support.boxed import NOBODY, ROOT, Box, build_box
from tests.support.tour_files import file, line

TOKEN = "5900000004:token-of-an-invented-bot"
SEOUL = ZoneInfo("Asia/Seoul")
COMMANDS = """
import json, sys
from bot.__main__ import app
for words in json.loads(sys.argv[1]):
    print("exit", app(words, standalone_mode=False) or 0, words[0])
"""
PROBE = """
import os, sys
print(os.getuid(), next(line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff")))
for folder in sys.argv[1:]:
    try:
        open(os.path.join(folder, ".probe"), "w").close()
        print("written", folder)
    except OSError:
        pass
"""


@pytest.fixture
def box() -> Iterator[Box]:
    """Not in pytest's own folder: nobody may look into that."""
    folder = Path(tempfile.mkdtemp(prefix="hyeonjang-box-"))
    yield build_box(folder)
    shutil.rmtree(folder)


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[World, str]]:
    world = World(lambda: datetime.now(SEOUL))
    async with serve(create_app(world, TOKEN)) as url:
        yield world, url


@asynccontextmanager
async def running(box: Box, url: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`run` in the box, and where it listens; told to stop at the end, and gone within its time with nothing said."""
    process = await asyncio.create_subprocess_exec(
        *box.python("-m", "bot", "run"),
        env=box.environment(TELEGRAM_API_URL=url, TELEGRAM_BOT_TOKEN=TOKEN, PORT="0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        said = (await process.stdout.readline()).decode()
        found = re.search(r"http://[0-9.:]+", said)
        assert found is not None, said + (await process.communicate())[1].decode()
        yield process, found[0]
        process.send_signal(signal.SIGTERM)
        _out, errors = await process.communicate()
        assert (process.returncode, errors.decode()) == (0, "")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def console(box: Box, url: str, *commands: list[str]) -> str:
    """Several commands in one process: starting Python takes longer than what they do."""
    done = subprocess.run(
        box.python("-c", COMMANDS, json.dumps(commands)),
        env=box.environment(TELEGRAM_API_URL=url, TELEGRAM_BOT_TOKEN=TOKEN),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("exit 0 ") == len(commands), done.stdout + done.stderr
    return done.stdout


def today_in(box: Box) -> str:
    """A meeting that takes feedback all day, and what three people said about it; gives the day."""
    day = datetime.now(SEOUL).date().isoformat()
    head = "note_id,region,date,time,meeting_key,track,speaker,rating,text"
    notes = [
        f"가상-{n},전북,{day},10:0{n},b-1,company,company,4,가상 의견 {n}번: 부품 시험 장비가 필요합니다"
        for n in (1, 2, 3)
    ]
    meeting = line(key="b-1", date=day, start="00:01", end="23:58", title="가상 간담회")
    (box.folder / "tour.csv").write_text(file(meeting), encoding="utf-8")
    (box.folder / "notes.csv").write_text("\n".join([head, *notes]), encoding="utf-8")
    return day


async def whole_way(box: Box, world: World, url: str, link: str) -> None:
    """Chat, code, page, workbook and report, as an administrator and somebody without Telegram see them."""
    admin = world.add_user("가상 관리자").id
    async with running(box, url) as (_process, site):
        world.start(admin, link.rsplit("start=", 1)[1])
        await press(world, admin, "수락")
        world.say(admin, admin, "/files")
        await press(world, admin, "일정 양식 받기")
        await attached(world, admin, 1)
        world.say(admin, admin, "/qr")
        template, code_picture = await attached(world, admin, 2)
        assert template == "일정 양식.xlsx"
        assert code_picture.endswith(".png")
        with sqlite3.connect(f"file:{box.data / 'hyeonjang.db'}?mode=ro", uri=True) as database:
            [(code,)] = database.execute("select code from meetings").fetchall()
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{site}/readyz") as ready:
                assert ready.status == 200
            async with session.get(f"{site}/m/{code}") as page:
                assert page.status == 200
                assert "가상 간담회" in await page.text()


async def attached(world: World, user: int, count: int) -> list[str]:
    """The names of the files that the bot sent somebody, once there are so many."""

    def names() -> list[str]:
        return [one.attachment.file.name for one in world.from_bot(user) if one.attachment is not None]

    await world.until(lambda: len(names()) >= count, within=15)
    return names()


async def test_nobody_in_a_read_only_world_goes_the_whole_way(box: Box, telegram: tuple[World, str]) -> None:
    world, url = telegram
    day = today_in(box)
    made = [box.data / name for name in ("tour.xlsx", "notes.xlsx", "digest.html", "whole.db")]
    out = await asyncio.to_thread(
        console,
        box,
        url,
        ["import", "tour", str(box.folder / "tour.csv")],
        ["import", "notes", str(box.folder / "notes.csv")],
        ["template", "tour", "--out", str(made[0])],
        ["export", "notes", "--out", str(made[1])],
        ["digest", "--region", "전북", "--date", day, "--format", "html", "--out", str(made[2])],
        ["backup", "--out", str(made[3])],
        ["purge"],
        ["invite", "--role", "admin"],
    )
    assert all(one.stat().st_size > 1000 for one in made)
    await whole_way(box, world, url, next(text for text in out.splitlines() if "start=i_" in text))
    assert list((box.folder / "tmp").iterdir()) == [], "nothing is left beside DATA_DIR"
    if box.walls:
        assert {one.stat().st_uid for one in made} <= {NOBODY, box.folder.stat().st_uid}


def test_the_box_has_walls(box: Box) -> None:
    """Or the test above would prove nothing."""
    places = [*map(str, (box.data, box.folder / "tmp", box.folder / "app", ROOT, "/tmp", "/var/tmp", "/etc"))]
    done = subprocess.run(
        box.python("-c", PROBE, *places), env=box.environment(), capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    who, *written = done.stdout.splitlines()
    if box.walls:
        assert who.endswith(" 0000000000000000")
        assert written == [f"written {place}" for place in places[:2]]
    assert f"written {places[2]}" not in written
