"""The orders of a customer, as the history has them."""

from dataclasses import dataclass
from datetime import datetime

from orders.events import OrderPlaced
from shop.bus import mailbox
from shop.bus.models import OutboxEvent

#: Of one customer, for a person to look at.
MOST = 200


@dataclass(frozen=True)
class Placed:
    """An order, under the number that people call it by."""

    number: str
    subject: str
    at: datetime


def orders_of_customer(customer_id: str) -> list[Placed]:
    """What a customer with an account has ordered, the newest first."""
    return _placed(customer_id=customer_id)


def orders_of_address(address: str) -> list[Placed]:
    """What was ordered with a mail address, by guests as well, the newest first."""
    return _placed(email=mailbox(address))


def _placed(**data: str) -> list[Placed]:
    # Without an order of the rows the console's indexes on the data serve.
    wanted = {f"data__{name}": value for name, value in data.items()}
    rows = OutboxEvent.objects.filter(type=OrderPlaced.type, **wanted).only(
        "data", "subject", "stated_at"
    )[:MOST]
    found = [Placed(row.data["number"], row.subject, row.stated_at) for row in rows]
    return sorted(found, key=lambda order: order.at, reverse=True)
