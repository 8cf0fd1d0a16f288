"""The cart: what goes in and out is emitted; what it then holds is emitted by a reaction."""

from contextlib import suppress
from copy import copy
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from djmoney.money import Money

from catalogue.models import Variant
from eventbus import emit, emits, fits_one_event, mailbox
from shop import events
from shop.storefront.models import Cart, CartItem

TITLE_LENGTH = 255
#: Units of one variant a cart takes.
MOST_UNITS = 999
#: Different articles a cart takes.
MOST_LINES = 500
#: What the goods of one order may cost. The order may cost more, by tax and delivery.
MOST_GOODS = Decimal(10**10)
#: Lines that are told of when a cart has changed: with all of them, filling it would cost the
#: square of what is in it.
LINES_IN_EVENT = 20


class CartRefusal(Exception):
    """The cart does not take this; the text says why, for people."""


class NoSuchProduct(CartRefusal):
    """Nothing of this SKU is on sale."""


class CartFull(CartRefusal):
    """There is no room for another article."""


class OrderLimitExceeded(CartRefusal):
    """With this the goods would cost more than those of one order may."""


class AlreadyOrdered(CartRefusal):
    """Nothing changes in a cart that was ordered."""


@emits(events.ItemAdded)
def add(cart: Cart, sku: str, quantity: int = 1) -> CartItem:
    """Put units into the cart.

    Raises `CartRefusal` for an unknown SKU, a wrong quantity, more than one order may cost, or a
    cart that is full or was ordered.
    """
    variant = Variant.objects.select_related("product").filter(sku=sku).first()
    if variant is None or not variant.product.published:
        raise NoSuchProduct(_("There is no product %(sku)s.") % {"sku": sku})
    with transaction.atomic():
        _bump_revision(cart)
        title = str(variant)[:TITLE_LENGTH]
        item = cart.items.filter(sku=sku).first() or _new_item(cart, sku, title)
        if not 0 < quantity <= MOST_UNITS - item.quantity:
            raise _wrong_quantity()
        item.quantity += quantity
        item.title, item.unit_price = title, variant.current_price
        _check_cost(cart, item)
        item.save()
        emit(events.ItemAdded(cart_id=cart.id, sku=sku, quantity=quantity))
    return item


@emits(events.ItemRemoved)
def remove(cart: Cart, sku: str, quantity: int | None = None) -> CartItem | None:
    """Take units out of the cart, all of them without a quantity; nothing there is no error.

    Returns what was in the cart before.
    """
    with transaction.atomic():
        _bump_revision(cart)
        item = cart.items.filter(sku=sku).first()
        if item is None:
            return None
        before = copy(item)
        taken = min(item.quantity, quantity or item.quantity)
        item.quantity -= taken
        if item.quantity:
            item.save()
        else:
            item.delete()
        emit(events.ItemRemoved(cart_id=cart.id, sku=sku, quantity=taken))
    return before


def change(cart: Cart, sku: str, quantity: int) -> None:
    """Make it so many units of what is in the cart.

    Raises `CartRefusal` for a wrong quantity, or when none of it is in the cart.
    """
    if not 0 < quantity <= MOST_UNITS:
        raise _wrong_quantity()
    with transaction.atomic():
        _bump_revision(cart)
        item = cart.items.filter(sku=sku).first()
        if item is None:
            raise CartRefusal(_("This is not in your cart."))
        if quantity > item.quantity:
            add(cart, sku, quantity - item.quantity)
        elif quantity < item.quantity:
            remove(cart, sku, item.quantity - quantity)


def claim(cart: Cart | None, customer_id: str, email: str, currency: str) -> Cart | None:
    """Return the cart a customer goes on with after logging in, with what `cart` held put into it.

    It is the one the customer left open earlier, else `cart`, which becomes
    theirs and is emitted as such; None where there is neither.
    """
    with transaction.atomic():
        earlier, held = _open_carts(customer_id, cart)
        if held is None or held == earlier:
            return earlier
        if earlier:
            _merge(held, into=earlier)
        else:
            _assign_owner(held, customer_id, email, currency)
    return earlier or held


