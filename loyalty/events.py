"""The events of the loyalty app."""

from uuid import UUID

from eventbus import Event


class PointsEarned(Event, compensated_by="PointsReversed"):
    """A customer earned points for a paid order."""

    customer_id: str
    order_id: UUID
    points: int
    #: the customer's points after this
    balance: int
    #: rises with every entry of this customer: the higher one is the newer
    revision: int


class PointsReversed(Event):
    """Points were taken back, because money was."""

    customer_id: str
    order_id: UUID
    #: how many were taken, above 0
    points: int
    balance: int
    revision: int


class PointsRedeemed(Event, compensated_by="orders.OrderCancelled"):
    """A customer's points pay a part of an order."""

    customer_id: str
    order_id: UUID
    #: how many were taken, above 0
    points: int
    balance: int
    revision: int


class PointsRejected(Event):
    """An order was to be paid with more points than there are; none were taken."""

    customer_id: str
    order_id: UUID
    wanted: int
    balance: int


class PointsReturned(Event):
    """Points that had paid for an order came back, because it was cancelled or goods returned."""

    customer_id: str
    order_id: UUID
    #: how many came back, above 0
    points: int
    balance: int
    revision: int
