"""Rendering an order's story for all who watch it, in a few threads of their own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.db import connection
from django.utils import translation

from shop.storefront.story import Fragment, load

#: So many connections to the database at most, however many pages are open.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live")


async def rendered(order_id: UUID, language: str) -> Fragment:
    """The story as it is now, for everybody alike. Raises `UnknownOrder`."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _render, order_id, language)


def _render(order_id: UUID, language: str) -> Fragment:
    try:
        with translation.override(language):
            return Fragment.of(load(order_id))
    finally:
        connection.close()
