"""Requests of shoppers to be alerted when a variant is back in stock."""

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language

from catalogue.models import Variant
from eventbus import emit, emits
from shop.events import BackInStockAlertRequested

#: Requests of one browser within so many seconds.
MAX_REQUESTS, WINDOW = 10, 3600
KEY = "back_in_stock_requests"


class TooManyRequests(Exception):
    """This browser has requested too many alerts lately: try again later."""


@emits(BackInStockAlertRequested)
def request_alert(
    session: SessionBase, variant: Variant, email: str, *, confirmed: bool = False
) -> None:
    """Emit that an alert for `variant` is requested. Raises `TooManyRequests`.

    `confirmed`: it was shown that the address is theirs.
    """
    recent = [at for at in session.get(KEY, []) if at > time.time() - WINDOW]
    if len(recent) >= MAX_REQUESTS:
        raise TooManyRequests
    path = reverse("storefront:variant", args=[variant.product.handle, variant.sku])
    with transaction.atomic():
        emit(
            BackInStockAlertRequested(
                sku=variant.sku,
                email=email,
                title=str(variant),
                url=f"{settings.SHOP_URL}{path}",
                language=get_language() or settings.LANGUAGE_CODE,
                confirmed=confirmed,
            )
        )
    session[KEY] = [*recent, time.time()]
