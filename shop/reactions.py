"""The shop's reactions: to its own cart events, and to other apps' events for its pages."""

from functools import partial

from django.conf import settings

from billing.events import PaymentChallenged, PaymentRetried, PaymentVoided
from eventbus import ExternalCalls, reacts_to, redact
from eventbus.console.alerts.webhook import post
from eventbus.console.events import AlertEnded, AlertRaised
from loyalty.events import PointsEarned, PointsRedeemed, PointsReturned, PointsReversed
from orders.events import CancellationRefused, CancellationRequested
from shipping.events import OrderShipped
from shop.api import idempotency
from shop.backoffice import change_log
from shop.backoffice.file_import import discard_uploads
from shop.events import (
    AccountMailRequested,
    BackInStockAlertRequested,
    CartUpdated,
    CustomerErased,
    ItemAdded,
    ItemRemoved,
)
from shop.ratelimit.lockout import delete_attempts
from shop.storefront import cart, read_models, session_backend


@reacts_to(ItemAdded, ItemRemoved, emits=[CartUpdated])
def announce_cart(event: ItemAdded | ItemRemoved) -> None:
    cart.emit_cart_updated(event.cart_id, settings.DEFAULT_CURRENCY)


@reacts_to(PointsEarned, PointsReversed, PointsRedeemed, PointsReturned, many=True)
def show_points(events: list[read_models.PointsMoved]) -> None:
    read_models.show_points(events)


@reacts_to(PointsEarned, PointsReversed, PointsRedeemed, PointsReturned, many=True)
def list_points(events: list[read_models.PointsMoved]) -> None:
    read_models.list_points(events)


@reacts_to(PaymentChallenged)
def show_challenge(event: PaymentChallenged) -> None:
    read_models.show_challenge(event)


@reacts_to(PaymentRetried)
def show_other_card(event: PaymentRetried) -> None:
    read_models.show_status(event.order_id, paid_again_at=event.occurred_at)


@reacts_to(PaymentVoided)
def show_release_of_hold(event: PaymentVoided) -> None:
    read_models.show_status(event.order_id, voided_at=event.occurred_at)


@reacts_to(CancellationRequested)
def show_requested_cancellation(event: CancellationRequested) -> None:
    read_models.show_status(event.order_id, cancellation_requested_at=event.occurred_at)


@reacts_to(CancellationRefused)
def show_refused_cancellation(event: CancellationRefused) -> None:
    read_models.show_status(event.order_id, cancellation_refused_at=event.occurred_at)


@reacts_to(OrderShipped, many=True)
def show_tracking(events: list[OrderShipped]) -> None:
    read_models.show_parcels(events)


@reacts_to(CustomerErased)
def forget_history(event: CustomerErased) -> None:
    """Blank personal data in every event about the customer, their orders and carts."""
    redact(
        [event.customer_id, *event.order_ids, *event.cart_ids],
        matching_text=event.email,
        event_types=[AccountMailRequested, BackInStockAlertRequested] if event.email else [],
    )


@reacts_to(CustomerErased)
def forget_customer(event: CustomerErased) -> None:
    read_models.forget(event.customer_id, event.order_ids)
    change_log.redact(event.order_ids, event.email)
    session_backend.forget([event.customer_id, event.email, *map(str, event.cart_ids)])
    idempotency.forget([event.customer_id, *event.order_ids, *event.cart_ids])
    delete_attempts({event.email})
    discard_uploads()


@reacts_to(AlertRaised, AlertEnded)
def call_webhook(event: AlertRaised | AlertEnded) -> ExternalCalls:
    if settings.EVENTBUS_ALERT_WEBHOOK:
        yield partial(post, settings.EVENTBUS_ALERT_WEBHOOK, event)
