"""The reactions of the fraud app to events."""

from django_fsm import can_proceed

from eventbus import reacts_to
from fraud import erasure, rules
from fraud.events import OrderCleared, OrderFlagged, OrderRefused
from fraud.models import Screening
from fraud.verdicts import emit_verdict
from orders.events import OrderCancelled, OrderPlaced
from shop.events import CustomerErased


@reacts_to(OrderPlaced, emits=[OrderCleared, OrderFlagged, OrderRefused])
def screen_order(event: OrderPlaced) -> None:
    new = Screening.objects.get_or_create_for_update(pk=event.order_id, mostly_new=True)
    with new as screening:
        screening.note(event)
        if can_proceed(screening.judge):
            screening.judge(rules.findings(screening))
            emit_verdict(screening)


@reacts_to(OrderCancelled)
def withdraw_undecided(event: OrderCancelled) -> None:
    with Screening.objects.get_or_create_for_update(pk=event.order_id) as screening:
        if can_proceed(screening.withdraw):
            screening.withdraw()


@reacts_to(CustomerErased)
def forget_customer(event: CustomerErased) -> None:
    erasure.forget(event.order_ids, event.email)
