"""The reactions of pricing to events."""

from eventbus import reacts_to
from orders.events import OrderCancelled
from pricing import promotions
from shop.events import CustomerErased


@reacts_to(OrderCancelled)
def release_promotion(event: OrderCancelled) -> None:
    promotions.release(event.order_id, event.occurred_at)


@reacts_to(CustomerErased)
def forget_customer(event: CustomerErased) -> None:
    promotions.forget(event.customer_id, event.email)
