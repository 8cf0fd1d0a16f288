"""The part of the order page that changes by itself."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.template.loader import render_to_string

from shop.storefront.story.story import Story


@dataclass(frozen=True)
class Fragment:
    """A story rendered for whoever may see the order's page: the same for all."""

    html: str
    #: the same as long as the story reads the same
    version: str
    #: whether nothing will change any more
    finished: bool
    #: when it reads differently although nothing happens
    turns_at: datetime | None

    @classmethod
    def of(cls, story: Story) -> "Fragment":
        context = {"story": story, "order": story.order}
        html = render_to_string("storefront/order/story.html", context)
        version = sha256(html.encode()).hexdigest()[:16]
        return cls(html, version, not story.unfinished, story.turns_at)
