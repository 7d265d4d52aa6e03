"""The real process with every secret a canary, and everything failing that can: none sings, anywhere that anybody looks."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.gateways.loopback import LoopbackPost
from bot.rehearsal.play import press
from bot.rehearsal.pushing import Pusher
from bot.rehearsal.server import create_app, serve
from bot.rehearsal.world import World
from bot.web.webhook import PATH
from tests.bot.test_webhook_run import free_port
from tests.support.canaries import Canaries, echoing
from tests.support.console import Console, logs_put_back
from tests.support.model_endpoint import Served, endpoint
from tests.support.tour_files import file, line

ROOT = Path(__file__).parents[2]
SEOUL = ZoneInfo("Asia/Seoul")
SECRET = "X-Telegram-Bot-Api-Secret-Token"
CANARIES = Canaries()
RECEIPT = "canary-receipt-00000009"


@asynccontextmanager
async def process(environment: dict[str, str], cwd: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


@pytest.fixture
async def model() -> AsyncIterator[Served]:
    """It refuses the key, and says it; then it breaks, and says it."""
    async with endpoint() as served:
        served.script.extend(echoing(401 if n % 2 == 0 else 500, CANARIES.key) for n in range(60))
        yield served


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[World, str]]:
    world = World(lambda: datetime.now(SEOUL))

    async def soon(seconds: float) -> None:
        await asyncio.sleep(seconds / 100)

    async with (
        LoopbackPost() as post,
        serve(create_app(world, CANARIES.token, pusher=Pusher(world, post, soon))) as url,
    ):
        yield world, url


@pytest.fixture
def settings(
    console: Console, telegram: tuple[World, str], model: Served, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The environment of the process, which the console shares: yesterday's meeting, its notes, an invitation."""
    port = str(free_port())
    given = {
        **CANARIES.environment(telegram[1], model.url),
        "DATA_DIR": str(console.data),
        "PORT": port,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "LOG_FORMAT": "json",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return given


def filled(console: Console) -> str:
    """A region's yesterday, so that a digest is due at once; gives an invitation's token."""
    day = (datetime.now(SEOUL) - timedelta(days=1)).date().isoformat()
    meeting = line(key="c-1", date=day, start="09:00", end="23:50", title="가상 간담회")
    head = "note_id,region,date,time,meeting_key,track,speaker,rating,text,topic"
    things = ("시험 장비", "전력 요금", "통근 버스", "기숙사", "숙련 인력", "수출 상담")
    notes = [
        f"가상-{n},전북,{day},10:0{n},c-1,company,company,4,가상 의견 {n}번: {thing} 지원이 필요합니다,에너지·인프라"
        for n, thing in enumerate(things)
    ]
    console.runs("import", "tour", console.file("tour.csv", file(meeting)))
    console.runs("import", "notes", console.file("notes.csv", "\n".join([head, *notes])))
    said = console.runs("invite", "--role", "admin").output
    return said.rsplit("start=i_", 1)[1].split()[0]


async def provoked(world: World, site: str, model: Served, token: str) -> list[str]:
    """Everything goes wrong, one after the other; gives what the pages said."""
    echo = f"Bad Request: {CANARIES.token} {CANARIES.webhook} {CANARIES.api}"
    admin, guest = world.add_user("가상 관리자").id, world.add_user("가상 방문객").id
    world.start(admin, f"i_{token}")
    await press(world, admin, "수락")
    world.faults.reply(400, echo, method="sendMessage")
    world.start(guest)
    await world.until(lambda: world.faults.pending == 0, within=15)
    world.start(guest)
    world.say(admin, admin, "/status")
    bodies = []
    async with aiohttp.ClientSession() as session:
        for path in (
            "/healthz",
            "/readyz",
            "/metrics",
            "/m/CANARYCODE",
            f"/m/receipt/{RECEIPT}",
            "/nowhere",
        ):
            async with session.get(site + path) as answer:
                bodies += [await answer.text(), str(answer.headers)]
        for secret, body in ((CANARIES.metrics, b"{}"), (CANARIES.webhook, b"{"), (CANARIES.webhook, b"[]")):
            async with session.post(site + PATH, data=body, headers={SECRET: secret}) as answer:
                bodies += [await answer.text(), str(answer.headers)]
    await world.until(lambda: len(world.from_bot(guest)) > 0, within=15)
    async with asyncio.timeout(15):
        while not model.headers:  # the digest that was due asks it
            await asyncio.sleep(0.02)
    assert model.headers[0]["Authorization"] == f"Bearer {CANARIES.key}"
    world.revoked = True
    world.say(guest, guest, "안녕하십니까")
    return bodies


async def heard(run: asyncio.subprocess.Process, words: str) -> str:
    """What it logs up to the line with these words."""
    assert run.stderr is not None
    said = ""
    while words not in said:
        line = (await run.stderr.readline()).decode()
        assert line, said
        said += line
    return said


def seen_from_outside(pid: int) -> str:
    """What anybody on the machine sees of a process and its children, and what the children were told besides."""
    of = Path("/proc") / str(pid)
    seen = (of / "cmdline").read_text() + (of / "comm").read_text()
    for child in (
        child for task in (of / "task").iterdir() for child in (task / "children").read_text().split()
    ):
        inside = Path("/proc") / child
        with suppress(FileNotFoundError, ProcessLookupError):
            seen += "".join((inside / name).read_text() for name in ("cmdline", "comm", "environ"))
    return seen


async def test_none_sings_while_the_bot_runs_and_fails(
    console: Console, settings: dict[str, str], telegram: tuple[World, str], model: Served
) -> None:
    world, _url = telegram
    token = await asyncio.to_thread(filled, console)
    world.faults.reply(500, f"Internal: {CANARIES.webhook} {CANARIES.token}", method="setWebhook")
    async with asyncio.timeout(150), process(settings, console.folder) as run:
        assert run.stdout is not None
        line = (await run.stdout.readline()).decode()
        found = re.search(r"http://[0-9.:]+", line)
        assert found is not None, (await run.communicate())[1].decode()
        try:
            bodies = await provoked(world, found[0], model, token)
        except TimeoutError:
            run.kill()
            pytest.fail((await run.communicate())[1].decode())
        outside = seen_from_outside(run.pid)
        errors = await heard(run, "token refused")
        run.send_signal(signal.SIGTERM)
        out, rest = (part.decode() for part in await run.communicate())
        errors += rest
    assert run.returncode == 0, errors
    assert "messenger not reached" in errors
    assert "language model failed" in errors
    said = [
        str(message)
        for chat in world.chats.values()
        for message in chat.messages.values()
        if message.from_bot
    ]
    assert len(said) > 1
    assert CANARIES.sung_in(line, out, errors, outside, *bodies, *said) == set()
    assert not any(secret in out + errors for secret in (token, RECEIPT))
    assert CANARIES.sung_in_files(console.data) == set()


async def test_none_sings_at_the_console(
    console: Console, settings: dict[str, str], model: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """doctor against everything that refuses, backup and exports; then a database that is not there."""
    day = (datetime.now(SEOUL) - timedelta(days=1)).date().isoformat()
    made = [str(console.folder / name) for name in ("whole.db", "audit.csv", "notes.csv")]
    commands = (
        ["doctor"],
        ["doctor", "--json"],
        ["backup", "--out", made[0]],
        ["export", "audit", "--out", made[1]],
        ["export", "notes", "--raw", "--out", made[2]],
        ["digest", "--region", "전북", "--date", day],
    )
    await asyncio.to_thread(filled, console)
    said = [await asyncio.to_thread(spoken, console, *words) for words in commands]
    assert len(model.headers) > 2
    password = CANARIES.database.replace("/", "%2F")
    away = f"postgresql://canary-user:{password}@127.0.0.1:9/nowhere"
    monkeypatch.setenv("DATABASE_URL", away)
    said += [await asyncio.to_thread(spoken, console, *words) for words in commands[:3]]
    async with asyncio.timeout(30), process({**settings, "DATABASE_URL": away}, console.folder) as run:
        said += [part.decode() for part in await run.communicate()]
    assert run.returncode == 1
    assert CANARIES.sung_in(*said) == set()
    assert CANARIES.sung_in_files(console.folder) == set()


def spoken(console: Console, *words: str) -> str:
    """What a command says, however it ends."""
    with logs_put_back():
        result = CliRunner().invoke(app, list(words))
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result.output
