"""Access to an order's pages: who has the address may see them, and nobody else.

See docs/decisions/0014-an-orders-address-is-its-key.md.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache

from orders.errors import UnknownOrder
from shop.storefront.progress import OrderProgress, load_for_shopper

View = Callable[..., HttpResponse]


def unlisted(view: View) -> View:
    """Keep a page out of caches and search engines.

    Its address goes to no other site anyway: `Referrer-Policy: same-origin` is on every page.
    """

    @wraps(view)
    def private(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(private)


def progress_or_404(order_id: UUID) -> OrderProgress:
    """Load the order's progress; raises `Http404` for an unknown order."""
    try:
        return load_for_shopper(order_id)
    except UnknownOrder as unknown:
        raise Http404(str(unknown)) from unknown
