"""The reactions of the notifications app: mails and reminders."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from billing.events import (
    DisputeClosed,
    OrderBilled,
    PaymentChallenged,
    PaymentDisputed,
    PaymentFailed,
    PaymentRefunded,
    RefundFailed,
)
from eventbus import ExternalCalls, emit, reacts_to
from eventbus.console.events import AlertEnded, AlertRaised
from fraud.events import OrderFlagged
from inventory.events import InventoryUpdated, StockLow
from notifications import erasure
from notifications.back_in_stock import announce
from notifications.events import CartReminderDue, ResendMail, SendBackInStockAlert
from notifications.models import (
    AvailableStock,
    BackInStockAlert,
    ErasedCustomer,
    Recipient,
    Unsubscribed,
    WatchedCart,
)
from notifications.reaching import can_reach
from notifications.sending import send, send_copy
from notifications.texts import ACCOUNT, CANCELLED, REDUCED
from orders.events import (
    CancellationRefused,
    OrderCancelled,
    OrderPlaced,
    OrderReduced,
    ReturnApproved,
    ReturnReceived,
    ReturnRefused,
    ReturnRequested,
)
from shipping.events import OrderDelivered, OrderShipped
from shop.events import (
    AccountMailRequested,
    BackInStockAlertRequested,
    CartUpdated,
    CustomerErased,
    ProfileChanged,
    UserRegistered,
)

TellsLanguage = (
    UserRegistered
    | ProfileChanged
    | AccountMailRequested
    | CartUpdated
    | OrderPlaced
    | BackInStockAlertRequested
)


@reacts_to(UserRegistered)
def welcome(event: UserRegistered) -> ExternalCalls:
    yield from send("welcome", event, to=event.email, subject=_("Your account is open"))


@reacts_to(AccountMailRequested)
def send_account_mail(event: AccountMailRequested) -> ExternalCalls:
    subject = ACCOUNT[event.kind]
    yield from send(event.kind, event, to=event.email, subject=subject, link=event.link)


@reacts_to(OrderPlaced)
def acknowledge_order(event: OrderPlaced) -> ExternalCalls:
    subject = _("We have your order %(number)s")
    yield from send("order_placed", event, to=event.email, subject=subject)


@reacts_to(PaymentChallenged)
def ask_to_confirm_payment(event: PaymentChallenged) -> ExternalCalls:
    subject = _("Please confirm the payment of order %(number)s")
    yield from send(
        "payment_challenged",
        event,
        to=event.email,
        subject=subject,
        answer_until=event.answer_until,
    )


@reacts_to(PaymentFailed)
def ask_for_another_card(event: PaymentFailed) -> ExternalCalls:
    yield from send(
        "payment_failed",
        event,
        to=event.email,
        subject=_("The payment of order %(number)s was refused"),
        why=_(event.reason),
        pay_until=event.pay_until,
    )


@reacts_to(OrderBilled)
def confirm_order(event: OrderBilled) -> ExternalCalls:
    subject = _("Order %(number)s is confirmed")
    yield from send("order_confirmed", event, to=event.email, subject=subject)


@reacts_to(OrderShipped)
def tell_on_its_way(event: OrderShipped) -> ExternalCalls:
    all_of_it = _("Order %(number)s is on its way")
    subject = all_of_it if event.complete else _("A part of order %(number)s is on its way")
    yield from send("order_shipped", event, to=event.email, subject=subject)


@reacts_to(OrderDelivered)
def tell_delivered(event: OrderDelivered) -> ExternalCalls:
    """Only when everything is there: `OrderShipped` told of each part."""
    if event.complete:
        subject = _("Order %(number)s was delivered")
        yield from send("order_delivered", event, to=event.email, subject=subject)


@reacts_to(OrderCancelled)
def tell_cancelled(event: OrderCancelled) -> ExternalCalls:
    subject, why = _("Order %(number)s was cancelled"), CANCELLED[event.reason]
    yield from send("order_cancelled", event, to=event.email, subject=subject, why=why)


@reacts_to(OrderReduced)
def tell_reduced(event: OrderReduced) -> ExternalCalls:
    subject, why = _("A part of order %(number)s will not come"), REDUCED[event.reason]
    yield from send("order_reduced", event, to=event.email, subject=subject, why=why)


@reacts_to(CancellationRefused)
def tell_too_late_to_cancel(event: CancellationRefused) -> ExternalCalls:
    """Tell who asked; a wait that ended by itself is nothing to tell of."""
    if event.reason in ("customer", "staff"):
        subject = _("Order %(number)s had already left")
        yield from send("cancellation_refused", event, to=event.email, subject=subject)


@reacts_to(PaymentRefunded)
def tell_refunded(event: PaymentRefunded) -> ExternalCalls:
    subject = _("Your refund for order %(number)s")
    yield from send("payment_refunded", event, to=event.email, subject=subject)


@reacts_to(ReturnRequested)
def acknowledge_return(event: ReturnRequested) -> ExternalCalls:
    subject = _("You want to return something of order %(number)s")
    yield from send("return_requested", event, to=event.email, subject=subject)


@reacts_to(ReturnApproved)
def tell_how_to_return(event: ReturnApproved) -> ExternalCalls:
    subject = _("You can send back goods of order %(number)s")
    yield from send("return_approved", event, to=event.email, subject=subject)


@reacts_to(ReturnRefused)
def tell_return_refused(event: ReturnRefused) -> ExternalCalls:
    subject = _("We cannot take back goods of order %(number)s")
    yield from send("return_refused", event, to=event.email, subject=subject)


@reacts_to(ReturnReceived)
def tell_return_received(event: ReturnReceived) -> ExternalCalls:
    subject = _("Your return for order %(number)s arrived")
    yield from send("return_received", event, to=event.email, subject=subject)


@reacts_to(StockLow)
def warn_staff_of_low_stock(event: StockLow) -> ExternalCalls:
    subject = _("Low stock: %(available)s left of %(sku)s")
    yield from send("stock_low", event, to=settings.STAFF_EMAIL, subject=subject)


@reacts_to(PaymentDisputed)
def warn_staff_of_dispute(event: PaymentDisputed) -> ExternalCalls:
    subject = _("The payment of order %(number)s is disputed")
    yield from send("dispute_opened", event, to=settings.STAFF_EMAIL, subject=subject)


@reacts_to(DisputeClosed)
def tell_staff_of_lost_dispute(event: DisputeClosed) -> ExternalCalls:
    """Only when it is lost: one that is won leaves nothing to do."""
    if not event.won:
        subject = _("The dispute about order %(number)s is lost")
        yield from send("dispute_lost", event, to=settings.STAFF_EMAIL, subject=subject)


@reacts_to(RefundFailed)
def warn_staff_of_failed_refund(event: RefundFailed) -> ExternalCalls:
    subject = _("A refund of order %(number)s came back")
    yield from send("refund_failed", event, to=settings.STAFF_EMAIL, subject=subject)


@reacts_to(AlertRaised)
def tell_of_alert(event: AlertRaised) -> ExternalCalls:
    yield from send("alert", event, to=settings.STAFF_EMAIL, subject=_("Alert: %(message)s"))


@reacts_to(AlertEnded)
def tell_of_recovery(event: AlertEnded) -> ExternalCalls:
    yield from send("alert_over", event, to=settings.STAFF_EMAIL, subject=_("Over: %(message)s"))


@reacts_to(OrderFlagged)
def ask_staff_to_decide(event: OrderFlagged) -> ExternalCalls:
    subject = _("Order %(number)s needs your decision (score %(score)s)")
    yield from send("order_flagged", event, to=settings.STAFF_EMAIL, subject=subject)


@reacts_to(CartUpdated, emits=[CartReminderDue])
def watch_cart(event: CartUpdated) -> None:
    """Keep the newest state and set the clock for a reminder."""
    if ErasedCustomer.covers(event):
        return
    with WatchedCart.objects.get_or_create_for_update(pk=event.cart_id) as cart:
        if cart.take(event):
            emit(
                CartReminderDue(cart_id=event.cart_id, revision=event.revision),
                publish_after=event.occurred_at + settings.CART_REMINDER_AFTER,
            )


@reacts_to(OrderPlaced)
def forget_cart(event: OrderPlaced) -> None:
    """A cart that was ordered needs no reminder."""
    if event.cart_id:
        with WatchedCart.objects.get_or_create_for_update(pk=event.cart_id) as cart:
            cart.ordered_at = event.occurred_at


@reacts_to(CartReminderDue)
def remind_of_cart(event: CartReminderDue) -> ExternalCalls:
    """Remind of a cart that is still as it was and was not ordered, whoever wants reminders."""
    with WatchedCart.objects.get_or_create_for_update(pk=event.cart_id) as cart:
        due = cart.remind(event.revision)
    if due and not Unsubscribed.has(cart.email):
        subject = _("Your cart is waiting for you")
        yield from send("cart_abandoned", event, to=cart.email, subject=subject, cart=cart)


@reacts_to(BackInStockAlertRequested, emits=[SendBackInStockAlert])
def keep_alert(event: BackInStockAlertRequested) -> None:
    """Keep that somebody waits for a variant; it may have come before their request did.

    For an address that unsubscribed only its owner can ask.
    """
    theirs = event.confirmed or not Unsubscribed.has(event.email)
    if theirs and can_reach(event.email) and not ErasedCustomer.covers(event):
        with AvailableStock.objects.get_or_create_for_update(pk=event.sku) as stock:
            BackInStockAlert.keep(event)
            announce([stock.sku])


@reacts_to(InventoryUpdated, emits=[SendBackInStockAlert])
def emit_due_alerts(event: InventoryUpdated) -> None:
    """Keep what can be bought, and have a mail sent to whoever waits for it."""
    AvailableStock.note(event.levels)
    announce([level.sku for level in event.levels])


@reacts_to(SendBackInStockAlert)
def send_back_in_stock_alert(event: SendBackInStockAlert) -> ExternalCalls:
    """Send one mail, unless its reader has withdrawn the request."""
    if alert := BackInStockAlert.objects.select_for_update().filter(pk=event.alert_id).first():
        subject = _("%(title)s is back")
        yield from send(
            "back_in_stock",
            event,
            to=alert.email,
            subject=subject,
            title=alert.title,
            url=alert.url,
        )


@reacts_to(
    UserRegistered,
    ProfileChanged,
    AccountMailRequested,
    CartUpdated,
    OrderPlaced,
    BackInStockAlertRequested,
    many=True,
)
def note_language(events: list[TellsLanguage]) -> None:
    """Keep the language somebody reads, for the mails about facts that do not tell it."""
    reached = [event for event in events if event.email and can_reach(event.email)]
    if reached:
        known = ErasedCustomer.others(reached)
        Recipient.note((event.email or "", event.language, event.occurred_at) for event in known)


@reacts_to(ResendMail)
def send_once_more(event: ResendMail) -> ExternalCalls:
    """Send a copy of a mail, unless its reader was forgotten meanwhile."""
    yield from send_copy(event)


@reacts_to(CustomerErased)
def forget_customer(event: CustomerErased) -> None:
    """Blank what was written to them, and never write about them again."""
    erasure.forget(event)
