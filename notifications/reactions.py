"""The reactions of the notifications app: mails and reminders."""

from django.apps import apps
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
from eventbus import ExternalCalls, because_of, emit, reacts_to
from eventbus.console.events import AlertEnded, AlertRaised
from fraud.events import OrderFlagged
from inventory.events import InventoryUpdated, StockLow
from notifications import erasure
from notifications.back_in_stock import announce
from notifications.events import CartReminderDue, ResendMail, SendBackInStockAlert
from notifications.letter import Letter
from notifications.models import (
    AvailableStock,
    BackInStockAlert,
    ErasedCustomer,
    Recipient,
    Unsubscribed,
    WatchedCart,
)
from notifications.reaching import can_reach
from notifications.sending import send_copy, sends
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


@reacts_to(UserRegistered, many=True, backfill="mute")
@sends
def welcome(event: UserRegistered) -> Letter:
    return Letter("welcome", event, to=event.email, subject=_("Your account is open"))


@reacts_to(AccountMailRequested, many=True, backfill="mute")
@sends
def send_account_mail(event: AccountMailRequested) -> Letter:
    subject = ACCOUNT[event.kind]
    return Letter(event.kind, event, to=event.email, subject=subject, link=event.link)


@reacts_to(OrderPlaced, many=True, backfill="mute")
@sends
def acknowledge_order(event: OrderPlaced) -> Letter:
    subject = _("We have your order %(number)s")
    return Letter("order_placed", event, to=event.email, subject=subject)


@reacts_to(PaymentChallenged, many=True, backfill="mute")
@sends
def ask_to_confirm_payment(event: PaymentChallenged) -> Letter:
    subject = _("Please confirm the payment of order %(number)s")
    return Letter(
        "payment_challenged",
        event,
        to=event.email,
        subject=subject,
        answer_until=event.answer_until,
    )


@reacts_to(PaymentFailed, many=True, backfill="mute")
@sends
def ask_for_another_card(event: PaymentFailed) -> Letter:
    return Letter(
        "payment_failed",
        event,
        to=event.email,
        subject=_("The payment of order %(number)s was refused"),
        why=_(event.reason),
        pay_until=event.pay_until,
    )


@reacts_to(OrderBilled, many=True, backfill="mute")
@sends
def confirm_order(event: OrderBilled) -> Letter:
    subject = _("Order %(number)s is confirmed")
    return Letter("order_confirmed", event, to=event.email, subject=subject)


@reacts_to(OrderShipped, many=True, backfill="mute")
@sends
def tell_on_its_way(event: OrderShipped) -> Letter:
    all_of_it = _("Order %(number)s is on its way")
    subject = all_of_it if event.complete else _("A part of order %(number)s is on its way")
    return Letter("order_shipped", event, to=event.email, subject=subject)


@reacts_to(OrderDelivered, many=True, backfill="mute")
@sends
def tell_delivered(event: OrderDelivered) -> Letter | None:
    """Only when everything is there: `OrderShipped` told of each part."""
    if event.complete:
        subject = _("Order %(number)s was delivered")
        return Letter("order_delivered", event, to=event.email, subject=subject)
    return None


@reacts_to(OrderCancelled, many=True, backfill="mute")
@sends
def tell_cancelled(event: OrderCancelled) -> Letter:
    subject, why = _("Order %(number)s was cancelled"), CANCELLED[event.reason]
    return Letter("order_cancelled", event, to=event.email, subject=subject, why=why)


@reacts_to(OrderReduced, many=True, backfill="mute")
@sends
def tell_reduced(event: OrderReduced) -> Letter:
    subject, why = _("A part of order %(number)s will not come"), REDUCED[event.reason]
    return Letter("order_reduced", event, to=event.email, subject=subject, why=why)


@reacts_to(CancellationRefused, many=True, backfill="mute")
@sends
def tell_too_late_to_cancel(event: CancellationRefused) -> Letter | None:
    """Tell who asked; a wait that ended by itself is nothing to tell of."""
    if event.reason in ("customer", "staff"):
        subject = _("Order %(number)s had already left")
        return Letter("cancellation_refused", event, to=event.email, subject=subject)
    return None


@reacts_to(PaymentRefunded, many=True, backfill="mute")
@sends
def tell_refunded(event: PaymentRefunded) -> Letter:
    subject = _("Your refund for order %(number)s")
    return Letter("payment_refunded", event, to=event.email, subject=subject)


@reacts_to(ReturnRequested, many=True, backfill="mute")
@sends
def acknowledge_return(event: ReturnRequested) -> Letter:
    subject = _("You want to return something of order %(number)s")
    return Letter("return_requested", event, to=event.email, subject=subject)


@reacts_to(ReturnApproved, many=True, backfill="mute")
@sends
def tell_how_to_return(event: ReturnApproved) -> Letter:
    subject = _("You can send back goods of order %(number)s")
    return Letter("return_approved", event, to=event.email, subject=subject)


@reacts_to(ReturnRefused, many=True, backfill="mute")
@sends
def tell_return_refused(event: ReturnRefused) -> Letter:
    subject = _("We cannot take back goods of order %(number)s")
    return Letter("return_refused", event, to=event.email, subject=subject)


@reacts_to(ReturnReceived, many=True, backfill="mute")
@sends
def tell_return_received(event: ReturnReceived) -> Letter:
    subject = _("Your return for order %(number)s arrived")
    return Letter("return_received", event, to=event.email, subject=subject)


@reacts_to(StockLow, many=True, backfill="mute")
@sends
def warn_staff_of_low_stock(event: StockLow) -> Letter:
    subject = _("Low stock: %(available)s left of %(sku)s")
    return Letter("stock_low", event, to=settings.STAFF_EMAIL, subject=subject)


