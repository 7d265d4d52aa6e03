"""Files from the Bot API: what arrives, what is too much, what is gone, and that the token is told to nobody."""

import logging
import traceback
from collections.abc import AsyncIterator

import pytest

from bot.gateways.telegram import quiet_http_logs
from bot.gateways.telegram_api import Patience
from bot.gateways.telegram_files import TelegramFiles
from bot.services.ports import FateUnknown, FileGone, FileTooLarge, NotSent, SendError, SlowDown, TokenRefused
from tests.gateways.conftest import CALM
from tests.gateways.served import (
    TOKEN,
    CutShort,
    Drip,
    Drop,
    Hang,
    Reply,
    Served,
    done,
    nobody_listens,
    refused,
)

SECRET = TOKEN.split(":")[1]
HURRIED = Patience(connect=5, write=5, upload=5, answer=5, connection=0.05, download=0.2)
TABLE = "일정번호,권역".encode()


def named(path: str = "documents/file_7.xlsx", **more: object) -> Reply:
    return done({"file_id": "file-7", "file_unique_id": "once-7", "file_path": path, **more})


@pytest.fixture
async def files(served: Served) -> AsyncIterator[TelegramFiles]:
    async with TelegramFiles(TOKEN, served.url + "/", patience=CALM) as files:
        yield files


async def test_a_file_arrives_whole(served: Served, files: TelegramFiles) -> None:
    served.script.extend([named("documents/파일 7.xlsx", file_size=len(TABLE)), Reply(TABLE)])
    assert await files.fetch_file("file-7", limit=len(TABLE)) == TABLE
    assert served.calls == [("getFile", {"file_id": "file-7"})]
    assert served.downloads == ["documents/파일 7.xlsx"]


@pytest.mark.parametrize(
    "answers",
    [
        [refused(400, "Bad Request: file is too big")],
        [named(file_size=101)],
        [named(), Reply(b"x" * 101)],
        [named(file_size=5), Drip()],
    ],
)
async def test_more_than_was_asked_for_is_not_taken(
    served: Served, files: TelegramFiles, answers: list[Reply | Drip]
) -> None:
    served.script.extend(answers)
    with pytest.raises(FileTooLarge):
        await files.fetch_file("file-7", limit=100)


@pytest.mark.parametrize(
    "answers",
    [
        [refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")],
        [refused(404, "Not Found")],
        [done({"file_id": "file-7", "file_unique_id": "once-7"})],
        [done({"file_path": ""})],
        [named("/var/lib/telegram-bot-api/file_7")],
        [named("documents/../../other")],
        [named(), refused(404, "Not Found: file not found")],
        [named(), Reply(b"<html>Not Found</html>", 404)],
        [named(), refused(400, "Bad Request")],
    ],
)
async def test_what_is_not_there_is_gone_for_good(
    served: Served, files: TelegramFiles, answers: list[Reply]
) -> None:
    served.script.extend(answers)
    with pytest.raises(FileGone):
        await files.fetch_file("file-7", limit=100)
    assert len(served.downloads) == len(answers) - 1


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([refused(401, "Unauthorized")], TokenRefused),
        ([refused(429, "Too Many Requests: retry after 3", retry_after=3)], SlowDown),
        ([Drop()], FateUnknown),
        ([named(), refused(429, "Too Many Requests: retry after 3", retry_after=3)], SlowDown),
        ([named(), refused(500, "Internal Server Error")], FateUnknown),
        ([named(), Reply(b"x" * 20_000, 502)], FateUnknown),
        ([named(), Drop()], FateUnknown),
        ([named(), CutShort()], FateUnknown),
        ([named(), Reply({"ok": True, "result": True}, 202)], FateUnknown),
    ],
)
async def test_what_may_work_later_is_said_as_a_send_error(
    served: Served, files: TelegramFiles, answers: list[Reply | Drop | CutShort], kind: type[SendError]
) -> None:
    served.script.extend(answers)
    with pytest.raises(kind):
        await files.fetch_file("file-7", limit=100_000)


@pytest.mark.parametrize("answer", [Hang(), Drip()])
async def test_a_download_that_does_not_end_is_given_up(served: Served, answer: Hang | Drip) -> None:
    served.script.extend([named(), answer])
    async with TelegramFiles(TOKEN, served.url, patience=HURRIED) as files:
        with pytest.raises(FateUnknown):
            await files.fetch_file("file-7", limit=10**12)


async def test_nobody_there_is_safe_to_try_again() -> None:
    async with TelegramFiles(TOKEN, await nobody_listens(), patience=CALM) as files:
        with pytest.raises(NotSent):
            await files.fetch_file("file-7", limit=100)


async def test_the_token_is_in_no_log_and_no_error(
    served: Served, files: TelegramFiles, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    quiet_http_logs()
    served.script.extend([named(), Reply(TABLE), named(), CutShort(), named(), Drop()])
    await files.fetch_file("file-7", limit=100)
    for _ in range(2):
        with pytest.raises(FateUnknown) as caught:
            await files.fetch_file("file-7", limit=100)
        told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
        assert SECRET not in told
    assert SECRET not in caplog.text
    assert SECRET not in repr(files)
