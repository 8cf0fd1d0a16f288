"""Forgetting a customer: mails, carts, wishes and what was kept under their address."""

from django.db.models import Q, QuerySet

from notifications import filebackend
from notifications.models import (
    Allowance,
    BackInStockAlert,
    ErasedCustomer,
    Mail,
    Recipient,
    Unsubscribed,
    WatchedCart,
)
from shop.events import CustomerErased


def forget(event: CustomerErased) -> None:
    """Remember first: what comes late and asks afterwards finds that they are forgotten.

    Mails last: whoever was about to write one, from a cart or a wish, has done so by then.
    """
    ErasedCustomer.remember(event)
    WatchedCart.objects.filter(cart_id__in=event.cart_ids).update(email="")
    if event.email:
        _forget_address(event.email)
    _forget_mails(event)


def _forget_address(email: str) -> None:
    Allowance.forget(email)
    for model in (Recipient, Unsubscribed, BackInStockAlert):
        model.objects.filter(email=email).delete()
    WatchedCart.objects.filter(email=email).update(email="")


def _forget_mails(event: CustomerErased) -> None:
    """Blank the mails to them and about them; that there was one, when, and of what kind, stays."""
    subjects = [event.customer_id, *map(str, event.order_ids), *map(str, event.cart_ids)]
    meant = Q(about__in=subjects)
    if event.email:
        meant |= Q(recipient=event.email)
    mails = Mail.objects.filter(meant).exclude(recipient="")
    for mail in mails.only("recipient"):
        # They may have had another address before.
        Recipient.objects.filter(email=mail.recipient).delete()
    blank(mails)


def blank(mails: QuerySet[Mail]) -> None:
    """Keep of these mails that there were any, when, and of what kind; not their files either."""
    for message_id in mails.values_list("message_id", flat=True):
        filebackend.remove(message_id)
    mails.filter(state=Mail.State.SENDING).update(state=Mail.State.FAILED)
    mails.update(recipient="", subject="", text="", html="", sealed="", error="")
