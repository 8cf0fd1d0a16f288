"""Having told whoever waits for what is there to be bought again."""

from collections.abc import Iterable

from eventbus import emit
from notifications.events import SendBackInStockAlert
from notifications.models import Wish


def announce(skus: Iterable[str]) -> None:
    """State each wish that is fulfilled, once: each is then told in a reaction of its own."""
    for wish in Wish.fulfilled(skus):
        emit(SendBackInStockAlert(wish_id=wish.id, sku=wish.sku))
