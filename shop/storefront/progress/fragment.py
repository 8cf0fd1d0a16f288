"""The part of the order page that changes by itself."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.template.loader import render_to_string

from shop.storefront.progress.order_progress import OrderProgress


@dataclass(frozen=True)
class Fragment:
    """An order's progress, rendered for whoever may see the order's page: the same for all."""

    html: str
    #: the same as long as the text is the same
    version: str
    #: whether nothing will change any more
    finished: bool
    #: when it reads differently although nothing happens
    next_change_at: datetime | None

    @classmethod
    def of(cls, progress: OrderProgress) -> "Fragment":
        """Render it in the language that is active."""
        context = {"progress": progress, "order": progress.order}
        html = render_to_string("storefront/order/progress.html", context)
        version = sha256(html.encode()).hexdigest()[:16]
        return cls(html, version, not progress.unfinished, progress.next_change_at)
