"""The line to Telegram: a plain TCP relay that can be cut, so that not even a connection is made."""

import asyncio
import contextlib


class Door:
    """Relays connections to `port` of this machine. Cut, it refuses new ones and resets those that stand."""

    def __init__(self) -> None:
        self.port = 0
        self._inner = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._relays: set[asyncio.Task[None]] = set()

    async def open(self, inner: int) -> None:
        """Relay from now on; the first time a free port is taken, later the same again."""
        self._inner = inner
        self._server = await asyncio.start_server(
            self._relay, "127.0.0.1", self.port, reuse_address=True, backlog=256
        )
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def cut(self) -> None:
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for writer in list(self._writers):
            writer.transport.abort()

    async def mend(self) -> None:
        if self._server is None:
            await self.open(self._inner)

    async def close(self) -> None:
        await self.cut()
        for task in list(self._relays):
            task.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._inner)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, inner_writer}
        there = asyncio.create_task(_pump(reader, inner_writer))
        back = asyncio.create_task(_pump(inner_reader, writer))
        self._relays |= {there, back}
        try:
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (there, back):
                task.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
            self._relays -= {there, back}
            self._writers -= {writer, inner_writer}
            writer.transport.abort()
            inner_writer.transport.abort()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
