"""Logs: events with fields, exceptions by type and place; never what people wrote, never a token."""

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from bot.logs import set_up_logs
from tests.support.console import TRACEBACK, logs_put_back

WORDS = "통근버스가 더 필요합니다"
TOKEN = "5900000002:token-that-must-never-be-logged"
Form = Literal["console", "json"]


@pytest.fixture(params=["console", "json"])
def form(request: pytest.FixtureRequest) -> Iterator[Form]:
    with logs_put_back():
        yield request.param


def fail() -> None:
    raise ValueError(f"{WORDS} {TOKEN}")


def caught() -> ValueError:
    try:
        fail()
    except ValueError as error:
        return error
    raise AssertionError("it did not fail")


def read(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    assert said.out == "", "standard output is for what commands print"
    assert WORDS not in said.err
    assert TOKEN not in said.err
    assert TRACEBACK not in said.err
    return said.err


def test_an_exception_is_its_type_and_place_however_it_is_given(
    form: Form, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(form)
    log = structlog.get_logger("somewhere")
    try:
        fail()
    except ValueError as error:
        log.exception("one")
        log.warning("two", exc_info=error)
        log.warning("three", exc_info=(type(error), error, error.__traceback__))
        log.warning("four", exc_info=True)
    lines = read(capsys).splitlines()
    assert len(lines) == 4
    assert all("ValueError" in line and "test_logs.py" in line and ":fail" in line for line in lines)


def test_an_error_while_another_is_handled_shows_neither(
    form: Form, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(form)
    try:
        raise RuntimeError(WORDS) from caught()
    except RuntimeError:
        structlog.get_logger().exception("failed")
    assert "RuntimeError" in read(capsys)


def test_json_is_one_object_a_line_with_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    with logs_put_back():
        set_up_logs("json")
        structlog.get_logger().warning("polling failed", failure="NotSent", again_in=2.0)
        structlog.get_logger().debug("not worth a line")
    event = json.loads(read(capsys))
    assert event.pop("timestamp").endswith("Z")
    assert event == {"event": "polling failed", "failure": "NotSent", "again_in": 2.0, "level": "warning"}


def test_libraries_that_log_addresses_and_updates_are_kept_quiet(
    form: Form, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(form)
    for name in (
        "httpx",
        "httpcore.http11",
        "telegram.ext.Application",
        "sqlalchemy.engine.Engine",
        "apscheduler",
    ):
        logging.getLogger(name).critical("POST https://api.telegram.org/bot%s/getMe %s", TOKEN, WORDS)
    assert read(capsys) == ""


def test_of_other_libraries_only_the_source_and_the_type_are_told(
    form: Form, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(form)
    logging.getLogger("aiohttp.server").error("Error handling %s", WORDS, exc_info=caught())
    logging.getLogger("aiohttp.server").info("not worth a line %s", WORDS)
    [line] = read(capsys).splitlines()
    assert "aiohttp.server" in line
    assert "ValueError" in line


async def test_a_task_that_nobody_waited_for_is_told_by_its_type(
    form: Form, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(form)
    asyncio.get_running_loop().call_exception_handler({"message": WORDS, "exception": caught()})
    assert "ValueError" in read(capsys)
