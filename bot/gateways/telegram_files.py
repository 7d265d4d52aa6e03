"""Files that people sent, from the Bot API: getFile names a path, an address that holds the token serves it.

Limits and errors: https://core.telegram.org/bots/api#getfile (20 MB; a path is good for at least an hour).
"""

import asyncio
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpx

from bot.gateways.telegram_api import UNHURRIED, Patience, TelegramApi, is_loopback
from bot.gateways.telegram_errors import FileTooBig, of_answer, of_exception
from bot.services.ports import FateUnknown, FileGone, FileTooLarge, Rejected, SendError

_CONNECTIONS = 4  # three hands of media, one of files
_LONGEST_REFUSAL = 10_000
"""Bytes of an answer that is no file: it is read for its reason only."""


class TelegramFiles:
    """The Files port over getFile. Open before use. Retries nothing: the rows of what waits decide about that."""

    def __init__(self, token: str, api_url: str, *, patience: Patience = UNHURRIED) -> None:
        """`api_url` as in TELEGRAM_API_URL; a server started with `--local` serves no files over HTTP."""
        self._api = TelegramApi(token, api_url, connections=_CONNECTIONS, patience=patience)
        self._address = f"{api_url.rstrip('/')}/file/bot{token}/"
        self._patience = patience
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(
                patience.answer, connect=patience.connect, write=patience.write, pool=patience.connection
            ),
            limits=httpx.Limits(max_connections=_CONNECTIONS),
            trust_env=not is_loopback(api_url),
        )

    async def __aenter__(self) -> Self:
        await self._api.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._http.aclose()
        await self._api.disconnect()

    async def fetch_file(self, file_id: str, *, limit: int) -> bytes:
        """The file's bytes, at most `limit`. Raises FileGone, FileTooLarge, SendError (asking again harms nothing)."""
        path = await self._path(file_id, limit)
        try:
            async with asyncio.timeout(self._patience.download):
                return await self._download(self._address + quote(path), limit)
        except TimeoutError:
            raise FateUnknown("the download takes too long") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:  # cut off: its request knows the address
            raise of_exception(error) from None

    async def _path(self, file_id: str, limit: int) -> str:
        try:
            result = await self._api.call("getFile", file_id=file_id)
        except FileTooBig:
            raise FileTooLarge from None
        except Rejected:
            raise FileGone from None
        match result:
            case {"file_size": int(size)} if size > limit:
                raise FileTooLarge
            case {"file_path": str(path)} if _is_plain(path):
                return path
            case _:
                raise FileGone

    async def _download(self, url: str, limit: int) -> bytes:
        """Stops reading as soon as more than `limit` came, whatever was promised."""
        async with self._http.stream("GET", url, headers={"Accept-Encoding": "identity"}) as answer:
            if answer.status_code != httpx.codes.OK:
                raise await _refusal(answer)
            content = bytearray()
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > limit:
                    raise FileTooLarge
            return bytes(content)


def _is_plain(path: str) -> bool:
    """Whether a path stays below the bot's files; `--local` servers name files of their own disk."""
    return bool(path) and not path.startswith("/") and ".." not in path.split("/")


async def _refusal(answer: httpx.Response) -> SendError | FileGone:
    """Why there is no file. A 404 is final, whoever wrote it: a path outlives its file."""
    body = b""
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > _LONGEST_REFUSAL:
            break
    if answer.status_code == httpx.codes.NOT_FOUND:
        return FileGone()
    refusal = of_answer(answer.status_code, body)
    if refusal is None or isinstance(refusal, Rejected):
        return FileGone() if refusal else FateUnknown("an answer that is no file")
    return refusal
