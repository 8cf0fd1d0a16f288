"""Asking the database for pages that hold no thread, in a few threads for all of them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")

#: So many connections to the database at most, however many pages are open.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live")


async def in_thread(work: Callable[..., Result], *args: object) -> Result:
    """Do this beside the event loop; returns and raises what it does."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _and_leave, work, *args)


def _and_leave(work: Callable[..., Result], *args: object) -> Result:
    try:
        return work(*args)
    finally:
        connection.close()
