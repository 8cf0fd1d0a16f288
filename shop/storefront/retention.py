"""What browsers and carts tell of people is kept for a time, and goes by itself."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from eventbus import delete_some, lock_some, redact
from shop.storefront.models import Cart, Session


def delete_expired(**_: Any) -> None:
    """Delete what is over, as a receiver of `relay_tick`."""
    delete_some(Session.objects.filter(expire_date__lt=timezone.now()))
    _forget_carts()


@transaction.atomic
def _forget_carts() -> None:
    """Forget with a cart what history says of who filled it: nobody could find that later."""
    old = Cart.objects.filter(changed_at__lt=timezone.now() - settings.KEEP_CARTS)
    if ids := [cart.pk for cart in lock_some(old.only("pk"))]:
        redact(ids)
        Cart.objects.filter(pk__in=ids).delete()
