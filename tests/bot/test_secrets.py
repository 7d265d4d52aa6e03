"""What is told of settings, logs and errors when secrets stand where they should not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import structlog
from pydantic import SecretStr

from bot.commands.secrets import secrets_of
from bot.domain.concealing import HIDDEN
from bot.logs import set_up_logs, without_secrets
from bot.settings import Settings, SettingsProblem, read_settings
from tests.support.canaries import TALKATIVE, Canaries
from tests.support.console import Console, logs_put_back

ROOT = Path(__file__).parents[2]
CANARY = "canary-of-no-setting-0008"
CANARIES = Canaries()
LOUD = """
import asyncio, gc, logging, sys, threading, warnings
from bot.logs import hush, set_up_logs
CANARY, known = sys.argv[2], sys.argv[3]
set_up_logs(sys.argv[1], [known])
hush()
import openai, httpx, aiohttp, sqlalchemy, telegram, apscheduler
for name in ("openai", "httpx", "httpcore", "aiohttp.server", "aiohttp.access", "sqlalchemy.engine", "telegram.ext", "apscheduler", "asyncio", "psycopg", "alembic", "multipart", "made.up"):
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
        logging.getLogger(name).log(level, "%s", CANARY, extra={"request": CANARY})
    try: raise ValueError(CANARY)
    except ValueError: logging.getLogger(name).exception(CANARY, stack_info=True)
warnings.warn(CANARY)
warnings.warn(CANARY, ResourceWarning)
class Broken:
    def __del__(self): raise OSError(CANARY)
def fails(): raise KeyError(CANARY)
thread = threading.Thread(target=fails, name=CANARY); thread.start(); thread.join()
async def never(): raise RuntimeError(CANARY)
async def main():
    task = asyncio.create_task(never(), name=CANARY)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    gc.collect()
    asyncio.get_running_loop().call_exception_handler({"message": CANARY, "exception": ValueError(CANARY)})
    async def unawaited(x): pass
    unawaited(CANARY)
    gc.collect()
asyncio.run(main())
import structlog
structlog.get_logger().error("told by others", reason=f"401 {known}")
Broken()
raise LookupError(CANARY) from ValueError(CANARY)
"""


def test_nothing_that_python_or_a_library_says_by_itself_is_printed(tmp_path: Path) -> None:
    environment = {"PATH": "", "PYTHONPATH": str(ROOT), **TALKATIVE, "PYTHONDEVMODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", LOUD, "json", CANARY, CANARIES.key],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert CANARY not in done.stdout + done.stderr
    assert CANARIES.key not in done.stderr
    assert f"401 {HIDDEN}" in done.stderr
    for told in (
        "uncaught",
        "LookupError",
        "unraisable",
        "OSError",
        "thread failed",
        "KeyError",
        "RuntimeError",
        "UserWarning",
    ):
        assert told in done.stderr, done.stderr
    assert all(isinstance(json.loads(line), dict) for line in done.stderr.splitlines())


@pytest.mark.parametrize("name", [*Settings.model_fields])
def test_a_wrong_setting_is_told_by_its_name_and_not_by_its_value(
    name: str, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in (CANARY, f"https://somebody:{CANARY}@host.example/?x={CANARY}#x", f"{CANARY}\n가상 값"):
        monkeypatch.setenv(name.upper(), wrong)
        try:
            settings = read_settings(None)
        except SettingsProblem as problem:
            told = str(problem)
            named = [name.upper(), "OPENAI_"]
        else:  # many settings take any words
            value = getattr(settings, name)
            told, named = (str(value) if isinstance(value, SecretStr) else ""), [""]
        assert CANARY not in told
        assert any(one in told for one in named)


def test_settings_show_no_secret_however_they_are_shown(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in CANARIES.environment("http://127.0.0.1:1", "http://127.0.0.1:2/v1").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://hj:{CANARIES.database}@127.0.0.1/x")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:1")
    settings = read_settings(None)
    shown = (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json())
    assert CANARIES.sung_in(*shown) == set()


def test_every_secret_setting_is_known_to_the_net(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = dict(CANARIES.environment("http://127.0.0.1:1", "http://127.0.0.1:2/v1"))
    environment["DATABASE_URL"] = f"postgresql://hj:{CANARIES.database}@127.0.0.1/x"
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = read_settings(None)
    secret = {name for name in Settings.model_fields if isinstance(getattr(settings, name), SecretStr)}
    assert len(secret) == 6, "a new secret setting wants a canary of its own"
    with logs_put_back():
        set_up_logs("console", secrets_of(settings, environment))
        told = without_secrets(" ".join(CANARIES.all))
        set_up_logs("console")
    assert CANARIES.sung_in(told) == set()
    assert without_secrets(CANARIES.key) == CANARIES.key, "a later set-up forgets"


def test_the_net_is_under_every_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("console", "json"):
        with logs_put_back():
            set_up_logs(form, [CANARIES.token])
            structlog.get_logger().warning(
                "webhook refused", reason=f"400 bad {CANARIES.token}", other=[CANARIES.token]
            )
            set_up_logs("console")
        said = capsys.readouterr().err
        assert CANARIES.sung_in(said) == set()
        assert said.count(HIDDEN) == 2


def test_a_settings_file_that_cannot_be_read_is_said_without_what_is_in_it(console: Console) -> None:
    console.file(".env", f"SMTP_FROM=가상 {CANARY}\n".encode("cp949"))
    said = console.runs("purge", exits=1).output
    assert "UTF-8로 저장" in said
    assert CANARY not in said
