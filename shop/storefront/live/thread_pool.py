"""A few threads that ask the database for pages that hold no thread."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")

#: So many connections to the database at most, however many pages are open.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live")


async def in_thread(work: Callable[..., Result], *args: object) -> Result:
    """Call `work` in a thread; returns and raises what it does."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _and_disconnect, work, *args)


def _and_disconnect(work: Callable[..., Result], *args: object) -> Result:
    try:
        return work(*args)
    finally:
        connection.close()
