"""The reactions of the fraud app to events."""

from django_fsm import can_proceed

from eventbus import because_of, reacts_to
from fraud import erasure, rules
from fraud.events import OrderCleared, OrderFlagged, OrderRefused
from fraud.models import Screening
from fraud.verdicts import emit_verdict
from orders.events import OrderCancelled, OrderPlaced
from shop.events import CustomerErased


@reacts_to(OrderPlaced, emits=[OrderCleared, OrderFlagged, OrderRefused], many=True)
def screen_order(events: list[OrderPlaced]) -> None:
    """Give each order its verdict, unless it was cancelled before it came."""
    placed = {event.order_id: event for event in events}
    new = Screening.objects.get_or_create_many_for_update(pk=placed, mostly_new=True)
    with new as screenings:
        for order_id, screening in screenings.items():
            screening.record(placed[order_id])
        to_judge = [each for each in screenings.values() if can_proceed(each.judge)]
        findings = rules.findings(to_judge)
        for screening in to_judge:
            with because_of(placed[screening.order_id]):
                screening.judge(findings[screening.order_id])
                emit_verdict(screening)


@reacts_to(OrderCancelled)
def withdraw_undecided(event: OrderCancelled) -> None:
    with Screening.objects.get_or_create_for_update(pk=event.order_id) as screening:
        if can_proceed(screening.withdraw):
            screening.withdraw()


@reacts_to(CustomerErased)
def forget_customer(event: CustomerErased) -> None:
    erasure.forget(event.order_ids, event.email)
