"""What the fraud app does about others' facts."""

from django_fsm import can_proceed

from fraud import rules
from fraud.models import Screening
from fraud.verdicts import state_verdict
from orders.events import OrderCancelled, OrderPlaced
from shop.bus import reacts_to


@reacts_to(OrderPlaced)
def screen_order(event: OrderPlaced) -> None:
    screening = Screening.locked(
        event.order_id,
        placed_at=event.placed_at,
        number=event.number,
        customer_id=event.customer_id or "",
        email=event.email.lower(),
        fingerprint=event.card.fingerprint,
        card_country=event.card.country,
        ship_country=event.ship_to.country,
        amount=event.total,
        currency=event.currency,
    )
    if can_proceed(screening.judge):
        screening.judge(rules.findings(screening))
        state_verdict(screening)
    screening.keep()


@reacts_to(OrderCancelled)
def withdraw_undecided(event: OrderCancelled) -> None:
    screening = Screening.locked(event.order_id)
    if can_proceed(screening.withdraw):
        screening.withdraw()
        screening.keep()
