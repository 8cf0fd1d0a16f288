"""Erasure of a customer: the account is closed, and every app deletes what identifies them."""

from itertools import zip_longest
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from eventbus import emit, emits, split_to_fit
from orders import services as orders
from shop.accounts.customer_ids import customer_id
from shop.accounts.merge_guest import claim_orders, confirmed_addresses
from shop.events import CustomerErased
from shop.storefront.models import ApiToken, Cart, Profile, SavedAddress


class CannotErase(Exception):
    """The account cannot be closed yet; the text says why, for people."""


@emits(CustomerErased)
def erase(user: Any) -> None:
    """Close the account and emit `CustomerErased`.

    Raises `CannotErase` while an order is open, and for staff; nothing is changed then.
    """
    claim_orders(user)
    with transaction.atomic():
        get_user_model()._default_manager.select_for_update().get(pk=user.pk)
        _refuse_unerasable(user)
        _emit_erased(user)
        _delete_own_data(user)
        # The addresses of their mails go with it, and no session knows anybody any more.
        user.delete()


def _refuse_unerasable(user: Any) -> None:
    if user.is_staff:
        raise CannotErase(_("The accounts of staff are closed in the admin."))
    if orders.open_orders_of(customer_id(user)).exists():
        raise CannotErase(
            _("An order of yours is still open. You can delete the account when it has ended.")
        )


def _emit_erased(user: Any) -> None:
    """Emit an event for each address that is confirmed: an unconfirmed one may be another's.

    Without any, one event goes out all the same, for what is known by their id.
    """
    mine = customer_id(user)
    order_ids = split_to_fit(orders.orders_of(mine).values_list("pk", flat=True))
    cart_ids = split_to_fit({*_carts_of(user).values_list("pk", flat=True), *orders.carts_of(mine)})
    # One at least: what goes by their id alone is erased too.
    ids = list(zip_longest(order_ids, cart_ids, fillvalue=())) or [((), ())]
    for email in confirmed_addresses(user) or [""]:
        for some, carts in ids:
            emit(CustomerErased(customer_id=mine, email=email, order_ids=some, cart_ids=carts))


def _delete_own_data(user: Any) -> None:
    for model in (SavedAddress, ApiToken, Profile):
        model._default_manager.filter(customer_id=customer_id(user)).delete()
    _carts_of(user).update(customer_id="", email="")


def _carts_of(user: Any) -> QuerySet[Cart]:
    """Return the carts of the account, and of its confirmed addresses."""
    theirs = Q(customer_id=customer_id(user)) | Q(email__in=confirmed_addresses(user))
    return Cart.objects.filter(theirs)