@emits(events.CartUpdated)
def set_email(cart: Cart, email: str, currency: str) -> None:
    """Keep where a reminder of this cart may go, empty for nowhere; and emit the cart with it."""
    with transaction.atomic():
        _bump_revision(cart)
        cart.email = mailbox(email)
        cart.save(update_fields=["email"])
        emit_cart_updated(cart.id, currency)


def emit_cart_updated(cart_id: UUID, currency: str) -> None:
    """Emit what the cart holds now, unless that has been emitted already."""
    cart = Cart.objects.select_for_update().filter(pk=cart_id).first()
    if cart is None or cart.announced == cart.revision:
        return
    cart.announced = cart.revision
    cart.save(update_fields=["announced"])
    items = list(cart.items.all())
    amounts = (item.quantity * item.unit_price.amount for item in items)
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
                for item in items[:LINES_IN_EVENT]
            ),
            more=len(items[LINES_IN_EVENT:]),
            total=sum(amounts, Decimal(0)),
            currency=currency,
            language=cart.language,
        )
    )


def _open_carts(customer_id: str, cart: Cart | None) -> tuple[Cart | None, Cart | None]:
    """Return the customer's latest and `cart`, without what was ordered, under a lock."""
    either = Q(customer_id=customer_id) | Q(pk=cart.pk if cart else None)
    locked = Cart.objects.select_for_update().filter(either, ordered_at=None)
    found = list(locked.order_by("created_at"))
    theirs = [each for each in found if each.customer_id == customer_id]
    return theirs[-1] if theirs else None, next((each for each in found if each == cart), None)


def _merge(cart: Cart, into: Cart) -> None:
    """Move everything over, up to what a cart takes; what is no longer on sale is left out."""
    held = {item.sku: item.quantity for item in into.items.all()}
    for item in cart.items.all():
        with suppress(CartRefusal):
            add(into, item.sku, min(item.quantity, MOST_UNITS - held.get(item.sku, 0)))
        remove(cart, item.sku)


def _assign_owner(cart: Cart, customer_id: str, email: str, currency: str) -> None:
    cart.customer_id = customer_id
    cart.save(update_fields=["customer_id"])
    set_email(cart, email, currency)


def _new_item(cart: Cart, sku: str, title: str) -> CartItem:
    """Return a new line, of no units yet. Raises `CartFull` where no order could hold it."""
    said = [*cart.items.values_list("sku", "title"), (sku, title)]
    if len(said) > MOST_LINES or not fits_one_event(said):
        text = _("Your cart is full: it takes %(most)d articles. Please order these first.")
        raise CartFull(text % {"most": len(said) - 1})
    return CartItem(cart=cart, sku=sku, quantity=0)


def _check_cost(cart: Cart, changed: CartItem) -> None:
    """Raise `TooDear` where one order cannot cost what the cart would, with this line as it is."""
    items = [*cart.items.exclude(sku=changed.sku), changed]
    if sum(item.quantity * item.unit_price.amount for item in items) > MOST_GOODS:
        raise OrderLimitExceeded(order_limit_text())


def order_limit_text() -> str:
    """Say to people what one order may cost."""
    most = Money(MOST_GOODS, settings.DEFAULT_CURRENCY)
    text = _("The goods of one order may cost %(most)s at most. Please take fewer.")
    return text % {"most": most}


def _bump_revision(cart: Cart) -> None:
    """Lock the cart and raise its revision. Raises `CartRefusal` when it was ordered."""
    locked = Cart.objects.select_for_update().get(pk=cart.pk)
    if locked.ordered_at:
        raise AlreadyOrdered(_("This cart has been ordered already."))
    cart.revision, cart.changed_at = locked.revision + 1, timezone.now()
    cart.language = get_language() or settings.LANGUAGE_CODE
    cart.save(update_fields=["revision", "language", "changed_at"])


def _wrong_quantity() -> CartRefusal:
    text = _("A cart takes 1 to %(most)d units of one product.")
    return CartRefusal(text % {"most": MOST_UNITS})