@reacts_to(PaymentDisputed, many=True, backfill="mute")
@sends
def warn_staff_of_dispute(event: PaymentDisputed) -> Letter:
    subject = _("The payment of order %(number)s is disputed")
    return Letter("dispute_opened", event, to=settings.STAFF_EMAIL, subject=subject)


@reacts_to(DisputeClosed, many=True, backfill="mute")
@sends
def tell_staff_of_lost_dispute(event: DisputeClosed) -> Letter | None:
    """Only when it is lost: one that is won leaves nothing to do."""
    if not event.won:
        subject = _("The dispute about order %(number)s is lost")
        return Letter("dispute_lost", event, to=settings.STAFF_EMAIL, subject=subject)
    return None


@reacts_to(RefundFailed, many=True, backfill="mute")
@sends
def warn_staff_of_failed_refund(event: RefundFailed) -> Letter:
    subject = _("A refund of order %(number)s came back")
    return Letter("refund_failed", event, to=settings.STAFF_EMAIL, subject=subject)


@reacts_to(AlertRaised, many=True, backfill="mute")
@sends
def tell_of_alert(event: AlertRaised) -> Letter:
    return Letter("alert", event, to=settings.STAFF_EMAIL, subject=_("Alert: %(message)s"))


@reacts_to(AlertEnded, many=True, backfill="mute")
@sends
def tell_of_recovery(event: AlertEnded) -> Letter:
    return Letter("alert_over", event, to=settings.STAFF_EMAIL, subject=_("Over: %(message)s"))


@reacts_to(OrderFlagged, many=True, backfill="mute")
@sends
def ask_staff_to_decide(event: OrderFlagged) -> Letter:
    subject = _("Order %(number)s needs your decision (score %(score)s)")
    return Letter("order_flagged", event, to=settings.STAFF_EMAIL, subject=subject)


@reacts_to(CartUpdated, emits=[CartReminderDue], many=True)
def watch_cart(events: list[CartUpdated]) -> None:
    """Keep the newest state of each and set the clock for a reminder."""
    known = ErasedCustomer.others(events)
    ids = [event.cart_id for event in known]
    with WatchedCart.objects.get_or_create_many_for_update(pk=ids) as carts:
        for event in known:
            if carts[event.cart_id].take(event):
                with because_of(event):
                    emit(
                        CartReminderDue(cart_id=event.cart_id, revision=event.revision),
                        publish_after=event.occurred_at + settings.CART_REMINDER_AFTER,
                    )


@reacts_to(OrderPlaced, many=True)
def forget_cart(events: list[OrderPlaced]) -> None:
    """A cart that was ordered needs no reminder."""
    ordered = {event.cart_id: event.occurred_at for event in events if event.cart_id}
    with WatchedCart.objects.get_or_create_many_for_update(pk=ordered) as carts:
        for id, cart in carts.items():
            cart.ordered_at = ordered[id]


@reacts_to(CartReminderDue, many=True, backfill="mute")
@sends
def remind_of_cart(event: CartReminderDue) -> Letter | None:
    """Remind of a cart that is still as it was and was not ordered, whoever wants reminders."""
    with WatchedCart.objects.get_or_create_for_update(pk=event.cart_id) as cart:
        due = cart.remind(event.revision)
    if due and not Unsubscribed.has(cart.email):
        subject = _("Your cart is waiting for you")
        return Letter("cart_abandoned", event, to=cart.email, subject=subject, cart=cart)
    return None


@reacts_to(BackInStockAlertRequested, emits=[SendBackInStockAlert])
def keep_alert(event: BackInStockAlertRequested) -> None:
    """Keep that somebody waits for a variant; it may have come before their request did.

    For an address that unsubscribed only its owner can ask.
    """
    theirs = event.confirmed or not Unsubscribed.has(event.email)
    if theirs and can_reach(event.email) and not ErasedCustomer.covers(event):
        with AvailableStock.objects.get_or_create_for_update(pk=event.sku) as stock:
            BackInStockAlert.keep(event)
            announce({stock.sku: event})


@reacts_to(InventoryUpdated, emits=[SendBackInStockAlert], many=True)
def emit_due_alerts(events: list[InventoryUpdated]) -> None:
    """Keep what can be bought, and have a mail sent to whoever waits for it."""
    AvailableStock.record(level for event in events for level in event.levels)
    announce({level.sku: event for event in events for level in event.levels})


@reacts_to(SendBackInStockAlert, many=True, backfill="mute")
@sends
def send_back_in_stock_alert(event: SendBackInStockAlert) -> Letter | None:
    """Send one mail, unless its reader has withdrawn the request."""
    if alert := BackInStockAlert.objects.select_for_update().filter(pk=event.alert_id).first():
        subject = _("%(title)s is back")
        return Letter(
            "back_in_stock",
            event,
            to=alert.email,
            subject=subject,
            title=alert.title,
            url=alert.url,
        )
    return None


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
        Recipient.record((event.email or "", event.language, event.occurred_at) for event in known)


@reacts_to(ResendMail, backfill="mute")
def send_once_more(event: ResendMail) -> ExternalCalls:
    """Send a copy of a mail, unless its reader was forgotten meanwhile."""
    yield from send_copy(event)


@reacts_to(CustomerErased)
def forget_customer(event: CustomerErased) -> None:
    """Blank what was written to them, and never write about them again."""
    erasure.forget(event)


if apps.is_installed("shop.webhooks"):
    from shop.webhooks.events import WebhookDisabled

    @reacts_to(WebhookDisabled, many=True)
    @sends
    def tell_of_disabled_webhook(event: WebhookDisabled) -> Letter:
        subject = _("Nothing is sent to %(host)s any more")
        return Letter("webhook_disabled", event, to=event.email, subject=subject)
