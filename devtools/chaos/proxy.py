"""A network of our own between the shop and its broker: it can be slow, silent or cut."""

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from ssl import SSLContext
from types import TracebackType
from typing import Any, Self

CHUNK = 65536
#: Where a server listens: the path of its socket, or host and port.
Address = Path | tuple[str, int]


class Proxy:
    """Listens on a port of this machine and passes everything on to `target`, both ways.

    With `tls` those who connect speak TLS to it, the target none. It works in a thread of its
    own, from entering the block to leaving it.
    """

    def __init__(self, target: Address, tls: SSLContext | None = None) -> None:
        self._target = target
        self._tls = tls
        self._delay = 0.0
        self._away = False
        self._pairs: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        # Set again for each block: an event belongs to the loop it is waited for in.
        self._flowing = self._run(_open_event())
        self._server = self._run(asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> None:
        """Break every connection there is; new ones are welcome."""
        self._run(self._end_pairs())

    def lead_to(self, target: Address) -> None:
        """Take who comes from now on elsewhere; what is connected stays as it is."""
        self._target = target

    def refuse(self) -> None:
        """Break every connection, and each new one, until healed."""
        self._away = True
        self.cut()

    def delay(self, seconds: float) -> None:
        """Hold back whatever is passed on, each way, until healed."""
        self._delay = seconds

    def blackhole(self) -> None:
        """Take everything and pass on nothing, without breaking a connection, until healed."""
        self._loop.call_soon_threadsafe(self._flowing.clear)

    def heal(self) -> None:
        """Pass everything on at once; what a black hole has held back goes on its way too."""
        self._delay, self._away = 0.0, False
        self._loop.call_soon_threadsafe(self._flowing.set)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _close(self) -> None:
        # In the loop's own thread, which counts the server's connections.
        self._server.close()
        await self._end_pairs()

    async def _end_pairs(self) -> None:
        pairs = list(self._pairs)
        for pair in pairs:
            pair.cancel()
        await asyncio.gather(*pairs, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pair = asyncio.current_task()
        assert pair is not None
        self._pairs.add(pair)
        writers = [writer]
        try:
            if not self._away:
                await self._join(reader, writers)
        except (OSError, asyncio.CancelledError):
            # The other side is away, or we are cutting: both look the same from here.
            pass
        finally:
            self._pairs.discard(pair)
            for each in writers:
                # A reset, as a cable that is pulled: nothing is flushed first.
                each.transport.abort()

    async def _join(
        self, reader: asyncio.StreamReader, writers: list[asyncio.StreamWriter]
    ) -> None:
        if isinstance(self._target, Path):
            far_reader, far_writer = await asyncio.open_unix_connection(self._target)
        else:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        writers.append(far_writer)
        ways = [
            asyncio.create_task(self._pass_on(reader, far_writer)),
            asyncio.create_task(self._pass_on(far_reader, writers[0])),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            await asyncio.sleep(self._delay)
            await self._flowing.wait()
            writer.write(data)
            await writer.drain()


async def _open_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event
