"""Renders an order's page for all who have it open."""

from uuid import UUID

from django.utils import translation

from shop.storefront.live.thread_pool import in_thread
from shop.storefront.progress import Fragment, load_for_shopper


async def rendered(order_id: UUID, language: str) -> Fragment:
    """Render the page as it is now, for everybody alike. Raises `UnknownOrder`.

    Somebody watches: that prolongs the wait of an order that waits for its shopper.
    """
    return await in_thread(_render, order_id, language)


def _render(order_id: UUID, language: str) -> Fragment:
    with translation.override(language):
        return Fragment.of(load_for_shopper(order_id))
