"""The cart: what goes in and out is stated; what it then holds is stated by a reaction."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from moneyed import Money

from shop import events
from shop.bus import emit
from shop.catalogue.models import Variant
from shop.storefront.models import Cart, CartItem

#: Units of one variant a cart takes.
MOST_UNITS = 999


class CartRefusal(Exception):
    """The cart does not take this; the text says why, for people."""


def add(cart: Cart, sku: str, quantity: int = 1) -> CartItem:
    """Put units into the cart. Raises `CartRefusal` for an unknown SKU or a wrong quantity."""
    variant = Variant.objects.select_related("product").filter(sku=sku).first()
    if variant is None or not variant.product.published:
        raise CartRefusal(f"there is no product {sku}")
    with transaction.atomic():
        _changed(cart)
        item = cart.items.filter(sku=sku).first() or CartItem(cart=cart, sku=sku, quantity=0)
        if not 0 < quantity <= MOST_UNITS - item.quantity:
            raise CartRefusal(f"a cart takes 1 to {MOST_UNITS} units of one product")
        item.quantity += quantity
        item.title, item.unit_price = str(variant), variant.price
        item.save()
        emit(events.ItemAdded(cart_id=cart.id, sku=sku, quantity=quantity))
    return item


def remove(cart: Cart, sku: str, quantity: int | None = None) -> None:
    """Take units out of the cart, all of them without a quantity; nothing there is no error."""
    with transaction.atomic():
        _changed(cart)
        item = cart.items.filter(sku=sku).first()
        if item is None:
            return
        taken = min(item.quantity, quantity or item.quantity)
        item.quantity -= taken
        if item.quantity:
            item.save()
        else:
            item.delete()
        emit(events.ItemRemoved(cart_id=cart.id, sku=sku, quantity=taken))


def total(cart: Cart, currency: str) -> Money:
    """Exact sum of the cart's items."""
    amounts = (item.quantity * item.unit_price.amount for item in cart.items.all())
    return Money(sum(amounts, Decimal(0)), currency)


def announce(cart_id: UUID, currency: str) -> None:
    """State what the cart holds now, unless that has been stated already."""
    cart = Cart.objects.select_for_update().filter(pk=cart_id).first()
    if cart is None or cart.announced == cart.revision:
        return
    cart.announced = cart.revision
    cart.save(update_fields=["announced"])
    emit(
        events.CartUpdated(
            cart_id=cart.id,
            revision=cart.revision,
            customer_id=cart.customer_id or None,
            email=cart.email or None,
            lines=tuple(
                events.CartLine(
                    sku=item.sku,
                    title=item.title,
                    quantity=item.quantity,
                    unit_price=item.unit_price.amount,
                )
                for item in cart.items.all()
            ),
            total=total(cart, currency).amount,
            currency=currency,
        )
    )


def _changed(cart: Cart) -> None:
    """Lock the cart and raise its revision."""
    locked = Cart.objects.select_for_update().get(pk=cart.pk)
    cart.revision = locked.revision + 1
    cart.save(update_fields=["revision"])
