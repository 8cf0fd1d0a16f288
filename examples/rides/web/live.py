"""The live page: every open browser is sent the town, anew after each reaction of an app.

The bus notifies of finished reactions (`REACTION_CHANNEL`); what a stream sends is read once for
all of them, and only while somebody looks.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import psycopg
from django.db import Error, connection

from eventbus import REACTION_CHANNEL, direct_connection
from web.snapshot import clock, snapshot

#: Seconds in which further changes are waited for, without a change until a look all the same,
#: and between attempts to reach a database that is away.
DEBOUNCE, REFRESH, RECONNECT = 0.15, 2.0, 1.0

#: One thread, which keeps its connection to the database.
_reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="town")


class Live:
    """The town as it was last read, in one event loop."""

    def __init__(self) -> None:
        self._news = asyncio.Event()
        self._changed = asyncio.Condition()
        self._shown = ""
        self._watching = 0
        # The loop itself keeps no task alive.
        self._tasks = [asyncio.create_task(work()) for work in (self._listen, self._read)]

    async def stream(self) -> AsyncIterator[str]:
        """Yield server-sent events: the town now, and then whenever it has changed."""
        self._watching += 1
        self._news.set()
        sent = ""
        try:
            yield f"retry: 1000\nevent: clock\ndata: {clock()}\n\n"
            while True:
                async with self._changed:
                    await self._changed.wait_for(lambda: self._shown != sent)  # noqa: B023
                sent = self._shown
                yield f"data: {sent}\n\n"
        finally:
            self._watching -= 1

    async def _read(self) -> None:
        while True:
            await _in_time(self._news, REFRESH)
            self._news.clear()
            if self._watching:
                await self._show(await asyncio.get_running_loop().run_in_executor(_reader, _read))
                await asyncio.sleep(DEBOUNCE)

    async def _show(self, town: str) -> None:
        if town and town != self._shown:
            async with self._changed:
                self._shown = town
                self._changed.notify_all()

    async def _listen(self) -> None:
        while True:
            try:
                await self._receive()
            except (psycopg.Error, OSError):
                await asyncio.sleep(RECONNECT)

    async def _receive(self) -> None:
        parameters = direct_connection().get_connection_params()
        del parameters["cursor_factory"], parameters["context"]
        async with await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as there:
            await there.execute(f"LISTEN {REACTION_CHANNEL}")
            async for _ in there.notifies():
                self._news.set()


@cache
def live() -> Live:
    """Return this process's one; called in its event loop."""
    return Live()


async def _in_time(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


def _read() -> str:
    """Return the town as JSON; nothing while the database is away, for the next look is soon."""
    try:
        return json.dumps(snapshot())
    except Error:
        connection.close()
        return ""
