"""The apps' data about one order."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from billing import services as billing
from fraud import services as fraud
from notifications import services as notifications
from orders import services as orders
from orders.events import Address
from shipping import services as shipping


@dataclass
class OrderOverview:
    """Each app's row about the order, or None while it has not reacted to it."""

    order: Any
    charge: Any
    shipment: Any
    screening: Any
    mails: list[Any]

    @property
    def address(self) -> list[str]:
        """Return the shipping address, line by line."""
        to = Address.model_validate(self.order.ship_to)
        return [*to.lines, to.country]

    @property
    def is_open(self) -> bool:
        """Tell whether the order may still be fulfilled."""
        return self.order.state in ("placed", "paid")

    @property
    def currency(self) -> str:
        return str(self.order.total.currency)

    @property
    def refundable(self) -> Decimal:
        """Return the captured amount that is neither refunded nor being refunded."""
        return self.charge.refundable if self.charge else Decimal(0)

    @property
    def pending(self) -> Decimal:
        """Return the refunds that the processor has not confirmed yet."""
        return self.charge.reserved_for_refund - self.charge.refunded if self.charge else Decimal(0)

    @property
    def awaits_decision(self) -> bool:
        """Tell whether staff must decide if it is fraud."""
        return bool(self.screening and self.screening.verdict == "flagged")

    @cached_property
    def returns_to_decide(self) -> list[Any]:
        """Return the undecided returns of a delivered order."""
        asked = [back for back in self.order.returns.all() if back.state == "requested"]
        return asked if self.order.delivered_at else []

    @property
    def can_ship(self) -> bool:
        """Tell whether units can be put into a parcel now."""
        ready = self.shipment and self.shipment.billed_at and self.shipment.state != "stopped"
        return bool(ready and not self.shipment.on_hold and self.shipment.has_rest)

    @property
    def lines_left(self) -> list[Any]:
        """Return the shipment's lines with units that have not left."""
        lines = self.shipment.lines.all() if self.shipment else ()
        return [line for line in lines if line.left]

    @property
    def parcels_on_their_way(self) -> list[Any]:
        """Return the parcels that the carrier has and that have neither arrived nor been lost."""
        parcels = self.shipment.parcels.all() if self.shipment else ()
        return [parcel for parcel in parcels if parcel.is_on_its_way]


def overview_of(order_id: UUID) -> OrderOverview:
    """Load it, in fourteen queries at most. Raises `orders.errors.UnknownOrder`."""
    return OrderOverview(
        order=orders.order_for_page(order_id),
        charge=billing.payment_in_detail(order_id),
        shipment=shipping.shipment_in_detail(order_id),
        screening=fraud.screening_of(order_id),
        mails=list(notifications.mails_about(order_id)),
    )
