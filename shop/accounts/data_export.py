"""The export of all data about a customer, for themselves."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from djmoney.money import Money

from billing import services as billing
from notifications.services import mails_of
from orders import services as orders
from orders.services import Order
from shop.accounts.customer_ids import customer_id
from shop.accounts.merge_guest import confirmed_addresses
from shop.accounts.points import balance_of, lines_of
from shop.accounts.profile import language_of
from shop.storefront.models import ApiToken, Cart, SavedAddress

#: Columns that are credentials rather than data about somebody.
SECRETS = {
    *("digest", "idempotency_key", "card_token", "authorization", "challenge", "sealed"),
    *("secret", "old_secret"),
}


class Encoder(DjangoJSONEncoder):
    """Encodes amounts of money as an amount and a currency."""

    def default(self, o: Any) -> Any:
        return f"{o.amount} {o.currency}" if isinstance(o, Money) else super().default(o)


def export_of(user: Any) -> dict[str, Any]:
    """Return all data about a user by topic, as values for `Encoder`."""
    mine = customer_id(user)
    theirs = list(orders.orders_of(mine).prefetch_related("lines", "returns__lines"))
    return {
        "profile": _profile(user),
        "addresses": _rows(SavedAddress.objects.filter(customer_id=mine)),
        "orders": [_order(order) for order in theirs],
        "payments": [_payment(p) for p in billing.payments_of([o.pk for o in theirs])],
        "points": {"balance": balance_of(mine), "lines": _rows(lines_of(mine))},
        "carts": [_cart(cart) for cart in _carts_of(mine)],
        "mails": [_row(m) for email in confirmed_addresses(user) for m in mails_of(email)],
        "api_tokens": _rows(ApiToken.objects.filter(customer_id=mine)),
        "webhooks": _webhooks(mine),
    }


def _profile(user: Any) -> dict[str, Any]:
    return {
        "customer_id": customer_id(user),
        "name": user.first_name,
        "language": language_of(customer_id(user)),
        "emails": list(EmailAddress.objects.filter(user=user).values("email", "verified")),
        "since": user.date_joined,
        "last_login": user.last_login,
    }


def _webhooks(customer_id: str) -> list[dict[str, Any]]:
    if not apps.is_installed("shop.webhooks"):
        return []
    from eventbus.bridges.webhooks.services import subscriptions_of

    return _rows(subscriptions_of(customer_id))


def _order(order: Order) -> dict[str, Any]:
    returns = [{**_row(back), "lines": _rows(back.lines.all())} for back in order.returns.all()]
    return {**_row(order), "lines": _rows(order.lines.all()), "returns": returns}


def _payment(payment: Any) -> dict[str, Any]:
    invoice = getattr(payment, "invoice", None)
    return {**_row(payment), "invoice": invoice and invoice.number}


def _carts_of(customer_id: str) -> Iterable[Cart]:
    return Cart.objects.filter(customer_id=customer_id).prefetch_related("items")


def _cart(cart: Cart) -> dict[str, Any]:
    return {**_row(cart), "items": _rows(cart.items.all())}


def _rows(found: Iterable[Model]) -> list[dict[str, Any]]:
    return [_row(one) for one in found]


def _row(one: Model) -> dict[str, Any]:
    """Return a row's columns by name, without secrets."""
    fields = (field for field in one._meta.concrete_fields if field.name not in SECRETS)
    return {field.name: field.value_from_object(one) for field in fields}
