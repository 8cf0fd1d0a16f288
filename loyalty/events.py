"""What the loyalty app states."""

from uuid import UUID

from shop.bus import Event


class PointsEarned(Event):
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
