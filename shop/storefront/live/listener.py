"""Listens to which orders an app has just reacted to: one connection for the whole process."""

import asyncio
import random
from collections.abc import Callable

import psycopg
import structlog

from eventbus import REACTION_CHANNEL, direct_connection

log = structlog.get_logger("shop.live")

#: Seconds without a word after which the connection is asked whether it is still there.
QUIET = 60.0
#: Seconds the database may take to answer.
ANSWERS_WITHIN = 10.0
#: Seconds between attempts to connect, doubling from the first to the second.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 15.0


async def listen(on_subject: Callable[[str], None], on_reconnect: Callable[[], None]) -> None:
    """Call `on_subject` with each subject, for good; `on_reconnect` when some may be missed."""
    pause = SHORTEST_PAUSE
    while True:
        try:
            async with await _connected() as listening:
                on_reconnect()
                pause = SHORTEST_PAUSE
                await _receive(listening, on_subject)
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.warning("live pages wait: the database is away", error=repr(error))
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))
        pause = min(pause * 2, LONGEST_PAUSE)


async def _connected() -> psycopg.AsyncConnection:
    parameters = direct_connection().get_connection_params()
    del parameters["cursor_factory"], parameters["context"]
    parameters |= {"autocommit": True, "connect_timeout": int(ANSWERS_WITHIN)}
    listening = await psycopg.AsyncConnection.connect(**parameters)
    async with asyncio.timeout(ANSWERS_WITHIN):
        await listening.execute(f"LISTEN {REACTION_CHANNEL}")
    return listening


async def _receive(listening: psycopg.AsyncConnection, on_subject: Callable[[str], None]) -> None:
    while True:
        async for notification in listening.notifies(timeout=QUIET):
            for subject in notification.payload.split(","):
                on_subject(subject)
        async with asyncio.timeout(ANSWERS_WITHIN):
            await listening.execute("select 1")
