"""Rendering an order's story for all who watch it."""

from uuid import UUID

from django.utils import translation

from shop.storefront.live.threads import in_thread
from shop.storefront.story import Fragment, load_for_shopper


async def rendered(order_id: UUID, language: str) -> Fragment:
    """The story as it is now, for everybody alike. Raises `UnknownOrder`.

    Somebody watches: to an order that waits for its shopper that is a sign of life.
    """
    return await in_thread(_render, order_id, language)


def _render(order_id: UUID, language: str) -> Fragment:
    with translation.override(language):
        return Fragment.of(load_for_shopper(order_id))
