"""Wanting to hear when something can be bought again."""

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language

from catalogue.models import Variant
from eventbus import emit, emits
from shop.events import BackInStockWanted

#: Wishes from one browser within so many seconds.
MOST, WITHIN = 10, 3600
KEY = "wishes"


class TooManyWishes(Exception):
    """This browser has asked for much lately: try again later."""


@emits(BackInStockWanted)
def want(session: SessionBase, variant: Variant, email: str, *, confirmed: bool = False) -> None:
    """State that somebody wants to hear of `variant`. Raises `TooManyWishes`.

    `confirmed`: they have shown that the address is theirs.
    """
    recent = [at for at in session.get(KEY, []) if at > time.time() - WITHIN]
    if len(recent) >= MOST:
        raise TooManyWishes
    path = reverse("storefront:variant", args=[variant.product.handle, variant.sku])
    with transaction.atomic():
        emit(
            BackInStockWanted(
                sku=variant.sku,
                email=email,
                title=str(variant),
                url=f"{settings.SHOP_URL}{path}",
                language=get_language() or settings.LANGUAGE_CODE,
                confirmed=confirmed,
            )
        )
    session[KEY] = [*recent, time.time()]
