"""What the notifications app does about others' facts: whom it writes, and when it reminds."""

from django.conf import settings

from billing.events import OrderBilled, PaymentChallenged, PaymentFailed, PaymentRefunded
from fraud.events import OrderFlagged
from inventory.events import StockLow
from notifications.events import CartLeftAlone
from notifications.models import WatchedCart
from notifications.sending import Outside, send
from notifications.words import CANCELLED
from orders.events import CancellationRefused, OrderCancelled, OrderPlaced, ReturnReceived
from shipping.events import OrderDelivered, OrderShipped
from shop.bus import emit, reacts_to
from shop.events import CartUpdated, UserRegistered


@reacts_to(UserRegistered)
def welcome(event: UserRegistered) -> Outside:
    yield from send("welcome", event, to=event.email, subject=f"Welcome, {event.name}")


@reacts_to(OrderPlaced)
def acknowledge_order(event: OrderPlaced) -> Outside:
    subject = f"We have your order {event.number}"
    yield from send("order_placed", event, to=event.email, subject=subject)


@reacts_to(PaymentChallenged)
def ask_to_confirm_payment(event: PaymentChallenged) -> Outside:
    subject = f"Please confirm the payment of order {event.number}"
    yield from send("payment_challenged", event, to=event.email, subject=subject)


@reacts_to(PaymentFailed)
def tell_payment_refused(event: PaymentFailed) -> Outside:
    subject = f"The payment of order {event.number} was refused"
    yield from send("payment_failed", event, to=event.email, subject=subject)


@reacts_to(OrderBilled)
def confirm_order(event: OrderBilled) -> Outside:
    subject = f"Order {event.number} is confirmed"
    yield from send("order_confirmed", event, to=event.email, subject=subject)


@reacts_to(OrderShipped)
def tell_on_its_way(event: OrderShipped) -> Outside:
    what = "Order" if event.complete else "A part of order"
    subject = f"{what} {event.number} is on its way"
    yield from send("order_shipped", event, to=event.email, subject=subject)


@reacts_to(OrderDelivered)
def tell_delivered(event: OrderDelivered) -> Outside:
    """Only when everything is there: `OrderShipped` told of each part."""
    if event.complete:
        subject = f"Order {event.number} was delivered"
        yield from send("order_delivered", event, to=event.email, subject=subject)


@reacts_to(OrderCancelled)
def tell_cancelled(event: OrderCancelled) -> Outside:
    subject, why = f"Order {event.number} was cancelled", CANCELLED[event.reason]
    yield from send("order_cancelled", event, to=event.email, subject=subject, why=why)


@reacts_to(CancellationRefused)
def tell_too_late_to_cancel(event: CancellationRefused) -> Outside:
    subject = f"Order {event.number} had already left"
    yield from send("cancellation_refused", event, to=event.email, subject=subject)


@reacts_to(PaymentRefunded)
def tell_refunded(event: PaymentRefunded) -> Outside:
    subject = f"Your refund for order {event.number}"
    yield from send("payment_refunded", event, to=event.email, subject=subject)


@reacts_to(ReturnReceived)
def tell_return_received(event: ReturnReceived) -> Outside:
    subject = f"Your return for order {event.number} arrived"
    yield from send("return_received", event, to=event.email, subject=subject)


@reacts_to(StockLow)
def warn_staff_of_low_stock(event: StockLow) -> Outside:
    subject = f"Low stock: {event.available} left of {event.sku}"
    yield from send("stock_low", event, to=settings.STAFF_EMAIL, subject=subject)


@reacts_to(OrderFlagged)
def ask_staff_to_decide(event: OrderFlagged) -> Outside:
    subject = f"Order {event.number} needs your decision (score {event.score})"
    yield from send("order_flagged", event, to=settings.STAFF_EMAIL, subject=subject)


@reacts_to(CartUpdated)
def watch_cart(event: CartUpdated) -> None:
    """Keep the newest state and set the clock for a reminder."""
    with WatchedCart.objects.locked(event.cart_id) as cart:
        if cart.take(event):
            emit(
                CartLeftAlone(cart_id=event.cart_id, revision=event.revision),
                publish_after=event.stated_at + settings.CART_REMINDER_AFTER,
            )


@reacts_to(OrderPlaced)
def forget_cart(event: OrderPlaced) -> None:
    """A cart that was ordered needs no reminder."""
    if event.cart_id:
        with WatchedCart.objects.locked(event.cart_id) as cart:
            cart.ordered_at = event.stated_at


@reacts_to(CartLeftAlone)
def remind_of_cart(event: CartLeftAlone) -> Outside:
    """Remind of the cart if it is still as it was and nothing was ordered from it."""
    with WatchedCart.objects.locked(event.cart_id) as cart:
        due = cart.remind(event.revision)
    if due:
        subject = "Your cart is waiting for you"
        yield from send("cart_left_alone", event, to=cart.email, subject=subject, cart=cart)
